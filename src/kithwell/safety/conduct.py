"""Is this unsafe for others? Harm and conduct signals, tuned for precision. Pure; shares no threshold with crisis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kithwell.safety.linear import Model
from kithwell.safety.patterns import Book, Hit, Sentences
from kithwell.safety.signals import CONDUCT_ALWAYS, Signal

FLAG_AT = 0.5
"""Rule weights are set so that 0.5 means "a reviewer should look at this for others' sake"."""

NAMED = "group"
"""A group of people is named: no signal by itself, but the scorer wants to know, and what is said of it matters."""
SURE = 0.5
"""The least score at which the scorer alone flags hate, where no rule counts in full and the text speaks against it,
denies it, speaks well of a group, uses a word as those use it whom it names, or insults a person and names no group."""
_MILD = frozenset({"counter", "quoted", "denied", "good", "reclaimed"})
_EXCUSED = 0.35
_SCORED = ("hate", "offensive")
_QUIET = tuple(Signal(kind, 0.0, False) for kind in CONDUCT_ALWAYS)
_NONE = {signal.category: signal for signal in _QUIET if signal.category not in _SCORED}
_PERSONAL = frozenset({"hate", "harassment", "threat", "encouragement"})


def weights(
    line: str,
    words: set[str],
    hits: list[Hit],
    book: Book,
    sentences: Sentences,
    telling: frozenset[str] | set[str] | None = None,
) -> tuple[dict[str, float], frozenset[str]]:
    """{kind: highest weight} of harm and conduct hits after excuses, and which excuses were met."""
    out: dict[str, float] = {}
    aimed = [hit for hit in hits if hit.rule.category != "crisis"]
    if not aimed:
        return out, frozenset()
    found = book.find(line, words, sentences, telling)
    excuses = {hit.rule.kind for hit in found}
    for hit in aimed:
        kind = hit.rule.kind
        quoted = kind in _PERSONAL and _in_quotes(line, hit)
        excused = quoted or (kind == "hate" and _excused(line, hit, found, sentences))
        if quoted:
            excuses.add("quoted")
        weight = hit.rule.weight * (_EXCUSED if excused else 1.0)
        out[kind] = max(out.get(kind, 0.0), weight)
    return out, frozenset(excuses)


def _excused(line: str, hit: Hit, excuses: list[Hit], sentences: Sentences) -> bool:
    """Denied in its own sentence, quoted, opposed anywhere, or a word people use of themselves."""
    start, end = sentences.of(hit.start, hit.end)
    for other in excuses:
        if other.rule.kind == "denied" and other.start >= start - 1 and other.end <= end + 1:
            return True
        if other.rule.kind == "counter" or (other.rule.kind == "reclaimed" and hit.rule.id in ("hate.slur",)):
            return True
    return _in_quotes(line, hit)


def _in_quotes(line: str, hit: Hit) -> bool:
    return line.count('"', 0, hit.start + 1) % 2 == 1 and '"' in line[hit.end :]


def features(seen: Mapping[str, float], excuses: frozenset[str]) -> dict[str, float]:
    """Rule findings as numbers for the blends; the training uses this very function."""
    out = {f"rule {kind}": weight for kind, weight in seen.items()}
    out.update({f"excuse {kind}": 1.0 for kind in excuses})
    if seen.get("hate", 0.0) >= FLAG_AT:
        out["hit hate"] = 1.0
    return out


def is_quiet(given: Mapping[str, float]) -> bool:
    """Where someone is quoted or spoken against, the scorer's heads mean something else: its words are not theirs."""
    return "excuse counter" in given or "excuse quoted" in given


def inputs(heads: Mapping[str, float], given: Mapping[str, float]) -> dict[str, float]:
    """What a conduct blend is trained on."""
    out = {**heads, **given}
    if is_quiet(given):
        out.update({f"quiet {name}": value for name, value in heads.items()})
    return out


def signals(
    seen: Mapping[str, float], excuses: frozenset[str], model: Model | None, heads: Sequence[float]
) -> tuple[tuple[Signal, ...], tuple[Signal, ...]]:
    """The harm signals and the conduct signals, the always-listed ones first."""
    if not seen and not heads:
        return (), _QUIET
    if model is not None and heads and not seen and not excuses:  # the usual case
        return (), (_scored("hate", model, heads), _scored("offensive", model, heads), *_QUIET[2:])
    scores = dict.fromkeys(CONDUCT_ALWAYS, 0.0)
    flags = dict.fromkeys(CONDUCT_ALWAYS, False)
    for kind, weight in seen.items():
        if kind == NAMED:
            continue
        scores[kind] = weight
        flags[kind] = weight >= FLAG_AT
    if model is not None and heads:
        given = features(seen, excuses)
        quiet = is_quiet(given)
        for kind in _SCORED:
            blend = model.blends[kind]
            scores[kind] = round(blend.score(heads, given, quiet), 4)
            flags[kind] = scores[kind] >= blend.threshold
        if flags["hate"] and scores["hate"] < SURE and "hit hate" not in given:
            insult = flags["harassment"] and NAMED not in seen  # of a person, and no group is named
            flags["hate"] = not insult and not _MILD & excuses
    if not seen:
        return (), tuple(
            _NONE.get(kind) or Signal(kind, scores[kind], flags[kind]) for kind in CONDUCT_ALWAYS
        )
    harm = tuple(Signal(kind, scores[kind], flags[kind]) for kind in sorted(_HARM.intersection(scores)))
    rest = sorted(kind for kind in scores if kind not in _HARM and kind not in CONDUCT_ALWAYS)
    return harm, tuple(Signal(kind, scores[kind], flags[kind]) for kind in (*CONDUCT_ALWAYS, *rest))


def _scored(kind: str, model: Model, heads: Sequence[float]) -> Signal:
    """The scorer alone."""
    blend = model.blends[kind]
    score = round(blend.score(heads, _NO_FINDINGS), 4)
    return Signal(kind, score, score >= blend.threshold)


_NO_FINDINGS: Mapping[str, float] = {}
_HARM = frozenset(
    "method_detail encouragement pact pro_eating_disorder graphic violence_to_others abuse_disclosure".split()
)
