"""A person on our side of a channel, the addresses they are reached at, and what staff should know for a while."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kithwell.kernel import clock, ids


class Contact(models.Model):
    """One person as we know them: a kind random name and a key of their own. No address lies here."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    subject = models.UUIDField(unique=True)
    handle = models.CharField(max_length=60)
    language = models.CharField(max_length=12, blank=True)
    country = models.CharField(max_length=2, blank=True)
    account = models.UUIDField(null=True)  # a member's account, when they chose to talk signed in
    opted_out_at = models.DateTimeField(null=True)  # STOP: we start nothing; they are still heard
    merged_into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="merged")
    created_at = models.DateTimeField(default=clock.now)
    last_seen_at = models.DateTimeField(default=clock.now)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["account"], condition=Q(account__isnull=False), name="contact_account"),
            models.Index(fields=["last_seen_at"], name="contact_seen"),
        ]


class ContactAddress(models.Model):
    """(channel, account, kind, value) by which a person is reached. The value is sealed; the index finds it again.

    Identity is the whole quadruple: a business-scoped user id belongs to one provider account, a phone may come
    later or never.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="addresses")
    channel = models.CharField(max_length=20)
    account = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    value = models.BinaryField()
    index = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "account", "kind", "index"], name="address_once"),
        ]


class ContactMerge(models.Model):
    """Two contacts found to be one person, with the evidence; can be undone, and is only proposed in a crisis."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    source = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    target = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    evidence = models.CharField(max_length=60)
    state = models.CharField(max_length=10)  # done | proposed | undone
    by = models.UUIDField(null=True)
    at = models.DateTimeField(default=clock.now)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "target"], condition=~Q(state="undone"), name="merge_once"
            )
        ]


class Flag(models.Model):
    """Something the next supporter should know, with an end. No mark on a person stays for ever."""

    class Kind(models.TextChoices):
        CARE = "care"  # please be extra gentle
        SAFEGUARDING = "safeguarding"
        REPEAT = "repeat"  # writes often; see the agreed plan
        ABUSIVE = "abusive"
        INFO = "info"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="flags")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    reason = models.BinaryField()  # sealed
    until = models.DateTimeField()
    by = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["contact", "until"], name="flag_live")]


class Forgotten(models.Model):
    """A keyed hash of each provider id that an erasure removed, so that a late redelivery does not bring it back.

    Kept for as long as providers redeliver (8 days); holds nothing by which a person could be found.
    """

    key = models.CharField(primary_key=True, max_length=64)
    until = models.DateTimeField(db_index=True)
