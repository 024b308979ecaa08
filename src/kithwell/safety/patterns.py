"""The small language rules are written in, and the machine that runs many of them over one text quickly.

A pattern is a row of words, matched on `normal.View.line` (folded words, so no capitals, accents or apostrophes):

    die             that word                      (a|b c)    one of these
    [a|b]           one of these, or nothing       <3         up to three words, within the sentence
    self*           any word beginning so          @name      a named set, as in (..); [@name] makes it optional

A pattern compiles to one regular expression without nested repeats, so it runs in linear time. A pattern is only
tried when the text holds at least one word of each of its fixed places, and one of its fixed pairs of neighbours where
it has such; most patterns are never tried at all.
The same language can be compiled for another engine: nothing here is peculiar to Python.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from kithwell.safety.choices import expression
from kithwell.safety.normal import View

_ITEM = re.compile(r"\(([^)]*)\)|\[([^\]]*)\]|<(\d+)|@(\w+)|(\S+)")
_GAP = r"(?: [^ .!?;]+)"
_COMMON = frozenset(
    "i im ive id ill my me myself you your u the a an to of is it its that this was be am are do have"
    " has had not no all dont cant so and or in on at for with just can will want would get got going"
    " gonna he she they his her them as by if about what how like one out up from more there we their"
    " time go day way back here now really que de la el un une je en ich zu".split()
)
"""Words that tell little: never the one a pattern is looked up by, if it has another."""


WHOLE = "text"
"""The option of a cue that counts wherever in the text it stands."""


class BadPattern(ValueError):
    """A pattern nobody could match or that has no fixed word to start from; the message names it."""


@dataclass(frozen=True)
class Rule:
    """One rule of a lexicon file. `kind` is what it means to the code; `label` is what a reader sees."""

    id: str
    category: str
    kind: str
    label: str
    weight: float = 0.0
    lang: str = "en"
    patterns: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    unless_here: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    options: frozenset[str] = frozenset()
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pattern:
    """A compiled pattern. `places` are the sets of words of which the text must hold one each."""

    source: str
    regex_source: str
    places: tuple[frozenset[str], ...]
    phrases: tuple[str, ...] = ()
    """The whole pattern as a list of phrases, where it is no more than that: found without an expression."""
    pairs: frozenset[str] = frozenset()
    """Pairs of neighbouring words of which the text must hold one, where two fixed places stand side by side."""

    @cached_property
    def regex(self) -> re.Pattern[str]:
        return re.compile(self.regex_source)

    def may_match(self, words: frozenset[str] | set[str]) -> bool:
        for place in self.places:  # noqa: SIM110 a generator costs more than all it asks
            if place.isdisjoint(words):
                return False
        return True

    @property
    def anchor(self) -> frozenset[str]:
        """What the pattern is looked up by: words, or better pairs of them, of which the text must hold one."""
        return self.pairs or min(self.places, key=_commonness)


@dataclass(slots=True)  # not frozen only because that makes it quicker to make
class Hit:
    """A rule found at `line[start:end]`."""

    start: int
    end: int
    rule: Rule


def _commonness(place: frozenset[str]) -> int:
    return 60 * len(place & _COMMON) + len(place)


def compile_pattern(source: str, sets: Mapping[str, Sequence[str]]) -> Pattern:
    """Raises BadPattern when a set is missing or no place is fixed."""
    parts: list[str] = []
    row: list[tuple[list[str], bool]] = []
    places: list[frozenset[str]] = []
    choices: list[str] = []
    for group, optional, gap, name, word in _ITEM.findall(source):
        if gap:
            parts.append(f"{_GAP}{{0,{gap}}}")
            row.append(([], True))
            continue
        choices = _choices(group or optional or (f"@{name}" if name else word), sets, source)
        # The space stands before the choices: an engine finds a fixed first character much faster.
        body = f" (?:{expression(choices)})"
        parts.append(f"(?:{body})?" if optional else body)
        row.append((choices, bool(optional)))
        gates = [_gate(choice) for choice in choices]
        if not optional and all(gates):
            places.append(frozenset(gates))
    if not places:
        raise BadPattern(f"no fixed word in {source!r}")
    flat = len(parts) == 1 and "*" not in source
    return Pattern(
        source,
        "".join(parts) + "(?= )",
        tuple(sorted(places, key=len)),
        tuple(choices) if flat else (),
        _pairs(row),
    )


_MOST_PAIRS = 1_200


def _pairs(row: Sequence[tuple[list[str], bool]]) -> frozenset[str]:
    """The rarest set of neighbouring words of which every match holds one; empty where there is none of good size.

    A choice of several words brings a pair of its own; a choice of one word is paired with whatever may come next.
    """
    found = [pairs for place in range(len(row)) if (pairs := _pairs_at(row, place))]
    return min(
        found,
        key=lambda pairs: len(pairs) + 40 * sum(_is_common(pair) for pair in pairs),
        default=frozenset(),
    )


def _pairs_at(row: Sequence[tuple[list[str], bool]], place: int) -> frozenset[str]:
    choices, optional = row[place]
    if optional:
        return frozenset()
    follow: set[str] | None = set()
    for others, loose in row[place + 1 :]:
        if not others or any(choice.split(" ")[0].endswith("*") for choice in others):
            follow = None
            break
        follow = (follow or set()) | {choice.split(" ")[0] for choice in others}
        if not loose:
            break
    else:
        follow = None  # nothing fixed comes after
    out: set[str] = set()
    for choice in choices:
        own = [pair for pair in map(" ".join, pairwise(choice.split(" "))) if "*" not in pair]
        if own:
            out.add(min(own, key=lambda pair: (_is_common(pair), own.index(pair))))
        elif follow is None or "*" in choice:
            return frozenset()
        else:
            out.update(f"{choice} {word}" for word in follow)
        if len(out) > _MOST_PAIRS:
            return frozenset()
    return frozenset(out)


def _is_common(pair: str) -> bool:
    return all(word in _COMMON for word in pair.split(" "))


def _gate(choice: str) -> str:
    """The most telling word of a choice: it can only match where that word is. "" when none is whole."""
    words = [word for word in choice.split(" ") if not word.endswith("*")]
    return min(words, key=lambda word: (word in _COMMON, -len(word)), default="")


def _choices(body: str, sets: Mapping[str, Sequence[str]], source: str) -> list[str]:
    out: list[str] = []
    for raw in body.split("|"):
        choice = raw.strip()
        if choice.startswith("@"):
            if choice[1:] not in sets:
                raise BadPattern(f"no set {choice} for {source!r}")
            out += [_folded(word) for word in sets[choice[1:]]]
        elif choice:
            out.append(_folded(choice))
    if not out or any(not choice for choice in out):
        raise BadPattern(f"an empty choice in {source!r}")
    return list(dict.fromkeys(out))


def _folded(choice: str) -> str:
    return " ".join(
        " ".join(View(word).words) + ("*" if word.endswith("*") else "") for word in choice.split()
    )


_Entry = tuple[int, tuple[frozenset[str], ...], Pattern, Rule]
"""(number, the places beside the anchor, pattern, rule)"""


@dataclass
class Book:
    """Many rules, ready to run. Patterns are found through the words of the text, not tried one after another."""

    rules: tuple[Rule, ...]
    sets: Mapping[str, Sequence[str]]
    _index: dict[str, tuple[list[_Entry], list[tuple[str, Rule]]]] = field(default_factory=dict)
    """What is looked up by a word or pair: patterns to try, and phrases to find."""
    _sides: dict[str, tuple[tuple[Pattern, ...], ...]] = field(default_factory=dict)
    """`unless`, `unless_here` and `needs` of the rules that have any of them."""
    vocabulary: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    """What its patterns are looked up by."""

    def __post_init__(self) -> None:
        order = 0
        vocabulary: set[str] = set()
        for rule in self.rules:
            for source in rule.patterns:
                pattern = compile_pattern(source, self.sets)
                vocabulary.update(*pattern.places)
                for phrase in pattern.phrases:
                    own = _pairs_at([([phrase], False)], 0)
                    key = next(iter(own)) if own else _gate(phrase)
                    self._index.setdefault(key, ([], []))[1].append((f" {phrase} ", rule))
                anchor = pattern.anchor
                others = tuple(sorted((p for p in pattern.places if p is not anchor), key=_commonness))
                for word in anchor if not pattern.phrases else ():
                    self._index.setdefault(word, ([], []))[0].append((order, others, pattern, rule))
                order += 1
            if rule.unless or rule.unless_here or rule.needs:
                sides = (rule.unless, rule.unless_here, rule.needs)
                self._sides[rule.id] = tuple(self._compiled(side) for side in sides)
        self.keys = frozenset(self._index)
        self.vocabulary = frozenset(vocabulary)

    def _compiled(self, sources: Iterable[str]) -> tuple[Pattern, ...]:
        return tuple(compile_pattern(source, self.sets) for source in sources)

    def find(
        self,
        line: str,
        words: frozenset[str] | set[str],
        sentences: Sentences | None = None,
        telling: frozenset[str] | set[str] | None = None,
        within: Collection[tuple[int, int]] | None = None,
    ) -> list[Hit]:
        """All hits, in order of place and rule. `words` are the words of the line, and their pairs
        (`normal.View.features`) if there is no `telling`: those words and pairs that any book knows. No match reaches
        over the end of a sentence, so only those sentences are searched that hold what the pattern is looked up by;
        `within` may name the only ones that matter, save for rules about the whole text."""
        present = self.keys.intersection(words if telling is None else telling)
        if not present:
            return []
        if sentences is None:
            sentences = Sentences(line)
        tried: dict[int, tuple[Pattern, Rule, set[tuple[int, int]]]] = {}
        hits: list[Hit] = []
        index = self._index
        for word in present:
            entries, phrases = index[word]
            around: list[tuple[int, int]] | None = None
            for order, others, pattern, rule in entries:
                for place in others:  # the hottest lines of the part: nothing else of the text is looked at
                    if place.isdisjoint(words):
                        break
                else:
                    if around is None:
                        around = sentences.with_words(word)
                    if order in tried:
                        tried[order][2].update(around)
                    else:
                        tried[order] = (pattern, rule, set(around))
            for phrase, rule in phrases:
                at = line.find(phrase)
                while at >= 0:
                    hits.append(Hit(at, at + len(phrase) - 1, rule))
                    at = line.find(phrase, at + 1)
        for pattern, rule, places in tried.values():
            if within is not None and WHOLE not in rule.options:
                places = _touching(places, within)
            for start, end in places:
                for found in pattern.regex.finditer(line, start, end):
                    hits.append(Hit(found.start(), found.end(), rule))
        if len(hits) > 1:
            hits.sort(key=_order)
            hits = _without_repeats(hits)
        if not self._sides:
            return hits
        sides = self._sides
        return [
            hit for hit in hits if hit.rule.id not in sides or self._sides_agree(hit, line, words, sentences)
        ]

    def _sides_agree(
        self, hit: Hit, line: str, words: frozenset[str] | set[str], sentences: Sentences
    ) -> bool:
        """`unless` and `needs` look at the sentence of the hit, `unless_here` at what overlaps the hit or stands right
        beside it."""
        unless, here, needs = self._sides[hit.rule.id]
        begin, end = sentences.of(hit.start, hit.end)
        sentence = line[begin:end]
        for p in unless:
            if p.may_match(words) and p.regex.search(sentence):
                return False
        for p in here:
            if p.may_match(words) and _beside(p, line, hit, begin, end):
                return False
        return not needs or any(p.may_match(words) and p.regex.search(sentence) for p in needs)


def _beside(pattern: Pattern, line: str, hit: Hit, begin: int, end: int) -> bool:
    """Does a match overlap the hit, or touch it?"""
    return any(
        found.start() <= hit.end and found.end() >= hit.start
        for found in pattern.regex.finditer(line, begin, end)
    )


def _touching(places: set[tuple[int, int]], within: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    if within == places:
        return places
    return {(start, end) for start, end in places if any(end >= a - 1 and start <= b + 1 for a, b in within)}


def _order(hit: Hit) -> tuple[int, int, str]:
    return hit.start, -hit.end, hit.rule.id


def _without_repeats(hits: list[Hit]) -> list[Hit]:
    """Several patterns of one rule often find the same words: the longest at each place is enough."""
    reached: dict[str, int] = {}
    out = []
    for hit in hits:
        if hit.end > reached.get(hit.rule.id, -1):
            reached[hit.rule.id] = hit.end
            out.append(hit)
    return out


_ENDS = ".!?;"
_REACH = 600


class Sentences:
    """Where the sentences of a line end, found when first asked; none reaches further than `_REACH`."""

    __slots__ = ("_ends", "_line", "_size")

    def __init__(self, line: str) -> None:
        self._line = line
        self._ends: list[int] | None = None
        self._size = len(line)

    def of(self, start: int, end: int) -> tuple[int, int]:
        ends = self._ends
        if ends is None:
            ends = self._ends = _ends_of(self._line)
        at = bisect_right(ends, start)
        begin = ends[at - 1] + 2 if at else 0
        if begin > start:
            begin = start
        if at < len(ends) and ends[at] < end:
            at = bisect_right(ends, end - 1)
        finish = ends[at] + 1 if at < len(ends) else self._size
        if finish - begin > _REACH:
            return max(begin, start - _REACH), min(finish, end + _REACH)
        return begin, finish

    def with_words(self, words: str) -> list[tuple[int, int]]:
        """The sentences in which these words stand, each once."""
        phrase, line = f" {words} ", self._line
        at = line.find(phrase)
        if at < 0:
            return []
        ends = self._ends
        if ends is None:
            ends = self._ends = _ends_of(line)
        count, length = len(ends), len(phrase) - 1
        out: list[tuple[int, int]] = []
        while at >= 0:  # as `of` does, for the usual case
            place = bisect_right(ends, at)
            begin = ends[place - 1] + 2 if place else 0
            finish = ends[place] + 1 if place < count else self._size
            if begin > at or finish <= at + length or finish - begin > _REACH:
                begin, finish = self.of(at, at + length)
            out.append((begin, finish))
            at = line.find(phrase, max(finish - 1, at + 1) if finish - at < _REACH else at + 1)
        return out


def _ends_of(line: str) -> list[int]:
    """Where the spaces before the ends of sentences stand. Such a mark is always a word of its own in a line."""
    out: list[int] = []
    for mark in _ENDS:
        at = line.find(mark)
        while at >= 0:
            out.append(at - 1)
            at = line.find(mark, at + 1)
    out.sort()
    return out
