"""Demonstration only: a wall of notes to moderate, so that the desk has something to show by itself.

The notes stand in this file and nowhere else; what the desk decides about them is only in its own tables.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kithwell.moderation import kinds
from kithwell.moderation.kinds import Snippet

KIND = "demo.note"
WALL = "The evening wall"
# ident -> (writer, anonymous, words)
NOTES: dict[str, tuple[str, bool, str]] = {
    "demo-01": (
        "Amber Finch",
        False,
        "You always make it about yourself. Nobody here wants to hear from you. Just go.",
    ),
    "demo-02": ("Sly Comet", False, "Tired of being tired? My course heals everything. Places only this week!"),
    "demo-03": (
        "Low Tide",
        True,
        "I do not want to be alive any more. I am only writing it here because I cannot say it at home.",
    ),
    "demo-04": (
        "Amber Finch",
        False,
        "Stop taking those tablets, they only make money with you. I stopped and I am fine.",
    ),
    "demo-05": ("Brave Moss", False, "I skipped three meals again and felt proud. Anybody else at this number?"),
    "demo-06": ("Wild Thyme", False, "My brother died by suicide four years ago today. I lit a candle. That is all."),
    "demo-07": ("Loud Gull", False, "People from there are all the same, they should be sent away from this group."),
    "demo-08": ("Loud Gull", False, "Say that again and I will find out where you live."),
    "demo-09": ("Soft Rain", False, "Here is her number in case anybody wants to call her: ask me, I will send it."),
    "demo-10": ("Kind Ember", False, "This damn week. I am so done with all of it. Thank you for the tea thread."),
    "demo-11": ("Brave Moss", True, "He has the flat, the keys and the car. If I leave he says he keeps the child."),
    "demo-12": (
        "Sly Comet",
        False,
        "You are so easy to talk to. The others do not understand you. Write to me somewhere else?",
    ),
}  # fmt: skip


@cache
def _writers() -> dict[str, UUID]:
    from kithwell.people import queries as people

    found = {name: people.account_named(name) for name in {row[0] for row in NOTES.values()}}
    return {name: account for name, account in found.items() if account is not None}


class DemoNotes:
    """A kind of thing whose rows are in this file."""

    name = KIND
    title = _("a note on the demonstration's wall")

    def snippets(self, ids: Sequence[str]) -> Mapping[str, Snippet]:
        return {i: self._snippet(i) for i in ids if i in NOTES}

    def _snippet(self, ident: str) -> Snippet:
        name, anonymous, text = NOTES[ident]
        account = None if anonymous else _writers().get(name)
        whole = Snippet(KIND, ident, account, name, text, where=WALL, anonymous=anonymous)
        return replace(whole, author_name="") if anonymous else whole

    def context(self, ident: str) -> Sequence[Snippet]:
        order = list(NOTES)
        at = order.index(ident) if ident in NOTES else 0
        return [self._snippet(i) for i in order[max(0, at - 2) : at + 3] if i != ident]

    def visible_to(self, ident: str, account: UUID | None) -> bool:
        return ident in NOTES and account is not None

    def apply(self, ident: str, effect: str, *, warning: str = "") -> None:
        return None

    def reveal(self, ident: str) -> UUID | None:
        return _writers().get(NOTES[ident][0]) if ident in NOTES else None


def register() -> None:
    kinds.register(DemoNotes())
