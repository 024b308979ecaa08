"""What was decided, why, for how long, and what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kithwell.kernel import clock, ids
from kithwell.moderation.models.cases import Case

AUTOMATIC = ("threshold", "list")  # sources that hide until a person has looked, and decide nothing more


class Decision(models.Model):
    """One decision of a person (or, out of hours, of a threshold) with all an author must be told about it.

    `thing` says what happens to the words, `person` what happens to whoever wrote them. `facts` and the reasons of a
    second person are sealed under the case's key. `author_key` as in Case: the author finds it by their own account.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed"  # waits for a second person; has no effect yet
        ACTIVE = "active"
        DECLINED = "declined"  # the second person said no
        REVERSED = "reversed"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="decisions")
    author_key = models.CharField(max_length=64, blank=True, db_index=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    thing = models.CharField(max_length=8, default="nothing")  # nothing | label | limit | remove | hide
    person = models.CharField(
        max_length=8, default="nothing"
    )  # nothing | message | warn | pause | suspend | exclude
    warning = models.CharField(max_length=30, blank=True)
    rule = models.CharField(max_length=40, blank=True)
    rule_title = models.CharField(max_length=200, blank=True)
    rule_text = models.TextField(blank=True)
    rule_version = models.CharField(max_length=20, blank=True)
    facts = models.BinaryField(null=True)  # sealed
    language = models.CharField(max_length=12, default="en")
    source = models.CharField(max_length=10, default="notice")  # notice | own | threshold | list
    automated_detection = models.BooleanField(default=False)
    automated_decision = models.BooleanField(default=False)
    territory = models.CharField(max_length=60, default="everywhere")
    by = models.UUIDField(null=True)
    second = models.UUIDField(null=True)
    second_at = models.DateTimeField(null=True)
    second_words = models.BinaryField(null=True)  # sealed
    at = models.DateTimeField(default=clock.now)
    starts_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    reversed_at = models.DateTimeField(null=True)
    appeal_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["author_key", "until"],
                condition=Q(state="active", person__in=["pause", "suspend", "exclude"]),
                name="moddecision_standing",
            ),
            models.Index(fields=["at"], name="moddecision_at"),
        ]


class Strike(models.Model):
    """A step on the ladder, with an end. It counts for the next step and for nothing else."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="strike")
    author_key = models.CharField(max_length=64)
    step = models.CharField(max_length=8)
    at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    reversed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["author_key", "expires_at"], name="modstrike_author")]


class Appeal(models.Model):
    """The author asks another person to look again. One for a decision; its words lie under the case's key."""

    class State(models.TextChoices):
        WAITING = "waiting"
        KEPT = "kept"
        GRANTED = "granted"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="appeal")
    words = models.BinaryField(null=True)  # sealed
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    at = models.DateTimeField(default=clock.now)
    answer_by = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    answer = models.BinaryField(null=True)  # sealed: why, in words for the author

    class Meta:
        indexes = [models.Index(fields=["answer_by"], condition=Q(state="waiting"), name="modappeal_waiting")]


class Unsealing(models.Model):
    """A wish to learn who wrote something anonymously: two people, a reason, an end, and never a glance."""

    class State(models.TextChoices):
        ASKED = "asked"
        OPENED = "opened"
        DECLINED = "declined"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    kind = models.CharField(max_length=40)
    ident = models.CharField(max_length=64)
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField(default=clock.now)
    settled_by = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)
    open_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "ident"], condition=Q(state="asked"), name="modunseal_one_open"
            ),
        ]


class Sample(models.Model):
    """A decision read again, blind, by somebody else: how far do two people here agree?"""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    week = models.DateField()  # its Monday
    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="sample")
    reader = models.UUIDField(null=True)
    thing = models.CharField(max_length=8, blank=True)
    person = models.CharField(max_length=8, blank=True)
    rule = models.CharField(max_length=40, blank=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["week"], name="modsample_week")]
