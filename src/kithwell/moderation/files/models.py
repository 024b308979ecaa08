"""Hash lists: pictures that others have already found to be harmful, known only by their hash."""

from __future__ import annotations

from django.db import models

from kithwell.kernel import clock, ids


class HashList(models.Model):
    """A list and where it is from. `effect`: "hold" (nobody sees the picture until a person has looked) or "blur"."""

    class Effect(models.TextChoices):
        HOLD = "hold"
        BLUR = "blur"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    name = models.CharField(max_length=80, unique=True)
    source = models.CharField(max_length=200)
    category = models.CharField(max_length=24)  # of moderation's reports: what such a picture would be
    effect = models.CharField(max_length=4, choices=Effect.choices, default=Effect.HOLD)
    entries_n = models.PositiveIntegerField(default=0)
    by = models.UUIDField(null=True)
    made_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "moderation_hashlist"


class HashEntry(models.Model):
    """One hash of a list: 64 hexadecimal digits."""

    of = models.ForeignKey(HashList, on_delete=models.CASCADE, related_name="entries")
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "moderation_hashentry"
        constraints = [models.UniqueConstraint(fields=["of", "hash"], name="moderation_hash_once")]
