"""Versions of the community's guidelines, and who accepted which. Rows are added and never changed in meaning."""

from __future__ import annotations

from django.db import models

from kithwell.kernel import clock, ids


class Version(models.Model):
    """A version of this house's own. The shipped one is data of the package and has no row."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    number = models.PositiveIntegerField(null=True, unique=True)  # given when it is published
    texts = models.JSONField()  # language -> list of rules, see rules.Rule
    changes_meaning = models.BooleanField(default=True)
    note = models.CharField(max_length=300, blank=True, default="")  # what changed, in one plain sentence
    drafted_by = models.UUIDField()
    drafted_at = models.DateTimeField(default=clock.now)
    published_by = models.UUIDField(null=True)  # another person than drafted_by
    published_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "moderation_guidelines_version"


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
