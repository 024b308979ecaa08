"""What holds now, in every process: looked up every few seconds, used by the screening from then on."""

from __future__ import annotations

from collections.abc import Iterable

from kithwell.kernel import fresh, logs
from kithwell.moderation.screening.models import Change, Release
from kithwell.safety import house, screening
from kithwell.safety.patterns import BadPattern
from kithwell.safety.screening import Engine

EVERY = 5.0
log = logs.get("moderation.screening")
_number: int | None = None


def changes() -> house.Changes:
    """Everything that holds beside what is shipped. Two queries."""
    number = Release.objects.order_by("-number").values_list("number", flat=True).first() or 0
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
    global _number
    newest = Release.objects.order_by("-number").values_list("number", flat=True).first() or 0
    if newest != _number:
        hold()


def hold() -> None:
    """Screen with what holds now, in this process."""
    global _number
    found = changes()
    screening.work_with(tools(found) if found else None)
    _number = found.number


def forget() -> None:
    """Tests: this process screens with what is shipped."""
    global _number
    screening.work_with(None)
    _number = None
