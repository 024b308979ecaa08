"""Every change of groups. Each checks, writes, records and tells in one transaction."""

from kithwell.community.groups.actions.found import Wanted, found
from kithwell.community.groups.actions.join import Joined, join

__all__ = ["Joined", "Wanted", "found", "join"]
