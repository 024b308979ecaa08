"""What codes are called: categories, effects, states. All lazy; and how a case's own words are sealed and opened."""

from __future__ import annotations

import re
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kithwell.kernel import crypto

CATEGORY = {
    "worried": _("I am worried about this person"),
    "harassment": _("It attacks or humiliates somebody"),
    "hate": _("It shows hatred of a group of people"),
    "threat": _("It threatens somebody"),
    "encouragement": _("It encourages self-harm or suicide"),
    "method": _("It describes ways to harm oneself"),
    "doxxing": _("It gives away somebody's private details"),
    "grooming": _("Somebody is trying to lure another person"),
    "minor": _("A child may be at risk"),
    "eating": _("It promotes disordered eating"),
    "graphic": _("It shows or describes injury in detail"),
    "advice": _("It gives dangerous or false advice"),
    "sexual": _("It is sexual and unwanted"),
    "scam": _("It asks for money or data"),
    "spam": _("It is advertising or spam"),
    "personal": _("It gives details that identify its author"),
    "offensive": _("Rude or profane words"),
    "other": _("Something else"),
}
KIND = {
    "community.post": _("a post"),
    "community.reply": _("a reply"),
    "community.story": _("a story"),
    "people.profile": _("a profile"),
}
THING = {
    "nothing": _("Leave it as it is"),
    "label": _("Put a content warning on it"),
    "limit": _("Limit its reach"),
    "remove": _("Remove it"),
    "hide": _("Hidden until a person looks"),
}
PERSON = {
    "nothing": _("Nothing"),
    "message": _("Ask them to change it"),
    "warn": _("Warn them"),
    "pause": _("Pause their posts and replies"),
    "suspend": _("Suspend them from the community for a time"),
    "exclude": _("Exclude them from the community"),
}
HARM = (
    _("a nuisance"),
    _("unpleasant"),
    _("may hurt"),
    _("hurts"),
    _("somebody may be in danger"),
)
OUTCOME = {
    "": _("It waits for a person to look at it."),
    "acted": _("A person looked at it, and something was done."),
    "kept": _("A person looked at it and left it as it is. Thank you for telling us all the same."),
    "changed": _(
        "A person looked at it, and something was done. Later a second person looked again and took that back."
    ),
    "offered": _("We offered them somebody to talk to. We tell nobody what they answered."),
}


def kind(name: str) -> str:
    return str(KIND.get(name, _("something you wrote")))


def category(code: str) -> str:
    return str(CATEGORY.get(code, code.replace("_", " ")))


def reason(label: str) -> str:
    """A reason of the screening in the reader's language; in English where there is no translation."""
    return "; ".join(_piece(piece) for piece in label.split("; ") if piece)


_TONGUE = re.compile(r"(.+) \((Spanish|French|German|Portuguese|Arabic|Hindi)\)")


def _piece(label: str) -> str:
    """One reason; the language that a rule's label ends in is said by itself, so that its words are needed once."""
    found = _TONGUE.fullmatch(label)
    return f"{gettext(found[1])} ({gettext(found[2])})" if found else gettext(label)


def seal(subject: UUID, text: str, table: str, column: str, pk: UUID) -> bytes | None:
    """`text` sealed for its place; None for no text."""
    return crypto.seal(subject, text, at=(table, column, pk)) if text else None


def unseal(subject: UUID, blob: bytes | memoryview | None, table: str, column: str, pk: UUID) -> str:
    """The text of a place; "" where there is none, or its key is gone."""
    if blob is None:
        return ""
    try:
        return crypto.unseal(subject, bytes(blob), at=(table, column, pk))
    except crypto.Erased:
        return ""
