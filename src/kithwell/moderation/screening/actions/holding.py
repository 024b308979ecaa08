"""What holds now, in every process: looked up every few seconds, used by the screening from then on."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Max

from kithwell.kernel import fresh, logs
from kithwell.moderation.screening.models import Change, Release
from kithwell.safety import house, screening
from kithwell.safety.patterns import BadPattern
from kithwell.safety.screening import Engine

EVERY = 5.0
log = logs.get("moderation.screening")
_stands: tuple[int, int] | None = (
    None  # what this process last took up: the newest release, and how many there were
)


def stands() -> tuple[int, int]:
    """The newest release and how many there are: of two agreed to at once, the lower number may be there later."""
    found = Release.objects.aggregate(newest=Max("number"), n=Count("pk"))
    return found["newest"] or 0, found["n"]


def changes() -> house.Changes:
    """Everything that holds beside what is shipped. Two queries."""
    number, _n = stands()
    return gathered(Change.objects.filter(state=Change.State.ACTIVE).order_by("rule"), number)


def gathered(rows: Iterable[Change], number: int) -> house.Changes:
    """These changes as the screening takes them. One that cannot be read (any more) is left out and told in the log:
    the shipped rule holds then."""
    found = house.Changes(number=number)
    for row in rows:
        try:
            tried = with_change(found, row)
            house.check(tried.rules.get(row.rule))
        except (BadPattern, ValueError, KeyError, TypeError) as error:
            log.error("screening.change_unreadable", id=str(row.id), error=type(error).__name__)
            continue
        found = tried
    return found


def with_change(known: house.Changes, row: Change) -> house.Changes:
    """What holds when this change does as well."""
    if row.what == Change.What.THRESHOLD:
        return known.with_threshold(row.kind, float(row.content["at"]))
    if row.what == Change.What.RESET:
        if row.rule.startswith("threshold."):
            left = {kind: at for kind, at in known.thresholds.items() if kind != row.kind}
            return house.Changes(known.rules, left, known.number)
        rules = {ident: rule for ident, rule in known.rules.items() if ident != row.rule}
        return house.Changes(rules, known.thresholds, known.number)
    return known.with_rule(row.rule, None if row.what == Change.What.OFF else house.from_dict(row.content))


_MOST_KEPT = 6
_made: dict[tuple[int, str], Engine] = {}


def tools(found: house.Changes) -> Engine:
    """The tools of these changes; the last few are kept, since making them takes a tenth of a second or two.

    Raises like `house.tools`."""
    key = (found.number, found.digest)
    if key not in _made:
        made = house.tools(found)
        while len(_made) >= _MOST_KEPT:
            _made.pop(next(iter(_made)), None)
        _made[key] = made
    return _made[key]


@fresh.kept(seconds=EVERY)
def follow() -> None:
    """Take up what holds, if it is not what this process has. One query while nothing changes."""
    if stands() != _stands:
        hold()


def hold() -> None:
    """Screen with what holds now, in this process."""
    global _stands
    now = stands()  # first: what comes between is taken up at the next look
    found = changes()
    screening.work_with(tools(found) if found else None)
    _stands = now


def forget() -> None:
    """Tests: this process screens with what is shipped."""
    global _stands
    screening.work_with(None)
    _stands = None
