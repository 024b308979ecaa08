"""When awareness days are: fixed dates, and rules such as "the first Wednesday of May", worked out for any year.

A rule is a short text in data/days.toml:

    10-10                   one day
    10-10..10-20            from day to day
    05                      a whole month
    wed#1 of 05             the first Wednesday of May; wed#-1 is the last one
    mon#2 of 05 +6          a week that begins on the second Monday of May
    sat before thu#4 of 11  the Saturday before the fourth Thursday of November
    mon on-or-before 10-10 +13   two weeks that begin with the Monday of the week of 10 October
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FIXED = re.compile(r"(\d{2})-(\d{2})(?:\.\.(\d{2})-(\d{2}))?")
_NTH = re.compile(r"([a-z]{3})#(-?[1-5]) of (\d{2})")
_LONG = re.compile(r"(.+) \+(\d{1,2})")
_BEFORE = re.compile(r"([a-z]{3}) (before|on-or-before) (.+)")


class BadRule(ValueError):
    """A rule that cannot be read, or that names a day which is not there every year."""


@dataclass(frozen=True, slots=True)
class Span:
    """From `first` to `last`, both with it."""

    first: date
    last: date

    def meets(self, first: date, last: date) -> bool:
        return self.first <= last and first <= self.last


def when(rule: str, year: int) -> Span:
    """The days that `rule` means in `year`. Raises BadRule."""
    if found := _LONG.fullmatch(rule):
        first = _day(found[1], year)
        return Span(first, first + timedelta(days=int(found[2])))
    if re.fullmatch(r"\d{2}", rule):
        month = _month(rule)
        return Span(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
    found = _FIXED.fullmatch(rule)
    if found and found[3]:
        return Span(_fixed(year, found[1], found[2]), _fixed(year, found[3], found[4]))
    day = _day(rule, year)
    return Span(day, day)


def _month(text: str) -> int:
    month = int(text)
    if not 1 <= month <= 12:
        raise BadRule(f"there is no month {text}")
    return month


def _fixed(year: int, month: str, day: str) -> date:
    try:
        return date(year, int(month), int(day))
    except ValueError:
        raise BadRule(f"there is no {month}-{day} in {year}") from None


def _weekday(name: str) -> int:
    if name not in WEEKDAYS:
        raise BadRule(f"no day of the week: {name}")
    return WEEKDAYS.index(name)


def _day(rule: str, year: int) -> date:
    if found := _FIXED.fullmatch(rule):
        return _fixed(year, found[1], found[2])
    if found := _NTH.fullmatch(rule):
        return nth(year, _month(found[3]), _weekday(found[1]), int(found[2]))
    if found := _BEFORE.fullmatch(rule):
        last = _day(found[3], year)
        back = (last.weekday() - _weekday(found[1])) % 7
        if found[2] == "before" and back == 0:
            back = 7
        return last - timedelta(days=back)
    raise BadRule(f"cannot read {rule!r}")


def nth(year: int, month: int, weekday: int, n: int) -> date:
    """The n-th such weekday of a month, from its end when `n` is negative. Raises BadRule."""
    length = calendar.monthrange(year, month)[1]
    if n > 0:
        day = 1 + (weekday - date(year, month, 1).weekday()) % 7 + 7 * (n - 1)
    else:
        day = length - (date(year, month, length).weekday() - weekday) % 7 + 7 * (n + 1)
    if n == 0 or not 1 <= day <= length:
        raise BadRule(f"no such day in {year}-{month:02}")
    return date(year, month, day)
