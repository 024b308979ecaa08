"""Learning who wrote something anonymously. Two members of staff, a reason, and an end; never a glance."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.kernel import audit, clock, ids, texts
from kithwell.kernel.errors import Conflict, Invalid, NotFound, Refused
from kithwell.kernel.principal import Principal
from kithwell.moderation import access, kinds
from kithwell.moderation.models import Unsealing
from kithwell.people import queries as people

OPEN_FOR = timedelta(hours=24)
LEAST = 20


def unseal_request(principal: Principal, kind: str, ident: str, reason: str) -> UUID:
    """Ask to learn who wrote an anonymous thing. A second person decides. Raises Invalid, Conflict, NotFound."""
    me = access.reviewer(principal)
    text = texts.tidy(reason, 500, "reason")
    if len(text) < LEAST:
        raise Invalid({"reason": _("Say why somebody's safety needs this. It is kept for good.")})
    seen = kinds.snippet(kind, ident)
    if seen is None:
        raise NotFound()
    if not seen.anonymous:
        raise Conflict(_("This was not written anonymously."))
    with transaction.atomic():
        now = clock.now()
        row, fresh = Unsealing.objects.get_or_create(
            kind=kind,
            ident=ident,
            state=Unsealing.State.ASKED,
            defaults={"id": ids.new_id(), "reason": text, "asked_by": me, "asked_at": now},
        )
        if fresh:
            audit.record(principal, "unsealing.asked", kind=kind, id=ident, reason=text)
        return UUID(str(row.id))


def unseal_confirm(principal: Principal, unsealing_id: UUID, agree: bool) -> UUID | None:
    """The second person's yes or no; with yes, the account, which both may see for a day. Raises NotFound, Refused."""
    me = access.reviewer(principal)
    with transaction.atomic():
        rows = Unsealing.objects.select_for_update()
        row = rows.filter(id=unsealing_id, state=Unsealing.State.ASKED).first()
        if row is None:
            raise NotFound()
        author = kinds.owner(row.kind, row.ident)
        if row.asked_by == me or author == me:
            raise Refused(_("A second person has to agree."))
        now = clock.now()
        row.settled_by, row.settled_at = me, now
        row.state = Unsealing.State.OPENED if agree else Unsealing.State.DECLINED
        row.open_until = now + OPEN_FOR if agree else None
        row.save()
        about = people.subjects([author]).get(author) if agree and author is not None else None
        verb = "unsealing.opened" if agree else "unsealing.declined"
        audit.record(principal, verb, kind=row.kind, id=row.ident, about=about, reason=row.reason)
        return author if agree else None


def unsealed(principal: Principal, kind: str, ident: str) -> UUID | None:
    """Who wrote it, for the two who agreed, while it is open. Each look is recorded. None for everybody else."""
    me = access.reviewer(principal)
    rows = Unsealing.objects.filter(
        kind=kind, ident=ident, state=Unsealing.State.OPENED, open_until__gt=clock.now()
    )
    row = rows.order_by("-settled_at").first()
    if row is None or me not in (row.asked_by, row.settled_by):
        return None
    author = kinds.owner(kind, ident)
    if author is not None:
        audit.record(principal, "unsealing.looked", kind=kind, id=ident, reason=row.reason)
    return author
