"""Every change of notices. `tell` is what other parts' events lead to."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kithwell.boundaries import queries as boundaries
from kithwell.community import zones
from kithwell.community.groups import queries as groups
from kithwell.community.notices import kinds, push, rules
from kithwell.community.notices.models import Chosen, Device, GroupChosen, Notice
from kithwell.kernel import clock, crypto, ids
from kithwell.kernel.errors import Invalid, NotFound
from kithwell.kernel.principal import Principal
from kithwell.people import access
from kithwell.people import queries as people

TABLE = "notices_notice"
AT_ONCE = 500  # people told with one insert
KEPT_READ, KEPT_UNREAD = timedelta(days=60), timedelta(days=180)
DEVICES_MAX = 10
SEND_FOR = 25.0  # seconds; the job comes every thirty


def tell(
    account: UUID,
    kind: str,
    url: str,
    about: Mapping[str, str],
    group: UUID | None = None,
    urgent: bool = False,
) -> UUID | None:
    """Tell one person. The same thing is told once, and what leads to a place that is unread already is no new line
    (but see `Kind.anew`): then None. `about` holds ids and codes."""
    made = tell_all([account], kind, url, about, group, urgent)
    return made[0] if made else None


def tell_all(
    accounts: Iterable[UUID],
    kind: str,
    url: str,
    about: Mapping[str, str],
    group: UUID | None = None,
    urgent: bool = False,
) -> list[UUID]:
    """Tell many people the same, with the same few queries for each five hundred of them."""
    known = kinds.KINDS[kind]
    told: list[UUID] = []
    everybody = list(dict.fromkeys(accounts))
    for start in range(0, len(everybody), AT_ONCE):
        told += _tell(
            everybody[start : start + AT_ONCE], kind, url, dict(about), group, urgent or known.urgent
        )
    return told


def key_of(kind: str, url: str, about: Mapping[str, str]) -> str:
    """The mark by which the same thing is known again; a keyed hash, so that nobody can try posts out."""
    return crypto.blind_index("notices.key", json.dumps([kind, url, dict(about)], sort_keys=True))


def opened(subject: UUID, notice: Notice) -> tuple[str, dict[str, str]]:
    """Where a notice leads and what it is about."""
    url, about = json.loads(crypto.unseal(subject, bytes(notice.sealed), at=(TABLE, "sealed", notice.pk)))
    return url, about


@transaction.atomic
def _tell(
    accounts: list[UUID], kind: str, url: str, about: dict[str, str], group: UUID | None, urgent: bool
) -> list[UUID]:
    key, thing, now = key_of(kind, url, about), key_of(kind, url, {}), clock.now()
    unread = Notice.objects.filter(account__in=accounts, thing=thing, read_at=None, kind=kind)
    known = set(Notice.objects.filter(account__in=accounts, key=key).values_list("account", flat=True))
    if not kinds.KINDS[kind].anew:
        known |= set(unread.values_list("account", flat=True))
    subjects = people.subjects(account for account in accounts if account not in known)
    crypto.load_keys(subjects.values())
    packed, rows = json.dumps([url, about]), []
    for account, subject in subjects.items():
        ident = ids.new_id()
        sealed = crypto.seal(subject, packed, at=(TABLE, "sealed", ident))
        rows.append(
            Notice(
                id=ident,
                account=account,
                kind=kind,
                sealed=sealed,
                group=group,
                urgent=urgent,
                key=key,
                thing=thing,
                created_at=now,
            )
        )
    if not rows:
        return []
    if kinds.KINDS[kind].anew:
        unread.filter(account__in=[row.account for row in rows]).update(read_at=now, settled_at=now)
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    _look_again([row.account for row in rows], rows[0], now)
    return [row.id for row in rows]


def _look_again(accounts: list[UUID], notice: Notice, now: datetime) -> None:
    """Bring forward the moment at which somebody looks at what waits for these people."""
    Chosen.objects.bulk_create([Chosen(account=account) for account in accounts], ignore_conflicts=True)
    changed = []
    for row, choices in choices_of(accounts):
        moment = rules.due(item_of(notice), choices, now, row.last_at) or now
        if row.next_at is None or moment < row.next_at:
            row.next_at = moment
            changed.append(row)
    Chosen.objects.bulk_update(changed, ["next_at"], batch_size=AT_ONCE)


def item_of(notice: Notice) -> rules.Item:
    """A notice as the rules see it."""
    known = kinds.KINDS.get(notice.kind)
    family, own = (known.family, known.own) if known else ("house", "digest")
    return rules.Item(notice.id, family, notice.created_at, notice.group, notice.urgent, own)


def choices_of(accounts: Iterable[UUID], *, lock: bool = False) -> list[tuple[Chosen, rules.Choices]]:
    """What these people chose, with their breaks and devices. Five queries, however many they are."""
    wanted = list(accounts)
    rows = (Chosen.objects.select_for_update() if lock else Chosen.objects).filter(pk__in=wanted)
    of_groups: dict[UUID, dict[UUID, str]] = {}
    for account, group, how in GroupChosen.objects.filter(account__in=wanted).values_list(
        "account", "group", "how"
    ):
        of_groups.setdefault(account, {})[group] = how
    devices = set(Device.objects.filter(account__in=wanted).values_list("account", flat=True))
    resting = boundaries.on_break_of(wanted)
    tongues = people.tongues(wanted)
    found = []
    for row in rows:
        country = tongues[row.account][1] if row.account in tongues else ""
        choices = rules.Choices(
            digest=row.digest,
            hour=row.hour,
            weekday=row.weekday,
            zone=row.zone or zones.of_country(country),
            quiet_from=row.quiet_from,
            quiet_to=row.quiet_to,
            night=row.night,
            kinds=row.kinds,
            groups=of_groups.get(row.account, {}),
            devices=row.account in devices,
            paused=row.account in resting,
        )
        found.append((row, choices))
    return found


def hows_for_group(accounts: Iterable[UUID], group: UUID, family: str) -> dict[UUID, str]:
    """What these people chose for a group, else for a family of kinds; those who chose neither are not in it."""
    wanted, found = list(accounts), {}
    for start in range(0, len(wanted), AT_ONCE):
        rows = Chosen.objects.filter(pk__in=wanted[start : start + AT_ONCE]).values_list("account", "kinds")
        found.update({account: how[family] for account, how in rows if how.get(family)})
    of_group = GroupChosen.objects.filter(group=group).values_list("account", "how")
    return found | dict(of_group)


def send_due(limit: int = 200, seconds: float = SEND_FOR) -> int:
    """Send what is due now; returns to how many people something went out.

    Many people have their summary at the same hour: the job goes on for up to `seconds`, `limit` people at a time, so
    that nobody's evening summary comes in the middle of the night. What is left then is the next run's.
    """
    from kithwell.community.notices import tasks

    until, sent = time.monotonic() + seconds, 0
    while True:
        due = Chosen.objects.filter(next_at__lte=clock.now()).order_by("next_at")
        found = list(due.values_list("account", flat=True)[:limit])
        for account in found:
            sent += _send(account, tasks)
        if len(found) < limit or time.monotonic() > until:
            return sent


@transaction.atomic
def _send(account: UUID, tasks: Any) -> bool:
    """One person's turn: decide, write down that it went out, and enqueue the sending in the same transaction."""
    now = clock.now()
    found = choices_of([account], lock=True)
    if not found or found[0][0].next_at is None or found[0][0].next_at > now:
        return False  # somebody else was here first
    row, choices = found[0]
    waiting = list(
        Notice.objects.filter(account=account, read_at=None, settled_at=None).order_by("created_at")[:500]
    )
    plan = rules.plan([item_of(notice) for notice in waiting], choices, now, row.last_at)
    Notice.objects.filter(pk__in=[*plan.out, *plan.still]).update(settled_at=now)
    row.next_at = plan.again
    if plan.out:
        row.last_at = now
        stamp = f"{account}:{now.isoformat()}"
        for device in Device.objects.filter(account=account).values_list("pk", flat=True):
            tasks.push_to.enqueue(
                key=f"{stamp}:{device}",
                queue="crisis" if plan.urgent else None,
                device=str(device),
                urgent=plan.urgent,
                made_at=now.isoformat(),
            )
        if row.mail and (plan.digest or plan.urgent):
            tasks.mail_to.enqueue(key=stamp, account=str(account), urgent=plan.urgent)
    row.save(update_fields=["next_at", "last_at"])
    return bool(plan.out)


