"""`screen`: one text in, one `Screening` out. Pure apart from reading rules and weights once."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from kithwell.safety import conduct, crisis, language, lexicon, linear, longtext, personal
from kithwell.safety.context import Weighed, weigh
from kithwell.safety.levels import BASE, Judged, judge
from kithwell.safety.normal import Followers, View, followers, pairs_in
from kithwell.safety.patterns import Book, Hit, Sentences
from kithwell.safety.signals import LEVELS, Screening, Signal, Span

RULES_VERSION = "first.1"
_CONTEXT_CHARS = 2000
_MOST_SPANS = 24
_NOTHING = Judged(0, False, (), frozenset())
_SHARE_KNOWN = 0.6
_AS_GIVEN = [(0, 0)]


Signals = tuple[Signal, ...]


@dataclass(frozen=True)
class Engine:
    """Everything loaded: rules, cues, weights, the words either of them knows, and the name of it all."""

    main: Book
    times: Book
    cues: Book
    excuses: Book
    model: linear.Model | None
    known: frozenset[str]
    keys: frozenset[str]
    version: str
    flags: Callable[[Signals, bool], Signals] | None = None
    """A house's own thresholds for what may be unsafe for others (see `house`); it never hears of crisis."""

    @cached_property
    def word_keys(self) -> frozenset[str]:
        return frozenset(key for key in self.keys if " " not in key)

    @cached_property
    def pair_keys(self) -> frozenset[str]:
        return self.keys - self.word_keys

    @cached_property
    def pairs(self) -> Followers:
        """The pairs of words that rules or scorer know."""
        return followers([*self.keys, *(self.model.table if self.model else ())])


@dataclass(slots=True)
class Read:
    """One text as read by the rules."""

    view: View
    words: set[str]
    lang: str
    hits: list[Hit]
    weighed: list[Weighed]
    sentences: Sentences
    pairs: set[str]
    """The pairs of neighbours that rules or scorer know."""
    telling: set[str] | frozenset[str]
    """The words and pairs that rules know."""


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
        main.keys | times.keys | cues.keys | excuses.keys,
        f"{RULES_VERSION}+rules.{lexicon.digest()}+weights.{weights}",
    )


_own: Engine | None = None


def work_with(tools: Engine | None) -> None:
    """From now on this process screens with these tools; None: with what is shipped."""
    global _own
    _own = tools


def at_work() -> Engine:
    """What this process screens with now."""
    return _own or engine()


def version() -> str:
    """Which rules and weights answer, by hash."""
    return at_work().version


def warm() -> str:
    """Load everything now rather than with the first text. Returns the version.

    What is loaded stays for good, so the garbage collector need not look at it again and again: a fifth of the time.
    """
    screen("I am not sure I can go on, my friend said he wants to die tonight")
    gc.collect()
    gc.freeze()
    return version()


def read(text: str, tools: Engine, context: str = "") -> Read:
    """Words, language, rule hits and what surrounds them."""
    view = View(text, tools.known)
    words = view.distinct
    lang = language.detect("" if view.plain else view.line, words)
    if lang == "unknown" and tools.model is not None and words and view.line.isascii():
        known = len(words & tools.model.words)
        if known >= _SHARE_KNOWN * len(words):
            lang = "en"
    pairs = pairs_in(view.words, tools.pairs)
    telling = words & tools.word_keys
    telling |= pairs & tools.pair_keys
    line = view.line
    sentences = Sentences(line)
    hits = tools.main.find(line, words, sentences, telling)
    own = [hit for hit in hits if hit.rule.category == "crisis"] if hits else []
    if own or context:
        own += tools.times.find(line, words, sentences, telling)
    weighed = weigh(line, words, own, tools.cues, sentences, telling) if own else []
    return Read(view, words, lang, hits, weighed, sentences, pairs, telling)


def screen(text: str, context: str = "", lang: str | None = None) -> Screening:
    """Screen what a person wrote. `context` is what the same person wrote just before, `lang` a hint ("es").

    Never raises for any string; a very long text is read in pieces (see `longtext`). Doubt raises, never silences.
    """
    return screen_with(_own or engine(), text, context, lang)


