"""Crisis goes beside moderation, never through it: somebody who may need help is offered help, and nothing is decided
about them here. Support hears the event and makes the offer."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from kithwell.kernel import clock, crypto, events
from kithwell.moderation.models import Concern
from kithwell.safety.signals import LEVELS

FROM = "C2"
ANONYMOUS = "community.anonymous"  # the kind under which help is offered to somebody behind an anonymous name


DISCLOSURE = "C1"  # telling of abuse is no crisis by itself: an offer, and a supporter who knows


def raise_disclosure(
    kind: str, ident: str, author: UUID, language: str = "", *, anonymous: bool = False
) -> None:
    """Somebody tells of abuse: the safeguarding route. Support offers them somebody to talk to, and whoever takes it is
    told what it is about. Once for a thing; it is no case, and the thing stays as it is.

    With `anonymous`, as in `raise_concern`. Publishes "moderation.disclosure" (account, kind, ident).
    """
    if anonymous:
        ident = crypto.blind_index("moderation.concern", f"{kind}:{ident}")
        kind = ANONYMOUS
    with transaction.atomic():
        _, fresh = Concern.objects.get_or_create(
            kind=kind[:40],
            ident=ident[:64],
            level=DISCLOSURE,
            defaults={"account": author, "language": language[:12], "source": "abuse", "at": clock.now()},
        )
        if fresh:
            events.publish("moderation.disclosure", account=str(author), kind=kind, ident=ident)


def raise_concern(
    kind: str,
    ident: str,
    author: UUID,
    level: str,
    language: str = "",
    *,
    source: str = "screening",
    anonymous: bool = False,
) -> None:
    """Somebody may need help: support makes them an offer. Once for a thing and a level; nothing below C2.

    With `anonymous`, neither the row nor the event leads from the account to the words. Publishes "moderation.concern"
    (account, kind, ident, level). The thing itself stays as it is.
    """
    if anonymous:
        ident = crypto.blind_index("moderation.concern", f"{kind}:{ident}")
        kind = ANONYMOUS
    if level not in LEVELS or LEVELS.index(level) < LEVELS.index(FROM):
        return
    with transaction.atomic():
        _, fresh = Concern.objects.get_or_create(
            kind=kind[:40],
            ident=ident[:64],
            level=level,
            defaults={"account": author, "language": language[:12], "source": source, "at": clock.now()},
        )
        if fresh:
            events.publish("moderation.concern", account=str(author), kind=kind, ident=ident, level=level)
