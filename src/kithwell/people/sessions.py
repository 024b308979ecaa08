"""Sessions in the database, with the person they belong to beside them.

Loading a session brings the account and its roles in the same query (a `Seat`), so that knowing who asks costs one
query or none. The table holds a digest of the key that the browser has.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.db.models import FilteredRelation, Q

from kithwell.kernel import clock, conf
from kithwell.people import rules
from kithwell.people.models import Session

UNFINISHED = timedelta(minutes=20)  # a passkey flow of somebody not signed in
VISIT = timedelta(hours=24)  # without "keep me signed in"; the cookie goes when the browser closes
STAY = timedelta(days=30)  # with it; each is counted from the last time the session was used
_COOKIE_AGE = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Seat:
    """Who sits behind a session."""

    session: UUID
    account: UUID
    pseudonym: str
    subject: UUID
    roles: frozenset[str]
    seen_at: datetime
    proved_at: datetime | None
    leaving: bool


def _row(key: str) -> str:
    """The primary key of a session's row: 160 bits of the digest, as many as Django's column takes."""
    return rules.digest(key)[:40]


class SessionStore(SessionBase):
    """Django's session interface on `people_session`."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self._seat: Seat | None = None
        self._columns: dict[str, Any] = {}

    @property
    def seat(self) -> Seat | None:
        """The person behind this session; None for nobody, and for an account that is paused or erased."""
        self._get_session()
        return self._seat

    def load(self) -> dict[str, Any]:
        if not self.session_key:
            return {}
        rows = list(
            Session.objects.filter(session_key=_row(self.session_key), expire_date__gt=clock.now())
            .annotate(held=FilteredRelation("account__grants", condition=Q(account__grants__closed_at=None)))
            .values(
                "session_data", "public_id", "seen_at", "proved_at", "account_id", "account__pseudonym",
                "account__subject", "account__suspended_until", "account__erased_at", "account__leaving_at",
                "held__role", "held__until", "held__confirmed_at",
            )
        )  # fmt: skip
        if not rows:
            self._session_key = None
            return {}
        self._seat = _seat(rows)
        return self.decode(rows[0]["session_data"])

    def begin(self, account: UUID, device: str, *, stay: bool, proved: bool) -> None:
        """Drop whatever this browser had, and start a new session, under a new key, for `account`."""
        self.flush()
        now = clock.now()
        self._columns = {
            "account_id": account,
            "device": device,
            "began_at": now,
            "seen_at": rules.quarter(now),
            "proved_at": now if proved else None,
        }
        self["stay"] = stay
        self.create()
        self.load()  # the rest of this request knows the person already

    def prove(self) -> None:
        """The person has just shown again who they are. The key changes, so a stolen old one gains nothing."""
        seat = self.seat
        if seat is None or self.session_key is None:
            return
        old, fresh = _row(self.session_key), self._get_new_session_key()
        # A primary key is changed in place: the row keeps its public id and its place in the person's list.
        Session.objects.filter(session_key=old).update(session_key=_row(fresh), proved_at=clock.now())
        self._session_key = fresh
        self._seat = replace(seat, proved_at=clock.now())
        self.modified = True

    def touch(self) -> None:
        """Note, to the quarter of an hour, that this session is in use, and push its end further away."""
        if self.session_key:
            Session.objects.filter(session_key=_row(self.session_key)).update(
                seen_at=rules.quarter(clock.now()), expire_date=self.get_expiry_date()
            )

    # What Django asks of a session engine.

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(session_key=_row(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)
        values = {"session_data": self.encode(data), "expire_date": self.get_expiry_date()}
        key = _row(self.session_key)
        if not must_create:
            if not Session.objects.filter(session_key=key).update(**values):
                raise UpdateError
            return None
        try:
            with transaction.atomic():
                Session(session_key=key, **values, **self._columns).save(force_insert=True)
        except IntegrityError:
            raise CreateError from None
        return None

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Session.objects.filter(session_key=_row(key)).delete()
            self._seat, self._columns = None, {}

    @classmethod
    def clear_expired(cls) -> None:
        Session.objects.filter(expire_date__lt=clock.now()).delete()

    def get_expiry_age(self, **kwargs: Any) -> int:
        """How long the browser keeps the cookie, in seconds."""
        return int(_COOKIE_AGE.total_seconds())

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        if not (self._seat or self._columns):
            return clock.now() + UNFINISHED
        return clock.now() + (STAY if self.get("stay") else VISIT)

    def get_expire_at_browser_close(self) -> bool:
        return not self.get("stay", False)


def _seat(rows: list[dict[str, Any]]) -> Seat | None:
    row, now = rows[0], clock.now()
    paused = row["account__suspended_until"] is not None and row["account__suspended_until"] > now
    if row["account_id"] is None or row["account__erased_at"] is not None or paused:
        return None
    leaving = row["account__leaving_at"] is not None
    held = {
        r["held__role"]
        for r in rows
        if r["held__role"]
        and r["held__confirmed_at"]
        and (r["held__until"] is None or r["held__until"] > now)
    }
    return Seat(
        session=row["public_id"],
        account=row["account_id"],
        pseudonym=row["account__pseudonym"],
        subject=row["account__subject"],
        # Somebody who is leaving still may look, export and come back, but no longer works here.
        roles=frozenset({"member"} if leaving else {"member", *held}),
        seen_at=row["seen_at"],
        proved_at=row["proved_at"],
        leaving=leaving,
    )


def of_cookies(cookies: dict[str, str]) -> SessionStore:
    """The session that a browser's cookies name (for streams, which see no Django request)."""
    from django.conf import settings

    return SessionStore(cookies.get(settings.SESSION_COOKIE_NAME) or None)


def staff_life() -> timedelta:
    """How long a proof of who one is lasts on staff pages (setting `staff_hours`, default 12)."""
    return timedelta(hours=float(conf.get("staff_hours", 12)))


def staff_idle() -> timedelta:
    """How long a staff page may lie unused before it asks again (setting `staff_idle_hours`, default 4)."""
    return timedelta(hours=float(conf.get("staff_idle_hours", 4)))
