"""Every change of the desk. Each checks, writes, records and tells in one transaction."""

from kithwell.moderation.actions.reporting import report, signal

__all__ = ["report", "signal"]
