"""Notices from people without an account, those whose notices go first, and counts for the public.

What somebody wrote in a notice lies under a key of its own (`subject`), which is destroyed when it is no longer needed.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kithwell.kernel import clock, ids


class Flagger(models.Model):
    """Somebody whose notices go first, until a day. `official`: named so by a Digital Services Coordinator."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    name = models.CharField(max_length=120)
    expertise = models.CharField(max_length=200, blank=True)
    official = models.BooleanField(default=False)
    key_digest = models.CharField(max_length=64, unique=True)
    granted_by = models.UUIDField()
    at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)

    class Meta:
        db_table = "moderation_outside_flagger"


class Notice(models.Model):
    """One notice. `report` and `case` name rows of the desk; `ident` is "" where the address names nothing we know."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    subject = models.UUIDField()
    words = models.BinaryField(null=True)  # sealed JSON: what, address, why, name, email, again
    kind = models.CharField(max_length=40)
    ident = models.CharField(max_length=64)
    ground = models.CharField(max_length=10)  # illegal | rules
    category = models.CharField(max_length=20)
    country = models.CharField(max_length=2, blank=True)
    language = models.CharField(max_length=12, default="en")
    flagger = models.ForeignKey(Flagger, null=True, on_delete=models.PROTECT, related_name="notices")
    token_digest = models.CharField(max_length=64, unique=True)
    report = models.UUIDField(unique=True)
    case = models.UUIDField()
    at = models.DateTimeField(default=clock.now)
    outcome = models.CharField(max_length=10, blank=True)  # "" | acted | kept | changed | gone
    settled_at = models.DateTimeField(null=True)
    again_at = models.DateTimeField(null=True)  # they asked for another look

    class Meta:
        db_table = "moderation_outside_notice"
        indexes = [
            models.Index(fields=["at"], condition=Q(settled_at__isnull=True), name="notice_open"),
            models.Index(fields=["at"], name="notice_at"),
            models.Index(fields=["case"], name="notice_case"),
        ]


class DayFigures(models.Model):
    """What was counted of one day: numbers by code, nothing else. Kept when the rows it counted are long gone."""

    day = models.DateField(primary_key=True)
    data = models.JSONField()

    class Meta:
        db_table = "moderation_outside_dayfigures"
