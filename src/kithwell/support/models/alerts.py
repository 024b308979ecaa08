"""A call to the on-call people when somebody is in danger."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kithwell.kernel import clock, ids
from kithwell.support.models.conversations import Conversation


class Alert(models.Model):
    """One call to one person about one conversation at one level. Stays until acknowledged or answered."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="alerts")
    account = models.UUIDField()
    level = models.CharField(max_length=2)
    round = models.PositiveSmallIntegerField(default=1)  # 1 on-call, 2 supervisors as well
    created_at = models.DateTimeField(default=clock.now)
    acknowledged_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)  # somebody took the conversation

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "account", "level"], name="alert_once"),
        ]
        indexes = [
            models.Index(
                fields=["account"],
                condition=Q(acknowledged_at__isnull=True, settled_at__isnull=True),
                name="alert_open",
            ),
            models.Index(fields=["created_at"], condition=Q(settled_at__isnull=True), name="alert_unsettled"),
        ]
