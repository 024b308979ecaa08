"""Who acts. Every action takes a Principal; the kernel knows what it may be told, not what roles mean."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Principal:
    """One who acts: `kind` is "account", "visitor" (a person on a channel), "system" or "anonymous".

    `id` is the account's or the contact's id. `stepped_up` says that the person proved who they are a short while
    ago, as staff pages ask.
    """

    kind: str
    id: UUID | None = None
    name: str = ""
    roles: frozenset[str] = frozenset()
    stepped_up: bool = False

    def has(self, *roles: str) -> bool:
        """Does this principal hold at least one of `roles`?"""
        return not self.roles.isdisjoint(roles)

    @property
    def is_account(self) -> bool:
        return self.kind == "account"


SYSTEM = Principal("system", name="kithwell")
ASSISTANT = Principal("system", name="assistant")
ANONYMOUS = Principal("anonymous")
