"""What the two questions of safety mean for a story: help is offered beside, harm to others becomes a case; never
one for the other (safety.md, invariants 1 and 2)."""

from __future__ import annotations

from kithwell import safety
from kithwell.community.stories.models import Story
from kithwell.kernel import events
from kithwell.moderation import actions as moderation
from kithwell.moderation import concerns
from kithwell.safety import Screening

KIND = "community.story"
_HELP_FROM = "C3"  # a story tells of the past; passive words about then are no reason to stop somebody


def listen(row: Story, text: str) -> Screening:
    return safety.screen(text, lang=row.language)


def needs_help(seen: Screening) -> bool:
    """Show help beside what was saved?"""
    return seen.crisis_flag or seen.crisis_level >= "C2"


def act(row: Story, seen: Screening) -> None:
    """After the words are stored, when they are sent to be read."""
    if seen.crisis_level >= _HELP_FROM:
        concerns.raise_concern(KIND, str(row.id), row.author, seen.crisis_level, seen.lang)
    moderation.signal(KIND, str(row.id), row.author, seen)


def told(row: Story, how: str) -> None:
    """The author hears that something happened with their story."""
    events.publish("community.story.answered", story=str(row.id), account=str(row.author), how=how)
