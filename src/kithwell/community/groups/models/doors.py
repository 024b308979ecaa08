"""Ways in that somebody has to open: a request, an invitation."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kithwell.community.groups.models.groups import Group
from kithwell.kernel import clock, ids


class JoinRequest(models.Model):
    """Somebody asked to join. Answers and the words of the decision are sealed under the asker's key."""

    class State(models.TextChoices):
        WAITING = "waiting"
        ACCEPTED = "accepted"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="requests")
    account = models.UUIDField()
    answers = models.BinaryField(null=True)
    words = models.BinaryField(null=True)  # what the facilitator said with a "not now"
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    guidelines_version = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "account"], condition=Q(state="waiting"), name="joinrequest_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["group", "asked_at"], condition=Q(state="waiting"), name="joinrequest_waiting"
            ),
            models.Index(fields=["account", "asked_at"], name="joinrequest_mine"),
        ]


class Invitation(models.Model):
    """A way into a group: a link that anybody who has it may use, or a named account. Ends by itself."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="invitations")
    digest = models.CharField(
        max_length=64, null=True, unique=True
    )  # of the link's secret; None: for `account`
    account = models.UUIDField(null=True)
    uses_left = models.PositiveIntegerField(default=1)
    until = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)  # taken back

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(digest__isnull=False) | Q(account__isnull=False), name="invitation_for_somebody"
            ),
        ]
        indexes = [
            models.Index(fields=["account"], condition=Q(account__isnull=False), name="invitation_mine"),
            models.Index(fields=["group", "made_at"], name="invitation_of"),
        ]
