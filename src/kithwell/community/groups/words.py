"""Codes of groups in words."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

WHY_NOT: Final = {
    "state": _("This group is not open yet."),
    "archived": _("This group has come to its end. What was written here can still be read."),
    "asleep": _(
        "This group rests: no facilitator has been here for a while. You can read, and help is there as always."
        " Writing opens again as soon as a facilitator is back."
    ),
    "member": _("Writing here is for members of this group."),
}
SIZES: Final = {
    "few": _("a few people"),
    "small": _("a small group"),
    "dozens": _("some dozens of people"),
    "hundred": _("some hundreds of people"),
    "many": _("a large group"),
}
KINDS: Final = {
    "experience": _("A shared experience"),
    "place": _("A place"),
    "language": _("A language"),
    "age": _("An age"),
}
AGES: Final = {
    "adults": _("for adults (18 and older)"),
    "young": _("for people of 18 to 25"),
    "older": _("for people of 65 and older"),
    "minors": _("for young people under 18"),
    "under-16": _("for people under 16"),
    "16-17": _("for people of 16 and 17"),
}
JOINING: Final = {
    "open": _("Everybody it is for can join"),
    "request": _("You ask, a facilitator answers"),
    "invite": _("By invitation"),
}
READING: Final = {
    "members": _("Only members can read"),
    "everyone": _("Everybody can read, members write"),
}
ROLES: Final = {
    "member": _("member"),
    "cofacilitator": _("co-facilitator"),
    "facilitator": _("facilitator"),
}
TOPICS: Final = {
    "anxiety": _("Anxiety and panic"),
    "depression": _("Low mood and depression"),
    "bereavement": _("Grief and loss"),
    "suicide-loss": _("Bereaved by suicide"),
    "loneliness": _("Loneliness"),
    "stress": _("Stress and burn-out"),
    "sleep": _("Sleep"),
    "trauma": _("Trauma"),
    "eating": _("Eating and body"),
    "self-injury": _("Recovering from self-injury"),
    "substances": _("Alcohol and drugs"),
    "bipolar": _("Bipolar"),
    "voices": _("Hearing voices, psychosis"),
    "obsessions": _("Obsessions and compulsions"),
    "neurodiversity": _("Autism and ADHD"),
    "illness": _("Long illness and pain"),
    "parents": _("Parents"),
    "new-parents": _("Pregnancy and new babies"),
    "carers": _("Carers and families"),
    "students": _("Students"),
    "work": _("Work and being out of work"),
    "lgbtq": _("LGBTQ+"),
    "migration": _("Migration and a new country"),
    "other": _("Something else"),
}
