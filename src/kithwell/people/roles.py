"""The roles of the house. A role says what somebody may do here; what it takes is written where it is asked
for.
"""

from __future__ import annotations

from typing import Final

MEMBER: Final = "member"  # everyone with an account; never stored, never taken away
SUPPORTER: Final = "supporter"
SUPERVISOR: Final = "supervisor"
FACILITATOR: Final = "facilitator"
PROFESSIONAL: Final = "professional"
MODERATOR: Final = "moderator"
CAMPAIGNER: Final = "campaigner"
CREATOR: Final = "creator"
STEWARD: Final = "steward"
ONCALL: Final = "oncall"

GRANTABLE: Final[tuple[str, ...]] = (
    SUPPORTER,
    SUPERVISOR,
    ONCALL,
    FACILITATOR,
    PROFESSIONAL,
    MODERATOR,
    CAMPAIGNER,
    CREATOR,
    STEWARD,
)

# Those who see what other people wrote in confidence, or who decide about others: their pages ask for a
# fresh proof of who they are.
STAFF: Final[frozenset[str]] = frozenset({SUPPORTER, SUPERVISOR, ONCALL, PROFESSIONAL, MODERATOR, STEWARD})
