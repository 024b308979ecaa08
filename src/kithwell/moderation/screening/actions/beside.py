"""Shadow mode: a candidate answers beside what holds. It never acts; what is kept are counts of a day.

A candidate is a change that a steward lets run beside, or the weights file that the setting `screening_candidate`
names. A job looks, after the thing is stored, so that nothing waits for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from django.db import IntegrityError, transaction
from django.db.models import F

from kithwell.kernel import clock, conf, logs
from kithwell.moderation import kinds
from kithwell.moderation.screening.actions import editing, holding
from kithwell.moderation.screening.models import Change, Shadow
from kithwell.moderation.screening.rules import trial
from kithwell.safety import linear, screening
from kithwell.safety.patterns import BadPattern
from kithwell.safety.screening import Engine
from kithwell.safety.signals import Screening

LONGEST = timedelta(days=60)
HELP = "help"
ALWAYS = (HELP, "hate", "offensive")  # what a scorer answers for every text
log = logs.get("moderation.screening")


@dataclass(frozen=True)
class Candidate:
    """`name` as its counts stand under; `about`: the categories it may answer otherwise."""

    name: str
    tools: Engine
    about: tuple[str, ...]


def ask(kind: str, ident: str) -> None:
    """If anything runs beside, look at this thing with it, soon: only at what others can read."""
    from kithwell.moderation.screening import tasks

    if not kinds.is_shared(kind):
        return
    if conf.get("screening_candidate", "") or _running().exists():
        tasks.look_beside.enqueue(kind=kind, ident=ident)


def _running() -> object:
    since = clock.now() - LONGEST
    return Change.objects.filter(shadow_since__gt=since, state__in=editing.OPEN)


def candidates() -> Iterator[Candidate]:
    """Everything that runs beside now."""
    known = holding.changes()
    for row in _running().order_by("made_at")[:10]:  # type: ignore[attr-defined]
        try:
            tools = holding.tools(holding.with_change(known, row))
        except (BadPattern, ValueError, KeyError) as error:
            log.error("screening.candidate_unreadable", id=str(row.id), error=type(error).__name__)
            continue
        yield Candidate(f"{row.rule} {row.revision}", tools, (row.kind,))
    weights = _weights(str(conf.get("screening_candidate", "") or ""))
    if weights is not None:
        tools = replace(screening.at_work(), model=weights)
        yield Candidate(f"weights {weights.digest[:12]}", tools, ALWAYS)


@lru_cache(maxsize=1)
def _weights(path: str) -> linear.Model | None:
    if not path:
        return None
    try:
        return linear.parse(Path(path).read_bytes())
    except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
        log.error("screening.candidate_unreadable", error=type(error).__name__)
        return None


def look(kind: str, ident: str) -> None:
    """The job: what would each candidate have said of this thing?"""
    seen = kinds.snippet(kind, ident)
    if seen is None or not seen.text:
        return
    now = screening.screen_with(holding.tools(holding.changes()), seen.text)
    for candidate in candidates():
        then = screening.screen_with(candidate.tools, seen.text)
        for category in candidate.about:
            _count(candidate.name, now.lang, category, _says(now, category), _says(then, category))


def _says(seen: Screening, category: str) -> bool:
    return seen.crisis_flag if category == HELP else trial.is_flagged(seen, category)


def _count(candidate: str, language: str, category: str, now: bool, then: bool) -> None:
    column = ("neither", "only_candidate", "only_now", "both")[2 * now + then]
    key = {
        "day": clock.now().date(),
        "candidate": candidate[:80],
        "language": language[:8],
        "category": category,
    }
    if Shadow.objects.filter(**key).update(**{column: F(column) + 1}):
        return
    try:
        with transaction.atomic():
            Shadow.objects.create(**key, **{column: 1})
    except IntegrityError:
        Shadow.objects.filter(**key).update(**{column: F(column) + 1})
