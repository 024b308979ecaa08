"""Writing a story: begun, kept part by part, sent to be read, taken back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.boundaries import rules as boundaries
from kithwell.community.stories import access, care, texts, words
from kithwell.community.stories.actions import uses as consents
from kithwell.community.stories.models import Story
from kithwell.community.stories.rules import story as rules
from kithwell.kernel import clock, conf, ids
from kithwell.kernel.errors import Conflict, Invalid, Refused
from kithwell.kernel.principal import Principal
from kithwell.kernel.texts import tidy
from kithwell.moderation import door
from kithwell.people import access as people_access
from kithwell.people import queries as people
from kithwell.people import rules as names
from kithwell.people import texts as name_texts

GROWN_UP = ("18-25", "26-64", "65-plus")
MOST_DRAFTS = 20


@transaction.atomic
def begin(principal: Principal, language: str = "en") -> UUID:
    """A new draft, seen by nobody else."""
    people_access.require(principal)
    assert principal.id is not None
    door.enter(principal.id)
    if Story.objects.filter(author=principal.id, state=Story.State.DRAFT).count() >= MOST_DRAFTS:
        raise Conflict(_("You have many drafts already. Carry on with one of them, or delete one."))
    row = Story(id=ids.new_id(), author=principal.id, subject=people.subjects([principal.id])[principal.id])
    row.language = language if language in conf.get("languages", ("en",)) else "en"
    row.body = words.seal(row, "body", rules.Words().dump())
    row.save(force_insert=True)
    return row.id


def _writable(principal: Principal, ident: UUID | str) -> Story:
    row = access.own(principal, ident, lock=True)
    if row.state not in rules.WRITABLE:
        raise Conflict(_("This story is being read, or is public. Take it back first to change it."))
    return row


def _keep(row: Story, said: rules.Words) -> None:
    row.body = words.seal(row, "body", said.dump())
    changed(row)


def changed(row: Story) -> None:
    """It is not what somebody read any more: a yes that waits for the author or a reviewer does not count for it."""
    row.changed_at = clock.now()
    row.version += 1
    if row.state == Story.State.AGREE:
        row.state = Story.State.CHANGES
    row.save()


@transaction.atomic
def keep_part(principal: Principal, ident: UUID | str, part: str, text: str) -> bool:
    """Keep one part of a draft. True when help is to be shown beside: the words are kept first."""
    row = _writable(principal, ident)
    if part not in rules.PARTS:
        raise Invalid({"part": _("Choose one from the list.")})
    text = tidy(text, rules.PART_MAX, "text")
    before = words.words(row)
    if before.with_part(part, text) != before:
        _keep(row, before.with_part(part, text))
    return care.needs_help(care.listen(row, text))


@transaction.atomic
def keep_details(
    principal: Principal, ident: UUID | str, title: str, byline: str, language: str, warnings: Collection[str]
) -> None:
    """Title, what one wants to be called, language, and what readers are warned of. Raises Invalid."""
    row = _writable(principal, ident)
    title, byline = tidy(title, rules.TITLE_MAX, "title"), tidy(byline, rules.BYLINE_MAX, "byline")
    if byline:
        reason = names.looks_identifying(byline)
        if reason is not None and reason != names.Reason.STAFF:
            raise Invalid({"byline": str(name_texts.NAME[reason])})
    if language not in conf.get("languages", ("en",)):
        raise Invalid({"language": _("Choose one from the list.")})
    topics, before = list(boundaries.known_warnings(warnings)), words.words(row)
    said = replace(before, title=title, byline=byline)
    if said != before or (row.language, row.warnings) != (language, topics):
        row.language, row.warnings = language, topics
        _keep(row, said)


@transaction.atomic
def send(principal: Principal, ident: UUID | str, days: Mapping[str, str]) -> bool:
    """Give a story to be read, with what it may be used for and for how long. True when help is to be shown beside.

    `days` holds a code of `rules.DAYS` for each use said yes to; "site" is the one a public story needs. Raises Invalid
    with what is still missing, Refused for young people and for who may not write now.
    """
    row = _writable(principal, ident)
    said = words.words(row)
    wrong = {code: str(texts.MISSING[code]) for code in rules.missing(said)}
    if days.get("site", "") not in rules.DAYS:
        wrong["site"] = _("Say whether, and for how long, your story may appear on this site.")
    if any(value and (kind not in rules.USES or value not in rules.DAYS) for kind, value in days.items()):
        wrong["site"] = _("Choose one from the list.")
    if any(m.kind != "image" and not m.captions for m in row.media.all()):
        wrong["captions"] = _("Sound and film need captions, so that everybody can follow.")
    if wrong:
        raise Invalid(wrong)
    _may_send(row)
    step = rules.after(row.state, "send")
    assert step is not None
    row.state, row.sent_at, row.proposed = step, clock.now(), None
    row.save()
    now = clock.now()
    for kind in rules.USES:
        if days.get(kind):
            consents.give(row, kind, now + timedelta(days=rules.DAYS[days[kind]]))
        else:
            consents.end_use(row, kind)
    seen = care.listen(row, "\n\n".join(filter(None, (said.text, words.of_files(row)))))
    care.act(row, seen)
    return care.needs_help(seen)


def _may_send(row: Story) -> None:
    band = people.age_bands([row.author]).get(row.author, "")
    if not band:
        raise Invalid(
            {"age": _("Say your age band under “Your account” first: public stories are by adults.")}
        )
    if band not in GROWN_UP:
        raise Refused(
            _("Public stories here are by adults, because a story on the open web is hard to take back from everywhere."
              " Your draft stays yours, and your group may be a good place for it.")
        )  # fmt: skip
    door.write(row.author)


@transaction.atomic
def take_back(principal: Principal, ident: UUID | str) -> None:
    """Not to be read after all; or a new draft of what was public once."""
    row = access.own(principal, ident, lock=True)
    step = rules.after(row.state, "take_back") or rules.after(row.state, "rewrite")
    if step is None:
        raise Conflict(_("This is a draft already, or it is public."))
    if row.state == Story.State.REVIEW:
        for kind in rules.USES:
            consents.end_use(row, kind)
    row.state, row.sent_at = step, None
    row.save()


@transaction.atomic
def agree(principal: Principal, ident: UUID | str, version: int) -> str:
    """Say yes to the words a reviewer suggested, as they stand on the page; the story is public then. Returns its
    slug."""
    from kithwell.community.stories.actions import reviewing

    row = access.own(principal, ident, lock=True)
    door.write(row.author)
    if row.state != Story.State.AGREE or row.proposed is None or row.version != version:
        raise Conflict(_("The suggestion has changed. Look at it once more."))
    said = words.words(row, "proposed")
    row.body = words.seal(row, "body", said.dump())
    row.proposed = None
    return reviewing.publish(row, said)


@transaction.atomic
def let_go(principal: Principal, ident: UUID | str) -> None:
    """Delete a story that is not public, with all that belongs to it."""
    from kithwell.community.stories.actions import media

    row = access.own(principal, ident, lock=True)
    if row.state == Story.State.PUBLISHED:
        raise Conflict(_("Take it back first."))
    for kind in rules.USES:
        consents.end_use(row, kind)
    media.remove_all(row)
    row.delete()
