"""Buddies: suggested, asked, accepted, paused, ended. Nobody learns of a silent no."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from kithwell.boundaries import queries as boundaries
from kithwell.community.peers import words
from kithwell.community.peers.models import Buddying, CheckIn, Note, Seeking, Suggestion
from kithwell.community.peers.rules import asking, matching
from kithwell.community.peers.rules.matching import Person, Reason
from kithwell.kernel import clock, crypto, events, ids
from kithwell.kernel.errors import Conflict, Invalid, NotFound
from kithwell.kernel.principal import Principal
from kithwell.moderation import door
from kithwell.moderation import queries as moderation
from kithwell.people import access
from kithwell.people import queries as people

LAPSE = timedelta(days=14)
CHECK = timedelta(days=7)
PAUSE = timedelta(days=14)
NOTES_KEPT = timedelta(days=30)  # after the end, so that either can still read or report them
LOOKED_AT = 400  # people looked at for one suggestion: those shown least come first, so it goes round
LIVE = ("asked", "open", "paused")


def live_of(account: UUID) -> list[Buddying]:
    """Asked, open and paused buddyings of somebody."""
    return list(Buddying.objects.filter(Q(a=account) | Q(b=account), state__in=LIVE))


def suggest_for(principal: Principal) -> int:
    """Look for people who might suit; what is found is kept for a week. Returns how many there are now."""
    account = access.own_account(principal)
    kept, made = _look_for(account.pk, account.subject)
    return kept + made


def somebody_new(account: UUID) -> int:
    """Somebody new would like a buddy: those they might suit and who have nobody to look at are told, once a week at
    most, and not who it is. Returns how many were told. Called by a job."""
    mine = Seeking.objects.filter(pk=account).first()
    subject = people.subjects([account]).get(account)
    if mine is None or subject is None:
        return 0
    told = 0
    others = [match.other for match in _matches(mine, subject)]
    for other, theirs in people.subjects(others).items():
        kept, made = _look_for(other, theirs)
        if made and not kept and moderation.standing(other).may_enter:
            notice(other, "buddy-suggested", "/peers", {"week": f"{clock.now():%G-%V}"})
            told += 1
    return told


@transaction.atomic
def _look_for(account: UUID, subject: UUID) -> tuple[int, int]:
    """(suggestions that stand, suggestions just made) of somebody who would like a buddy."""
    now = clock.now()
    mine = Seeking.objects.select_for_update().filter(pk=account).first()
    if mine is None:
        return 0, 0
    Suggestion.objects.filter(account=account, state="shown", made_at__lt=now - CHECK).delete()
    kept = Suggestion.objects.filter(account=account, state="shown").count()
    if kept:
        return kept, 0
    matches = _matches(mine, subject)
    for match in matches:
        ident = ids.new_id()
        reasons = words.seal(
            subject, [asdict(r) for r in match.reasons], (words.SUGGESTION, "reasons", ident)
        )
        Suggestion.objects.create(id=ident, account=account, other=match.other, reasons=reasons, made_at=now)
    Seeking.objects.filter(pk__in=[m.other for m in matches]).update(shown_n=F("shown_n") + 1, shown_at=now)
    return 0, len(matches)


def _matches(mine: Seeking, subject: UUID) -> tuple[matching.Match, ...]:
    known = Suggestion.objects.filter(account=mine.account).values("other")
    rows = Seeking.objects.filter(side=mine.side).exclude(pk=mine.account).exclude(pk__in=known)
    others = list(rows.order_by("shown_n", "since", "account")[:LOOKED_AT])
    everybody = persons([mine, *others], mine.account)
    me = everybody.pop(mine.account, None)
    if me is None:
        return ()
    seed = f"{clock.now():%G-%V}"
    return matching.suggest(me, everybody.values(), now=clock.now(), seed=seed)


def persons(rows: Iterable[Seeking], me: UUID) -> dict[UUID, Person]:
    """Those who seek, as matching may see them for `me`. Nine queries, however many they are."""
    held = list(rows)
    accounts = [row.account for row in held]
    subjects, bands = people.subjects(accounts), people.age_bands(accounts)
    crypto.load_keys(subjects.values())
    resting = boundaries.on_break_of(accounts)
    load: dict[UUID, int] = {}
    together: dict[UUID, set[UUID]] = {}
    live = Buddying.objects.filter(Q(a__in=accounts) | Q(b__in=accounts), state__in=LIVE, declined_at=None)
    for a, b, state in live.values_list("a", "b", "state"):
        together.setdefault(a, set()).add(b)
        together.setdefault(b, set()).add(a)
        for one in (a, b) if state != "asked" else (a,):  # to be asked takes nobody's place
            load[one] = load.get(one, 0) + 1
    drawn = boundaries.of(me)
    away = drawn.blocked | drawn.muted | boundaries.silent_towards(accounts, me)
    found = {}
    for row in held:
        shared = words.opened(subjects.get(row.account), row.shared, (words.SEEKING, "shared", row.account))
        if shared is None:
            continue
        found[row.account] = _person(
            row,
            shared,
            bands.get(row.account, ""),
            load.get(row.account, 0),
            frozenset(together.get(row.account, set())) | (away if row.account == me else frozenset()),
            row.account in resting,
        )
    return found


def _person(
    row: Seeking, shared: dict[str, Any], band: str, load: int, away: frozenset[UUID], resting: bool
) -> Person:
    return Person(
        id=row.account,
        band=band if matching.side(band) == row.side else "",
        topics=frozenset(shared.get("topics", ())) - {"other"},
        helps=frozenset(shared.get("helps", ())),
        nots=frozenset(shared.get("nots", ())),
        languages=frozenset(shared.get("languages") or [row.language]),
        hours=frozenset(shared.get("hours", ())),
        buddies=load,
        most=row.most,
        since=row.since,
        shown=row.shown_n,
        away=away,
        resting=resting,
    )


def _own_suggestion(principal: Principal, ident: UUID) -> Suggestion:
    access.require(principal)
    row = Suggestion.objects.select_for_update().filter(pk=ident, account=principal.id, state="shown").first()
    if row is None:
        raise NotFound()
    return row


def pass_on(principal: Principal, ident: UUID) -> None:
    """Not this one, without a reason; they are not suggested again."""
    with transaction.atomic():
        row = _own_suggestion(principal, ident)
        Suggestion.objects.filter(pk=row.pk).update(state="passed")


def ask(principal: Principal, ident: UUID, *, agreed: bool) -> UUID:
    """Ask the person behind a suggestion. Raises Invalid without the agreement, Conflict when it is too late."""
    if not agreed:
        raise Invalid({"agreed": _("Please read the agreement and say yes to it first.")})
    access.require(principal)
    door.enter(principal.id)
    with transaction.atomic():
        row = _own_suggestion(principal, ident)
        found = persons(
            Seeking.objects.select_for_update().filter(pk__in=[row.account, row.other]), row.account
        )
        me, other = found.get(row.account), found.get(row.other)
        free = me is not None and other is not None and not matching.never(me, other)
        if not free or not boundaries.may_contact(row.account, row.other, shared_group=True):
            Suggestion.objects.filter(pk=row.pk).delete()
            raise Conflict(_("This is no longer possible. Nothing is lost: look again for somebody else."))
        subjects = people.subjects([row.account, row.other])
        reasons = words.opened(subjects[row.account], row.reasons, (words.SUGGESTION, "reasons", row.pk))
        made = ids.new_id()
        sealed = words.seal(subjects[row.other], reasons, (words.BUDDYING, "reasons", made))
        Buddying.objects.create(id=made, a=row.account, b=row.other, reasons=sealed, asked_at=clock.now())
        Suggestion.objects.filter(pk=row.pk).update(state="asked")
        notice(row.other, "buddy-asked", "/peers", {"buddying": str(made)})
    return made


def notice(account: UUID, kind: str, url: str, about: dict[str, str], group: UUID | None = None) -> None:
    """Say it upwards; `notices` decides whether and when it reaches anybody."""
    where = str(group) if group else None
    events.publish("community.notice", account=str(account), kind=kind, url=url, about=about, group=where)


def _asked(principal: Principal, ident: UUID) -> Buddying:
    access.require(principal)
    rows = Buddying.objects.select_for_update().filter(
        pk=ident, b=principal.id, state="asked", declined_at=None
    )
    row = rows.first()
    if row is None:
        raise NotFound()
    return row


def accept(principal: Principal, ident: UUID, *, agreed: bool) -> None:
    """Yes: from now on both know each other's name here and may write. Raises Invalid, NotFound, Conflict."""
    if not agreed:
        raise Invalid({"agreed": _("Please read the agreement and say yes to it first.")})
    with transaction.atomic():
        row = _asked(principal, ident)
        door.enter(row.b)
        bands = people.age_bands([row.a, row.b])
        apart = matching.side(bands.get(row.a, "")) != matching.side(bands.get(row.b, ""))
        if apart or boundaries.blocked_between(row.a, row.b) or _full(row.b):
            raise Conflict(_("This is no longer possible. Nothing is lost."))
        now = clock.now()
        Buddying.objects.filter(pk=row.pk).update(state="open", agreed_at=now, check_at=now + CHECK)
        notice(row.a, "buddy-accepted", f"/peers/{row.pk}", {"buddying": str(row.pk), "by": str(row.b)})


