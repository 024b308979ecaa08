"""What may be read about people: small frozen rows, a fixed number of queries each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.contrib.auth.hashers import is_password_usable
from django.db.models import Q

from kithwell.kernel import clock, crypto
from kithwell.kernel.principal import Principal
from kithwell.people import access, reserved, roles, rules
from kithwell.people.actions import leaving, mail
from kithwell.people.models import Account, Erasure, Export, Passkey, RecoveryCode, RoleGrant, Session


def names(account_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Pseudonyms by account id; "" for somebody who left. Unknown ids are absent. One query."""
    wanted = set(account_ids)
    if not wanted:
        return {}
    return dict(Account.objects.filter(pk__in=wanted).values_list("pk", "pseudonym"))


def subjects(account_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Subjects (of `kernel.crypto`) by account id. One query."""
    return dict(Account.objects.filter(pk__in=set(account_ids)).values_list("pk", "subject"))


@dataclass(frozen=True, slots=True)
class Known:
    """Since when an account is here, and the language it reads."""

    joined: datetime
    language: str


def known(account_ids: Iterable[UUID]) -> dict[UUID, Known]:
    """When these accounts joined and what they read. One query."""
    rows = Account.objects.filter(pk__in=set(account_ids)).values_list("pk", "created_at", "language")
    return {pk: Known(joined, language) for pk, joined, language in rows}


def account_named(pseudonym: str) -> UUID | None:
    """The account of that name, or one that reads the same. One query."""
    rows = Account.objects.filter(pseudonym_key=rules.name_key(pseudonym), erased_at=None)
    return rows.values_list("pk", flat=True).first()


def _held() -> Q:
    now = clock.now()
    return Q(closed_at=None, confirmed_at__isnull=False) & (Q(until=None) | Q(until__gt=now))


def accounts_with_role(role: str) -> tuple[UUID, ...]:
    """Accounts that hold `role` now and may sign in, oldest grant first. One query."""
    now = clock.now()
    rows = RoleGrant.objects.filter(_held(), role=role, account__erased_at=None, account__leaving_at=None)
    rows = rows.filter(Q(account__suspended_until=None) | Q(account__suspended_until__lte=now))
    return tuple(rows.order_by("at", "pk").values_list("account_id", flat=True))


def roles_of(account_id: UUID) -> frozenset[str]:
    """The roles an account holds now, "member" with them. One query."""
    rows = RoleGrant.objects.filter(_held(), account_id=account_id, account__leaving_at=None)
    return frozenset({roles.MEMBER, *rows.values_list("role", flat=True)})


def taken(keys: Iterable[str]) -> set[str]:
    """Which of these name keys belong to somebody already, or are in use elsewhere. Two queries."""
    wanted = list(keys)
    held = Account.objects.filter(pseudonym_key__in=wanted).values_list("pseudonym_key", flat=True)
    return {*held, *reserved.among(wanted)}


@dataclass(frozen=True, slots=True)
class Me:
    """What a person sees about their own account."""

    pseudonym: str
    language: str
    country: str
    age_band: str
    created_at: datetime
    roles: tuple[str, ...]
    has_password: bool
    passkeys: int
    codes_left: int
    email: str
    email_confirmed: bool
    leaving_at: datetime | None


def me(principal: Principal) -> Me:
    """One's own account. Four queries."""
    account = access.own_account(principal)
    return Me(
        pseudonym=account.pseudonym,
        language=account.language,
        country=account.country,
        age_band=account.age_band,
        created_at=account.created_at,
        roles=tuple(role for role in roles.GRANTABLE if principal.has(role)),
        has_password=is_password_usable(account.password),
        passkeys=Passkey.objects.filter(account=account).count(),
        codes_left=RecoveryCode.objects.filter(account=account, used_at=None).count(),
        email=mail.open_email(account),
        email_confirmed=account.email_confirmed_at is not None,
        leaving_at=account.leaving_at,
    )


@dataclass(frozen=True, slots=True)
class Key:
    id: UUID
    name: str
    created_at: datetime
    used_on: date | None


def passkeys_of(principal: Principal) -> tuple[Key, ...]:
    """One's own passkeys, newest first. Two queries."""
    account = access.own_account(principal)
    rows = Passkey.objects.filter(account=account).order_by("-id")
    return tuple(
        Key(
            pk,
            crypto.unseal(account.subject, sealed, at=("people_passkey", "name", pk)),
            created,
            used,
        )
        for pk, sealed, created, used in rows.values_list("pk", "name_sealed", "created_at", "used_on")
    )


@dataclass(frozen=True, slots=True)
class Device:
    id: UUID
    words: str
    began_at: datetime
    seen_at: datetime
    here: bool


def sessions_of(principal: Principal, here: UUID | None) -> tuple[Device, ...]:
    """One's own signed-in devices, the present one first. Two queries."""
    account = access.own_account(principal)
    rows = Session.objects.filter(account=account, expire_date__gt=clock.now()).order_by(
        "-seen_at", "-public_id"
    )
    found = [
        Device(public_id, device, began, seen, public_id == here)
        for public_id, device, began, seen in rows.values_list("public_id", "device", "began_at", "seen_at")
    ]
    return tuple(sorted(found, key=lambda device: not device.here))


@dataclass(frozen=True, slots=True)
class Archive:
    id: UUID
    state: str
    asked_at: datetime
    done: int
    total: int
    size: int
    expires_at: datetime | None


def exports_of(principal: Principal) -> tuple[Archive, ...]:
    """One's own archives, newest first, at most ten. Two queries."""
    account = access.own_account(principal)
    rows = Export.objects.filter(account=account).order_by("-id")[:10]
    return tuple(
        Archive(*row)
        for row in rows.values_list("pk", "state", "asked_at", "done", "total", "size", "expires_at")
    )


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a wish to be erased."""

    state: str
    asked_at: datetime
    due_at: datetime
    done_at: datetime | None
    writing: str
    rows: int


def receipt(code: str) -> Receipt | None:
    """The erasure with this receipt code. One query."""
    rows = Erasure.objects.filter(receipt_digest=rules.digest(code))
    row = rows.values_list("state", "asked_at", "due_at", "done_at", "writing", "counts").first()
    return Receipt(*row[:5], rows=sum(row[5].values())) if row else None


def grace_days() -> int:
    """Days in which an erasure can be called off."""
    return leaving.grace_days()


@dataclass(frozen=True, slots=True)
class Grant:
    id: UUID
    role: str
    until: datetime | None
    pending: bool
    proposed_by: UUID | None


@dataclass(frozen=True, slots=True)
class StaffMember:
    id: UUID
    pseudonym: str
    seen_on: date | None
    grants: tuple[Grant, ...]


def staff() -> tuple[StaffMember, ...]:
    """Everybody who holds a role, or is to get one, by name. One query."""
    now = clock.now()
    rows = (
        RoleGrant.objects.filter(Q(until=None) | Q(until__gt=now), closed_at=None, account__erased_at=None)
        .order_by("account__pseudonym", "account_id", "at")
        .values_list(
            "account_id",
            "account__pseudonym",
            "account__seen_on",
            "pk",
            "role",
            "until",
            "confirmed_at",
            "granted_by",
        )
    )
    found: dict[UUID, StaffMember] = {}
    for account, name, seen, pk, role, until, confirmed, by in rows:
        grant = Grant(pk, role, until, confirmed is None, by)
        before = found[account].grants if account in found else ()
        found[account] = StaffMember(account, name, seen, (*before, grant))
    return tuple(found.values())


def age_bands(account_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Age bands by account id, "" where it was not said: to keep adults and minors apart. One query."""
    return dict(Account.objects.filter(pk__in=set(account_ids)).values_list("pk", "age_band"))


def tongues(account_ids: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """Language and country by account id, for words that are sent when nobody is looking. One query."""
    rows = Account.objects.filter(pk__in=set(account_ids)).values_list("pk", "language", "country")
    return {account: (language, country) for account, language, country in rows}
