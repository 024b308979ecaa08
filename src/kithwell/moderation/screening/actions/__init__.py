"""Every change of the rules. Each checks, writes, records and tells in one transaction."""

from kithwell.moderation.screening.actions.agreeing import agree, decline, propose
from kithwell.moderation.screening.actions.counting import look_for_drift, seen
from kithwell.moderation.screening.actions.editing import begin, begin_threshold, shadow, withdraw, write
from kithwell.moderation.screening.actions.surveying import survey
from kithwell.moderation.screening.actions.trying import ask, look, run

__all__ = [
    "agree", "ask", "begin", "begin_threshold", "decline", "look", "look_for_drift", "propose", "run", "seen", "shadow",
    "survey", "withdraw", "write",
]  # fmt: skip
