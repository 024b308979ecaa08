"""The provider's window for free words: open for N hours after the person last wrote, closed otherwise.

Our own messages and templates do not open it. Enforced here, so that the provider never has to refuse.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

# A reply written in the last seconds must not be refused on the way: the local window shuts this much earlier.
MARGIN = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Window:
    """`open`: may free words be sent now; `closes_at`: when that ends (None: never, or already shut)."""

    open: bool
    closes_at: datetime | None


def state(hours: int | None, last_inbound: datetime | None, now: datetime) -> Window:
    """`hours` is the channel's window length; None means the channel knows no window."""
    if hours is None:
        return Window(True, None)
    if last_inbound is None:
        return Window(False, None)
    shuts = min(last_inbound, now) + timedelta(hours=hours) - MARGIN
    return Window(True, shuts) if now < shuts else Window(False, None)
