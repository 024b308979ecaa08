"""Changes to one's own boundaries. All are silent towards others and all can be undone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from kithwell.boundaries import queries, rules
from kithwell.boundaries.models import Line, NudgeDay, Wishes
from kithwell.kernel import clock, crypto, events, ids
from kithwell.kernel.errors import Invalid, NotFound
from kithwell.kernel.principal import Principal
from kithwell.kernel.texts import tidy
from kithwell.people import access
from kithwell.people import queries as people

_MAX = {Line.Kind.BLOCK: rules.BLOCKS_MAX, Line.Kind.MUTE: rules.MUTES_MAX}


def block(principal: Principal, other: UUID | str, label: str = "") -> None:
    """Neither sees the other from now on. Publishes "boundaries.blocked" {account, other}; nobody is told."""
    _draw(principal, Line.Kind.BLOCK, other, label)


def unblock(principal: Principal, other: UUID | str) -> None:
    """Take a block back. Fine too when there was none."""
    _wipe(principal, Line.Kind.BLOCK, other)


def mute(principal: Principal, other: UUID | str, label: str = "") -> None:
    """Leave out what somebody writes, for oneself alone."""
    _draw(principal, Line.Kind.MUTE, other, label)


def unmute(principal: Principal, other: UUID | str) -> None:
    """Take a mute back. Fine too when there was none."""
    _wipe(principal, Line.Kind.MUTE, other)


def _id(given: UUID | str) -> UUID:
    found = given if isinstance(given, UUID) else ids.parse(given)
    if found is None:
        raise NotFound()
    return found


def _draw(principal: Principal, kind: Line.Kind, given: UUID | str, label: str) -> None:
    other = _id(given)
    with transaction.atomic():
        account = access.own_account(principal)
        if other == account.pk:
            raise Invalid({"account": _("This is you. You cannot block or mute yourself.")})
        rows = Line.objects.filter(account=account.pk, kind=kind)
        if rows.filter(other=other).exists():
            return
        if rows.count() >= _MAX[kind]:
            words = _(
                "There is room for %(limit)d people here. Take one off the list first; nothing was changed."
            )
            raise Invalid({"account": words % {"limit": _MAX[kind]}})
        ident, words = ids.new_id(), tidy(label, 200)[:60]
        known = bool(people.names([other]))
        sealed = (
            crypto.seal(account.subject, words, at=(*queries.LABEL_AT, ident))
            if words and not known
            else None
        )
        Line.objects.bulk_create(
            [Line(id=ident, account=account.pk, other=other, kind=kind, label=sealed)], ignore_conflicts=True
        )
        if kind == Line.Kind.BLOCK:
            events.publish("boundaries.blocked", account=str(account.pk), other=str(other))


def _wipe(principal: Principal, kind: Line.Kind, given: UUID | str) -> None:
    access.require(principal)
    Line.objects.filter(account=principal.id, kind=kind, other=_id(given)).delete()


def _wishes(principal: Principal) -> Wishes:
    """The person's own row, locked. Inside a transaction."""
    account = access.own_account(principal)
    Wishes.objects.get_or_create(account=account.pk, defaults={"subject": account.subject})
    return Wishes.objects.select_for_update().get(pk=account.pk)


def add_word(principal: Principal, typed: str) -> None:
    """Leave out what says this word or phrase. Compared folded, as whole words."""
    shown = " ".join(tidy(typed, 1000).split())
    folded = rules.fold(shown)
    if not folded:
        raise Invalid({"word": _("Please write at least one word.")})
    if len(shown) > rules.WORD_LENGTH:
        words = _("This is longer than %(limit)d characters. A shorter piece of it will find more.")
        raise Invalid({"word": words % {"limit": rules.WORD_LENGTH}})
    with transaction.atomic():
        wishes = _wishes(principal)
        held = queries.words_of(wishes)
        if any(folded == other for _typed, other in held):
            return
        if len(held) >= rules.WORDS_MAX:
            words = _(
                "There is room for %(limit)d words here. Take one off the list first; nothing was changed."
            )
            raise Invalid({"word": words % {"limit": rules.WORDS_MAX}})
        _keep_words(wishes, [*held, (shown, folded)])


def remove_word(principal: Principal, typed: str) -> None:
    """Take a word off the list. Fine too when it was not there."""
    folded = rules.fold(typed)
    with transaction.atomic():
        wishes = _wishes(principal)
        _keep_words(wishes, [pair for pair in queries.words_of(wishes) if pair[1] != folded])


def _keep_words(wishes: Wishes, held: list[tuple[str, str]]) -> None:
    at = (*queries.WORDS_AT, wishes.account)
    wishes.words = crypto.seal(wishes.subject, json.dumps(held, ensure_ascii=False), at=at) if held else None
    wishes.save(update_fields=["words"])


def set_filters(principal: Principal, chosen: Mapping[str, str]) -> None:
    """What to do with each topic others warn of. Topics that are not named keep what they have."""
    for topic, how in chosen.items():
        if topic not in rules.WARNINGS or how not in rules.HOWS:
            raise Invalid({"filters": _("This choice is not offered here.")})
    with transaction.atomic():
        wishes = _wishes(principal)
        merged = {**wishes.filters, **chosen}
        wishes.filters = {topic: how for topic, how in merged.items() if how != rules.DEFAULT_FILTER}
        wishes.save(update_fields=["filters"])


def set_contact(principal: Principal, chosen: str) -> None:
    """Who may write to this person first."""
    if chosen not in rules.CONTACTS:
        raise Invalid({"contact": _("This choice is not offered here.")})
    with transaction.atomic():
        wishes = _wishes(principal)
        wishes.contact = chosen
        wishes.save(update_fields=["contact"])


def take_break(principal: Principal, until: date) -> None:
    """Quiet until the morning of that day: no notifications, not suggested to anybody. Nothing is lost meanwhile."""
    if not rules.break_ends(until, clock.now().date()):
        raise Invalid({"until": _("Please choose a day after today, at most a year from now.")})
    with transaction.atomic():
        wishes = _wishes(principal)
        wishes.break_until = datetime.combine(until, time(), tzinfo=UTC)
        wishes.save(update_fields=["break_until"])


def come_back(principal: Principal) -> None:
    """End the break now. Fine too when there is none."""
    with transaction.atomic():
        wishes = _wishes(principal)
        wishes.break_until = None
        wishes.save(update_fields=["break_until"])


def nudge_shown(language: str) -> None:
    """Count: somebody was asked to look at their words once more."""
    _count(language, "shown")


def nudge_answered(language: str, *, rephrased: bool) -> None:
    """Count what came of it: other words, or the same ones. Whose, and which words, is kept nowhere."""
    _count(language, "rephrased" if rephrased else "as_is")


def _count(language: str, column: str) -> None:
    known = language if language.isascii() and language.isalpha() and len(language) <= 3 else "und"
    with transaction.atomic():
        row, _made = NudgeDay.objects.get_or_create(day=clock.now().date(), language=known)
        NudgeDay.objects.filter(pk=row.pk).update(**{column: F(column) + 1})
