"""What the second stage thinks of one text, as plain numbers: encoder, n-grams and rules together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from kithwell.safety import crisis, longtext
from kithwell.safety.levels import judge
from kithwell.safety.screening import Engine, engine, read
from kithwell.safety.second import encoder, heads
from kithwell.safety.second.heads import Heads, sigmoid

DATA = Path(__file__).parent / "data"
GRADES = 6
CONTEXT_CHARS = 2000


@dataclass(frozen=True, slots=True)
class Opinion:
    """`severity` 0..6, the chances of at least severity 3 and 4, and the level that rules alone give."""

    severity: float
    severe3: float
    severe4: float
    rules_level: int


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
        total = self.heads.severity({**self.numbers(text), **rules.found})
        return Opinion(
            round(self.heads.grades(total), 3),
            round(self.heads.chances[3](total), 4),
            round(self.heads.chances[4](total), 4),
            rules.level,
        )


@cache
def loaded() -> Second:
    """The shipped second stage. Raises what `encoder.load` and `heads.load` raise; asks once where it works."""
    return Second()
