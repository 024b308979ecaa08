"""How long each class of data is kept, counted from when it was last needed. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

KEPT: Final[dict[str, timedelta]] = {
    "report words": timedelta(days=90),  # after the report was settled
    "nothing found": timedelta(days=90),  # a case where everything stayed as it was: words and signals
    "evidence": timedelta(days=200),  # after a decision: the time to appeal, and a little
    "decision": timedelta(days=3 * 365),  # the statement itself
    "concern": timedelta(days=30),
    "exposure": timedelta(days=90),
    "sample": timedelta(days=2 * 365),
    "unsealing": timedelta(days=365),
}


def before(what: str, now: datetime) -> datetime:
    """What was last needed before this moment goes."""
    return now - KEPT[what]
