"""One's own calendar address: a secret word that shows one's own events to a calendar program, and nothing of
others."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.db import transaction

from kithwell.community.events.actions import common
from kithwell.community.events.models import Feed
from kithwell.kernel import clock, crypto, ids
from kithwell.kernel.principal import Principal
from kithwell.people import queries as people


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def renew(principal: Principal, *, plain: bool, days: bool) -> str:
    """A new address; the one before it stops working at once."""
    account = common.account_of(principal)
    token = ids.token(24)
    subject = people.subjects([account])[account]
    Feed.objects.update_or_create(
        account=account,
        defaults={
            "digest": digest(token),
            "token": crypto.seal(subject, token, at=("community_event_feed", "token", account)),
            "plain": plain,
            "days": days,
            "created_at": clock.now(),
        },
    )
    return token


@transaction.atomic
def choose(principal: Principal, *, plain: bool, days: bool) -> None:
    """What the calendar shows: neutral titles or the real ones, awareness days or not."""
    Feed.objects.filter(account=common.account_of(principal)).update(plain=plain, days=days)


@transaction.atomic
def stop(principal: Principal) -> None:
    """The address stops working at once."""
    Feed.objects.filter(account=common.account_of(principal)).delete()


def own_token(account: UUID) -> str:
    """The token of one's own address, or ""."""
    row = Feed.objects.filter(account=account).first()
    if row is None:
        return ""
    subject = people.subjects([account])[account]
    return crypto.unseal(subject, bytes(row.token), at=("community_event_feed", "token", account))
