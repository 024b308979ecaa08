"""A promise to come back, kept by a job."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kithwell.kernel import clock, ids
from kithwell.support.models.conversations import Conversation


class FollowUp(models.Model):
    """When due it reaches the desk as a conversation in the queue, first for the supporter who promised it."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="follow_ups")
    kind = models.CharField(max_length=10)  # follow_up | call_back
    due_at = models.DateTimeField()
    by = models.UUIDField(null=True)
    state = models.CharField(max_length=10, default="planned")  # planned | at_desk | done | cancelled
    reached = models.ForeignKey(Conversation, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "kind", "due_at"], name="followup_once")
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="planned"), name="followup_due"),
            models.Index(
                fields=["by", "due_at"], condition=Q(state__in=["planned", "at_desk"]), name="followup_mine"
            ),
        ]
