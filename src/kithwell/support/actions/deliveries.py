"""Getting words out: claim, send, settle. One attempt is one row; order holds within a conversation.

The claim locks the conversation and asks again who speaks: what the assistant wrote before a human took over is
cancelled here at the latest. A claimed attempt counts as said. If a worker dies between claim and settlement nobody
knows whether it arrived; it is tried again after RESEND_STALE, because hearing an answer twice is better than never
(docs/decisions/0020-a-send-whose-worker-died.md). Adapters that can echo the attempt's id narrow that gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from kithwell.kernel import clock, crypto, events, logs
from kithwell.support import house, ports, tasks, words
from kithwell.support.actions import common, silence
from kithwell.support.actions.reply import again, hold
from kithwell.support.models import ContactAddress, Conversation, Delivery, Message
from kithwell.support.ports import StatusReport
from kithwell.support.rules import control, status, window

log = logs.get("support.deliveries")


def deliver_from(delivery_id: UUID) -> int:
    """Send this attempt and whatever waits behind it in its conversation. Returns how many sends were tried."""
    tried = 0
    following: UUID | None = delivery_id
    while following is not None:
        claimed = claim(following)
        if claimed is None:
            return tried
        delivery, adapter, template = claimed
        tried += 1
        try:
            sent = adapter.send_template(delivery, template) if template else adapter.deliver(delivery)
        except ports.SendError as error:
            settle_error(delivery.id, error)
        else:
            settle_sent(delivery.id, sent)
        following = next_due(delivery.conversation_id)
    return tried


def next_due(conversation_id: UUID) -> UUID | None:
    """The oldest attempt of this conversation that is due, if nothing before it is still open."""
    row = (
        Delivery.objects.filter(conversation_id=conversation_id, state__in=(status.PENDING, status.SENDING))
        .order_by("n", "attempt")
        .values_list("id", "state", "not_before")
        .first()
    )
    if row is None or row[1] != status.PENDING or (row[2] is not None and row[2] > clock.now()):
        return None
    ident: UUID = row[0]
    return ident


def claim(delivery_id: UUID) -> tuple[ports.Delivery, ports.ChannelAdapter, str] | None:
    """Take the right to send the conversation's oldest due attempt, or None when there is nothing to do now."""
    with transaction.atomic():
        asked = Delivery.objects.filter(id=delivery_id).values_list("conversation_id", flat=True).first()
        if asked is None:
            return None
        conversation = (
            Conversation.objects.select_for_update(of=("self",)).select_related("contact").get(id=asked)
        )
        while (ident := next_due(asked)) is not None:
            delivery = Delivery.objects.select_related("message").get(id=ident)
            if _may_go(delivery, conversation):
                return _claimed(delivery, conversation)
        return None


def _may_go(delivery: Delivery, conversation: Conversation) -> bool:
    """Last questions before a send; settles the attempt when the answer is no."""
    now = clock.now()
    held_by = control.Control(conversation.controller, conversation.controller_version)
    if delivery.author == "assistant" and not control.may_send(
        held_by, "assistant", delivery.controller_version
    ):
        _settle(delivery, status.CANCELLED, now)
        return False
    if silence.keeps_back(conversation, delivery.message.script):
        _keep_back(delivery, conversation, "not_allowed", now)
        return False
    adapter = common.adapter_of(delivery.channel)
    hours = adapter.window_hours if adapter else None
    if delivery.template or window.state(hours, _last_inbound(conversation), now).open:
        return True
    _keep_back(delivery, conversation, "window", now)
    return False


def _last_inbound(conversation: Conversation) -> datetime | None:
    """When this person last wrote on this channel account, in this conversation or a later one."""
    newest = (
        Conversation.objects.filter(
            contact_id=conversation.contact_id, channel=conversation.channel, account=conversation.account
        )
        .exclude(last_inbound_at=None)
        .order_by("-last_inbound_at")
        .values_list("last_inbound_at", flat=True)
        .first()
    )
    return newest or conversation.last_inbound_at


