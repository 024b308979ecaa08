"""Every read of the desk: small frozen rows, a fixed number of queries."""

from kithwell.moderation.queries.hours import back_at, staffed, stretches
from kithwell.moderation.queries.standings import FREE, Standing, standing

__all__ = ["FREE", "Standing", "back_at", "staffed", "standing", "stretches"]