def _full(account: UUID) -> bool:
    most = Seeking.objects.filter(pk=account).values_list("most", flat=True).first() or asking.MOST
    return Buddying.objects.filter(Q(a=account) | Q(b=account), state__in=("open", "paused")).count() >= most


def decline(principal: Principal, ident: UUID) -> None:
    """A silent no: nobody is told, and to whoever asked it looks like waiting until the time is over."""
    with transaction.atomic():
        row = _asked(principal, ident)
        Buddying.objects.filter(pk=row.pk).update(declined_at=clock.now())


def withdraw(principal: Principal, ident: UUID) -> None:
    """Whoever asked takes it back."""
    access.require(principal)
    if not Buddying.objects.filter(pk=ident, a=principal.id, state="asked").update(
        state="lapsed", ended_at=clock.now()
    ):
        raise NotFound()


def lapse() -> int:
    """Wishes nobody answered, or answered with a silent no, end after the same time; old notes are let go."""
    now = clock.now()
    Suggestion.objects.filter(made_at__lt=now - timedelta(days=180)).delete()
    over = Buddying.objects.filter(state__in=("ended", "lapsed"), ended_at__lt=now - NOTES_KEPT)
    over.delete()
    done = Buddying.objects.filter(state="paused", paused_until__lte=now)
    done.update(state="open", paused_until=None, check_at=now + CHECK)
    return Buddying.objects.filter(state="asked", asked_at__lt=now - LAPSE).update(
        state="lapsed", ended_at=now
    )


