"""Tables of the kernel: data keys, the audit chain, jobs and their schedules."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kithwell.kernel import ids


class Subject(models.Model):
    """One person's data key, wrapped by a master key. Without the key everything sealed for them is noise."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    wrapped_key = models.BinaryField(null=True)
    master = models.CharField(max_length=16, db_index=True)
    erased_at = models.DateTimeField(null=True)


class SystemKey(models.Model):
    """A key of the installation itself (blind index), wrapped like a person's; it survives master rotation."""

    name = models.CharField(primary_key=True, max_length=40)
    wrapped_key = models.BinaryField()
    master = models.CharField(max_length=16)


class AuditEntry(models.Model):
    """Who saw or did what, without content. Rows are appended and chained by hash; nothing is ever changed."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=20)
    actor = models.UUIDField(null=True)
    verb = models.CharField(max_length=60)
    kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64)
    about = models.UUIDField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    facts = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["about", "seq"], name="audit_about"),
            models.Index(fields=["actor", "seq"], name="audit_actor"),
            models.Index(fields=["kind", "object_id", "seq"], name="audit_object"),
        ]


class AuditHead(models.Model):
    """One row: the number and hash of the newest entry. Locking it orders writers; a cut-off tail shows."""

    id = models.SmallIntegerField(primary_key=True)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)


class Job(models.Model):
    """One piece of work, written in the same transaction as the change that asks for it."""

    class State(models.TextChoices):
        READY = "ready"
        RUNNING = "running"
        DONE = "done"
        DEAD = "dead"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    kind = models.CharField(max_length=120)
    queue = models.CharField(max_length=20)
    args = models.JSONField(default=dict)
    key = models.CharField(max_length=200, null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READY)
    run_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    worker = models.CharField(max_length=80, blank=True)
    lease_until = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], condition=Q(key__isnull=False), name="job_key"),
        ]
        indexes = [
            models.Index(fields=["queue", "run_at"], condition=Q(state="ready"), name="job_ready"),
            models.Index(fields=["lease_until"], condition=Q(state="running"), name="job_running"),
            models.Index(fields=["ended_at"], condition=Q(state__in=["done", "dead"]), name="job_ended"),
        ]


class Schedule(models.Model):
    """When a recurring job is due next. Claimed by conditional update, so it runs once however many workers."""

    name = models.CharField(primary_key=True, max_length=120)
    next_at = models.DateTimeField(db_index=True)
