"""STOP: when it holds, and what may be said all the same."""

from __future__ import annotations

from datetime import datetime

# Stored and shown, but not something said: no reason to speak, and no wish to be written to. Whether they open a
# provider's window is not documented everywhere, so they open none.
NO_WORDS = ("reaction", "deleted", "edited", "system")
# The same without words at all: a heart under a goodbye is kept there, and begins no new conversation.
MUTE = ("reaction", "deleted", "system")
# What answers the word itself.
ANSWERS = ("support.stopped", "support.started")


def holds(stopped: datetime | None, last_words: datetime | None) -> bool:
    """Must we be silent? Until they write anything after STOP: "we will not write to you first"."""
    return stopped is not None and (last_words is None or last_words <= stopped)
