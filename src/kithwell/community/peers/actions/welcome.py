"""The welcome: each step is kept at once; what may be shared is copied out of it, and only that."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db import transaction

from kithwell.community.peers import words
from kithwell.community.peers.models import Buddying, Seeking, Start, Suggestion
from kithwell.community.peers.rules import asking, matching
from kithwell.community.peers.rules.asking import Answers
from kithwell.kernel import clock
from kithwell.kernel.errors import NotFound
from kithwell.kernel.principal import Principal
from kithwell.people import access
from kithwell.people import actions as people_actions
from kithwell.people import queries as people


def answers_of(account: UUID, subject: UUID) -> Answers:
    """What somebody answered so far. One query."""
    row = Start.objects.filter(pk=account).first()
    held = words.opened(subject, row.answers, (words.START, "answers", account)) if row else None
    return asking.unpack(held) if held else Answers()


def keep(principal: Principal, step: str, given: Answers, *, age_band: str | None = None) -> Answers:
    """Keep one step; the fields of the others stay as they were. Raises NotFound for a step that is none, Invalid."""
    if step not in asking.STEPS:
        raise NotFound()
    account = access.own_account(principal)
    with transaction.atomic():
        Start.objects.select_for_update().filter(pk=account.pk).first()
        old = answers_of(account.pk, account.subject)
        new = _merged(step, old, given)
        if age_band is not None and age_band != account.age_band:
            people_actions.set_about(
                principal, language=account.language, country=account.country, age_band=age_band
            )
        done = asking.only([*old.done, step], asking.STEPS)
        new = replace(new, done=done)
        sealed = words.seal(account.subject, asking.pack(new), (words.START, "answers", account.pk))
        row, _made = Start.objects.get_or_create(account=account.pk)
        row.answers = sealed
        if not asking.next_open(done) and row.finished_at is None:
            row.finished_at = clock.now()
        row.save()
        _seek(account.pk, account.subject, new, age_band if age_band is not None else account.age_band)
    return new


def keep_all(principal: Principal, given: Answers) -> None:
    """All six steps at once, for the demo and for tests."""
    account = access.own_account(principal)
    new = replace(given, done=asking.STEPS)
    with transaction.atomic():
        sealed = words.seal(account.subject, asking.pack(new), (words.START, "answers", account.pk))
        held = {"answers": sealed, "finished_at": clock.now()}
        Start.objects.update_or_create(account=account.pk, defaults=held)
        _seek(account.pk, account.subject, new, account.age_band)


def _merged(step: str, old: Answers, given: Answers) -> Answers:
    if step == "brings":
        own = given.own_words.strip()[: asking.OWN_WORDS_MAX]
        return replace(old, brings=asking.only(given.brings, tuple(words.TOPICS)), own_words=own)
    if step == "helps":
        return replace(old, helps=asking.only(given.helps, asking.HELPS))
    if step == "not":
        return replace(old, nots=asking.only(given.nots, asking.NOTS))
    if step == "about":
        return replace(old, languages=given.languages[:5])
    if step == "hours":
        return replace(old, hours=asking.only(given.hours, tuple(asking.HOURS)), zone=given.zone)
    most = min(max(given.most, 1), asking.MOST)
    return replace(old, buddy=given.buddy, most=most, share=asking.only(given.share, asking.SHARABLE))


def _seek(account: UUID, subject: UUID, answers: Answers, band: str) -> None:
    """Copy what may be shared to where matching looks; take it away when somebody does not want a buddy."""
    side = matching.side(band)
    if not answers.buddy or not side:
        Seeking.objects.filter(pk=account).delete()
        return
    now = clock.now()
    shared = words.seal(subject, asking.shared(answers, now), (words.SEEKING, "shared", account))
    language = next(iter(answers.languages), "") or people.tongues([account])[account][0]
    row = Seeking.objects.filter(pk=account).first()
    if row is None:
        from kithwell.community.peers import tasks

        row = Seeking(account=account, since=now)
        tasks.somebody_new.enqueue(key=f"new-seeker:{account}:{now:%Y-%m-%d}", account=str(account))
    row.shared, row.side, row.language, row.most = shared, side, language, answers.most
    row.save()


def seek_no_more(principal: Principal) -> None:
    """No buddy any more, for now; open buddyings go on."""
    account = access.own_account(principal)
    with transaction.atomic():
        old = answers_of(account.pk, account.subject)
        sealed = words.seal(
            account.subject, asking.pack(replace(old, buddy=False)), (words.START, "answers", account.pk)
        )
        Start.objects.filter(pk=account.pk).update(answers=sealed)
        Seeking.objects.filter(pk=account.pk).delete()
        Suggestion.objects.filter(account=account.pk, state="shown").delete()


def side_changed(account: UUID) -> None:
    """Somebody said another age: whoever is on the other side is no longer matched with them, at once."""
    from kithwell.community.peers.actions import buddies

    band = people.age_bands([account]).get(account, "")
    subject = people.subjects([account]).get(account)
    with transaction.atomic():
        if subject is not None:
            _seek(account, subject, answers_of(account, subject), band)
        Suggestion.objects.filter(account=account).delete()
        Suggestion.objects.filter(other=account).delete()
        for row in buddies.live_of(account):
            other = row.b if row.a == account else row.a
            theirs = people.age_bands([other]).get(other, "")
            if not matching.side(band) or matching.side(band) != matching.side(theirs):
                buddies.close(row, Buddying.State.ENDED)
