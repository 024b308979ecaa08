"""`kithwell steward create`: the first steward, who lets all others in."""

from __future__ import annotations

import argparse
import getpass
import os
import secrets
import sys
from datetime import timedelta
from typing import Any
from uuid import UUID

import django

LINK_LIFE = timedelta(hours=24)


def register(subparsers: Any) -> None:
    """Add this part's commands."""
    steward = subparsers.add_parser("steward", help="make stewards")
    inner = steward.add_subparsers(dest="steward_command", required=True)
    create = inner.add_parser("create", help="make a steward's account, or make an account a steward's")
    create.add_argument("--pseudonym", help="the name shown here; a kind one is chosen when left out")
    create.add_argument("--language", default="en")
    create.add_argument(
        "--password", action="store_true", help="ask for a password instead of printing a link"
    )
    create.set_defaults(run=create_steward)
    account = subparsers.add_parser("account", help="help somebody back in")
    link = account.add_subparsers(dest="account_command", required=True).add_parser(
        "link", help="print a link that signs in once, for somebody who lost every way in"
    )
    link.add_argument("--pseudonym", required=True)
    link.set_defaults(run=print_link)


def create_steward(args: argparse.Namespace) -> int:
    """Make the account if it is not there, give the role, and print a way in. Exit status 0, or 1 with the reason."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kithwell.config.settings")
    django.setup()
    from kithwell.kernel.errors import KithwellError
    from kithwell.kernel.principal import SYSTEM
    from kithwell.people import actions, queries, roles

    name = args.pseudonym or _free_name(args.language)
    account_id = queries.account_named(name)
    password = _ask_password() if args.password else None
    if account_id is not None and password is not None:
        print(f"{name} has an account already. Leave --password out: a link is printed.", file=sys.stderr)
        return 1
    try:
        if account_id is None:
            account_id = _make(name, password, args.language)
        if roles.STEWARD not in queries.roles_of(account_id):
            actions.grant_role(SYSTEM, account_id, roles.STEWARD)
    except KithwellError as error:
        print(error.message, file=sys.stderr)
        return 1
    print(f"{name} is a steward.")
    if password is None:
        _print_link(account_id)
    else:
        print(f"Sign in at {_address()}/sign-in")
    return 0


def _make(name: str, password: str | None, language: str) -> UUID:
    from kithwell.people import actions
    from kithwell.people.actions import accounts

    if password is not None:
        accounts.checked_password(password, name)
    return actions.create_account(name, password, language=language)


def _free_name(language: str) -> str:
    """A kind name that nobody has: a role must never go to somebody by chance."""
    from kithwell.people import queries, rules

    rng = secrets.SystemRandom()
    while True:
        for name in rules.propose(language, 10, (), rng):
            if queries.account_named(name) is None:
                return name


def print_link(args: argparse.Namespace) -> int:
    """Print a sign-in link for an account. Exit status 0, or 1 when there is none of that name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kithwell.config.settings")
    django.setup()
    from kithwell.people import queries

    account_id = queries.account_named(args.pseudonym)
    if account_id is None:
        print("There is no account of that name.", file=sys.stderr)
        return 1
    _print_link(account_id)
    return 0


def _print_link(account_id: UUID) -> None:
    from kithwell.people import actions

    link = actions.make_link(account_id, "first", LINK_LIFE)
    print(
        f"Sign in once within {LINK_LIFE.total_seconds() / 3600:.0f} hours, then add a passkey or a password:"
    )
    print(link if link.startswith("http") else f"{_address()}{link}")


def _ask_password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Password: ")
    return sys.stdin.readline().rstrip("\n")


def _address() -> str:
    from kithwell.kernel import conf

    return str(conf.get("public_url", "")).rstrip("/") or f"http://localhost:{conf.get('port', 8000)}"