# What a person does on their own page.


def read(principal: Principal, ident: UUID) -> str:
    """Mark one of one's own as read; returns where it leads. Raises NotFound."""
    account = access.own_account(principal)
    row = Notice.objects.filter(pk=ident, account=account.pk).first()
    if row is None:
        raise NotFound()
    if row.read_at is None:
        Notice.objects.filter(pk=ident, read_at=None).update(read_at=clock.now())
    return opened(account.subject, row)[0]


def read_all(principal: Principal) -> int:
    """Mark all of one's own as read."""
    access.require(principal)
    return Notice.objects.filter(account=principal.id, read_at=None).update(read_at=clock.now())


@dataclass(frozen=True, slots=True)
class Wanted:
    """The form of choices. `groups` and `kinds`: id or family -> how; "" for what is usual."""

    digest: str
    hour: int
    weekday: int
    zone: str
    quiet_from: int
    quiet_to: int
    night: str
    mail: bool
    kinds: Mapping[str, str]
    groups: Mapping[UUID, str]


def choose(principal: Principal, wanted: Wanted) -> None:
    """Keep how somebody wants to be told; what waits is looked at again by the new choices. Raises Invalid."""
    account = access.own_account(principal).pk
    _check(wanted)
    mine = {belonging.group.id for belonging in groups.memberships(account)}
    with transaction.atomic():
        row, _made = Chosen.objects.select_for_update().get_or_create(account=account)
        row.digest, row.hour, row.weekday = wanted.digest, wanted.hour, wanted.weekday
        row.zone, row.quiet_from, row.quiet_to = wanted.zone, wanted.quiet_from, wanted.quiet_to
        row.night, row.mail = wanted.night, wanted.mail
        row.stop = row.stop or (ids.token(16) if row.mail else None)
        row.kinds = {family: how for family, how in wanted.kinds.items() if how}
        row.next_at = clock.now()
        row.save()
        GroupChosen.objects.filter(account=account).delete()
        GroupChosen.objects.bulk_create(
            GroupChosen(account=account, group=group, how=how)
            for group, how in wanted.groups.items()
            if how and group in mine
        )