def _keep_back(delivery: Delivery, conversation: Conversation, why: str, now: datetime) -> None:
    """The window closed on the way, or they wrote STOP: a supporter's words are held, the assistant's and the
    system's are let go."""
    if delivery.author == "supporter":
        Delivery.objects.filter(id=delivery.id).update(state=status.FAILED, error_class=why, settled_at=now)
        hold(conversation, delivery.message, now)
        Conversation.objects.filter(id=conversation.id).update(last_n=conversation.last_n)
        common.tell(conversation, desks=[conversation.assigned_to])
    else:
        _settle(delivery, status.EXPIRED if why == "window" else status.CANCELLED, now, error_class=why)


def _settle(
    delivery: Delivery, state: str, now: datetime, error_class: str = "", error_code: str = ""
) -> None:
    Delivery.objects.filter(id=delivery.id).update(
        state=state, settled_at=now, error_class=error_class, error_code=error_code[:40]
    )
    Message.objects.filter(id=delivery.message_id).update(status=state)


def _claimed(
    delivery: Delivery, conversation: Conversation
) -> tuple[ports.Delivery, ports.ChannelAdapter, str] | None:
    adapter = ports.adapter(delivery.channel)
    contact, message = conversation.contact, delivery.message
    if message.body is None or contact.erased_at is not None:
        _settle(delivery, status.CANCELLED, clock.now())
        return None
    try:
        text, buttons = words.open_body(contact.subject, message.id, message.body)
        addresses = addresses_of(conversation)
    except crypto.CryptoError:
        _settle(delivery, status.FAILED, clock.now(), "content", "unreadable")
        return None
    Delivery.objects.filter(id=delivery.id, state=status.PENDING).update(
        state=status.SENDING, claimed_at=clock.now()
    )
    Message.objects.filter(id=message.id, status=status.PENDING).update(status=status.SENDING)
    shape = ports.Delivery(
        id=delivery.id,
        message_id=message.id,
        conversation_id=conversation.id,
        channel=delivery.channel,
        account=delivery.account,
        addresses=addresses,
        text=text,
        buttons=buttons,
        language=conversation.language or "en",
        attempt=delivery.attempt,
        reply_to=message.reply_to,
    )
    return shape, adapter, delivery.template


def addresses_of(conversation: Conversation) -> tuple[tuple[str, str], ...]:
    """(kind, value) of this person on this channel account, newest first. Never leaves the server."""
    contact = conversation.contact
    rows = (
        ContactAddress.objects.filter(
            Q(contact=contact) | Q(contact__merged_into=contact),
            channel=conversation.channel,
            account=conversation.account,
        )
        .select_related("contact")
        .order_by("-created_at")
    )
    return tuple(
        (row.kind, crypto.unseal(row.contact.subject, bytes(row.value), at=(words.ADDRESS, "value", row.id)))
        for row in rows
    )


def settle_sent(delivery_id: UUID, sent: ports.Sent) -> None:
    """The provider has it."""
    now = clock.now()
    with transaction.atomic():
        delivery = (
            Delivery.objects.select_for_update(of=("self",))
            .select_related("conversation")
            .get(id=delivery_id)
        )
        state = status.advance(delivery.state, status.SENT)
        provider_id = delivery.provider_id or sent.provider_id[:200]
        try:
            with transaction.atomic():
                Delivery.objects.filter(id=delivery_id).update(
                    state=state, sent_at=now, provider_id=provider_id
                )
        except IntegrityError:
            log.error("delivery.provider_id_twice", delivery_id=str(delivery_id))
            Delivery.objects.filter(id=delivery_id).update(state=state, sent_at=now)
        _mirror(delivery.message_id)
        common.tell(delivery.conversation, desks=[delivery.conversation.assigned_to])


