"""The rules as they hold now, category by category, and the changes around them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kithwell.kernel.errors import NotFound
from kithwell.kernel.principal import Principal
from kithwell.moderation.screening import access
from kithwell.moderation.screening.actions import editing, holding
from kithwell.moderation.screening.models import Change, Drift, Release
from kithwell.moderation.screening.rules import editing as asked
from kithwell.moderation.screening.rules import trial
from kithwell.moderation.screening.rules.editing import Difference
from kithwell.moderation.screening.rules.trial import Outcome
from kithwell.people import queries as people
from kithwell.safety import house, screening
from kithwell.safety.house import Tested
from kithwell.safety.patterns import Rule


@dataclass(frozen=True, slots=True)
class KindLine:
    """One category: how many rules, in which languages, how many of the house's own making, its threshold."""

    kind: str
    category: str
    rules: int
    languages: tuple[str, ...]
    own: int
    threshold: float
    moved: bool


@dataclass(frozen=True, slots=True)
class ChangeLine:
    id: UUID
    rule: str
    kind: str
    what: str
    why: str
    state: str
    at: datetime
    mine: bool
    beside: bool
    release: int | None


@dataclass(frozen=True, slots=True)
class Home:
    """`version`: what this process screens with; `release` 0 where only shipped rules hold."""

    version: str
    release: int
    released_at: datetime | None
    kinds: tuple[KindLine, ...]
    open: tuple[ChangeLine, ...]
    past: tuple[ChangeLine, ...]
    drifts: int


def home(principal: Principal) -> Home:
    """Everything at a glance. Six queries."""
    access.steward(principal)
    known = holding.changes()
    newest = Release.objects.order_by("-number").first()
    rules = _rules(known)
    own = Counter(rule.kind for rule in rules if rule.id in known.rules)
    counts = Counter(rule.kind for rule in rules)
    lines = [
        KindLine(
            kind, category, counts[kind], _languages(rules, kind), own[kind],
            known.thresholds.get(kind, house.threshold(kind)), kind in known.thresholds,
        )
        for kind, category in house.kinds().items()
    ]  # fmt: skip
    return Home(
        screening.version(),
        newest.number if newest else 0,
        newest.at if newest else None,
        tuple(sorted(lines, key=lambda line: list(house.kinds()).index(line.kind))),
        _lines(principal, editing.OPEN, 50),
        _lines(principal, tuple(s for s in Change.State.values if s not in editing.OPEN), 20),
        Drift.objects.filter(seen_at=None).count(),
    )


def _rules(known: house.Changes) -> list[Rule]:
    """All rules that are looked for now."""
    shipped = [rule for file in house.shipped() for rule in file.rules]
    ids = {rule.id for rule in shipped}
    kept = [known.rules.get(rule.id, rule) for rule in shipped]
    added = [rule for ident, rule in sorted(known.rules.items()) if ident not in ids]
    return [rule for rule in (*kept, *added) if rule is not None]


def _languages(rules: list[Rule], kind: str) -> tuple[str, ...]:
    spoken = {rule.lang for rule in rules if rule.kind == kind}
    return tuple(code for code in asked.LANGUAGES if code in spoken)


