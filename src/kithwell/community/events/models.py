"""Events, places at them, questions and answers.

Who attends is nobody's business but their own. `Seat.account` is the one column that says it, and only four places read
it: one's own sign-up, reminders, one's own export, one's own erasure (a test looks for others). A question has no
account
at all: `mark` is a keyed hash of event and account, so that somebody can find their own questions, and nobody else's.

Whatever is written around an event is sealed under a key of the event itself (`subject`), not of its writer: a row of a
question then does not say whose key opens it. When a writer leaves, the event gets a new key and the old one is
destroyed.
"""

from __future__ import annotations

from django.db import models

from kithwell.kernel import clock, ids


class Event(models.Model):
    class Kind(models.TextChoices):
        QA = "qa"
        SESSION = "session"
        WEBINAR = "webinar"
        DAY = "day"

    class State(models.TextChoices):
        PLANNED = "planned"
        LIVE = "live"
        ENDED = "ended"
        CANCELLED = "cancelled"

    class Audience(models.TextChoices):
        EVERYONE = "everyone"  # the page is public; a place takes an account
        MEMBERS = "members"
        GROUP = "group"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    subject = models.UUIDField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    audience = models.CharField(max_length=8, choices=Audience.choices, default=Audience.EVERYONE)
    group = models.UUIDField(null=True)
    host = models.UUIDField(null=True)  # who made it; None when they left
    speaker = models.UUIDField(null=True)  # the professional who answers; None: the host does
    title = models.BinaryField()
    about = models.BinaryField()
    where = models.BinaryField()  # an address or words, for those who have a place
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    zone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=12, default="en")
    capacity = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.PLANNED)
    asking = models.BooleanField(default=True)  # questions are taken (Q&A)
    n = models.BigIntegerField(default=0)  # moves when attendees have something new to see
    queue_n = models.BigIntegerField(default=0)  # moves when the host has
    transcript_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    changed_at = models.DateTimeField(default=clock.now)
    revision = models.PositiveIntegerField(default=0)  # SEQUENCE of the calendar entry

    class Meta:
        db_table = "community_event"
        indexes = [
            models.Index(fields=["starts_at"], name="community_event_starts"),
            models.Index(fields=["group", "starts_at"], name="community_event_group"),
            models.Index(fields=["host"], name="community_event_host"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(audience="group", group__isnull=False) | ~models.Q(audience="group"),
                name="community_event_group_named",
            )
        ]


class Seat(models.Model):
    """A place, or a wait for one. Left seats are deleted: that somebody once thought of coming is not kept."""

    class State(models.TextChoices):
        GOING = "going"
        WAITING = "waiting"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="seats")
    account = models.UUIDField(db_index=True)
    state = models.CharField(max_length=7, choices=State.choices)
    at = models.DateTimeField(default=clock.now)
    reminded = models.PositiveSmallIntegerField(default=0)  # 1: the day before, 2: the hour before

    class Meta:
        db_table = "community_event_seat"
        constraints = [models.UniqueConstraint(fields=["event", "account"], name="community_one_seat")]
        indexes = [models.Index(fields=["event", "state", "at", "id"], name="community_seat_order")]


class Question(models.Model):
    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="questions")
    mark = models.CharField(max_length=64)
    client_key = models.CharField(max_length=64)
    body = models.BinaryField()
    shown = models.BinaryField(null=True)  # the host's wording for everybody; None: as it was asked
    state = models.CharField(max_length=8, default="waiting")
    into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="merged")
    reason = models.CharField(max_length=12, blank=True, default="")
    tender = models.BooleanField(default=False)  # may come from somebody in distress: answer with care
    held = models.BooleanField(default=False)  # may hurt others: shut until the host opens it
    votes = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField(null=True)
    in_transcript = models.BooleanField(default=True)

    class Meta:
        db_table = "community_event_question"
        constraints = [
            models.UniqueConstraint(fields=["event", "mark", "client_key"], name="community_question_once")
        ]
        indexes = [
            models.Index(
                fields=["event", "state", "-votes", "asked_at", "id"], name="community_question_queue"
            ),
            models.Index(fields=["event", "mark"], name="community_question_own"),
        ]


class Vote(models.Model):
    """Somebody would like to hear the answer as well. Only the host's order shows it."""

    id = models.BigAutoField(primary_key=True)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="wishes")
    mark = models.CharField(max_length=64)

    class Meta:
        db_table = "community_event_vote"
        constraints = [models.UniqueConstraint(fields=["question", "mark"], name="community_vote_once")]
        indexes = [models.Index(fields=["mark"], name="community_vote_own")]


class Answer(models.Model):
    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, null=True, on_delete=models.CASCADE, related_name="answers")
    account = models.UUIDField(null=True)  # who answered: a speaker or host, never an attendee
    client_key = models.CharField(max_length=64)
    body = models.BinaryField()
    at = models.DateTimeField(default=clock.now)
    n = models.BigIntegerField()

    class Meta:
        db_table = "community_event_answer"
        constraints = [
            models.UniqueConstraint(fields=["event", "client_key"], name="community_answer_once"),
        ]
        indexes = [models.Index(fields=["account"], name="community_answer_by")]


class Feed(models.Model):
    """One person's calendar address. The token is known by its digest; sealed under the person's key it can be
    shown."""

    account = models.UUIDField(primary_key=True)
    digest = models.CharField(max_length=64, unique=True)
    token = models.BinaryField()
    plain = models.BooleanField(default=True)  # neutral titles, nothing else
    days = models.BooleanField(default=False)  # awareness days as well
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "community_event_feed"
