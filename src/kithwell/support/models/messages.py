"""Words in a conversation, how they went out, what came with them, and what staff keep to themselves."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kithwell.kernel import clock, ids
from kithwell.support.models.conversations import Conversation


class Message(models.Model):
    """One message. `n` counts arrivals (live "since n"); shown by (provider_at, order, provider_id).

    `body` holds text and button titles sealed together (support.words); `meta` never holds content.
    """

    class Author(models.TextChoices):
        PERSON = "person"
        ASSISTANT = "assistant"
        SUPPORTER = "supporter"
        SYSTEM = "system"
        NOTE = "note"  # a whisper among staff; never leaves the desk

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    n = models.PositiveIntegerField()
    channel = models.CharField(max_length=20)
    account = models.CharField(max_length=60)
    provider_id = models.CharField(
        max_length=200, blank=True
    )  # inbound only; outgoing ids lie with the attempts
    provider_at = models.DateTimeField()
    order = models.IntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    author = models.CharField(max_length=10, choices=Author.choices)
    author_account = models.UUIDField(null=True)
    client_key = models.CharField(max_length=64, null=True)
    kind = models.CharField(max_length=20, default="text")
    raw_kind = models.CharField(max_length=40, blank=True)
    body = models.BinaryField(null=True)  # sealed
    script = models.CharField(max_length=60, blank=True)
    meta = models.JSONField(default=dict)
    reply_to = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, default="received")
    level = models.CharField(max_length=2, blank=True)
    screening = models.JSONField(null=True)  # levels and scores
    spans = models.BinaryField(null=True)  # sealed: which words weighed
    redacted_at = models.DateTimeField(null=True)
    redacted_by = models.UUIDField(null=True)
    redacted_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "n"], name="message_n"),
            models.UniqueConstraint(
                fields=["channel", "account", "provider_id"],
                condition=Q(provider_id__gt=""),
                name="message_provider_once",
            ),
            models.UniqueConstraint(
                fields=["conversation", "client_key"],
                condition=Q(client_key__isnull=False),
                name="message_client_once",
            ),
        ]
        indexes = [
            # Beside the unique one: SQLite reads a partial index whole when asked for many ids at once.
            models.Index(fields=["provider_id"], name="message_provider"),
            models.Index(fields=["created_at"], name="message_created"),
            models.Index(
                fields=["created_at"],
                condition=Q(author="supporter", status__in=["failed", "expired"]),
                name="message_failed",
            ),
        ]


class Delivery(models.Model):
    """One attempt to send one message (outbox). A retry is a new row with its own provider id."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    n = models.PositiveIntegerField()  # the message's, for order within the conversation
    channel = models.CharField(max_length=20)
    account = models.CharField(max_length=60)
    attempt = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, default="pending")  # rules.status
    author = models.CharField(max_length=10)
    controller_version = models.PositiveIntegerField(default=0)  # what the sender read
    template = models.CharField(max_length=60, blank=True)
    queue = models.CharField(max_length=10, default="normal")
    provider_id = models.CharField(max_length=200, blank=True)
    error_class = models.CharField(max_length=12, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    not_before = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    held_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "attempt"], name="delivery_attempt"),
            models.UniqueConstraint(
                fields=["channel", "account", "provider_id"],
                condition=Q(provider_id__gt=""),
                name="delivery_provider_once",
            ),
        ]
        indexes = [
            models.Index(fields=["provider_id"], name="delivery_provider"),
            models.Index(
                fields=["conversation", "n"],
                condition=Q(state__in=["pending", "sending", "held"]),
                name="delivery_open",
            ),
            models.Index(fields=["claimed_at"], condition=Q(state="sending"), name="delivery_sending"),
            models.Index(fields=["created_at"], condition=Q(state="pending"), name="delivery_pending"),
            models.Index(fields=["held_until"], condition=Q(state="held"), name="delivery_held"),
        ]


class Attachment(models.Model):
    """A file that came with a message. It shows at once as "arriving"; the channel fetches it as a job of its own."""

    class State(models.TextChoices):
        ARRIVING = "arriving"
        READY = "ready"
        FAILED = "failed"
        REMOVED = "removed"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    mime = models.CharField(max_length=100, blank=True)
    name = models.BinaryField(null=True)  # sealed
    provider_ref = models.BinaryField(null=True)  # sealed: the provider's media id
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ARRIVING)
    error_code = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["conversation"], name="attachment_conversation")]


class Note(models.Model):
    """A private note of staff about a conversation. The person can read it in their export."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="notes")
    by = models.UUIDField(null=True)
    text = models.BinaryField()  # sealed
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["conversation", "created_at"], name="note_conversation")]