def _lines(principal: Principal, states: tuple[str, ...], most: int) -> tuple[ChangeLine, ...]:
    rows = Change.objects.filter(state__in=states).prefetch_related("releases").order_by("-made_at")[:most]
    return tuple(
        ChangeLine(
            row.id, row.rule, row.kind, row.what, row.why, row.state, row.settled_at or row.proposed_at or row.made_at,
            str(principal.id) in row.editors, row.shadow_since is not None,
            max((r.number for r in row.releases.all()), default=None),
        )
        for row in rows
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RuleView:
    """One rule as it holds, with where it is from. `rule` is what would be looked for if it were not off."""

    rule: Rule
    file: str
    owner: str
    version: int
    changed: UUID | None
    why: str
    off: bool
    at: datetime | None


def of_kind(principal: Principal, kind: str) -> tuple[RuleView, ...]:
    """Every rule of a category with its tests, version and owner. One query. Raises NotFound."""
    access.steward(principal)
    if kind not in house.kinds():
        raise NotFound()
    held = {
        row.rule: row
        for row in Change.objects.filter(kind=kind, state=Change.State.ACTIVE).exclude(what="threshold")
    }
    out = []
    for file in house.shipped():
        for rule in file.rules:
            if rule.kind == kind:
                out.append(_view(rule, file, held.pop(rule.id, None)))
    for row in held.values():
        if row.content and row.what != Change.What.RESET:
            out.append(_view(house.from_dict(row.content), None, row))
    return tuple(sorted(out, key=lambda view: (asked.LANGUAGES.index(view.rule.lang), view.rule.id)))


def _view(rule: Rule, file: house.File | None, row: Change | None) -> RuleView:
    changed = row is not None and row.what != Change.What.RESET
    if row is not None and changed and row.content:
        rule = house.from_dict(row.content)
    owner = (row.owner if row is not None else "") or (file.owner if file else "")
    return RuleView(
        rule,
        f"{file.name}.toml" if file else "",
        owner,
        row.version if row is not None else file.version if file else 1,
        row.id if row is not None and changed else None,
        row.why if row is not None and changed else "",
        row is not None and row.what == Change.What.OFF,
        row.settled_at if row is not None else None,
    )


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change on one page. `fault`: why it cannot be tried or proposed yet."""

    id: UUID
    rule: str
    kind: str
    what: str
    state: str
    revision: int
    version: int
    owner: str
    why: str
    answer: str
    mine: bool
    writers: tuple[str, ...]
    made_at: datetime
    proposed_at: datetime | None
    settled_at: datetime | None
    settled_by: str
    after: Rule | None
    before: Rule | None
    threshold: tuple[float, float] | None
    differences: tuple[Difference, ...]
    lost_tests: int
    tested: Tested | None
    fault: str
    trying: bool
    tried: bool
    tried_at: datetime | None
    outcome: Outcome | None
    shadow_since: datetime | None
    stale: bool
    file: str


def change(principal: Principal, ident: UUID | str) -> ChangeView:
    """One change with what differs, its tests and its dry run. A fixed number of queries. Raises NotFound."""
    row = access.change(principal, ident)
    held = editing.holds(row.rule)
    is_open = row.state in editing.OPEN
    before = _before(row, held)
    after = house.from_dict(row.content) if row.what in ("edit", "add") and row.content else None
    if row.what == Change.What.RESET:
        after = house.shipped_rule(row.rule)
    at = None
    if row.what == Change.What.THRESHOLD:
        at = (
            editing.threshold_now(row.kind, held if is_open else _row(row.before)),
            float(row.content["at"]),
        )
    elif row.what == Change.What.RESET and row.rule.startswith("threshold."):
        at = (editing.threshold_now(row.kind, _row(row.before)), house.threshold(row.kind))
    names = people.names([*(UUID(one) for one in row.editors), *([row.settled_by] if row.settled_by else [])])
    shipped = house.shipped_rule(row.rule)
    file = house.file_of(row.rule)
    return ChangeView(
        id=row.id, rule=row.rule, kind=row.kind, what=row.what, state=row.state, revision=row.revision,
        version=row.version, owner=row.owner, why=row.why, answer=row.answer,
        mine=str(principal.id) in row.editors,
        writers=tuple(names.get(UUID(one), "") for one in row.editors),
        made_at=row.made_at, proposed_at=row.proposed_at, settled_at=row.settled_at,
        settled_by=names.get(row.settled_by, "") if row.settled_by else "",
        after=after, before=before, threshold=at,
        differences=asked.differences(before, after) if at is None else (),
        lost_tests=_lost(shipped, after) if row.what == "edit" else 0,
        tested=_tested(row, after) if is_open else None,
        fault=editing.not_whole(row) if is_open else "",
        trying=row.trying, tried=row.tried == row.revision, tried_at=row.tried_at,
        outcome=trial.outcome(row.outcome), shadow_since=row.shadow_since,
        stale=is_open and (held.id if held else None) != row.before,
        file=f"{file.name}.toml" if file else "",
    )  # fmt: skip


def _lost(shipped: Rule | None, after: Rule | None) -> int:
    """How many of the tests that came with a rule are not in it any more."""
    if shipped is None or after is None:
        return 0
    return len({*shipped.yes, *shipped.no} - {*after.yes, *after.no})


def _tested(row: Change, rule: Rule | None) -> Tested | None:
    """What its own tests say; None while it cannot be run."""
    if row.what not in ("edit", "add") or rule is None or asked.faults(rule, house.sets()):
        return None
    return house.test(rule)


def _row(ident: UUID | None) -> Change | None:
    return Change.objects.filter(pk=ident).first() if ident else None


def _before(row: Change, held: Change | None) -> Rule | None:
    if row.rule.startswith("threshold."):
        return None
    if row.state in editing.OPEN:
        return editing.rule_now(row.rule, held)
    return editing.rule_now(row.rule, _row(row.before))
