"""What channels keep of their own: posts not yet read, keys they are sealed with, and how accounts stand.

Messages, people and deliveries belong to `support`. Private to this part.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kithwell.kernel import clock, ids


class IntakeKey(models.Model):
    """One key a day and account for raw posts. When a day's posts are purged the key goes too, and with it every copy
    of them in back-ups."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    account = models.CharField(max_length=60)
    day = models.DateField()
    subject = models.UUIDField(unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "day"], name="intake_key_once")]


class RawEvent(models.Model):
    """One post of a provider, whole and sealed, until it has been digested.

    `new` -> (row deleted, or `done` while raw bodies are kept) | `waiting` (a status of a message we do not know yet)
    | `poison` (could not be read, or broke what reads it; kept and listed until somebody has looked).
    """

    class State(models.TextChoices):
        NEW = "new"
        WAITING = "waiting"
        POISON = "poison"
        DONE = "done"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    channel = models.CharField(max_length=20)
    account = models.CharField(max_length=60)
    key = models.UUIDField()  # whose data key sealed the body
    body = models.BinaryField()  # sealed
    fingerprint = models.CharField(max_length=64)  # keyed hash: the same post again is one row
    size = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)  # a reason of ours, never content
    received_at = models.DateTimeField(default=clock.now)
    digested_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "account", "fingerprint"], name="raw_event_once"),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state="new"), name="raw_new"),
            models.Index(fields=["next_at"], condition=Q(state="waiting"), name="raw_waiting"),
            models.Index(fields=["received_at"], condition=Q(state__in=["poison", "done"]), name="raw_kept"),
        ]


class TemplateState(models.Model):
    """What the provider last said about a prepared message (approved, paused, disabled, rejected)."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    account = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=20)
    status = models.CharField(max_length=40)
    reason = models.CharField(max_length=120, blank=True)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "name", "language"], name="template_state_once")
        ]


class AccountState(models.Model):
    """How one account stands: whether it works, its quality, and how often fetching files failed lately."""

    account = models.CharField(primary_key=True, max_length=60)
    channel = models.CharField(max_length=20, default="whatsapp")
    down_since = models.DateTimeField(null=True)
    down_code = models.CharField(max_length=40, blank=True)
    notice = models.CharField(max_length=60, blank=True)  # the last thing the provider said about the account
    notice_detail = models.CharField(max_length=120, blank=True)
    notice_at = models.DateTimeField(null=True)
    media_failures = models.JSONField(default=list)  # seconds since 1970, of the last hour


from kithwell.channels.web.models import WebFeedback, WebVisitor  # noqa: E402, F401  (tables of the web chat)
