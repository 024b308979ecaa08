"""A thing somebody should look at: the case, who reported it, what the machine saw, and worries about its author."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kithwell.kernel import clock, ids


class Case(models.Model):
    """Everything said about one thing, in one place. What it holds in words lies under a key of its own (`subject`).

    `author_key` is a keyed hash of the author's account: it is there for anonymous things too, where `author` is not,
    so that a strike is counted and reasons arrive without anybody at the desk learning a name.
    """

    class State(models.TextChoices):
        OPEN = "open"
        CLAIMED = "claimed"
        DECIDED = "decided"
        CLOSED = "closed"  # nobody has to look any more: the thing is gone

    class Stage(models.TextChoices):
        REVIEW = "review"
        SECOND = "second"  # a proposal that a second person has to confirm
        APPEAL = "appeal"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    kind = models.CharField(max_length=40)
    ident = models.CharField(max_length=64)
    community = models.CharField(max_length=64, blank=True)
    author = models.UUIDField(null=True)
    author_key = models.CharField(max_length=64, blank=True, db_index=True)
    anonymous = models.BooleanField(default=False)
    subject = models.UUIDField()
    evidence = models.BinaryField(null=True)  # sealed: the words as they were when the case was opened
    language = models.CharField(max_length=12, blank=True)
    crisis = models.CharField(
        max_length=2, blank=True
    )  # C2 and above: support goes beside whatever is decided
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.REVIEW)
    harm = models.PositiveSmallIntegerField(default=0)
    gravity = models.PositiveSmallIntegerField(default=1)
    reporters = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    waiting_since = models.DateTimeField(default=clock.now)
    effective_since = models.DateTimeField(default=clock.now)  # rules.priority: earlier comes first
    claimed_by = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    kept_for = models.UUIDField(null=True)  # handed over to this colleague, until kept_until
    kept_until = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)  # out of hours, until staff are back
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "ident"],
                condition=Q(state__in=["open", "claimed"]) & ~Q(stage="appeal"),
                name="modcase_one_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["effective_since"], condition=Q(state__in=["open", "claimed"]), name="modcase_queue"
            ),
            models.Index(fields=["kind", "ident"], name="modcase_thing"),
            models.Index(fields=["claimed_by"], condition=Q(state="claimed"), name="modcase_claimed"),
            models.Index(fields=["decided_at"], name="modcase_decided"),
            models.Index(fields=["hidden_at"], condition=Q(hidden_at__isnull=False), name="modcase_hidden"),
        ]


class Report(models.Model):
    """Somebody who told us. Their words are sealed under their own key; the author never learns who they are.

    `case` is None for "I am worried about this person": that opens help for them and no case about them.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    case = models.ForeignKey(Case, null=True, on_delete=models.CASCADE, related_name="reports")
    kind = models.CharField(max_length=40)
    ident = models.CharField(max_length=64)
    reporter = models.UUIDField(null=True)  # None: they left
    category = models.CharField(max_length=20)
    words = models.BinaryField(null=True)  # sealed
    counted = models.BooleanField(default=False)  # counts for the out-of-hours threshold
    at = models.DateTimeField(default=clock.now)
    outcome = models.CharField(max_length=10, blank=True)  # "" | acted | kept | changed | offered
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "reporter"], condition=Q(reporter__isnull=False), name="modreport_once"
            ),
        ]
        indexes = [models.Index(fields=["reporter", "at"], name="modreport_mine")]


class Signal(models.Model):
    """What the screening saw: evidence, never a verdict. Spans name places and reasons, never words."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="signals")
    category = models.CharField(max_length=40)
    score = models.FloatField()
    spans = models.JSONField(default=list)  # [{start, end, label, weight}]
    version = models.CharField(max_length=120)
    at = models.DateTimeField(default=clock.now)


class Note(models.Model):
    """What one reviewer leaves for the next; sealed under the case's key."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    by = models.UUIDField(null=True)
    text = models.BinaryField()
    at = models.DateTimeField(default=clock.now)


class Concern(models.Model):
    """Somebody may need help. Beside any case, never instead of it, and never a violation."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    account = models.UUIDField()
    kind = models.CharField(max_length=40)
    ident = models.CharField(max_length=64)
    level = models.CharField(max_length=2)
    language = models.CharField(max_length=12, blank=True)
    source = models.CharField(max_length=10, default="screening")  # screening | reader | desk | abuse
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "ident", "level"], name="modconcern_once"),
        ]
        indexes = [models.Index(fields=["account", "at"], name="modconcern_account")]
