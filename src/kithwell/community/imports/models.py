"""Tables of moving a community in. Private to this part.

Everything that came with the file lies sealed under a key of the import's own. When the import is over, or was
thrown away, that key is destroyed.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kithwell.kernel import clock, ids


class Import(models.Model):
    """One file for one group. `left`: how many lines stay behind, by reason; `lines`: how many could come."""

    class State(models.TextChoices):
        READING = "reading"
        ORDER = "order"  # day and month can be read both ways: somebody has to say
        READ = "read"  # the dry run lies before the facilitator
        ASKING = "asking"  # links are out
        RUNNING = "running"
        RESTING = "resting"  # all that was agreed to has come; more may follow
        FAILED = "failed"
        OVER = "over"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    group = models.UUIDField()
    by = models.UUIDField()
    source = models.CharField(max_length=10)  # whatsapp | discourse
    state = models.CharField(max_length=8, choices=State.choices, default=State.READING)
    fault = models.CharField(max_length=20, blank=True, default="")  # a code of rules.lines.Unreadable
    order = models.CharField(max_length=3, blank=True, default="")
    orders = models.CharField(max_length=12, blank=True, default="")  # those that fit, by commas
    zone = models.CharField(max_length=60, default="UTC")
    subject = models.UUIDField()
    raw = models.BinaryField(null=True)  # sealed; None once it was read
    lines = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)  # of this step, for the progress shown
    left = models.JSONField(default=dict)
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(default=clock.now)
    ends_at = models.DateTimeField()

    class Meta:
        db_table = "imports_import"
        indexes = [
            models.Index(fields=["group", "-made_at"], name="imports_of"),
            models.Index(fields=["ends_at"], condition=~Q(state="over"), name="imports_ending"),
        ]


class Person(models.Model):
    """Somebody who wrote in the old place. `answer`: "" nobody asked or answered yet | name | veil | no."""

    class Answer(models.TextChoices):
        NONE = ""
        NAME = "name"  # under their account here
        VEIL = "veil"  # under the made-up name
        NO = "no"

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="people")
    n = models.PositiveIntegerField()
    old = models.BinaryField()  # sealed: the name in the file
    name = models.CharField(max_length=40)  # made up; what others will see, unless they choose their own
    lines = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, unique=True)
    token = models.BinaryField()  # sealed, so that the facilitator can see the link again
    answer = models.CharField(max_length=4, blank=True, choices=Answer.choices, default=Answer.NONE)
    answered_at = models.DateTimeField(null=True)
    account = models.UUIDField(null=True)

    class Meta:
        db_table = "imports_person"
        constraints = [models.UniqueConstraint(fields=["of", "n"], name="imports_person_once")]


class Item(models.Model):
    """One line, waiting. `piece` and `post` say what became of it here. `key`, `thread` and `answers` are keyed hashes:
    the same line of the same old place has the same ones in every file."""

    id = models.BigAutoField(primary_key=True)
    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="items")
    seq = models.PositiveIntegerField()
    key = models.CharField(max_length=48)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="items")
    at = models.DateTimeField()
    body = models.BinaryField()  # sealed
    thread = models.CharField(max_length=48)
    answers = models.CharField(max_length=48, blank=True, default="")
    stays = models.BooleanField(default=False)  # its writer leaves this one behind whatever comes else
    brought_at = models.DateTimeField(null=True)
    piece = models.UUIDField(null=True)
    post = models.UUIDField(null=True)

    class Meta:
        db_table = "imports_item"
        constraints = [models.UniqueConstraint(fields=["of", "key"], name="imports_item_once")]
        indexes = [
            models.Index(fields=["of", "seq"], condition=Q(brought_at=None), name="imports_waiting"),
            models.Index(fields=["person", "seq"], name="imports_item_by"),
            models.Index(fields=["of", "thread"], name="imports_thread"),
        ]


class Came(models.Model):
    """A line that is in a group, so that it does not come again with another file of the same old place. `mark` is a
    keyed hash of group and line: whoever has the old file cannot look up whose a line is."""

    mark = models.CharField(primary_key=True, max_length=48)
    piece = models.UUIDField()
    post = models.UUIDField()

    class Meta:
        db_table = "imports_came"
