"""Who belongs to a group, and as what."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kithwell.community.groups.models.groups import Group
from kithwell.kernel import clock, ids


class Membership(models.Model):
    """One stay of one account in one group. Leaving closes it, returning begins a new one."""

    class Role(models.TextChoices):
        MEMBER = "member"
        COFACILITATOR = "cofacilitator"
        FACILITATOR = "facilitator"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="memberships")
    account = models.UUIDField()
    role = models.CharField(max_length=14, choices=Role.choices, default=Role.MEMBER)
    welcomer = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=clock.now)
    left_at = models.DateTimeField(null=True)
    break_until = models.DateTimeField(null=True)
    answers = models.BinaryField(null=True)  # to the joining questions, sealed
    guidelines_version = models.PositiveIntegerField(default=0)  # the site's, as accepted
    group_guidelines_version = models.PositiveIntegerField(default=1)
    seen_at = models.DateTimeField(
        null=True
    )  # facilitators only: their last act here, for the activity check

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "account"], condition=Q(left_at__isnull=True), name="membership_once"
            )
        ]
        indexes = [
            models.Index(fields=["account"], condition=Q(left_at__isnull=True), name="membership_mine"),
            models.Index(
                fields=["group", "role", "joined_at"], condition=Q(left_at__isnull=True), name="membership_of"
            ),
            models.Index(fields=["account", "left_at"], name="membership_past"),
        ]
