"""Tables of peers. What somebody says about themself is sealed under their key. Accounts are bare ids."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kithwell.kernel import clock, ids


class Start(models.Model):
    """Somebody's answers at the welcome, for themself alone."""

    account = models.UUIDField(primary_key=True)
    answers = models.BinaryField(null=True)  # sealed JSON, see rules.asking
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "peers_start"


class Seeking(models.Model):
    """Somebody who would like a buddy, with what they chose to share for it and nothing else."""

    account = models.UUIDField(primary_key=True)
    shared = models.BinaryField()  # sealed JSON: only what may be told to a match
    side = models.CharField(max_length=12)  # the age band for minors, "adult" for all others: never mixed
    language = models.CharField(max_length=12)
    most = models.PositiveSmallIntegerField(default=1)  # buddies at once, by their own choice
    since = models.DateTimeField(default=clock.now)
    shown_n = models.PositiveIntegerField(default=0)  # how often suggested to others: so that it goes round
    shown_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "peers_seeking"
        indexes = [models.Index(fields=["side", "shown_n", "since"], name="peers_goes_round")]


class Suggestion(models.Model):
    """Two people might suit each other; told to `account` without saying who the other is."""

    class State(models.TextChoices):
        SHOWN = "shown"
        ASKED = "asked"
        PASSED = "passed"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    account = models.UUIDField()
    other = models.UUIDField()
    reasons = models.BinaryField()  # sealed under the account's key: codes of what both shared
    state = models.CharField(max_length=6, choices=State.choices, default=State.SHOWN)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "peers_suggestion"
        constraints = [models.UniqueConstraint(fields=["account", "other"], name="peers_suggested_once")]
        indexes = [models.Index(fields=["made_at"], name="peers_suggestion_old")]


class Buddying(models.Model):
    """Two people keep each other company for a while. `a` asked, `b` was asked.

    A silent no looks like waiting: `declined_at` is known to nobody but `b`, and to `a` the wish ends by itself.
    """

    class State(models.TextChoices):
        ASKED = "asked"
        OPEN = "open"
        PAUSED = "paused"
        ENDED = "ended"
        LAPSED = "lapsed"  # nobody answered in time

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    a = models.UUIDField()
    b = models.UUIDField()
    state = models.CharField(max_length=6, choices=State.choices, default=State.ASKED)
    reasons = models.BinaryField(null=True)  # sealed under b's key, so that b reads why
    asked_at = models.DateTimeField(default=clock.now)
    declined_at = models.DateTimeField(null=True)
    agreed_at = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    check_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "peers_buddying"
        constraints = [
            models.CheckConstraint(condition=~Q(a=F("b")), name="peers_two_people"),
            models.UniqueConstraint(
                fields=["a", "b"],
                condition=Q(state__in=["asked", "open", "paused"]),
                name="peers_one_buddying",
            ),
        ]
        indexes = [
            models.Index(fields=["a", "state"], name="peers_buddying_a"),
            models.Index(fields=["b", "state"], name="peers_buddying_b"),
            models.Index(fields=["check_at"], condition=Q(state="open"), name="peers_check"),
            models.Index(fields=["asked_at"], condition=Q(state="asked"), name="peers_asked"),
        ]


class Note(models.Model):
    """A few words from one buddy to the other, sealed under the writer's key."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    buddying = models.ForeignKey(Buddying, on_delete=models.CASCADE, related_name="notes")
    author = models.UUIDField(null=True)
    subject = models.UUIDField()
    body = models.BinaryField(null=True)
    warning = models.CharField(max_length=24, blank=True, default="")
    hidden = models.BooleanField(default=False)  # by a decision; comes back when an appeal says so
    at = models.DateTimeField(default=clock.now)
    client_key = models.CharField(max_length=40, null=True)

    class Meta:
        db_table = "peers_note"
        constraints = [models.UniqueConstraint(fields=["subject", "client_key"], name="peers_note_once")]
        indexes = [models.Index(fields=["buddying", "id"], name="peers_notes_of")]


class CheckIn(models.Model):
    """A gentle question to one of two buddies, once a week; the words are for themself."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    buddying = models.ForeignKey(Buddying, on_delete=models.CASCADE, related_name="checks")
    account = models.UUIDField()
    asked_at = models.DateTimeField(default=clock.now)
    how = models.CharField(max_length=8, blank=True, default="")  # good | mixed | heavy | pause
    words = models.BinaryField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "peers_checkin"
        constraints = [
            models.UniqueConstraint(fields=["buddying", "account", "asked_at"], name="peers_check_once")
        ]


class Profile(models.Model):
    """What somebody chooses to show, each piece to nobody, to their groups, or to members."""

    account = models.UUIDField(primary_key=True)
    pieces = models.BinaryField()  # sealed JSON: piece -> words
    seen_by = models.JSONField(default=dict)  # piece -> who may see it
    hidden = models.BooleanField(default=False)  # by a decision

    class Meta:
        db_table = "peers_profile"


class Follow(models.Model):
    """One person follows what another writes, with their consent."""

    class State(models.TextChoices):
        ASKED = "asked"
        YES = "yes"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    follower = models.UUIDField()
    followed = models.UUIDField()
    state = models.CharField(max_length=6, choices=State.choices, default=State.ASKED)
    declined_at = models.DateTimeField(null=True)  # looks like waiting to the follower
    at = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "peers_follow"
        constraints = [
            models.UniqueConstraint(fields=["follower", "followed"], name="peers_follow_once"),
            models.CheckConstraint(condition=~Q(follower=F("followed")), name="peers_follow_other"),
        ]
        indexes = [models.Index(fields=["followed", "state"], name="peers_followers")]


class Badge(models.Model):
    """Something somebody learned, who vouches for it, and until when."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    account = models.UUIDField()
    kind = models.CharField(max_length=20)
    given_by = models.UUIDField()
    vouched = models.CharField(max_length=16)  # the role of whoever gave it
    since = models.DateTimeField(default=clock.now)
    until = models.DateTimeField()
    warned_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        db_table = "peers_badge"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "kind"], condition=Q(ended_at__isnull=True), name="peers_badge_once"
            )
        ]
        indexes = [
            models.Index(fields=["until"], condition=Q(ended_at__isnull=True), name="peers_badge_until")
        ]


class Step(models.Model):
    """Something small somebody wants to do, in their own words."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    account = models.UUIDField(db_index=True)
    title = models.BinaryField()  # sealed
    made_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True)
    rests = models.BooleanField(default=False)

    class Meta:
        db_table = "peers_step"


class Kindness(models.Model):
    """How often somebody answered or gave a sign on one day: for their own eyes, in words."""

    account = models.UUIDField()
    day = models.DateField()
    replies = models.PositiveIntegerField(default=0)
    signs = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "peers_kindness"
        constraints = [models.UniqueConstraint(fields=["account", "day"], name="peers_kindness_day")]


class Counted(models.Model):
    """What was counted already, as a keyed hash: an event that comes twice counts once. Forgotten after a week."""

    key = models.CharField(primary_key=True, max_length=64)
    at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        db_table = "peers_counted"


class Goal(models.Model):
    """What a group wants to do together. Nobody's share is kept anywhere."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    group = models.UUIDField()
    title = models.CharField(max_length=120)  # the group's words, in clear like its purpose
    wanted = models.PositiveIntegerField()
    n = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(default=clock.now)
    until = models.DateTimeField()
    made_by = models.UUIDField(null=True)
    reached_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "peers_goal"
        constraints = [
            models.UniqueConstraint(
                fields=["group"], condition=Q(ended_at__isnull=True), name="peers_one_goal"
            )
        ]
