"""What the second stage thinks of one text, as plain numbers: encoder, n-grams and rules together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from kithwell.safety import crisis, longtext
from kithwell.safety.levels import judge
from kithwell.safety.screening import Engine, engine, read
from kithwell.safety.second import encoder, grams, heads
from kithwell.safety.second.heads import Heads, sigmoid

DATA = Path(__file__).parent / "data"
GRADES = 6
HEAD = ("line", *(f"at least {grade}" for grade in range(1, GRADES + 1)))
"""What the encoder was trained to say, in this order."""
ASKED = (*HEAD, "stress")
"""What it is asked: that, and a question fitted on what it reads."""
CONTEXT_CHARS = 2000


@dataclass(frozen=True, slots=True)
class Opinion:
    """`severity` 0..6, the chances of at least severity 3 and 4 and of distress, and the level that rules give."""

    severity: float
    severe3: float
    severe4: float
    rules_level: int
    distress: float = 0.0


@dataclass(frozen=True, slots=True)
class Ruled:
    """What the rules found, as numbers for the blends."""

    level: int
    found: Mapping[str, float]


@cache
def _rules() -> Engine:
    """The first stage without its scorer."""
    return replace(engine(), model=None)


def ruled(text: str, context: str = "") -> Ruled:
    """The text through the rules of the first stage, without its scorer."""
    tools = _rules()
    whole, _ = longtext.pieces(text)
    seen = read(whole, tools, context)
    before = read(context[-CONTEXT_CHARS:], tools).weighed if context else ()
    judged = judge(seen.weighed, before)
    return Ruled(judged.level, crisis.features(seen.weighed, judged, len(seen.view.words)))


def inputs(asked: Mapping[str, float], counted: Mapping[str, float]) -> dict[str, float]:
    """The numbers of encoder and n-grams by the names that blends use; the training uses this very function."""
    out = {f"grams {name}": value for name, value in counted.items()}
    out.update(
        {f"encoder {name}": value for name, value in asked.items() if not name.startswith("at least ")}
    )
    out["encoder grades"] = sum(sigmoid(asked[f"at least {grade}"]) for grade in range(1, GRADES + 1))
    return out


_ME = frozenset("i im i'm ive i've id i'd ill i'll me my mine myself".split())
_YOU = frozenset("you youre you're youve you've youll you'll your yours yourself u ur".split())


def voice(text: str) -> dict[str, float]:
    """Who is spoken of: the shares of words that mean the writer, and that mean whoever reads."""
    words = [word for word in grams.plain(text) if word[0].isalpha()]
    count = max(len(words), 8)
    return {
        "voice me": sum(word in _ME for word in words) / count,
        "voice you": sum(word in _YOU for word in words) / count,
    }


class Second:
    """Encoder and heads, loaded."""

    def __init__(self, folder: Path = DATA) -> None:
        self.heads: Heads = heads.load(folder)
        self.encoder = encoder.load(folder)

    def numbers(self, text: str) -> dict[str, float]:
        """Encoder and n-grams on one text."""
        read_ = self.encoder.read(text)
        return inputs(self.heads.questions.scores(read_), self.heads.grams.scores(text))

    def opinion(self, text: str, context: str = "") -> Opinion:
        rules = ruled(text, context)
        seen = {**self.numbers(text), **rules.found, **voice(text)}
        total = self.heads.severity(seen)
        return Opinion(
            round(self.heads.grades(total), 3),
            round(self.heads.chances[3](total), 4),
            round(self.heads.chances[4](total), 4),
            rules.level,
            round(sigmoid(self.heads.distress(seen)), 4),
        )


@cache
def loaded() -> Second:
    """The shipped second stage. Raises what `encoder.load` and `heads.load` raise; asks once where it works."""
    return Second()