def own(principal: Principal, ident: UUID, *, lock: bool = False) -> Buddying:
    """A buddying of the person's own that is or was open. Raises NotFound, for others' and after a block too."""
    access.require(principal)
    rows = Buddying.objects.select_for_update() if lock else Buddying.objects.all()
    row = rows.filter(Q(a=principal.id) | Q(b=principal.id), pk=ident, agreed_at__isnull=False).first()
    if row is None or boundaries.blocked_between(row.a, row.b):
        raise NotFound()
    return row


def end(principal: Principal, ident: UUID) -> None:
    """End it in one tap. The other is told in a neutral word, without who or why. Twice is no error."""
    with transaction.atomic():
        row = own(principal, ident, lock=True)
        if row.state not in ("open", "paused"):
            return
        close(row, Buddying.State.ENDED)
        other = row.b if row.a == principal.id else row.a
        notice(other, "buddy-ended", "/peers", {"buddying": str(row.pk)})


def close(row: Buddying, state: Buddying.State) -> None:
    """Nothing is written there any more."""
    Buddying.objects.filter(pk=row.pk).update(
        state=state, ended_at=clock.now(), check_at=None, paused_until=None
    )


def end_between(a: UUID, b: UUID) -> None:
    """Somebody drew a line: whatever was between the two is over, without a word to either."""
    with transaction.atomic():
        for row in Buddying.objects.filter(Q(a=a, b=b) | Q(a=b, b=a), state__in=LIVE):
            close(row, Buddying.State.ENDED)
        Suggestion.objects.filter(Q(account=a, other=b) | Q(account=b, other=a)).delete()


