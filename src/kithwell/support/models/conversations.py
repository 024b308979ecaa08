"""One conversation with one person on one channel, who holds it, and how it changes hands."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kithwell.kernel import clock, ids
from kithwell.support.models.contacts import Contact
from kithwell.support.models.team import Team


class Conversation(models.Model):
    """From first words to the end. `in_queue` with (band, effective_since) is its place (rules.triage)."""

    class State(models.TextChoices):
        ASSISTANT = "assistant"  # the assistant talks, nobody is waited for
        WAITING = "waiting"  # in the queue; the assistant keeps company
        HUMAN = "human"  # a supporter holds the lease
        ENDED = "ended"

    class Controller(models.TextChoices):
        ASSISTANT = "assistant"
        HUMAN = "human"
        NOBODY = "nobody"

    class Queue(models.TextChoices):
        NORMAL = "normal"
        CRISIS = "crisis"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="conversations")
    channel = models.CharField(max_length=20)
    account = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASSISTANT)
    controller = models.CharField(max_length=10, choices=Controller.choices, default=Controller.ASSISTANT)
    controller_version = models.PositiveIntegerField(default=1)
    assistant_state = models.JSONField(default=dict)  # steps and codes of the script, no words

    # Need
    level = models.CharField(max_length=2, default="C0")  # the most serious so far, or what a supporter set
    level_by = models.UUIDField(null=True)
    self_rating = models.PositiveSmallIntegerField(null=True)
    asked_for_person = models.BooleanField(default=False)
    screening_failed = models.BooleanField(default=False)

    # Place
    queue = models.CharField(max_length=10, choices=Queue.choices, default=Queue.NORMAL)
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    in_queue = models.BooleanField(default=False)
    band = models.PositiveSmallIntegerField(default=1)
    effective_since = models.DateTimeField(null=True)
    waiting_since = models.DateTimeField(
        null=True
    )  # since the person waits for a human; survives a lost lease
    queued_at = models.DateTimeField(null=True)  # when it entered the queue last
    carried_over = models.BooleanField(default=False)
    reason = models.CharField(max_length=12, blank=True)  # "" the person wrote | follow_up | call_back
    preferred = models.UUIDField(null=True)  # the supporter a follow-up belongs to

    # Lease
    assigned_to = models.UUIDField(null=True)
    assigned_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    first_taken_at = models.DateTimeField(null=True)
    first_reply_at = models.DateTimeField(null=True)
    first_reply_by = models.UUIDField(null=True)

    last_n = models.PositiveIntegerField(default=0)
    last_inbound_at = models.DateTimeField(null=True)  # provider's time; opens the window
    last_activity_at = models.DateTimeField(default=clock.now)
    unanswered = models.PositiveIntegerField(default=0)  # messages of theirs since our last words by a human
    language = models.CharField(max_length=12, blank=True)
    country = models.CharField(max_length=2, blank=True)

    summary = models.BinaryField(null=True)  # sealed
    next_step = models.BinaryField(null=True)  # sealed
    created_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=12, blank=True)  # person | supporter | assistant | quiet | erased
    ended_by_account = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "channel", "account"],
                condition=~Q(state="ended"),
                name="conversation_one_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["band", "effective_since", "waiting_since", "id"],
                condition=Q(in_queue=True),
                name="conversation_queue",
            ),
            models.Index(fields=["assigned_to"], condition=Q(state="human"), name="conversation_mine"),
            # Those whose person left and that still want a summary (queries.common.mine).
            models.Index(
                fields=["assigned_to"],
                condition=Q(
                    state="ended", ended_by="person", summary__isnull=True, first_reply_at__isnull=False
                ),
                name="conversation_owed",
            ),
            models.Index(
                fields=["last_activity_at"], condition=Q(state="assistant"), name="conversation_quiet"
            ),
            models.Index(fields=["lease_until"], condition=Q(state="human"), name="conversation_lease"),
            models.Index(fields=["contact", "created_at"], name="conversation_history"),
            models.Index(fields=["created_at"], name="conversation_created"),
            models.Index(fields=["ended_at"], name="conversation_ended"),
        ]


class HandOver(models.Model):
    """An offer to pass a conversation on. The sender keeps it until somebody accepts."""

    class State(models.TextChoices):
        OFFERED = "offered"
        ACCEPTED = "accepted"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="hand_overs")
    from_account = models.UUIDField(null=True)
    to_kind = models.CharField(max_length=10)  # colleague | team | assistant | queue
    to_account = models.UUIDField(null=True)
    to_team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    note = models.BinaryField(null=True)  # sealed
    state = models.CharField(max_length=10, choices=State.choices, default=State.OFFERED)
    created_at = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(state="offered"), name="handover_one_open"
            ),
        ]
        indexes = [
            models.Index(fields=["to_account"], condition=Q(state="offered"), name="handover_offers"),
            models.Index(
                fields=["from_account", "created_at"],
                condition=Q(to_kind="queue"),
                name="handover_given_back",
            ),
        ]


class Presence(models.Model):
    """A supervisor (or on-call person) who joined a conversation; whether the person was told, always yes."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="presences")
    account = models.UUIDField()
    joined_at = models.DateTimeField(default=clock.now)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "account"], condition=Q(left_at__isnull=True), name="presence_once"
            ),
        ]


class Reading(models.Model):
    """When a staff member last opened a transcript: one audit entry each 15 minutes, not one each poll."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    account = models.UUIDField()
    audited_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "account"], name="reading_once")]
