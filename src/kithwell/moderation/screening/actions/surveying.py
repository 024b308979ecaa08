"""Where scores lie: of what people wrote in the last 30 days, and of what people here decided. Counts by bin only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Prefetch

from kithwell.kernel import clock
from kithwell.moderation import words
from kithwell.moderation.models import Case, Decision, Report, Signal
from kithwell.moderation.rules import categories
from kithwell.moderation.screening.actions import holding, trying
from kithwell.moderation.screening.models import Survey
from kithwell.moderation.screening.rules import curves, trial
from kithwell.safety import house, screening
from kithwell.safety.screening import Engine
from kithwell.safety.signals import Screening

DECIDED_DAYS = 180
MOST_CASES = 5_000
KEPT = 12  # surveys
_LEAST = 0.1


def survey() -> None:
    """Make a new survey with what holds now. The job runs it each week, or when a steward asks."""
    tools = holding.tools(holding.changes())
    scores: dict[str, list[int]] = {kind: [0] * curves.BINS for kind in house.kinds()}
    texts = 0
    for _kind, _ident, _community, text in trying.texts():
        texts += 1
        for kind, score in _scores(screening.screen_with(tools, text)).items():
            scores[kind][curves.bin_of(score)] += 1
    Survey.objects.create(
        version=tools.version[:160], days=trial.DAYS, texts=texts, scores=scores, decided=_decided(tools)
    )
    old = Survey.objects.order_by("-at").values_list("pk", flat=True)[KEPT:]
    Survey.objects.filter(pk__in=list(old)).delete()


def _scores(seen: Screening) -> dict[str, float]:
    return {one.category: one.score for one in (*seen.harm, *seen.conduct) if one.score > 0}


def _decided(tools: Engine) -> dict[str, list[list[int]]]:
    """{kind: [[acted, kept] for each bin]} of cases that a person decided and whose words are still kept."""
    out: dict[str, list[list[int]]] = defaultdict(lambda: [[0, 0] for _ in range(curves.BINS)])
    for text, acted, about in _cases():
        seen = _scores(screening.screen_with(tools, text))
        for kind in house.kinds():
            score = seen.get(kind, 0.0)
            if score >= _LEAST or categories.known(kind) in about:
                out[kind][curves.bin_of(score)][0 if acted else 1] += 1
    return dict(out)


def _cases() -> Iterable[tuple[str, bool, frozenset[str]]]:
    """(words, was something done, what it was about) of each decided case."""
    since = clock.now() - timedelta(days=DECIDED_DAYS)
    standing = Decision.objects.filter(by__isnull=False, state__in=("active", "reversed"))
    rows = (
        Case.objects.filter(state="decided", decided_at__gte=since, evidence__isnull=False)
        .order_by("-decided_at")
        .prefetch_related(
            Prefetch("decisions", standing, "standing"),
            Prefetch("reports", Report.objects.all(), "told"),
            Prefetch("signals", Signal.objects.all(), "noted"),
        )
    )
    for case in rows[:MOST_CASES]:
        if not case.standing:
            continue
        text = words.unseal(case.subject, case.evidence, "moderation_case", "evidence", case.id)
        acted = any(
            d.state == "active" and (d.thing, d.person) != ("nothing", "nothing") for d in case.standing
        )
        about = frozenset([*(r.category for r in case.told), *(s.category for s in case.noted)])
        if text:
            yield text, acted, about