def _mirror(message_id: UUID) -> str:
    """A message's status from all its attempts."""
    attempts = (
        Delivery.objects.filter(message_id=message_id).order_by("attempt").values_list("state", flat=True)
    )
    now_is = status.best(attempts)
    Message.objects.filter(id=message_id).update(status=now_is)
    return now_is


def settle_error(delivery_id: UUID, error: ports.SendError) -> None:
    """A typed failure: try again later, hold, or say loudly that it did not arrive."""
    now = clock.now()
    with transaction.atomic():
        # The conversation first, as everywhere, so that no two workers wait for each other.
        locked = Conversation.objects.select_for_update(of=("self",)).select_related("contact")
        conversation = locked.get(id__in=Delivery.objects.filter(id=delivery_id).values("conversation_id"))
        delivery = Delivery.objects.select_related("message").get(id=delivery_id)
        most = {"retry": house.MAX_ATTEMPTS, "media": house.MAX_MEDIA_ATTEMPTS}.get(error.cls, 0)
        Delivery.objects.filter(id=delivery_id).update(
            state=status.FAILED, settled_at=now, error_class=error.cls, error_code=error.code[:40]
        )
        if error.cls == "window" and delivery.author == "supporter":
            hold(conversation, delivery.message, now)
            Conversation.objects.filter(id=conversation.id).update(last_n=conversation.last_n)
        elif delivery.attempt < most:
            again(delivery, now, delay=_delay(delivery.attempt, error.retry_after))
            Message.objects.filter(id=delivery.message_id).update(status=status.PENDING)
        else:
            Message.objects.filter(id=delivery.message_id).update(status=status.FAILED)
            _loud(delivery, error)
        common.tell(conversation, desks=[conversation.assigned_to])


def _delay(attempt: int, asked: float | None) -> float:
    """Seconds until the next attempt: what the provider asks for, else 4 ** attempt, at most 15 minutes."""
    return max(asked or 0.0, min(900.0, 4.0**attempt))


def _loud(delivery: Delivery, error: ports.SendError) -> None:
    log.warning("delivery.failed", delivery_id=str(delivery.id), error_class=error.cls, error_code=error.code)
    events.publish(
        "message.failed",
        conversation_id=str(delivery.conversation_id),
        message_id=str(delivery.message_id),
        error_class=error.cls,
        error_code=error.code,
    )
    if error.cls == "account":
        events.publish(
            "channel.down", channel=delivery.channel, account=delivery.account, error_code=error.code
        )


def record_status(
    channel: str,
    account: str,
    provider_id: str,
    reported: str,
    at: datetime,
    error: ports.SendError | None = None,
    delivery_id: UUID | None = None,
) -> bool:
    """One status of one of our messages; see `record_statuses`."""
    report = StatusReport(
        channel,
        account,
        provider_id,
        reported,
        at,
        error.cls if error else "",
        error.code if error else "",
        delivery_id,
    )
    return record_statuses([report])[0]


def record_statuses(reports: Sequence[StatusReport]) -> tuple[bool, ...]:
    """Move messages along their status machine. False: no such attempt is known (yet); report it again later.

    Any order, any repetition. A provider may report before our own transaction has stored the provider's id: then
    the answer is False, and the caller's job comes back.
    """
    with transaction.atomic():
        found = _find_attempts(reports)
        changed: dict[UUID, Delivery] = {}
        for report in reports:
            delivery = found.get((report.channel, report.account, report.provider_id)) or found.get(
                report.delivery_id
            )
            if delivery is None:
                continue
            _apply(delivery, report)
            changed[delivery.id] = delivery
        for delivery in changed.values():
            Delivery.objects.filter(id=delivery.id).update(
                state=delivery.state,
                provider_id=delivery.provider_id,
                error_class=delivery.error_class,
                error_code=delivery.error_code,
                settled_at=delivery.settled_at,
            )
        _call_off_repeats(changed.values())
        for message_id in {d.message_id for d in changed.values()}:
            _mirror(message_id)
        for conversation in {d.conversation_id: d.conversation for d in changed.values()}.values():
            common.tell(conversation, desks=[conversation.assigned_to])
        return tuple(
            ((r.channel, r.account, r.provider_id) in found or r.delivery_id in found) for r in reports
        )