def _check(wanted: Wanted) -> None:
    wrong: dict[str, str] = {}
    pick = _("Please choose one of these.")
    if wanted.digest not in rules.DIGESTS:
        wrong["digest"] = pick
    if wanted.night not in rules.NIGHTS:
        wrong["night"] = pick
    if wanted.zone and wanted.zone not in zones.known():
        wrong["zone"] = pick
    for name in ("hour", "quiet_from", "quiet_to"):
        if not 0 <= getattr(wanted, name) <= 23:
            wrong[name] = pick
    if not 0 <= wanted.weekday <= 6:
        wrong["weekday"] = pick
    hows = {*rules.HOWS, ""}
    if not hows.issuperset(wanted.kinds.values()) or not set(kinds.FAMILIES).issuperset(wanted.kinds):
        wrong["kinds"] = pick
    if not hows.issuperset(wanted.groups.values()):
        wrong["groups"] = pick
    if wrong:
        raise Invalid(wrong)


def choose_group(principal: Principal, group: UUID, how: str) -> None:
    """What one wants to hear of one group; "" for what is usual. Raises Invalid, NotFound."""
    account = access.own_account(principal).pk
    if how not in {*rules.HOWS, ""}:
        raise Invalid({"how": _("Please choose one of these.")})
    if group not in {belonging.group.id for belonging in groups.memberships(account)}:
        raise NotFound()
    with transaction.atomic():
        GroupChosen.objects.filter(account=account, group=group).delete()
        if how:
            GroupChosen.objects.create(account=account, group=group, how=how)
        Chosen.objects.filter(pk=account).update(next_at=clock.now())


def add_device(principal: Principal, given: Any, words: str = "", zone: str = "") -> UUID:
    """A browser may be told. The same browser comes once; another account on it takes it over. Raises Invalid."""
    account = access.own_account(principal)
    found = push.parse(given)
    index = crypto.blind_index("notices.device", found.endpoint)
    ident = ids.new_id()
    sealed = crypto.seal(account.subject, found.as_json(), at=(push.TABLE, "subscription", ident))
    with transaction.atomic():
        Device.objects.filter(index=index).delete()
        old = Device.objects.filter(account=account.pk).order_by("-created_at").values_list("pk", flat=True)
        Device.objects.filter(pk__in=list(old[DEVICES_MAX - 1 :])).delete()
        Device.objects.create(
            id=ident, account=account.pk, subscription=sealed, index=index, words=words[:48]
        )
        row, _made = Chosen.objects.get_or_create(account=account.pk)
        if not row.zone and zone in zones.known():
            row.zone = zone  # the device's own clock is the best guess at somebody's night
        row.next_at = clock.now()
        row.save(update_fields=["zone", "next_at"])
    return ident


def remove_device(principal: Principal, ident: UUID) -> None:
    """Tell a device nothing any more. Raises NotFound for what is not one's own."""
    access.require(principal)
    if not Device.objects.filter(pk=ident, account=principal.id).delete()[0]:
        raise NotFound()


def forget_device(ident: UUID) -> None:
    """The push service said that the browser is gone."""
    Device.objects.filter(pk=ident).delete()


def stop_mail(word: str) -> bool:
    """End somebody's digest by the word in their mail; no sign-in needed. Doing it twice is no error."""
    found = Chosen.objects.filter(stop=word) if word else Chosen.objects.none()
    return bool(found.update(mail=False))


def tidy() -> int:
    """Let go of what is old."""
    now = clock.now()
    gone = Notice.objects.filter(created_at__lt=now - KEPT_UNREAD).delete()[0]
    return gone + Notice.objects.filter(created_at__lt=now - KEPT_READ, read_at__isnull=False).delete()[0]