def screen_with(tools: Engine, text: str, context: str = "", lang: str | None = None) -> Screening:
    """`screen` with rules and weights of the caller's choice (to measure them)."""
    whole, origins = (text, _AS_GIVEN) if len(text) <= longtext.WHOLE else longtext.pieces(text)
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
    features: tuple[set[str], ...] = ()
    heads: tuple[float, ...] = ()
    if model is not None:
        features = scored(seen, tools)
        heads = model.sums(*features)
    verdict = crisis.decide(judged, crisis.features(seen.weighed, judged, len(seen.view.words)), model, heads)
    ruled: dict[str, float] = {}
    excuses: frozenset[str] = frozenset()
    if seen.hits:
        ruled, excuses = conduct.weights(
            seen.view.line, seen.words, seen.hits, tools.excuses, seen.sentences, seen.telling
        )
    private = personal.find(whole)
    if private:
        most = max(one.weight for one in private)
        ruled = {**ruled, personal.KIND: max(most, ruled.get(personal.KIND, 0.0))}
    harm, others = conduct.signals(ruled, excuses, model, heads)
    if tools.flags is not None:
        harm, others = tools.flags(harm, model is not None), tools.flags(others, model is not None)
    return Screening(
        lang=code,
        crisis_level=LEVELS[verdict.level],
        crisis_score=round(verdict.score, 4),
        crisis_flag=verdict.flag,
        distress_score=round(verdict.distress, 4),
        distress_flag=verdict.distress_flag,
        harm=harm,
        conduct=others,
        spans=_spans(seen, model, features, judged, verdict, private, origins),
        version=tools.version,
        validated=model is not None,
        guidance=judged.guidance,
        crisis_severity=round(verdict.severity, 3),
    )


def scored(seen: Read, tools: Engine) -> tuple[set[str], set[str]]:
    """The words, and the known pairs, that the scorer may see: those of discounted hits are left out."""
    if not seen.weighed:
        return seen.words, seen.pairs
    words = crisis.masked(seen.view.words, seen.view.line, seen.weighed)
    if words is seen.view.words:
        return seen.words, seen.pairs
    return set(words), pairs_in(words, tools.pairs)


def _spans(
    seen: Read,
    model: linear.Model | None,
    features: tuple[set[str], ...],
    judged: Judged,
    verdict: crisis.Crisis,
    private: Sequence[personal.Found],
    origins: list[tuple[int, int]],
) -> tuple[Span, ...]:
    out: list[tuple[int, int, str, float]] = []
    if not (seen.hits or private or verdict.flag):
        return ()
    for row in seen.weighed:
        label = row.hit.rule.label
        weight = float(crisis.RULE_SCORES[BASE[row.kind]])
        if row.less:
            label, weight = f"{label}; {crisis.WHY[row.less]}", 0.0
        elif row.doubt == "humour":
            label += "; may be dark humour, a person should look"
        out.append((row.hit.start, row.hit.end, label, weight))
    for hit in seen.hits:
        if hit.rule.category != "crisis" and hit.rule.kind != conduct.NAMED:
            out.append((hit.start, hit.end, hit.rule.label, hit.rule.weight))
    if model is not None and verdict.flag and judged.level < 2:  # the scorer alone raised it: say why
        out += _word_reasons(seen, model, features)
    out = out[:_MOST_SPANS]
    places = seen.view.spans([(start, end) for start, end, _, _ in out]) if out else []
    places += [(one.start, one.end) for one in private]
    out += [(one.start, one.end, one.label, one.weight) for one in private]
    if len(origins) > 1:
        places = [
            (longtext.origin(first, origins), longtext.origin(last - 1, origins) + 1)
            for first, last in places
        ]
    spans = [
        Span(first, last, label, weight)
        for (first, last), (_, _, label, weight) in zip(places, out, strict=True)
    ]
    spans.sort(key=lambda span: (span.start, -span.end, span.label))
    return tuple(spans)


def _word_reasons(
    seen: Read, model: linear.Model, features: tuple[set[str], ...]
) -> list[tuple[int, int, str, float]]:
    out = []
    for words, weight in model.reasons(set().union(*features), "crisis"):
        at = seen.view.line.find(f" {words} ")
        if at >= 0:
            out.append((at, at + len(words) + 1, "words that weigh on the score", round(weight, 3)))
    return out
