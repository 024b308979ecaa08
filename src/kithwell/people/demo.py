"""Invented people for trying things out. Their password is printed on the screen, so: in demo mode only."""

from __future__ import annotations

from typing import NamedTuple

from kithwell.kernel import conf
from kithwell.kernel.principal import SYSTEM
from kithwell.people import actions, queries, roles

PASSWORD = "kithwell-demo"


class SignIn(NamedTuple):
    """A line of what `kithwell run --demo` prints."""

    role: str
    pseudonym: str
    password: str
    start: str


# name -> (roles, language, where they start)
_PEOPLE: dict[str, tuple[tuple[str, ...], str, str]] = {
    "Quiet Heron": ((), "en", "/me"),
    "Sam": ((roles.SUPPORTER,), "en", "/desk"),
    "Noor": ((roles.SUPPORTER,), "ar", "/desk"),
    "Ines": ((roles.SUPPORTER,), "es", "/desk"),
    "Tomek": ((roles.SUPPORTER,), "en", "/desk"),
    "Ada": ((roles.SUPPORTER, roles.SUPERVISOR), "en", "/supervisor"),
    "Kofi": ((roles.SUPPORTER, roles.ONCALL), "en", "/desk"),
    "Robin": ((roles.STEWARD,), "en", "/people"),
}

SIGN_INS: list[SignIn] = [
    SignIn(given[-1] if given else roles.MEMBER, name, PASSWORD, start)
    for name, (given, _lang, start) in _PEOPLE.items()
]


def load() -> None:
    """Make the demo's people; doing it again changes nothing. Raises RuntimeError outside demo mode."""
    if not conf.get("demo", False):
        raise RuntimeError("demo people have a password that everybody knows: they exist in demo mode only")
    for name, (given, language, _start) in _PEOPLE.items():
        account_id = queries.account_named(name)
        if account_id is None:
            account_id = actions.create_account(name, PASSWORD, language=language)
        for role in set(given) - queries.roles_of(account_id):
            actions.grant_role(SYSTEM, account_id, role)


def sign_ins() -> list[tuple[str, str, str]]:
    """What the start prints: who it is, name, password."""
    return [(line.role, line.pseudonym, line.password) for line in SIGN_INS]
