"""Words for codes, each in one place."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

KINDS = {
    "qa": _("Questions and answers, live"),
    "session": _("Group session"),
    "webinar": _("Webinar"),
    "day": _("Awareness day"),
}
AUDIENCES = {
    "everyone": _("Anybody can read the page; a place needs an account"),
    "members": _("Everybody with an account"),
    "group": _("Members of one group"),
}
EVERY = {
    "": _("Once"),
    "week": _("Every week"),
    "fortnight": _("Every two weeks"),
    "month": _("Every four weeks"),
}
STATES = {
    "planned": _("planned"),
    "live": _("now"),
    "ended": _("over"),
    "cancelled": _("called off"),
}
# why a question was not taken up, to the one who asked
REASONS = {
    "later": _("There was not time for it today. Thank you for asking; it was a good question to ask."),
    "asked": _("Somebody asked the same, and the answer is for you too."),
    "personal": _(
        "It could let others guess who is meant, so we left it out. You can ask it again without what "
        "points to a person."
    ),
    "advice": _(
        "It is about your own situation, and deserves more than an answer in front of others. A supporter "
        "can take the time."
    ),
    "elsewhere": _("It is a good question for another time or place; this event is about something else."),
    "unkind": _("It could hurt somebody who reads it. You are welcome to ask in other words."),
}
REASON_LABELS = {
    "later": _("No time today"),
    "asked": _("Asked already"),
    "personal": _("Points to a person"),
    "advice": _("Needs somebody to talk with"),
    "elsewhere": _("About something else"),
    "unkind": _("Could hurt somebody"),
}
QUESTION_STATES = {
    "waiting": _("A host reads it soon."),
    "open": _("It is on the list."),
    "answered": _("Answered"),
    "declined": _("Not taken up"),
    "merged": _("Somebody asked the same; the two are one now."),
    "removed": _("Taken away"),
}
WISHES = {"one": "", "some": _("A few more want to know"), "many": _("Many want to know")}
# what a page says after something was done
SAID = {
    "going": _("You have a place. You can give it back at any time."),
    "waiting": _("All places are taken for now. You are on the waiting list, and hear when one is free."),
    "left": _("Your place is given back. Nothing of it is kept."),
    "asked": _("Thank you. A host reads your question soon. Nobody learns who asked."),
    "back": _("Your question is taken back."),
}
