"""What the words around a hit change: negation, time, whose words, whose life, figure of speech, dark humour.

Pure. Each crisis hit becomes a `Weighed`: its kind, the reason it counts less (if any), and the cue that says so.
Doubt never makes a hit vanish: a discounted hit still leaves a trace (see `levels`), and dark humour is not discounted.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from kithwell.safety.patterns import Book, Hit, Sentences

_SELF = frozenset(
    "i im ive id ill imma ima me my myself mine we us our"
    " yo me mi mis je jai jaurais moi ma mes ich mich mir mein eu meu"
    " minha انا مجھے मैं मुझे मेरे main mujhe mera meri".split()
)
_OTHER = frozenset(
    "he she they hes shes theyre hed shed theyd him his them their friend friends brother sister son daughter wife"
    " husband boyfriend girlfriend mom mother dad father cousin roommate partner ex colleague student students bf gf"
    " someone somebody people kid kids teenager niece nephew coworker neighbour neighbor classmate uncle aunt guy girl"
    " woman man client patient who bestie bro sis everyone amigo amiga hermano hermana el ella ami amie il elle frere"
    " soeur freund freundin bruder schwester er amigo amiga ele ela irmao irma صديقي صديقتي اخي اختي दोस्त भाई बहन dost"
    " bhai behen".split()
)
_YOU = frozenset("you youre youve youd u ur your yourself tu vous du".split())
_SELF_INSIDE = re.compile(r" (?:i|im|ive|my|myself|me|id|ill|my self|imma) ")
_EACH = 12
_OTHER_KINDS = frozenset({"other", "loss"})
_FREE_KINDS = frozenset({"time", "soon", "distress"})
_CONNECT = frozenset("but and because so although though pero mais aber mas".split())
_SELF_SAID = re.compile(r" i (?:[^ ]+ ){0,2}(?:said|say|told|wrote|asked) ")
_NEAR = 4
_THEN = re.compile(
    " (?:wanted|was|were|tried|thought|planned|had|used|wished|felt|did|didnt|attempted|considered|kept|hoped|almost"
    "|nearly|would|wouldnt|could|couldnt|struggled|hated|stopped|recovered|survived) "
)
_NOW = re.compile(
    " (?:want|wanna|going|gonna|will|ill|wish|im|am|can|cant|cannot|keep|need|plan|planning|thinking|think|feel|feeling"
    "|should|might|hope|ready|about|ive|now|better) "
)
_STARTS = re.compile(" (?:i|im|ive|ill|imma) ")
_MEANT = re.compile(
    " (?:think|thought|believe|say|said|saying|mean|meant|claim|feel like|ever|imagine|imagined|know) "
)
_ATTRIBUTION = re.compile(
    r" (?:says?|said|saying|sings?|sang|goes|wrote|writes|reads|like|called|titled|told|tells|hears?|heard|lyrics?"
    r"|quote|reading|asks?|asked|dijo|dice|dit|sagt|sagte|disse) (?:[^ ]+ ){0,2}$"
)


@dataclass(slots=True)  # not frozen only because that makes it quicker to make
class Weighed:
    """A crisis hit after its surroundings were read. `less` is "" or why it counts less."""

    hit: Hit
    kind: str
    sentence: tuple[int, int]
    less: str = ""
    doubt: str = ""


def weigh(
    line: str,
    words: frozenset[str] | set[str],
    hits: list[Hit],
    cues: Book,
    sentences: Sentences,
    telling: frozenset[str] | set[str] | None = None,
) -> list[Weighed]:
    """Read the surroundings of each crisis hit on this line. `cues` is the book of cue rules."""
    if not hits:
        return []
    placed = [(hit, sentences.of(hit.start, hit.end)) for hit in _bounded(hits)]
    open_to = {sentence for hit, sentence in placed if hit.rule.kind not in _FREE_KINDS}
    if not open_to:
        return [Weighed(hit, hit.rule.kind, sentence) for hit, sentence in placed]
    found = cues.find(line, words, sentences, telling, open_to)
    if not found:
        return [_weigh_one(line, hit, [], sentence, False) for hit, sentence in placed]
    starts = [cue.start for cue in found]
    projection = "projection" in [cue.rule.kind for cue in found]
    out = []
    for hit, sentence in placed:
        near = found[bisect_left(starts, sentence[0] - 1) : bisect_right(starts, sentence[1] + 1)]
        out.append(_weigh_one(line, hit, near, sentence, projection))
    return out


def _bounded(hits: list[Hit]) -> list[Hit]:
    """All hits, or of a text that says the same over and over the first and last few of each rule."""
    if len(hits) <= 4 * _EACH:
        return hits
    places: dict[str, list[int]] = {}
    for place, hit in enumerate(hits):
        places.setdefault(hit.rule.id, []).append(place)
    kept = sorted({place for found in places.values() for place in (*found[:_EACH], *found[-_EACH:])})
    return [hits[place] for place in kept]


def _weigh_one(line: str, hit: Hit, cues: list[Hit], sentence: tuple[int, int], projection: bool) -> Weighed:
    kind = hit.rule.kind
    if kind in _FREE_KINDS:
        return Weighed(hit, kind, sentence)
    first, last = sentence[0] - 1, sentence[1] + 1
    near = [cue for cue in cues if cue.start >= first and cue.end <= last]
    doubt = "humour" if near and "humour" in [cue.rule.kind for cue in near] else ""
    if kind in _OTHER_KINDS:
        quoted = "quoted" if kind == "other" and _quoted(line, hit, near) else ""
        return Weighed(hit, "active" if projection and kind == "other" else kind, sentence, quoted, doubt)
    less = _less(line, hit, near, sentence)
    if not less and not projection:
        less = _whose(line, hit, sentence)
    if kind == "mention" and not less and _SELF_INSIDE.search(line[slice(*sentence)]):
        doubt = "self"
    return Weighed(hit, kind, sentence, less, doubt)


def _less(line: str, hit: Hit, near: list[Hit], sentence: tuple[int, int]) -> str:
    if not near:
        return "quoted" if _between_marks(line, hit) else ""
    kinds = {cue.rule.kind for cue in near if not _inside(cue, hit)}
    if hit.rule.kind not in ("underway", "means") and any(_figure(cue, hit) for cue in near):
        return "hyperbole"
    own = any(cue.rule.kind == "quote_self" and cue.end <= hit.start for cue in near)
    if not own and _quoted(line, hit, near):
        return "quoted"
    if "own_negation" not in hit.rule.options and _negated(line, hit, near):
        return "negated, but" if "but" in kinds else "negated"
    if "past" in kinds and "present" not in kinds and "keeps_past" not in hit.rule.options:
        return "past" if _over(line, hit, sentence) else ""
    return ""


def _figure(cue: Hit, hit: Hit) -> bool:
    """A figure of speech is one only where it stands: "my car died" takes nothing from a wish to die beside it."""
    return cue.rule.kind == "hyperbole" and cue.start <= hit.end and cue.end >= hit.start


def _over(line: str, hit: Hit, sentence: tuple[int, int]) -> bool:
    """Is the wish itself told as past? "I lost my job a year ago and I want to die" names a year; the wish is now."""
    before = line[sentence[0] : hit.start].split()[-_NEAR:]
    near = f" {' '.join((*before, *line[hit.start : hit.end].split()))} "
    return bool(_THEN.search(near)) or not _NOW.search(near)


def _inside(cue: Hit, hit: Hit) -> bool:
    return cue.start >= hit.start and cue.end <= hit.end


def _negated(line: str, hit: Hit, near: list[Hit]) -> bool:
    """A "not" at most three words before the hit with no "but" or "and" between, or "is not an option" after it."""
    whole = [cue for cue in near if cue.rule.kind == "no_negation" and cue.start < hit.start]
    for cue in near:
        if cue.rule.kind != "negation":
            continue
        if "after" in cue.rule.options:
            if 0 <= cue.start - hit.end <= 24:
                return True
            continue
        if hit.rule.lang != "en" and _inside(cue, hit):
            return True
        if cue.start < hit.start < cue.end - 1:  # "not going to" reaches into "going to kill myself"
            return True
        if cue.end > hit.start or any(other.start <= cue.start < other.end for other in whole):
            continue
        between = line[cue.end : hit.start].split()
        if len(between) <= 3 and not _CONNECT.intersection(between) and not _own_clause(line, cue, hit):
            return True
    return False


def _own_clause(line: str, cue: Hit, hit: Hit) -> bool:
    """Does the wish begin with its own "I" after the negation ("never good enough I want to die")?

    Then it is not what is negated, unless a word of thinking or saying ties the two ("I don't think I want to die").
    """
    between = line[cue.end : hit.start + 1] + line[hit.start + 1 : hit.end].split(" ", 1)[0] + " "
    return bool(_STARTS.search(between)) and not _MEANT.search(line[cue.start : hit.start + 1])


def _quoted(line: str, hit: Hit, near: list[Hit]) -> bool:
    """Someone else's words: attributed just before, told as a song or story, or between quotation marks."""
    for cue in near:
        if cue.rule.kind != "quote":
            continue
        if "sentence" in cue.rule.options:
            before = cue.end <= hit.start and not _SELF_INSIDE.search(line[cue.end : hit.start + 1])
            if before or '"' in line:
                return True
        elif cue.end <= hit.start and len(line[cue.end : hit.start].split()) <= 3:
            return True
    return _between_marks(line, hit)


def _between_marks(line: str, hit: Hit) -> bool:
    if '"' not in line:
        return False
    before = line.count('"', 0, hit.start + 1)
    if before % 2 == 0 or '"' not in line[hit.end :]:
        return False
    lead = line[: line.rfind('"', 0, hit.start + 1)]
    return bool(_ATTRIBUTION.search(lead)) and not _SELF_SAID.search(lead[-60:])


def _whose(line: str, hit: Hit, sentence: tuple[int, int]) -> str:
    """Whose life it is: the nearest person word before the hit; nobody named means the writer."""
    if _SELF_INSIDE.search(line[hit.start : hit.end + 1]):
        return ""
    for word in reversed(line[sentence[0] : hit.start].split()[-14:]):
        if word in _SELF:
            return ""
        if word in _OTHER:
            return "third"
        if word in _YOU:
            return "addressee"
    return ""
