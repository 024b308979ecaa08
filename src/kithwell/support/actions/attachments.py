"""Files arrive after their message: the channel fetches them in a job of its own and reports here."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from kithwell.kernel import clock
from kithwell.support import files, words
from kithwell.support.actions import common
from kithwell.support.models import Attachment, Conversation


@dataclass(frozen=True, slots=True)
class AttachmentRef:
    """What a channel needs to fetch a file. `ref` is the provider's media id; never log it."""

    id: UUID
    channel: str
    account: str
    kind: str
    mime: str
    sha256: str
    ref: str = field(repr=False)


def attachment_ref(attachment_id: UUID) -> AttachmentRef | None:
    """The reference of a file that is still to be fetched; None when it is here, removed or unknown."""
    row = (
        Attachment.objects.select_related("conversation__contact")
        .filter(id=attachment_id, state__in=(Attachment.State.ARRIVING, Attachment.State.FAILED))
        .first()
    )
    if row is None:
        return None
    subject = row.conversation.contact.subject
    ref = words.open_text(subject, row.provider_ref, ("support_attachment", "provider_ref", row.id))
    return AttachmentRef(
        row.id, row.conversation.channel, row.conversation.account, row.kind, row.mime, row.sha256, ref
    )


def attachment_ready(attachment_id: UUID, data: bytes, mime: str, sha256: str = "") -> bool:
    """Keep a file, sealed. False when it is not wanted any more (erased meanwhile)."""
    with transaction.atomic():
        row = _lock(attachment_id)
        if row is None or row.state == Attachment.State.REMOVED:
            return False
        files.put(row.conversation.contact.subject, row.id, data)
        Attachment.objects.filter(id=row.id).update(
            state=Attachment.State.READY,
            mime=mime[:100],
            size=len(data),
            sha256=(sha256 or row.sha256)[:64],
            error_code="",
        )
        common.tell(row.conversation, desks=[row.conversation.assigned_to])
        return True


def attachment_failed(attachment_id: UUID, code: str) -> None:
    """A file could not be fetched; the message stays, and says so."""
    with transaction.atomic():
        row = _lock(attachment_id)
        if row is None or row.state != Attachment.State.ARRIVING:
            return
        Attachment.objects.filter(id=row.id).update(state=Attachment.State.FAILED, error_code=code[:40])
        common.tell(row.conversation, desks=[row.conversation.assigned_to])


def attachments_arriving(older_than_seconds: float = 120.0, limit: int = 200) -> tuple[UUID, ...]:
    """Files whose fetching may have been forgotten by a dead worker, for the channel's sweep."""
    from datetime import timedelta

    before = clock.now() - timedelta(seconds=older_than_seconds)
    rows = Attachment.objects.filter(state=Attachment.State.ARRIVING, created_at__lte=before).order_by(
        "created_at"
    )
    return tuple(rows.values_list("id", flat=True)[:limit])


def _lock(attachment_id: UUID) -> Attachment | None:
    row = Attachment.objects.select_related("conversation__contact").filter(id=attachment_id).first()
    if row is None:
        return None
    Conversation.objects.select_for_update().filter(id=row.conversation_id).values_list("id").first()
    return Attachment.objects.select_related("conversation__contact").filter(id=attachment_id).first()