def go_on(principal: Principal, ident: UUID) -> None:
    """After a pause, either may begin again."""
    with transaction.atomic():
        row = own(principal, ident, lock=True)
        door.enter(principal.id)
        Buddying.objects.filter(pk=row.pk, state="paused").update(
            state="open", paused_until=None, check_at=clock.now() + CHECK
        )


def check_in(limit: int = 200) -> int:
    """Ask both, once a week, how it is going. Called by a job."""
    now, asked = clock.now(), 0
    due = Buddying.objects.filter(state="open", check_at__lte=now).order_by("check_at")
    for ident in list(due.values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            row = (
                Buddying.objects.select_for_update().filter(pk=ident, state="open", check_at__lte=now).first()
            )
            if row is None:
                continue
            Buddying.objects.filter(pk=ident).update(check_at=now + CHECK)
            for account, other in ((row.a, row.b), (row.b, row.a)):
                CheckIn.objects.filter(buddying=row, account=account, answered_at=None).delete()
                CheckIn.objects.create(buddying=row, account=account, asked_at=now)
                about = {"buddying": str(ident), "by": str(other), "week": f"{now:%G-%V}"}
                notice(account, "check-in", f"/peers/{ident}", about)
            asked += 1
    return asked


def answer_check(principal: Principal, ident: UUID, how: str, said: str) -> None:
    """Answer for oneself; "pause" rests the buddying for both, in a neutral word. Raises Invalid, NotFound."""
    if how not in words.HOW:
        raise Invalid({"how": _("Please choose one of these.")})
    with transaction.atomic():
        row = own(principal, ident, lock=True)
        check = (
            CheckIn.objects.filter(buddying=row, account=principal.id, answered_at=None)
            .order_by("-asked_at")
            .first()
        )
        if check is None:
            raise NotFound()
        assert principal.id is not None
        subject = people.subjects([principal.id])[principal.id]
        check.how, check.answered_at = how, clock.now()
        check.words = words.seal(subject, said[:2000], (words.CHECK, "words", check.pk)) if said else None
        check.save()
        if how == "pause" and row.state == "open":
            until = clock.now() + PAUSE
            Buddying.objects.filter(pk=row.pk).update(state="paused", paused_until=until, check_at=None)


def reasons_for(row: Buddying, account: UUID, subject: UUID) -> tuple[Reason, ...]:
    """Why `b` was asked, for b."""
    held = (
        words.opened(subject, row.reasons, (words.BUDDYING, "reasons", row.pk)) if account == row.b else None
    )
    return tuple(Reason(one["what"], tuple(one["codes"])) for one in held or ())


def forget(account: UUID) -> int:
    """Everything of somebody who leaves. Returns rows touched."""
    rows = Note.objects.filter(author=account).delete()[0]
    rows += CheckIn.objects.filter(account=account).delete()[0]
    for row in live_of(account):
        close(row, Buddying.State.ENDED)
        rows += 1
    rows += Buddying.objects.filter(Q(a=account) | Q(b=account)).delete()[0]
    rows += Suggestion.objects.filter(Q(account=account) | Q(other=account)).delete()[0]
    return rows + Seeking.objects.filter(pk=account).delete()[0]
