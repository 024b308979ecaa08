"""Colours can be read: contrast ratios of WCAG 2.2 (1.4.3 text 4.5:1, 1.4.11 control edges and marks 3:1)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[1] / "css/parts/tokens.css").read_text(encoding="utf-8")
PAIRS = dict(
    (name, (light, dark))
    for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", TOKENS)
)
GROUNDS = ("paper", "surface", "sunken")
TEXT = [
    *[(ink, ground) for ink in ("ink", "soft", "green", "green-deep") for ground in GROUNDS],
    ("ink", "green-wash"), ("ink", "honey-wash"), ("ink", "sky-wash"), ("soft", "green-wash"), ("soft", "honey-wash"),
    ("soft", "sky-wash"), ("green-deep", "green-wash"), ("green", "green-wash"), ("honey-ink", "honey-wash"),
    ("sky-ink", "sky-wash"), ("danger-ink", "danger-wash"), ("danger", "paper"), ("danger", "surface"),
    ("on-green", "green"), ("on-green", "green-deep"), ("on-honey", "honey"), ("on-honey", "honey-deep"),
    ("on-danger", "danger"), ("paper", "ink"), ("honey-ink", "paper"), ("honey-ink", "surface"),
]  # fmt: skip
MARKS = [
    *[(edge, ground) for edge in ("edge", "focus", "danger", "green") for ground in ("paper", "surface")],
    ("focus", "green-wash"), ("focus", "honey-wash"), ("green", "sunken"), ("danger", "sunken"),
    ("honey-ink", "surface"),
]  # fmt: skip


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb" (WCAG 2.2, definition)."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    r, g, b = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def ratio(one: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_21_to_1():
    assert round(ratio("#000000", "#ffffff"), 2) == 21


@pytest.mark.parametrize("theme", (0, 1), ids=("light", "dark"))
def test_every_text_colour_can_be_read_on_every_ground_it_is_used_on(theme):
    weak = [f"{a} on {b}: {r:.2f}" for a, b in TEXT if (r := ratio(PAIRS[a][theme], PAIRS[b][theme])) < 4.5]
    assert not weak


@pytest.mark.parametrize("theme", (0, 1), ids=("light", "dark"))
def test_control_edges_focus_rings_and_bars_stand_out(theme):
    weak = [f"{a} on {b}: {r:.2f}" for a, b in MARKS if (r := ratio(PAIRS[a][theme], PAIRS[b][theme])) < 3]
    assert not weak


def test_every_colour_of_the_tokens_is_a_pair_and_is_checked():
    checked = {name for pair in TEXT + MARKS for name in pair}
    assert {"line"} == set(PAIRS) - checked, "a hairline carries no meaning; everything else must be checked"


def test_no_colour_is_written_outside_the_tokens_except_in_pictures():
    for path in (Path(__file__).parents[1] / "css").rglob("*.css"):
        if path.name not in ("tokens.css", "home.css", "sim.css"):
            assert not re.search(r"#[0-9a-fA-F]{3,8}\b", path.read_text(encoding="utf-8")), path.name
