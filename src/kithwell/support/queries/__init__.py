"""Every read of the desk: frozen shapes (views), a fixed number of queries, never an address."""

from kithwell.support.queries.board import supervisor_board
from kithwell.support.queries.desk import conversation, desk, quick_replies, teams
from kithwell.support.queries.house_rules import house_rules
from kithwell.support.queries.openness import open_state, person
from kithwell.support.queries.reports import reports
from kithwell.support.queries.rescues import rescues
from kithwell.support.queries.transcript import AttachmentFile, attachment, transcript

__all__ = [
    "AttachmentFile",
    "attachment",
    "conversation",
    "desk",
    "house_rules",
    "open_state",
    "person",
    "quick_replies",
    "reports",
    "rescues",
    "supervisor_board",
    "teams",
    "transcript",
]
