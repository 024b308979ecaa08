"""Tables of notices. A notice holds ids and codes; what it says is made when it is read, in the reader's language.

Where it leads and what it is about lie sealed under the person's key: "this account was told of a reply to that post"
would say who wrote an anonymous post.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kithwell.kernel import clock, ids


class Notice(models.Model):
    """Something told to one person. `key` is a keyed hash of what it is about: the same thing is told once."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    account = models.UUIDField()
    kind = models.CharField(max_length=32)
    sealed = models.BinaryField()  # JSON: [url, about]; ids and codes, never words
    group = models.UUIDField(null=True)
    urgent = models.BooleanField(default=False)
    key = models.CharField(max_length=64)
    thing = models.CharField(
        max_length=64
    )  # the same for whatever leads to one place: unread, it is one line
    created_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)  # went out, or was found to stay on the page only

    class Meta:
        db_table = "notices_notice"
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="notices_told_once")]
        indexes = [
            models.Index(fields=["account", "-created_at"], name="notices_page"),
            models.Index(
                fields=["account"],
                condition=Q(read_at__isnull=True, settled_at__isnull=True),
                name="notices_waiting",
            ),
            models.Index(
                fields=["account", "thing"], condition=Q(read_at__isnull=True), name="notices_unread"
            ),
            models.Index(fields=["created_at"], name="notices_old"),
        ]


class Chosen(models.Model):
    """How one person wants to be told, and when to look at what waits for them."""

    account = models.UUIDField(primary_key=True)
    digest = models.CharField(max_length=6, default="daily")
    hour = models.PositiveSmallIntegerField(default=18)
    weekday = models.PositiveSmallIntegerField(default=6)
    zone = models.CharField(max_length=48, blank=True, default="")  # empty: not chosen yet
    quiet_from = models.PositiveSmallIntegerField(default=21)
    quiet_to = models.PositiveSmallIntegerField(default=8)
    night = models.CharField(max_length=8, default="nothing")
    kinds = models.JSONField(default=dict)  # family of kinds -> how
    mail = models.BooleanField(default=False)
    stop = models.CharField(max_length=32, null=True, unique=True)  # the word in a mail that ends the mails
    next_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)  # when something was sent last

    class Meta:
        db_table = "notices_chosen"
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="notices_due"),
        ]


class GroupChosen(models.Model):
    """What one person chose for one group."""

    account = models.UUIDField()
    group = models.UUIDField()
    how = models.CharField(max_length=6)

    class Meta:
        db_table = "notices_groupchosen"
        constraints = [models.UniqueConstraint(fields=["account", "group"], name="notices_group_once")]
        indexes = [models.Index(fields=["group"], name="notices_of_group")]


class Device(models.Model):
    """A browser that may be told. Address and keys of its subscription are sealed; the index finds it again."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    account = models.UUIDField(db_index=True)
    subscription = models.BinaryField()  # sealed JSON: endpoint, p256dh, auth
    index = models.CharField(max_length=64, unique=True)
    words = models.CharField(max_length=48, blank=True, default="")  # "Firefox · Android"
    created_at = models.DateTimeField(default=clock.now)
    told_on = models.DateField(null=True)

    class Meta:
        db_table = "notices_device"
