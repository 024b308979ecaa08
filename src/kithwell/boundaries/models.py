"""Tables of people's own tools. Nobody but the person themself ever reads them, and no page tells anybody else.

Accounts are named by bare ids (decision 0022). `other` may also be the id of an anonymous name (a veil): then nothing
is known about the account behind it, here or for the person who blocked.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kithwell.boundaries import rules
from kithwell.kernel import clock, ids


class Line(models.Model):
    """One person drew a line towards another: a block (counts both ways) or a mute (only for the one who drew it)."""

    class Kind(models.TextChoices):
        BLOCK = "block"
        MUTE = "mute"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    account = models.UUIDField()
    other = models.UUIDField()
    kind = models.CharField(max_length=5, choices=Kind.choices)
    label = models.BinaryField(null=True)  # the anonymous name it was, sealed under the person's own key
    at = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "boundaries_line"
        constraints = [
            models.UniqueConstraint(fields=["account", "kind", "other"], name="boundaries_line_once"),
            models.CheckConstraint(condition=~Q(account=models.F("other")), name="boundaries_not_oneself"),
        ]
        indexes = [
            models.Index(fields=["other"], condition=Q(kind="block"), name="boundaries_blocked_by"),
        ]


class Wishes(models.Model):
    """What one person chose for themself. No row: nothing chosen yet, the defaults of `rules` hold."""

    account = models.UUIDField(primary_key=True)
    subject = models.UUIDField()
    words = models.BinaryField(null=True)  # sealed JSON: [[as typed, folded], ...]
    filters = models.JSONField(default=dict)  # topic -> how
    contact = models.CharField(max_length=8, default=rules.DEFAULT_CONTACT)
    break_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "boundaries_wishes"
        indexes = [
            models.Index(
                fields=["break_until"], condition=Q(break_until__isnull=False), name="boundaries_breaks"
            ),
        ]


class NudgeDay(models.Model):
    """How often the nudge was shown and what came of it: counts for a day and a language, of nobody in particular."""

    day = models.DateField()
    language = models.CharField(max_length=12)
    shown = models.PositiveIntegerField(default=0)
    rephrased = models.PositiveIntegerField(default=0)
    as_is = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "boundaries_nudgeday"
        constraints = [models.UniqueConstraint(fields=["day", "language"], name="boundaries_nudge_day")]
