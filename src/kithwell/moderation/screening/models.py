"""Changes of rules, which of them hold, and counts of what the screening saw. No words of anybody are kept here."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kithwell.kernel import clock, ids


class Change(models.Model):
    """A change of one rule or of one threshold. Two people agree before it holds; what held stays readable."""

    class What(models.TextChoices):
        EDIT = "edit"  # of a shipped rule, or of one of the house's own
        ADD = "add"
        OFF = "off"  # the rule is not looked for any more
        RESET = "reset"  # as shipped again
        THRESHOLD = "threshold"

    class State(models.TextChoices):
        DRAFT = "draft"
        PROPOSED = "proposed"
        ACTIVE = "active"
        REPLACED = "replaced"  # it held until another change of the same rule
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    rule = models.CharField(max_length=60)  # its id; for a threshold "threshold.<kind>"
    kind = models.CharField(max_length=24)
    what = models.CharField(max_length=9, choices=What.choices)
    content = models.JSONField(default=dict)  # the rule (safety.house.as_dict) or {"at": 0.5}
    why = models.CharField(max_length=300, blank=True)
    owner = models.CharField(max_length=80, blank=True)  # who answers for the rule, in words
    version = models.PositiveIntegerField(default=1)  # of the rule: one more than what it replaces
    before = models.UUIDField(null=True)  # the change that held when this one was begun
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    editors = models.JSONField(default=list)  # nobody who wrote in it may agree to it
    made_at = models.DateTimeField(default=clock.now)
    proposed_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)  # why not, of whoever declined it
    # the dry run, of this revision
    trying = models.BooleanField(default=False)
    tried = models.PositiveIntegerField(null=True)  # which revision was tried
    tried_at = models.DateTimeField(null=True)
    outcome = models.JSONField(default=dict)  # counts, and ids of some things: rules.trial.Outcome
    shadow_since = models.DateTimeField(null=True)

    class Meta:
        db_table = "moderation_screening_change"
        constraints = [
            models.UniqueConstraint(fields=["rule"], condition=Q(state="active"), name="screening_one_holds"),
        ]
        indexes = [
            models.Index(fields=["state", "-made_at"], name="screening_change_state"),
            models.Index(fields=["kind", "-made_at"], name="screening_change_kind"),
        ]


class Release(models.Model):
    """Each time what holds changes, one more row: processes look at the newest number."""

    number = models.AutoField(primary_key=True)
    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="releases")
    name = models.CharField(max_length=60)  # as it stands in every answer's version
    at = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "moderation_screening_release"


class Count(models.Model):
    """How many texts were looked at on a day, and how many were flagged, by place and language.

    `category` "" counts all texts, "help" those whose writer may need help. A place is a community or a kind of thing.
    """

    day = models.DateField()
    place = models.CharField(max_length=64)
    language = models.CharField(max_length=8)
    category = models.CharField(max_length=24, blank=True)
    n = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "moderation_screening_count"
        constraints = [
            models.UniqueConstraint(
                fields=["day", "place", "language", "category"], name="screening_count_once"
            )
        ]


class Drift(models.Model):
    """In one week much more, or much less, was flagged than in the weeks before."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    week = models.DateField()  # its Monday
    place = models.CharField(max_length=64, blank=True)  # "": everywhere
    language = models.CharField(max_length=8)
    category = models.CharField(max_length=24)
    flagged = models.PositiveIntegerField()
    texts = models.PositiveIntegerField()
    usual = models.FloatField()  # the share of the weeks before
    far = models.FloatField()  # in standard errors, with a sign
    at = models.DateTimeField(default=clock.now)
    seen_by = models.UUIDField(null=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "moderation_screening_drift"
        constraints = [
            models.UniqueConstraint(
                fields=["week", "place", "language", "category"], name="screening_drift_once"
            )
        ]


class Shadow(models.Model):
    """What a candidate would have said beside what holds: counts of a day, no more."""

    day = models.DateField()
    candidate = models.CharField(max_length=80)
    language = models.CharField(max_length=8)
    category = models.CharField(max_length=24)
    both = models.PositiveIntegerField(default=0)
    only_now = models.PositiveIntegerField(default=0)
    only_candidate = models.PositiveIntegerField(default=0)
    neither = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "moderation_screening_shadow"
        constraints = [
            models.UniqueConstraint(
                fields=["day", "candidate", "language", "category"], name="screening_shadow_once"
            )
        ]


class Survey(models.Model):
    """Where the scores of the last weeks lie, and what people decided about things with such scores: counts by bin."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    at = models.DateTimeField(default=clock.now)
    version = models.CharField(max_length=160)
    days = models.PositiveSmallIntegerField()
    texts = models.PositiveIntegerField()
    scores = models.JSONField()  # {kind: [n in each of rules.curves.BINS bins]}
    decided = models.JSONField()  # {kind: [[acted, kept] for each bin]}

    class Meta:
        db_table = "moderation_screening_survey"
