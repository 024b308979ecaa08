"""What reading costs those who read, and when somebody is there at all."""

from __future__ import annotations

from django.db import models

from kithwell.kernel import clock, ids
from kithwell.moderation.models.cases import Case


class Exposure(models.Model):
    """How many things of one gravity a reviewer was shown on one day. Counts, never what they were."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    account = models.UUIDField()
    day = models.DateField()
    gravity = models.PositiveSmallIntegerField()
    n = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "day", "gravity"], name="modexposure_once")]


class Watch(models.Model):
    """Where one reviewer stands: since when they read without a break, and what they read since."""

    account = models.UUIDField(primary_key=True)
    since = models.DateTimeField(null=True)
    load = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(null=True)
    break_until = models.DateTimeField(null=True)


class Reading(models.Model):
    """Who looked at a case's words and when: one audit entry and one exposure each claim, not one each click."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    account = models.UUIDField()
    what = models.CharField(max_length=10)  # snippet | context
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "account", "what"], name="modreading_once"),
        ]


class StaffedHours(models.Model):
    """One stretch of a week in which somebody looks at reports; minutes after midnight, in the zone's own time."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    weekday = models.PositiveSmallIntegerField()  # 0 Monday
    start = models.PositiveSmallIntegerField()
    end = models.PositiveSmallIntegerField()  # 1440: midnight
    zone = models.CharField(max_length=60, default="UTC")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["weekday", "start", "zone"], name="modhours_once")]
