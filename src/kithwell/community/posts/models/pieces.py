"""What is written in a group: posts and replies, under a name or under a veil."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kithwell.kernel import clock, ids


class State(models.IntegerChoices):
    """How far a piece reaches. Up to LIMITED it is there for members; above, only for its writer and facilitators."""

    OPEN = 0
    LIMITED = 1  # members of the group only, in no feed
    HIDDEN = 2  # until somebody has looked
    REMOVED = 3  # by a decision
    GONE = 4  # taken back by the writer


class Veil(models.Model):
    """One person's anonymous name in one group. `owner` finds it again for that person and for nobody else: a keyed
    hash of group and account together, so that two veils of one person have nothing in common."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    group = models.UUIDField()
    name = models.CharField(max_length=40)
    name_key = models.CharField(max_length=80, default="", db_index=True)  # as accounts' names are compared
    subject = models.UUIDField(unique=True)
    owner = models.CharField(max_length=64, unique=True)
    account = models.BinaryField(
        null=True
    )  # sealed under the veil's own key; None once the person was erased

    class Meta:
        db_table = "posts_veil"
        constraints = [models.UniqueConstraint(fields=["group", "name"], name="posts_veil_name_once")]


class Piece(models.Model):
    """What a post and a reply have in common. Exactly one of `author` and `veil` is there, or none after an erasure."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    group = models.UUIDField()
    author = models.UUIDField(null=True)
    veil = models.ForeignKey(Veil, on_delete=models.PROTECT, null=True, related_name="+")
    subject = models.UUIDField()  # whose key sealed the body
    body = models.BinaryField(null=True)  # text, and after a zero the writer's own words of warning
    warnings = models.CharField(max_length=120, blank=True, default="")  # codes, by commas
    state = models.PositiveSmallIntegerField(choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField(default=clock.now)
    edited_at = models.DateTimeField(null=True)
    client_key = models.CharField(max_length=64, null=True)  # the same form sent twice is one piece

    class Meta:
        abstract = True


class Post(Piece):
    """A post. `reply_n` is the number of the newest reply (never shown); `activity_at` orders a group's page."""

    class Kind(models.TextChoices):
        TEXT = "text"
        POLL = "poll"
        PROMPT = "prompt"

    class RepliesFrom(models.TextChoices):
        EVERYONE = "everyone"
        MEMBERS = "members"
        WELCOMERS = "welcomers"
        NOBODY = "nobody"

    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.TEXT)
    replies_from = models.CharField(max_length=9, choices=RepliesFrom.choices, default=RepliesFrom.MEMBERS)
    activity_at = models.DateTimeField(default=clock.now)
    first_reply_at = models.DateTimeField(null=True)  # by somebody else
    reply_n = models.PositiveIntegerField(default=0)
    pinned = models.BooleanField(default=False)
    locked = models.BooleanField(default=False)
    pictures = models.BooleanField(default=False)
    alert_step = models.PositiveSmallIntegerField(default=0)  # who was told that nobody answered: 1, 2

    class Meta:
        db_table = "posts_post"
        constraints = [
            models.CheckConstraint(condition=Q(author=None) | Q(veil=None), name="posts_post_one_writer"),
            models.UniqueConstraint(fields=["subject", "client_key"], name="posts_post_once"),
        ]
        indexes = [
            models.Index(fields=["group", "-pinned", "-activity_at", "-id"], name="posts_group_page"),
            models.Index(fields=["group", "-activity_at", "-id"], condition=Q(state=0), name="posts_feed"),
            models.Index(
                fields=["group", "created_at"],
                condition=Q(first_reply_at=None, state=0),
                name="posts_unanswered_here",
            ),
            models.Index(
                fields=["created_at"],
                condition=Q(first_reply_at=None, state=0, alert_step__lt=2),
                name="posts_unanswered",
            ),
            models.Index(
                fields=["created_at"],
                condition=Q(first_reply_at=None, state=0, alert_step=2),
                name="posts_brought",
            ),
            models.Index(fields=["author", "-id"], condition=Q(author__isnull=False), name="posts_by"),
            models.Index(fields=["veil", "-id"], condition=Q(veil__isnull=False), name="posts_veiled"),
            models.Index(fields=["group", "created_at"], name="posts_health"),
        ]


class Reply(Piece):
    """A reply to a post, or to another reply of the same post (`parent`). `n` counts within the post, from 1."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="replies")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="+")
    depth = models.PositiveSmallIntegerField(default=0)
    n = models.PositiveIntegerField()
    team = models.BooleanField(
        default=False
    )  # by somebody of the team, to whom an unanswered post was brought

    class Meta:
        db_table = "posts_reply"
        constraints = [
            models.CheckConstraint(condition=Q(author=None) | Q(veil=None), name="posts_reply_one_writer"),
            models.UniqueConstraint(fields=["subject", "client_key"], name="posts_reply_once"),
            models.UniqueConstraint(fields=["post", "n"], name="posts_reply_n"),
        ]
        indexes = [
            models.Index(fields=["author", "-id"], condition=Q(author__isnull=False), name="posts_reply_by"),
            models.Index(fields=["veil", "-id"], condition=Q(veil__isnull=False), name="posts_reply_veiled"),
            models.Index(fields=["group", "created_at"], name="posts_reply_health"),
        ]


class Earlier(models.Model):
    """How a piece read before it was edited; for its writer and for moderators. Sealed like the piece."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    piece = models.UUIDField()  # a post's or a reply's id
    subject = models.UUIDField()
    body = models.BinaryField()
    written_at = models.DateTimeField()

    class Meta:
        db_table = "posts_earlier"
        indexes = [models.Index(fields=["piece", "-id"], name="posts_earlier_of")]
