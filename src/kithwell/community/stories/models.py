"""Stories, what they may be used for, and the pictures, sounds and films that go with them.

All words lie sealed under the author's key, also those that are public: when somebody goes, their story goes, in
back-ups as well.
"""

from __future__ import annotations

from django.db import models

from kithwell.kernel import clock, ids


class Story(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft"
        REVIEW = "review"
        CHANGES = "changes"  # a reviewer asked for something, in words
        AGREE = "agree"  # a reviewer suggests other words; the author decides
        PUBLISHED = "published"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"
        ENDED = "ended"  # the time it was given for is over
        REMOVED = "removed"  # by a decision of the desk

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    slug = models.CharField(max_length=90, unique=True, null=True)
    author = models.UUIDField(db_index=True)
    subject = models.UUIDField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    language = models.CharField(max_length=12, default="en")
    warnings = models.JSONField(default=list)
    body = models.BinaryField()  # what the author writes (JSON of rules.Words)
    proposed = models.BinaryField(null=True)  # what a reviewer suggests
    shown = models.BinaryField(null=True)  # what was approved and is public
    note = models.BinaryField(null=True)  # a reviewer's words to the author
    reviewer = models.UUIDField(null=True)
    checked = models.JSONField(default=list)  # codes of the review list
    limited = models.BooleanField(default=False)  # by the desk: not in lists
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    changed_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    before_removal = models.CharField(max_length=9, blank=True, default="")

    class Meta:
        db_table = "community_story"
        indexes = [
            models.Index(fields=["state", "-published_at"], name="community_story_public"),
            models.Index(fields=["state", "sent_at"], name="community_story_review"),
        ]


class Use(models.Model):
    """One thing a story may be used for. The ledger of consents says the same; this row lets lists ask it in one
    query."""

    class Kind(models.TextChoices):
        SITE = "site"
        CAMPAIGN = "campaign"
        NETWORK = "network"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="uses")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    until = models.DateTimeField()
    given_receipt = models.CharField(max_length=32)
    ended_at = models.DateTimeField(null=True)
    ended_receipt = models.CharField(max_length=32, blank=True, default="")
    warned = models.BooleanField(default=False)  # the author was told that it ends soon

    class Meta:
        db_table = "community_story_use"
        constraints = [models.UniqueConstraint(fields=["story", "kind"], name="community_story_one_use")]
        indexes = [
            models.Index(
                fields=["until"], condition=models.Q(ended_at__isnull=True), name="community_story_use_until"
            )
        ]


class Media(models.Model):
    class Kind(models.TextChoices):
        IMAGE = "image"
        AUDIO = "audio"
        VIDEO = "video"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="media")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    mime = models.CharField(max_length=40)
    size = models.PositiveBigIntegerField()
    alt = models.BinaryField(null=True)  # what a picture shows
    captions = models.BinaryField(null=True)  # WebVTT
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "community_story_media"
