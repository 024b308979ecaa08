"""What lies beside posts: signs, polls, drafts, pictures, places read, search, a group's choices."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kithwell.community.posts.models.pieces import Post
from kithwell.kernel import clock, ids


class Reaction(models.Model):
    """A sign of support. Nobody is shown who or how many; the writer hears of it in words."""

    class Kind(models.TextChoices):
        WITH_YOU = "with-you"
        THANKS = "thanks"
        SAME = "same"
        HOPE = "hope"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    piece = models.UUIDField()  # the post's own id, or a reply's
    account = models.UUIDField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "posts_reaction"
        constraints = [
            models.UniqueConstraint(fields=["piece", "account", "kind"], name="posts_reaction_once")
        ]
        indexes = [
            models.Index(fields=["post", "account"], name="posts_reaction_mine"),
            models.Index(fields=["account"], name="posts_reaction_by"),
        ]


class Poll(models.Model):
    """A question with two to six answers, sealed under the post's key."""

    post = models.OneToOneField(Post, on_delete=models.CASCADE, primary_key=True, related_name="poll")
    options = models.BinaryField()  # sealed JSON
    ends_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "posts_poll"


class Vote(models.Model):
    """What somebody chose. Read back to nobody but them; others see shares only."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="votes")
    account = models.UUIDField()
    option = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "posts_vote"
        constraints = [models.UniqueConstraint(fields=["poll", "account"], name="posts_vote_once")]
        indexes = [
            models.Index(fields=["poll", "option"], name="posts_vote_shares"),
            models.Index(fields=["account"], name="posts_vote_by"),
        ]


class Draft(models.Model):
    """Words not sent yet, on every device of the person. `place` is "new" or "reply"; `about` the group or the post."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    account = models.UUIDField()
    place = models.CharField(max_length=5)
    about = models.UUIDField()
    group = models.UUIDField()
    content = models.BinaryField()  # sealed JSON of the form
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "posts_draft"
        constraints = [models.UniqueConstraint(fields=["account", "place", "about"], name="posts_draft_once")]


class Picture(models.Model):
    """A picture, made anew from what was sent and sealed. Before its post is written it belongs to an account alone."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    post = models.ForeignKey(Post, on_delete=models.CASCADE, null=True, related_name="+")
    account = models.UUIDField(
        null=True
    )  # only while there is no post: a veil's picture must not name anybody
    group = models.UUIDField()
    subject = models.UUIDField()
    alt = models.BinaryField(null=True)  # sealed; None: the writer chose to give no description
    data = models.BinaryField()
    mime = models.CharField(max_length=20)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField(default=clock.now)
    covered = models.BooleanField(default=False)  # a list of known pictures says so: opened by choice only
    held = models.CharField(
        max_length=20, blank=True, default=""
    )  # the category under which a person looks first

    class Meta:
        db_table = "posts_picture"
        indexes = [
            models.Index(fields=["post"], name="posts_picture_of"),
            models.Index(fields=["account"], condition=Q(account__isnull=False), name="posts_picture_mine"),
            models.Index(fields=["made_at"], condition=Q(post=None), name="posts_picture_loose"),
        ]


class ReadMark(models.Model):
    """How far somebody has read: a post (number of the newest reply seen) or a group (when they last looked)."""

    account = models.UUIDField()
    thing = models.UUIDField()
    n = models.PositiveIntegerField(default=0)
    seen_at = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "posts_readmark"
        constraints = [models.UniqueConstraint(fields=["account", "thing"], name="posts_readmark_once")]


class Word(models.Model):
    """One word of one piece, as a keyed hash that differs in each group: search without open words."""

    hash = models.BigIntegerField()
    post = models.UUIDField()
    piece = models.UUIDField()

    class Meta:
        db_table = "posts_word"
        constraints = [models.UniqueConstraint(fields=["hash", "post", "piece"], name="posts_word_once")]
        indexes = [models.Index(fields=["piece"], name="posts_word_of")]


class Mood(models.Model):
    """How many pieces of a group and day read how heavy. Counts of nobody in particular."""

    group = models.UUIDField()
    day = models.DateField()
    level = models.CharField(max_length=2)
    n = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "posts_mood"
        constraints = [models.UniqueConstraint(fields=["group", "day", "level"], name="posts_mood_once")]


class Settings(models.Model):
    """What a group chose for its posts. No row: the defaults."""

    group = models.UUIDField(primary_key=True)
    unanswered_hours = models.PositiveSmallIntegerField(default=4)

    class Meta:
        db_table = "posts_settings"
