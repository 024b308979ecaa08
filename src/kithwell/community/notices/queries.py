"""Reads of notices: frozen shapes, a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from kithwell.community import zones
from kithwell.community.groups import queries as groups
from kithwell.community.notices import actions, kinds, push, rules
from kithwell.community.notices.models import Chosen, Device, GroupChosen, Notice
from kithwell.kernel import ids
from kithwell.kernel.principal import Principal
from kithwell.people import access
from kithwell.people import queries as people
from kithwell.people.actions import mail

SHOWN = 40


@dataclass(frozen=True, slots=True)
class Line:
    """One notice on the page."""

    id: UUID
    text: str
    at: datetime
    new: bool

    @property
    def url(self) -> str:
        """Marks it as read and goes on."""
        return f"/me/notices/{self.id}"


@dataclass(frozen=True, slots=True)
class Page:
    lines: tuple[Line, ...]
    before: str  # where the next page begins; "" at the end
    any_new: bool


def has_unread(account: UUID) -> bool:
    """For the small dot beside a link: is there something new? One query."""
    return Notice.objects.filter(account=account, read_at=None).exists()


def page(principal: Principal, before: str = "") -> Page:
    """One's own notices, newest first. At most five queries."""
    account = access.own_account(principal)
    rows = Notice.objects.filter(account=account.pk)
    if (mark := ids.parse(before)) is not None:
        rows = rows.filter(id__lt=mark)
    found = list(rows.order_by("-id")[: SHOWN + 1])
    shown = [(row, _who(account.subject, row)) for row in found[:SHOWN]]
    names = people.names(who for _row, who in shown if who)
    cards = groups.groups_by_id(row.group for row, _name in shown if row.group)
    lines = tuple(
        _line(row, names.get(who, "") if who else "", {ident: card.name for ident, card in cards.items()})
        for row, who in shown
    )
    more = str(found[SHOWN - 1].id) if len(found) > SHOWN else ""
    return Page(lines, more, any(line.new for line in lines))


def _who(subject: UUID, row: Notice) -> UUID | None:
    _url, about = actions.opened(subject, row)
    return ids.parse(about.get("by", ""))


def _line(row: Notice, who: str, group_names: dict[UUID, str]) -> Line:
    text = kinds.sentence(
        row.kind if row.kind in kinds.KINDS else "house",
        who=who,
        group=group_names.get(row.group, "") if row.group else "",
    )
    return Line(row.id, text, row.created_at, row.read_at is None)


@dataclass(frozen=True, slots=True)
class Told:
    """A device that may be told."""

    id: UUID
    words: str
    since: datetime
    told_on: date | None


@dataclass(frozen=True, slots=True)
class Settings:
    """The page of choices."""

    digest: str
    hour: int
    weekday: int
    zone: str
    guessed: str  # the zone used while none was chosen
    quiet_from: int
    quiet_to: int
    night: str
    mail: bool
    may_mail: bool  # this site sends mail and the person confirmed an address
    site_mails: bool
    kinds: dict[str, str]
    groups: tuple[tuple[UUID, str, str], ...]  # id, name, how
    devices: tuple[Told, ...]
    push_key: str  # "" where this site tells no devices


def settings(principal: Principal) -> Settings:
    """One's own choices. Nine queries."""
    me = people.me(principal)
    account = access.own_account(principal).pk
    row = Chosen.objects.filter(pk=account).first() or Chosen(account=account)
    chosen = dict(GroupChosen.objects.filter(account=account).values_list("group", "how"))
    mine = groups.memberships(account)
    devices = Device.objects.filter(account=account).order_by("-created_at")
    return Settings(
        digest=row.digest,
        hour=row.hour,
        weekday=row.weekday,
        zone=row.zone,
        guessed=row.zone or zones.of_country(me.country),
        quiet_from=row.quiet_from,
        quiet_to=row.quiet_to,
        night=row.night,
        mail=row.mail,
        may_mail=mail.offered() and me.email_confirmed,
        site_mails=mail.offered(),
        kinds=dict(row.kinds),
        groups=tuple((b.group.id, b.group.name, chosen.get(b.group.id, "")) for b in mine),
        devices=tuple(Told(d.id, d.words, d.created_at, d.told_on) for d in devices),
        push_key=push.public_key() if push.services() else "",
    )


def how_for_group(account: UUID, group: UUID) -> str:
    """What somebody chose for a group, "" for what is usual. One query."""
    rows = GroupChosen.objects.filter(account=account, group=group)
    return rows.values_list("how", flat=True).first() or ""


def hows() -> tuple[str, ...]:
    """What may be chosen."""
    return rules.HOWS


def mails_to(word: str) -> bool:
    """Does this word stand in somebody's mails? One query."""
    return bool(word) and Chosen.objects.filter(stop=word).exists()
