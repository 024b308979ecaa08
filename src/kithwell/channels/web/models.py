"""Who a browser is, as keyed hashes of its secrets; and how it was, leading to nobody. Private to this channel."""

from __future__ import annotations

from django.db import models

from kithwell.kernel import clock, ids


class WebVisitor(models.Model):
    """One visitor's conversation in one browser. No secret is stored, only its keyed hash.

    `visit`: cookie that opens the conversation for a day at a time. `device`: cookie that stays. `link`: secret of the
    link; it opens only together with the cookie of the device.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    contact = models.UUIDField(unique=True)
    visit = models.CharField(max_length=64, unique=True)
    device = models.CharField(max_length=64, db_index=True)
    link = models.CharField(max_length=64, unique=True, null=True)
    visit_until = models.DateTimeField()
    created_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        app_label = "channels"


class WebFeedback(models.Model):
    """How it was, once for a conversation. `once` is a keyed hash: the row leads to nobody."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    once = models.CharField(max_length=64, unique=True)
    helped = models.CharField(max_length=10)  # yes | some | no
    day = models.DateField()

    class Meta:
        app_label = "channels"