def _call_off_repeats(changed: Iterable[Delivery]) -> None:
    """An attempt whose answer was lost went out after all: its repeat, still waiting, would say the same twice."""
    out = [d for d in changed if d.state in (status.SENT, status.DELIVERED, status.READ, status.PLAYED)]
    for delivery in out:
        repeats = Delivery.objects.filter(message_id=delivery.message_id, state=status.PENDING)
        repeats.exclude(id=delivery.id).update(state=status.CANCELLED, settled_at=clock.now())


Found = dict[object, Delivery]


def _find_attempts(reports: Sequence[StatusReport]) -> Found:
    """The attempts these reports speak of, locked, by attempt id and by provider id. Two queries, by index."""
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("conversation").order_by("id")
    found: Found = {}
    told = {r.provider_id for r in reports if r.provider_id}
    echoed = {r.delivery_id for r in reports if r.delivery_id}
    for wanted in (Q(provider_id__in=told), Q(id__in=echoed)):
        for row in rows.filter(wanted):
            row = found.setdefault(row.id, row)
            if row.provider_id:
                found[row.channel, row.account, row.provider_id] = row
    return found


def _apply(delivery: Delivery, report: StatusReport) -> None:
    before = delivery.state
    delivery.state = status.advance(delivery.state, report.status)
    if not delivery.provider_id:
        delivery.provider_id = report.provider_id[:200]
    if report.status == status.FAILED and delivery.state == status.FAILED:
        delivery.error_class = report.error_class or delivery.error_class or "unreachable"
        delivery.error_code = (report.error_code or delivery.error_code)[:40]
    if delivery.state != before and status.is_settled(delivery.state):
        delivery.settled_at = report.at
    if delivery.state == status.FAILED and before != status.FAILED:
        _loud(delivery, ports.SendError(delivery.error_class or "unreachable", delivery.error_code))


def expire_held() -> int:
    """Held replies nobody came back for: give up, and tell the supporter loudly. Returns how many."""
    now = clock.now()
    done = 0
    for delivery in Delivery.objects.filter(state=status.HELD, held_until__lte=now).select_related(
        "conversation"
    )[:500]:
        with transaction.atomic():
            if not Delivery.objects.filter(id=delivery.id, state=status.HELD).update(
                state=status.EXPIRED, settled_at=now, error_class="window"
            ):
                continue
            Message.objects.filter(id=delivery.message_id).update(status=status.EXPIRED)
            _loud(delivery, ports.SendError("window", "held_expired"))
            common.tell(
                delivery.conversation,
                desks=[delivery.conversation.assigned_to, delivery.message.author_account],
            )
            done += 1
    return done


def rescue() -> int:
    """Attempts whose worker died, and attempts nobody was told to send. Returns how many were put back."""
    now = clock.now()
    rescued = 0
    stale = Delivery.objects.filter(state=status.SENDING, claimed_at__lte=now - house.RESEND_STALE)
    for delivery in stale[:200]:
        with transaction.atomic():
            moved = Delivery.objects.filter(id=delivery.id, state=status.SENDING).update(
                state=status.FAILED, settled_at=now, error_class="retry", error_code="worker_lost"
            )
            if moved:
                again(delivery, now)
                rescued += 1
    lost = Delivery.objects.filter(
        Q(not_before__isnull=True) | Q(not_before__lte=now),
        state=status.PENDING,
        created_at__lte=now - timedelta(seconds=60),
    )
    for ident, queue in lost.values_list("id", "queue")[:200]:
        tasks.deliver.enqueue(delivery_id=str(ident), queue=queue)
        rescued += 1
    return rescued
