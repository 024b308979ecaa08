"""The screening's reasons are said in the reader's language."""

from __future__ import annotations

import tomllib
from pathlib import Path

from django.utils import translation

from kithwell import safety
from kithwell.safety import crisis
from kithwell.support import reasons

LEXICON = Path(safety.__file__).parent / "lexicon"


def _labels(node: object) -> set[str]:
    if isinstance(node, dict):
        own = {node["label"]} if isinstance(node.get("label"), str) else set()
        return own.union(*(_labels(value) for value in node.values()))
    if isinstance(node, list):
        return set().union(*(_labels(value) for value in node))
    return set()


def test_every_reason_of_the_screening_has_words_here() -> None:
    found = set().union(*(_labels(tomllib.loads(p.read_text())) for p in LEXICON.glob("*.toml")))
    assert len(found) > 50
    found |= set(crisis.WHY.values()) | {reasons.WEIGHED}
    assert sorted(label for label in found if not reasons.is_known(label)) == []


def test_a_reason_of_several_pieces_is_said_piece_by_piece() -> None:
    with translation.override("en"):
        assert reasons.in_words("intent (Arabic); negated") == "intent (Arabic); negated"
    with translation.override("es"):
        assert reasons.in_words("intent (Arabic); negated") == "intención (árabe); negado"
        assert reasons.in_words("something new (Arabic)") == "something new (árabe)"


def test_what_the_screening_really_says_is_known() -> None:
    said = safety.screen(
        "my friend said he wants to die tonight. i want to die. just kidding, this exam will kill me"
    )
    assert said.spans
    assert [s.label for s in said.spans if not reasons.is_known(s.label)] == []
