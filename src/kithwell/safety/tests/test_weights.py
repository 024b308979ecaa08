"""The committed weights: they load, they are what the model card says, and they carry nobody's words."""

from __future__ import annotations

import hashlib
import random
import re
import subprocess
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithwell.safety import linear
from kithwell.safety.train import corpora, measure

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[4]


def raw() -> bytes:
    return (resources.files("kithwell.safety") / "data" / linear.FILE).read_bytes()


def test_the_model_card_names_the_weights_that_are_shipped() -> None:
    card = (ROOT / "docs" / "model-cards" / "screening.md").read_text(encoding="utf-8")
    assert hashlib.sha256(raw()).hexdigest() in card


def test_the_weights_load_and_stay_small() -> None:
    model = linear.parse(raw())
    assert len(raw()) < 3_000_000
    assert set(model.blends) == {"crisis", "severe", "severity", "distress", "hate", "offensive"}
    assert model.blends["crisis"].threshold != model.blends["hate"].threshold


def test_no_feature_is_a_number_a_link_a_handle_or_long() -> None:
    words = linear.parse(raw()).table
    assert all(re.fullmatch(r"[a-z]{1,19}( [a-z]{1,19})?", word) for word in words)


@given(st.lists(st.lists(st.integers(-(2**25), 2**25), min_size=3, max_size=3), max_size=40))
def test_sums_of_packed_weights_are_packed_sums(rows: list[list[int]]) -> None:
    total = sum(linear.pack(row) for row in rows)
    assert list(linear.unpack(total, 3)) == [sum(row[place] for row in rows) for place in range(3)]


def test_a_broken_weights_file_is_told_from_a_good_one() -> None:
    for broken in (b"", b"x", raw()[:1000]):
        with pytest.raises((OSError, ValueError, KeyError, TypeError, EOFError)):
            linear.parse(broken)


def test_curves_never_fall() -> None:
    for name, blend in linear.parse(raw()).blends.items():
        values = [blend.curve(x / 10) for x in range(-300, 300)]
        assert values == sorted(values) and values[0] >= 0 and values[-1] <= (6 if name == "severity" else 1)


def test_measures_agree_with_their_definitions() -> None:
    assert measure.auc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]) == 0.75
    assert measure.auc([0.5, 0.5], [0, 1]) == 0.5
    assert measure.threshold_at_recall([0.9, 0.5, 0.1], [1, 1, 1], 0.6) == 0.5
    assert measure.calibration_error([0.25] * 4, [1, 0, 0, 0]) == 0.0
    assert measure.macro_f1([0, 1], [0, 1], 2) == 1.0


def test_no_text_of_the_corpora_is_in_the_repository() -> None:
    """No run of eight words of a sensitive corpus stands in any tracked text file."""
    try:
        base = corpora.home(ROOT)
    except corpora.NoData as error:
        pytest.skip(f"the corpora are not here: {error}")
    runs: set[tuple[str, ...]] = set()
    for rows in (
        corpora.severity(base),
        corpora.risk_users(base),
        corpora.hatecheck(base),
        corpora.tweets(base),
    ):
        for row in rows:
            words = re.findall(r"[a-z']+", row.text.lower())
            runs.update(tuple(words[at : at + 8]) for at in range(len(words) - 7))
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
    ).stdout.decode()
    for name in listed.split("\0"):
        path = ROOT / name
        if (
            not name.endswith((".py", ".toml", ".md", ".json", ".html", ".txt", ".csv", ".ts"))
            or not path.is_file()
        ):
            continue
        words = re.findall(r"[a-z']+", path.read_text(encoding="utf-8", errors="replace").lower())
        found = [at for at in range(len(words) - 7) if tuple(words[at : at + 8]) in runs]
        assert not found, f"{name} repeats a corpus at word {found[0]}"


def test_the_split_is_stable_and_parts_do_not_share_texts() -> None:
    try:
        base = corpora.home(ROOT)
    except corpora.NoData as error:
        pytest.skip(f"the corpora are not here: {error}")
    rows = corpora.severity(base)
    parts: dict[str, set[str]] = {}
    for row in rows:
        parts.setdefault(row.part, set()).add(row.text[:40].lower())
    assert (
        not parts["train"] & parts["test"]
        and not parts["tune"] & parts["test"]
        and not parts["train"] & parts["tune"]
    )
    random.Random(1).shuffle(rows)
    assert [row.part for row in rows] == [corpora.part_of(corpora._key(row.text)) for row in rows]
