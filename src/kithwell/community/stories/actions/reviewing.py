"""Reading a story before it is public: ask for something, suggest words, publish, or not."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.community.stories import access, care, wording, words
from kithwell.community.stories.models import Story
from kithwell.community.stories.rules import story as rules
from kithwell.kernel import audit, clock, events, ids
from kithwell.kernel.errors import Conflict, Invalid
from kithwell.kernel.principal import Principal
from kithwell.kernel.texts import tidy

NOTE_MAX = 2000


def _step(principal: Principal, ident: UUID | str, version: int, step: str) -> Story:
    row = access.reviewed(principal, ident, lock=True)
    after = rules.after(row.state, step)
    if after is None or row.version != version:
        raise Conflict(_("This story has moved on, or its words have changed. Look at it once more."))
    row.state, row.reviewer = after, principal.id
    audit.record(principal, f"story.{step}", kind="story", id=row.id, about=row.subject)
    return row


def _note(row: Story, note: str, *, needed: bool = True) -> None:
    note = tidy(note, NOTE_MAX, "note")
    if needed and len(note) < 10:
        raise Invalid({"note": _("Write the author a sentence or two, as you would like to get them.")})
    row.note = words.seal(row, "note", note) if note else None


@transaction.atomic
def ask_changes(principal: Principal, ident: UUID | str, version: int, note: str) -> None:
    """Ask the author for something, in words."""
    row = _step(principal, ident, version, "changes")
    _note(row, note)
    row.save()
    care.told(row, "changes")


@transaction.atomic
def decline(principal: Principal, ident: UUID | str, version: int, note: str) -> None:
    """Not published; the author reads why, keeps the draft, and what they gave ends."""
    from kithwell.community.stories.actions import uses

    row = _step(principal, ident, version, "decline")
    _note(row, note)
    row.save()
    for kind in rules.USES:
        uses.end_use(row, kind)
    care.told(row, "declined")


@transaction.atomic
def propose(
    principal: Principal,
    ident: UUID | str,
    version: int,
    said: rules.Words,
    note: str,
    checked: Collection[str],
) -> None:
    """Suggest other words. Nothing is public until the author says yes to exactly these."""
    row = _step(principal, ident, version, "propose")
    before = words.words(row)
    said = replace(
        said,
        byline=before.byline,
        title=tidy(said.title, rules.TITLE_MAX, "title"),
        **{part: tidy(getattr(said, part), rules.PART_MAX, part) for part in rules.PARTS},
    )
    if said == before:
        raise Invalid({"title": _("These are the author’s own words. Publish them, or change something.")})
    _check(row, said, checked)
    _note(row, note)
    row.proposed, row.checked = words.seal(row, "proposed", said.dump()), sorted(checked)
    row.version += 1
    row.save()
    care.told(row, "agree")


@transaction.atomic
def approve(
    principal: Principal, ident: UUID | str, version: int, checked: Collection[str], note: str = ""
) -> str:
    """Publish the author's own words. Raises Invalid while something could be copied, or the list is not gone
    through."""
    row = _step(principal, ident, version, "approve")
    said = words.words(row)
    _check(row, said, checked)
    _note(row, note, needed=False)
    row.checked = sorted(checked)
    return publish(row, said)


def _check(row: Story, said: rules.Words, checked: Collection[str]) -> None:
    wrong: dict[str, str] = {}
    if set(rules.CHECKS) - set(checked):
        wrong["checks"] = _("Go through the whole list first.")
    everything = "\n\n".join((said.byline, said.text, words.of_files(row)))
    if wording.stops(wording.check(everything, row.language)):
        wrong["wording"] = _(
            "It still contains a method, a place or a number. Ask the author, or suggest other words."
        )
    if wrong:
        raise Invalid(wrong)


def publish(row: Story, said: rules.Words) -> str:
    """Make it public, if the author's yes still stands. Inside a transaction; returns its slug."""
    if any(m.kind != "image" and not m.captions for m in row.media.all()):
        raise Invalid({"captions": _("Sound and film need captions, so that everybody can follow.")})
    site = row.uses.filter(kind="site", ended_at__isnull=True, until__gt=clock.now())
    if not site.exists():
        raise Conflict(_("The author’s yes has ended. Nothing is published without it."))
    row.shown = words.seal(row, "shown", said.dump())
    row.slug = row.slug or rules.slug(said.title, ids.token(4).replace("_", "x").replace("-", "y").lower())
    row.state, row.published_at, row.ended_at = Story.State.PUBLISHED, clock.now(), None
    row.save()
    care.told(row, "published")
    events.publish("community.story.published", story=str(row.id))
    return row.slug
