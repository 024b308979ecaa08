"""What screening returns: plain frozen values, JSON-able, free of the screened text."""

from __future__ import annotations

from dataclasses import dataclass

LEVELS = ("C0", "C1", "C2", "C3", "C4", "C5")
"""C0 none, C1 distress, C2 passive ideation, C3 active ideation, C4 plan or means, C5 now."""

CONDUCT_ALWAYS = ("hate", "offensive", "harassment", "threat")
"""Listed in every answer, at score 0 when nothing was seen."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing that may be unsafe for others. `flag` is set at the shipped threshold, tuned for precision."""

    category: str
    score: float
    flag: bool

    def as_dict(self) -> dict[str, object]:
        return {"category": self.category, "score": self.score, "flag": self.flag}


@dataclass(frozen=True, slots=True)
class Span:
    """One reason: characters `start` to `end` (exclusive) of the text as it was given, Unicode code points.

    `label` names the reason in words of ours and never repeats the text. `weight` is how much it counted: positive
    raises, negative or zero explains why something was not counted in full.
    """

    start: int
    end: int
    label: str
    weight: float

    def as_dict(self) -> dict[str, object]:
        return {"start": self.start, "end": self.end, "label": self.label, "weight": self.weight}


@dataclass(frozen=True, slots=True)
class Screening:
    """The answer of a stage. Scores are 0..1.

    `crisis_flag` answers "does this person need help?" (tuned for recall); `harm` and `conduct` answer "is this
    unsafe for others?" (tuned for precision). They share no threshold. `guidance` names help for the writer about
    someone else ("concern for another", "loss"). `crisis_severity` is 0..6: none, wish to be dead, thoughts, a method,
    intent, a plan, preparation or attempt; what a careful reader would probably say. `validated`
    is False where only rules looked: a language without a measured scorer, or a text too short or strange to tell.
    """

    lang: str
    crisis_level: str
    crisis_score: float
    crisis_flag: bool
    distress_score: float
    distress_flag: bool
    harm: tuple[Signal, ...]
    conduct: tuple[Signal, ...]
    spans: tuple[Span, ...]
    version: str
    validated: bool
    guidance: tuple[str, ...] = ()
    crisis_severity: float = 0.0

    def as_dict(self) -> dict[str, object]:
        """The shape `kithwell scan` writes (without the id)."""
        return {
            "lang": self.lang,
            "crisis": {
                "level": self.crisis_level,
                "score": self.crisis_score,
                "flag": self.crisis_flag,
                "severity": self.crisis_severity,
            },
            "distress": {"score": self.distress_score, "flag": self.distress_flag},
            "harm": [signal.as_dict() for signal in self.harm],
            "conduct": [signal.as_dict() for signal in self.conduct],
            "explain": [span.as_dict() for span in self.spans],
            "version": self.version,
        }
