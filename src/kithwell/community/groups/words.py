"""Codes of groups in words."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

WHY_NOT: Final = {
    "state": _("This group is not open yet."),
    "archived": _("This group has come to its end. What was written here can still be read."),
    "asleep": _(
        "This group is resting: no facilitator has been here for a while. You can read, and help is there as always."
        " Writing opens again as soon as a facilitator is back."
    ),
    "member": _("Writing here is for members of this group."),
}
SIZES: Final = {
    "few": _("a few people"),
    "small": _("a small group"),
    "dozens": _("a few dozen people"),
    "hundred": _("a few hundred people"),
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
    "open": _("Anybody it is for can join"),
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
ROLE_ACTS: Final = {
    "facilitator": _("Make facilitator"),
    "cofacilitator": _("Make co-facilitator"),
    "member": _("Let them be a member again"),
}
WRITINGS: Final = (
    ("keep", _("It stays, with my name here")),
    ("anonymise", _("It stays, without my name")),
    ("delete", _("It is deleted")),
)
BREAKS: Final = (("7", _("a week")), ("14", _("two weeks")), ("21", _("three weeks")))
DAYS: Final = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
)  # fmt: skip
MOODS: Final = {
    "calm": _("Nothing worrying"),
    "heavy": _("A heavy day"),
    "need": _("Somebody needed more than a reply"),
}
SAID: Final = {
    "saved": _("Saved."),
    "left": _("You have left the group. You can come back whenever you like."),
    "declined": _("You said no to the invitation. Nobody is told."),
    "withdrawn": _("Your request is taken back. Nobody is told why."),
    "invited": _("If this person can be in this group, they have your invitation now."),
    "awake": _("The group is awake again. Thank you for coming back."),
    "joined": _("You are in."),
    "asked": _("Your request is with the facilitators."),
}
_LANGUAGES: Final = {
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "de": "Deutsch",
    "pt": "Português",
    "ar": "العربية",
    "hi": "हिन्दी",
    "it": "Italiano",
    "nl": "Nederlands",
    "pl": "Polski",
    "tr": "Türkçe",
    "uk": "Українська",
}


def language(code: str) -> str:
    """A language in its own words."""
    return _LANGUAGES.get(code.split("-")[0], code)


def hours(n: int) -> str:
    if n >= 168:
        return ngettext("%(n)s week", "%(n)s weeks", n // 168) % {"n": n // 168}
    return ngettext("%(n)s hour", "%(n)s hours", n) % {"n": n}


def days(n: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", n) % {"n": n}


def wait(time: timedelta) -> str:
    """A waiting time, roughly."""
    minutes = max(1, round(time.total_seconds() / 60))
    if minutes < 90:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    if minutes < 36 * 60:
        return hours(round(minutes / 60))
    return days(round(minutes / 60 / 24))


def share(part: float | None) -> str:
    """A share in words people use: "7 of 10". All and none are said only where it is so."""
    if part is None:
        return gettext("too early to say")
    if 0 < part < 1:
        return gettext("%(n)s of 10") % {"n": min(9, max(1, round(part * 10)))}
    return gettext("%(n)s of 10") % {"n": round(part * 10)}
