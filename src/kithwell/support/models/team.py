"""Those who support: teams, shifts, breaks, and what they carry."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kithwell.kernel import clock, ids


class Team(models.Model):
    """A group a conversation can be passed to (a topic, the clinicians); who serves it: SupporterState.teams."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)


class Shift(models.Model):
    """A turn of duty, planned or not. Whether the desk is open follows the people who are there."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    account = models.UUIDField()
    planned_start = models.DateTimeField(null=True)
    planned_end = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_how = models.CharField(max_length=10, blank=True)  # self | silent | planned
    break_seconds = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(started_at__isnull=False, ended_at__isnull=True),
                name="shift_one_running",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "planned_start"], name="shift_account"),
            models.Index(fields=["started_at"], name="shift_started"),
        ]


class SupporterState(models.Model):
    """Where one supporter stands now. Locking this row orders everything one supporter takes."""

    account = models.UUIDField(primary_key=True)
    languages = models.JSONField(default=list)  # ["en", "es"]; empty: any
    teams = models.JSONField(default=list)  # slugs
    personal_cap = models.PositiveSmallIntegerField(null=True)
    on_shift_since = models.DateTimeField(null=True)
    shift_ends_at = models.DateTimeField(null=True)
    break_since = models.DateTimeField(null=True)
    worked_since = models.DateTimeField(null=True)
    cooldown_until = models.DateTimeField(null=True)
    last_heartbeat = models.DateTimeField(null=True)
    hard_contacts = models.JSONField(default=list)  # ISO times of C4-C5 contacts within the last week

    class Meta:
        indexes = [
            models.Index(
                fields=["last_heartbeat"],
                condition=Q(on_shift_since__isnull=False),
                name="supporter_on_shift",
            ),
        ]


class Debrief(models.Model):
    """After a hard contact: how the supporter is. Sealed under the supporter's own key; only they read the words."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    account = models.UUIDField()
    conversation = models.UUIDField()
    level = models.CharField(max_length=2)
    state = models.CharField(max_length=10, default="due")  # due | done | skipped
    mood = models.CharField(max_length=10, blank=True)  # fine | heavy | talk
    wants_talk = models.BooleanField(default=False)
    text = models.BinaryField(null=True)
    created_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "conversation"], name="debrief_once")]
        indexes = [models.Index(fields=["done_at"], condition=Q(wants_talk=True), name="debrief_talk")]


class QuickReply(models.Model):
    """A sentence kept ready, per language. Only reviewed ones are offered."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    key = models.SlugField(max_length=60)
    language = models.CharField(max_length=12)
    title = models.CharField(max_length=60)
    text = models.TextField(max_length=1000)
    written_by = models.UUIDField(null=True)
    reviewed_by = models.UUIDField(null=True)  # somebody else
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "language"], name="quickreply_once")]
