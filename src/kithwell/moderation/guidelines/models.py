"""Versions of the community's guidelines, and who accepted which. What was published never changes again."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kithwell.kernel import clock, ids


class Version(models.Model):
    """A version of this house's own: a draft until a second steward published it. The shipped one has no row."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    number = models.PositiveIntegerField(null=True, unique=True)  # given when it is published
    texts = models.JSONField()  # language -> {"intro": text, "rules": [rules.Rule as dict, ...]}
    changes_meaning = models.BooleanField(default=True)
    note = models.CharField(max_length=300, blank=True, default="")  # what changed, in one plain sentence
    editors = models.JSONField(default=list)  # ids of all who wrote in it: none of them may publish it
    revision = models.PositiveIntegerField(
        default=1
    )  # grows with each edit, so that nobody agrees to other words
    drafted_at = models.DateTimeField(default=clock.now)
    proposed_at = models.DateTimeField(null=True)
    published_by = models.UUIDField(null=True)
    published_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "moderation_guidelines_version"
        constraints = [
            models.CheckConstraint(
                condition=Q(number__isnull=True) | Q(published_by__isnull=False, published_at__isnull=False),
                name="guidelines_published_by_somebody",
            )
        ]


class Acceptance(models.Model):
    """Somebody said yes to a version. A ledger: rows are only added."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    account = models.UUIDField()
    version = models.PositiveIntegerField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "moderation_guidelines_acceptance"
        constraints = [
            models.UniqueConstraint(fields=["account", "version"], name="guidelines_accepted_once")
        ]
