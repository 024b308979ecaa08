"""The nudge in a form of another part, in one call.

    found = asking.ask(request.POST, text)
    if found:
        return pages.render(request, "...", {..., "nudge": found})   # the same form, its text kept
    ...store it...

The form includes `boundaries/nudge.html` when `nudge` is there; that fragment carries `nudge=seen`, so the second time
the words go out as they are. Nothing is kept of the words, only how often this happened.
"""

from __future__ import annotations

from collections.abc import Mapping

from kithwell.boundaries import actions
from kithwell.boundaries.nudge import Nudge, look


def ask(form: Mapping[str, str], text: str) -> Nudge | None:
    """A nudge to show now, or None when the words may go out. Counts what happened. Never raises, never blocks."""
    found = look(text)
    if form.get("nudge") == "seen":
        actions.nudge_answered(form.get("nudge_language", ""), rephrased=found is None)
        return None
    if found:
        actions.nudge_shown(found.language)
    return found
