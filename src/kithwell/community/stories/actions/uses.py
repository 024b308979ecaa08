"""What a story may be used for: a yes in the ledger of consents and a row beside it, ended together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.community.stories import access
from kithwell.community.stories.models import Story, Use
from kithwell.community.stories.rules import story as rules
from kithwell.kernel import audit, clock, events, ids
from kithwell.kernel.errors import Conflict, Invalid
from kithwell.kernel.principal import SYSTEM, Principal
from kithwell.moderation import door
from kithwell.people import consent

TEXT_VERSION = "stories-2026-11"
PREFIX = "story."
SOON = timedelta(days=14)  # before a yes ends its author is told


def item(kind: str, story: UUID) -> str:
    """The name of a consent in the ledger."""
    return f"{PREFIX}{kind}:{ids.short(story)}"


def parse(name: str) -> tuple[str, UUID] | None:
    """Use and story of a consent's name."""
    kind, _, short = name.removeprefix(PREFIX).partition(":")
    story = ids.parse(short) if name.startswith(PREFIX) and kind in rules.USES else None
    return (kind, story) if story else None


def give(row: Story, kind: str, until: datetime) -> str:
    """A yes, until then."""
    receipt = consent.give(row.subject, item(kind, row.id), until=until, text_version=TEXT_VERSION)
    Use.objects.update_or_create(
        story=row,
        kind=kind,
        defaults={
            "until": until,
            "given_receipt": receipt,
            "ended_at": None,
            "ended_receipt": "",
            "warned": False,
        },
    )
    return receipt


@transaction.atomic
def give_longer(principal: Principal, ident: UUID | str, kind: str, days: str) -> str:
    """A further yes for a public story, or one for longer, from today on. Its words stay those that were read, so
    nobody reads them again. Returns the receipt. Raises Invalid, Conflict or NotFound."""
    row = access.own(principal, ident, lock=True)
    if kind not in rules.USES or days not in rules.DAYS:
        raise Invalid({"kind": _("Choose one from the list.")})
    if not access.is_public(row):
        raise Conflict(_("This story is not public now. Send it once more, and say for how long."))
    door.write(row.author)
    until = clock.now() + timedelta(days=rules.DAYS[days])
    if row.uses.filter(kind=kind, ended_at__isnull=True, until__gte=until).exists():
        raise Conflict(_("You said yes for longer than that already."))
    return give(row, kind, until)


def end_use(row: Story, kind: str) -> str:
    """A no, and its receipt; "" when there was no yes."""
    use = Use.objects.filter(story=row, kind=kind, ended_at__isnull=True).first()
    if use is None:
        return ""
    receipt = consent.withdraw(row.subject, item(kind, row.id))
    use.ended_at, use.ended_receipt = clock.now(), receipt
    use.save(update_fields=["ended_at", "ended_receipt"])
    return receipt


@transaction.atomic
def withdraw(principal: Principal, ident: UUID | str, kinds: Iterable[str] = rules.USES) -> str:
    """Take a story back from everywhere, or from some uses. The page is gone when this returns, and everything
    above hears which uses ended. Returns the receipt; never refused, and the same again gives the last receipt."""
    row = access.own(principal, ident, lock=True)
    wanted = [kind for kind in rules.USES if kind in set(kinds)]
    if "site" in wanted:
        wanted = list(rules.USES)  # what is not public any more is not quoted elsewhere either
    return _end(row, wanted, principal, Story.State.WITHDRAWN)


def _end(row: Story, kinds: list[str], by: Principal, state: str) -> str:
    receipts = {kind: receipt for kind in kinds if (receipt := end_use(row, kind))}
    if "site" in kinds:
        _not_public(row, state)
    if receipts:
        receipt = receipts.get("site") or next(iter(receipts.values()))
        audit.record(
            by, f"story.{state}", kind="story", id=row.id, about=row.subject, uses=",".join(receipts)
        )
        events.publish(
            "community.story.withdrawn",
            story=str(row.id),
            uses=sorted(receipts),
            receipt=receipt,
            why=str(state),
        )
        return receipt
    given = dict(Use.objects.filter(story=row, kind__in=kinds).values_list("kind", "ended_receipt"))
    return given.get("site") or next((receipt for receipt in given.values() if receipt), "")


def _not_public(row: Story, state: str) -> None:
    """What is public, could be next, or could be given back by the desk is none of it any more."""
    if row.state == Story.State.PUBLISHED:
        row.state, row.ended_at, row.shown = state, clock.now(), None
    elif row.state == Story.State.REMOVED:
        row.before_removal, row.shown = state, None
    elif row.state in (Story.State.REVIEW, Story.State.AGREE):
        row.state, row.sent_at = Story.State.DRAFT, None
    else:
        return
    row.save()


@transaction.atomic
def on_withdrawn(name: str) -> None:
    """A consent was withdrawn elsewhere (the page of consents, an erasure): the story follows. Safe to repeat."""
    found = parse(name)
    row = Story.objects.select_for_update().filter(id=found[1]).first() if found else None
    if found is None or row is None:
        return
    if Use.objects.filter(story=row, kind=found[0], ended_at__isnull=True).exists():
        _end(row, list(rules.USES) if found[0] == "site" else [found[0]], SYSTEM, Story.State.WITHDRAWN)


def expire(limit: int = 500) -> int:
    """End the uses whose time is over; a public story whose place on the site ends is public no more."""
    done = 0
    _warn(limit)
    over = Use.objects.filter(ended_at__isnull=True, until__lte=clock.now())
    for ident in list(over.order_by("until").values_list("id", flat=True)[:limit]):
        done += _expire(ident)
    return done


@transaction.atomic
def _expire(ident: UUID) -> int:
    story = Use.objects.filter(id=ident).values_list("story", flat=True).first()
    row = Story.objects.select_for_update().filter(id=story).first() if story else None
    # Read after the story is locked: its author may just have said yes for longer.
    use = Use.objects.filter(id=ident, ended_at__isnull=True, until__lte=clock.now()).first()
    if row is None or use is None:
        return 0
    _end(row, list(rules.USES) if use.kind == "site" else [use.kind], SYSTEM, Story.State.ENDED)
    events.publish("community.story.answered", story=str(row.id), account=str(row.author), how="ended")
    return 1


def _warn(limit: int) -> None:
    """Tell authors that what they gave ends soon, once, so that they can say yes for longer."""
    soon = Use.objects.filter(
        ended_at__isnull=True,
        warned=False,
        until__lte=clock.now() + SOON,
        until__gt=clock.now(),
        story__state=Story.State.PUBLISHED,
    )
    for use in soon.select_related("story").order_by("until")[:limit]:
        with transaction.atomic():
            if Use.objects.filter(pk=use.pk, warned=False, ended_at__isnull=True).update(warned=True):
                events.publish(
                    "community.story.answered",
                    story=str(use.story_id),
                    account=str(use.story.author),
                    how=f"ends-{use.kind}-{use.until.date().isoformat()}",
                )


def may_use(story: UUID, kind: str) -> bool:
    """May this story be used for that now? Asked before each use, by whoever uses it. One query."""
    return Use.objects.filter(
        story=story,
        kind=kind,
        ended_at__isnull=True,
        until__gt=clock.now(),
        story__state=Story.State.PUBLISHED,
    ).exists()
