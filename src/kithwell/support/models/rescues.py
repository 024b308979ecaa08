"""Whether to call emergency services: two people decide, and the decision is kept."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kithwell.kernel import clock, ids
from kithwell.support.models.conversations import Conversation


class Rescue(models.Model):
    """One question about one conversation. Nothing is called by the product: `outcome` is what people say they did."""

    class State(models.TextChoices):
        OPEN = "open"
        AGREED = "agreed"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="rescues")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField(default=clock.now)
    reason = models.BinaryField()  # sealed with the person's key, like the two below
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    answer = models.BinaryField(null=True)
    outcome = models.BinaryField(null=True)
    outcome_by = models.UUIDField(null=True)
    outcome_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(state="open"), name="rescue_one_open"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(state="withdrawn")
                | ~Q(decided_by=models.F("asked_by")),
                name="rescue_two_people",
            ),
        ]
