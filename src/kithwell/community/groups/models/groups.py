"""A group and the words it is found by."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kithwell.community.groups.rules import ages
from kithwell.kernel import clock, ids

LIVE = Q(state="open", archived_at__isnull=True)


class Group(models.Model):
    """People with something in common, and what holds among them."""

    class Kind(models.TextChoices):
        EXPERIENCE = "experience"
        PLACE = "place"
        LANGUAGE = "language"
        AGE = "age"

    class Joining(models.TextChoices):
        OPEN = "open"
        REQUEST = "request"
        INVITE = "invite"

    class Reading(models.TextChoices):
        EVERYONE = "everyone"
        MEMBERS = "members"

    class State(models.TextChoices):
        PROPOSED = "proposed"
        OPEN = "open"
        DECLINED = "declined"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    slug = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    name_key = models.CharField(max_length=80)  # folded, for the order of the directory
    purpose = models.CharField(max_length=400)
    about = models.TextField(blank=True, default="")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.EXPERIENCE)
    topic = models.CharField(max_length=24, default="other")
    language = models.CharField(max_length=12, default="en")
    country = models.CharField(max_length=2, blank=True, default="")
    place = models.CharField(max_length=80, blank=True, default="")
    timezone = models.CharField(max_length=48, default="UTC")
    age_band = models.CharField(max_length=12, default=ages.ADULTS)
    side = models.CharField(
        max_length=6, default="adult"
    )  # "adult" | "minor": always ages.group_side(age_band)
    joining = models.CharField(max_length=8, choices=Joining.choices, default=Joining.OPEN)
    reading = models.CharField(max_length=8, choices=Reading.choices, default=Reading.MEMBERS)
    capacity = models.PositiveIntegerField(null=True)
    member_n = models.PositiveIntegerField(default=0)  # held true by actions; shown to nobody as a number
    indexable = models.BooleanField(default=False)
    allow_anonymous = models.BooleanField(default=True)
    show_typing = models.BooleanField(default=False)

    guidelines = models.TextField(blank=True, default="")  # one rule a line
    guidelines_version = models.PositiveIntegerField(default=1)
    questions = models.JSONField(default=list)  # asked of whoever wants to join
    refusal = models.TextField(blank=True, default="")  # kind words sent with a "not now"
    welcome = models.TextField(blank=True, default="")  # the first gentle prompt to a newcomer
    help_text = models.CharField(max_length=400, blank=True, default="")  # pinned, above the site's own line

    prompts = models.JSONField(default=list)  # the group's own; empty: those of its language
    prompts_on = models.BooleanField(default=False)
    prompt_day = models.PositiveSmallIntegerField(default=0)  # Monday is 0, in the group's time zone
    prompt_hour = models.PositiveSmallIntegerField(default=10)
    prompt_n = models.PositiveIntegerField(default=0)  # how many were published
    prompt_at = models.DateTimeField(null=True)  # when the last one was published

    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    proposed_by = models.UUIDField(null=True)
    decision = models.CharField(max_length=400, blank=True, default="")  # why a proposal was declined
    created_at = models.DateTimeField(default=clock.now)
    archived_at = models.DateTimeField(null=True)
    listed = models.BooleanField(default=True)  # in the directory: open, not archived, not by invitation

    quiet_hours = models.PositiveIntegerField(default=72)  # without a facilitator, until it is warned
    facilitator_seen_at = models.DateTimeField(default=clock.now)
    warned_at = models.DateTimeField(null=True)
    co_warned_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)  # softly: reading and help stay

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(member_n__lte=F("capacity")),
                name="group_capacity_holds",
            ),
            models.CheckConstraint(
                condition=Q(side="adult") | Q(reading="members", indexable=False),
                name="group_minors_not_public",
            ),
            models.CheckConstraint(
                condition=Q(indexable=False) | Q(reading="everyone"), name="group_index_only_public"
            ),
            models.CheckConstraint(
                condition=Q(side="minor", age_band__in=sorted(ages.FOR_MINORS))
                | Q(side="adult", age_band__in=sorted(set(ages.GROUP_BANDS) - ages.FOR_MINORS)),
                name="group_side_is_its_band",
            ),
            models.CheckConstraint(
                condition=Q(listed=False)
                | Q(state="open", archived_at__isnull=True, joining__in=["open", "request"]),
                name="group_listed_is_true",
            ),
        ]

        indexes = [
            models.Index(fields=["side", "name_key", "id"], condition=Q(listed=True), name="group_listed"),
            models.Index(
                fields=["side", "language", "name_key", "id"],
                condition=Q(listed=True),
                name="group_listed_lang",
            ),
            models.Index(
                fields=["side", "topic", "name_key", "id"],
                condition=Q(listed=True),
                name="group_listed_topic",
            ),
            models.Index(
                fields=["facilitator_seen_at"], condition=LIVE & Q(closed_at__isnull=True), name="group_watch"
            ),
            models.Index(fields=["created_at"], condition=Q(state="proposed"), name="group_proposed"),
            models.Index(
                fields=["closed_at"], condition=LIVE & Q(closed_at__isnull=False), name="group_resting"
            ),
            models.Index(
                fields=["prompt_day", "prompt_hour"],
                condition=LIVE & Q(prompts_on=True),
                name="group_prompts",
            ),
        ]

    @property
    def for_minors(self) -> bool:
        return self.side == "minor"

    def settle(self) -> None:
        """Hold true what follows from other columns; called before every save of a whole row."""
        self.side = ages.group_side(self.age_band)
        self.listed = self.state == "open" and self.archived_at is None and self.joining != "invite"


class GroupWord(models.Model):
    """A word a group is found by. `key` is its first letters: a plain equal, whatever the collation."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="words")
    key = models.CharField(max_length=3)
    word = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "word", "group"], name="groupword_once")]
