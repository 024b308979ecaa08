"""`screen`: one text in, one `Screening` out. Pure apart from reading rules and weights once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from kithwell.safety import conduct, crisis, language, lexicon, linear, longtext
from kithwell.safety.context import Weighed, weigh
from kithwell.safety.levels import BASE, Judged, judge
from kithwell.safety.normal import View
from kithwell.safety.patterns import Book, Hit
from kithwell.safety.signals import LEVELS, Screening, Span

RULES_VERSION = "first.1"
_CONTEXT_CHARS = 2000
_MOST_SPANS = 24
_NOTHING = Judged(0, False, (), frozenset())
_SHARE_KNOWN = 0.6


@dataclass(frozen=True)
class Engine:
    """Everything loaded: rules, cues, weights, the words either of them knows, and the name of it all."""

    main: Book
    times: Book
    cues: Book
    excuses: Book
    model: linear.Model | None
    known: frozenset[str]
    version: str


@dataclass(frozen=True, slots=True)
class Read:
    """One text as read by the rules."""

    view: View
    words: set[str]
    lang: str
    hits: list[Hit]
    weighed: list[Weighed]


@cache
def engine() -> Engine:
    """Rules, cues and weights, loaded once."""
    main, times = lexicon.book(lexicon.MAIN), lexicon.book(lexicon.TIMES)
    cues, excuses = lexicon.book(lexicon.CUES), lexicon.book(lexicon.EXCUSES)
    model = linear.load()
    known = main.vocabulary  # of rules only: what the scorer is trained on must not depend on an older scorer
    weights = model.digest[:12] if model else "none"
    return Engine(
        main,
        times,
        cues,
        excuses,
        model,
        known,
        f"{RULES_VERSION}+rules.{lexicon.digest()}+weights.{weights}",
    )


def version() -> str:
    """Which rules and weights answer, by hash."""
    return engine().version


def warm() -> str:
    """Load everything now rather than with the first text. Returns the version."""
    screen("I am not sure I can go on, my friend said he wants to die tonight")
    return version()


def read(text: str, tools: Engine, context: str = "") -> Read:
    """Words, language, rule hits and what surrounds them."""
    view = View(text, tools.known)
    words = view.distinct
    lang = language.detect(view.line, words)
    if lang == "unknown" and tools.model is not None and words and view.line.isascii():
        known = len(words & tools.model.words)
        if known >= _SHARE_KNOWN * len(words):
            lang = "en"
    hits = tools.main.find(view.line, words)
    own = [hit for hit in hits if hit.rule.category == "crisis"]
    if own or context:
        own += tools.times.find(view.line, words)
    return Read(view, words, lang, hits, weigh(view.line, words, own, tools.cues) if own else [])


def screen(text: str, context: str = "", lang: str | None = None) -> Screening:
    """Screen what a person wrote. `context` is what the same person wrote just before, `lang` a hint ("es").

    Never raises for any string; a very long text is read in pieces (see `longtext`). Doubt raises, never silences.
    """
    tools = engine()
    whole, origins = longtext.pieces(text)
    seen = read(whole, tools, context)
    code = seen.lang
    if code == "unknown" and lang:
        code = lang.split("-")[0].split("_")[0].lower() or "unknown"
    if seen.weighed:
        before = read(context[-_CONTEXT_CHARS:], tools).weighed if context else ()
        judged = judge(seen.weighed, before)
    else:
        judged = _NOTHING
    model = tools.model if code in language.VALIDATED and seen.words else None
    heads = head_scores(seen, model)
    verdict = crisis.decide(judged, crisis.features(seen.weighed, judged, len(seen.view.words)), model, heads)
    ruled, excuses = conduct.weights(seen.view.line, seen.words, seen.hits, tools.excuses)
    harm, others = conduct.signals(ruled, excuses, model, heads)
    return Screening(
        lang=code,
        crisis_level=LEVELS[verdict.level],
        crisis_score=round(verdict.score, 4),
        crisis_flag=verdict.flag,
        distress_score=round(verdict.distress, 4),
        distress_flag=verdict.distress_flag,
        harm=harm,
        conduct=others,
        spans=_spans(seen, model, judged, verdict, origins),
        version=tools.version,
        validated=model is not None,
        guidance=judged.guidance,
        crisis_severity=round(verdict.severity, 3),
    )


def head_scores(seen: Read, model: linear.Model | None) -> tuple[float, ...]:
    """The scorer's answers in the order of its heads; empty without a scorer."""
    if model is None:
        return ()
    return model.scores(scored_words(seen))


def scored_words(seen: Read) -> Sequence[str]:
    """The words the scorer may see: those of discounted hits are left out."""
    return crisis.masked(seen.view.words, seen.view.line, seen.weighed) if seen.weighed else seen.view.words


def _spans(
    seen: Read,
    model: linear.Model | None,
    judged: Judged,
    verdict: crisis.Crisis,
    origins: list[tuple[int, int]],
) -> tuple[Span, ...]:
    out: list[tuple[int, int, str, float]] = []
    for row in seen.weighed:
        label = row.hit.rule.label
        weight = float(crisis.RULE_SCORES[BASE[row.kind]])
        if row.less:
            label, weight = f"{label}; {crisis.WHY[row.less]}", 0.0
        elif row.doubt == "humour":
            label += "; may be dark humour, a person should look"
        out.append((row.hit.start, row.hit.end, label, weight))
    for hit in seen.hits:
        if hit.rule.category != "crisis":
            out.append((hit.start, hit.end, hit.rule.label, hit.rule.weight))
    if model is not None and verdict.flag and judged.level < 2:  # the scorer alone raised it: say why
        out += _word_reasons(seen, model)
    out = out[:_MOST_SPANS]
    places = seen.view.spans([(start, end) for start, end, _, _ in out]) if out else []
    spans = [
        Span(longtext.origin(first, origins), longtext.origin(last - 1, origins) + 1, label, weight)
        for (first, last), (_, _, label, weight) in zip(places, out, strict=True)
    ]
    spans.sort(key=lambda span: (span.start, -span.end, span.label))
    return tuple(spans)


def _word_reasons(seen: Read, model: linear.Model) -> list[tuple[int, int, str, float]]:
    out = []
    for words, weight in model.reasons(scored_words(seen), "crisis"):
        at = seen.view.line.find(f" {words} ")
        if at >= 0:
            out.append((at, at + len(words) + 1, "words that weigh on the score", round(weight, 3)))
    return out
