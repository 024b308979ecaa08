"""Reading a forum's export; and nobody is named who did not choose it."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kithwell.community.imports.rules import discourse
from kithwell.community.imports.rules.lines import Unreadable
from kithwell.community.imports.rules.masking import Mask, names_of

WORDS = {"number": "[number]", "mail": "[mail]", "link": "[link]", "person": "[somebody]"}
EXPORT = {
    "users": [
        {"id": 1, "username": "lou_b", "email": "lou@example.org", "name": "Lou Brook"},
        {"id": 2, "username": "ami", "email": "ami@example.org"},
    ],
    "topics": [
        {
            "id": 7,
            "title": "Evenings",
            "archetype": "regular",
            "posts": [
                {"user_id": 2, "post_number": 2, "raw": '[quote="lou_b, post:1, topic:7"]\nhard\n[/quote]\nsame',
                 "created_at": "2026-01-02T10:00:00.000Z", "reply_to_post_number": 1},
                {"user_id": 1, "post_number": 1, "raw": "hard evenings ![x](upload://a.png)",
                 "created_at": "2026-01-01T10:00:00.000Z"},
                {"user_id": 1, "post_number": 3, "raw": "spam", "hidden": True, "created_at": "2026-01-03T10:00:00Z"},
                {"user_id": -1, "post_number": 4, "raw": "closed", "created_at": "2026-01-04T10:00:00Z"},
            ],
        },
        {"id": 8, "title": "secret", "archetype": "private_message", "posts": [{"raw": "x"}]},
    ],
}  # fmt: skip


def test_a_forum_becomes_threads_without_what_is_private() -> None:
    found = discourse.read(json.dumps(EXPORT))
    assert [(line.author, line.text, line.title) for line in found.lines] == [
        ("lou_b", "hard evenings", "Evenings"),
        ("ami", "same", ""),  # what it quotes is lou_b's, and lou_b's to bring
    ]
    assert found.lines[1].answers == found.lines[0].key
    assert found.left == {"private": 1, "media": 1, "hidden": 1, "system": 1}
    assert "example.org" not in repr(found) and "Lou Brook" not in repr(found)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"topics": 3}', "[" * 5000, '{"topics": []}'])
def test_what_is_no_export_is_refused_by_name(text: str) -> None:
    with pytest.raises(Unreadable):
        discourse.read(text)


def test_a_quote_does_not_carry_words_whose_writer_said_no() -> None:
    for raw, said in (
        ('[quote="lou"]\nhard\n[/quote]\nsame', "same"),
        ('a [quote="lou, post:1, topic:7"]x [quote="bo"]y[/quote] z[/quote] b', "a  b"),
        ("[QUOTE]never closed", ""),
        ("stray [/quote] end", "stray  end"),
        ("no [quotes] here", "no [quotes] here"),
    ):
        assert discourse.plain(raw) == said


def test_a_hostile_forum_takes_no_longer_than_an_honest_one() -> None:
    raws = ["[quote]" * 60_000, "![" * 200_000, "<img" * 100_000, "[" * 400_000, "[x|attachment](" * 30_000]
    posts = [
        {"user_id": 1, "post_number": n, "raw": raw, "created_at": "2026-01-01T10:00:00Z"}
        for n, raw in enumerate([*raws, *(["short"] * 40_000)], 1)
    ]
    users = [{"id": 1, "username": "lou"}]
    text = json.dumps({"users": users, "topics": [{"id": 1, "title": "Long", "posts": posts}]})
    began = time.process_time()
    found = discourse.read(text)
    assert time.process_time() - began < 20 and [line.title for line in found.lines].count("Long") == 1
    with pytest.raises(Unreadable) as error:
        discourse.read('{"topics": [' + "[]," * 2_000_001 + "[]]}")
    assert error.value.code == "too-large"


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "posts", "raw", "user_id", "created_at", "title"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(st.lists(_json, max_size=3), _json)
def test_no_json_breaks_the_reader(topics: list[object], users: object) -> None:
    try:
        discourse.read(json.dumps({"topics": topics, "users": users}))
    except Unreadable as error:
        assert error.code == "empty"


def test_old_names_become_new_ones_and_whatever_leads_to_somebody_goes() -> None:
    mask = Mask({"Lou Brook": "Quiet Heron", "Ami": "Calm Otter", "+44 7700 900123": "Kind Fern"}, WORDS)
    assert mask("Thanks Lou, and AMI too") == "Thanks Quiet Heron, and Calm Otter too"
    assert mask("ring +44 7700 900123 or 07700 900 123") == "ring [number] or [number]"
    assert mask("lou@example.org, https://example.org/lou") == "[mail], [link]"
    assert mask("@\u2068Ami\u2069 hi @stranger") == "Calm Otter hi [somebody]"
    assert mask("Lou’s dog, Ami's cat, lou-brook") == "Quiet Heron’s dog, Calm Otter's cat, Quiet Heron"
    assert (
        Mask({"Ann O'Brien": "Quiet Heron"}, WORDS)("O'Brien and ann o’brien")
        == "Quiet Heron and Quiet Heron"
    )
    assert mask("a cloud, a Brooklyn bridge, 3 pills at 10") == "a cloud, a Brooklyn bridge, 3 pills at 10"


def test_a_first_name_that_two_share_points_at_nobody() -> None:
    mask = Mask({"Sam Lee": "Quiet Heron", "Sam Fox": "Calm Otter"}, WORDS)
    assert mask("sam said it") == "[somebody] said it"
    assert mask("Sam Lee said it") == "Quiet Heron said it"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Dr Miller said so, and Frau Weber too", "Dr [somebody] said so, and Frau [somebody] too"),
        ("my sister Anna Maria came", "my sister [somebody] came"),
        ("my sister Anna came", "my sister [somebody] came"),
        ("mi hermano Pedro y mi madre", "mi hermano [somebody] y mi madre"),
        ("Ma voisine Claire. Il s'appelle Luc", "Ma voisine [somebody]. Il s'appelle [somebody]"),
        ("my best friend, Tom, is 12", "my best friend, [somebody], is 12"),
        (
            "my sister and I, my mum on Monday, my dad Monday",
            "my sister and I, my mum on Monday, my dad Monday",
        ),
        ("My friend I said. her son was ill", "My friend I said. her son was ill"),
        ("my friend Lou is here", "my friend Quiet Heron is here"),
        ("ring 030/1234567, (030) 123 45 67 or +49 151 2345678", "ring [number], ([number] or [number]"),
        ("The doctor said Monday. Mr. Brown's dog", "The doctor said Monday. Mr. [somebody] dog"),
    ],
)
def test_third_persons_who_are_called_by_name_become_somebody(said: str, shown: str) -> None:
    assert Mask({"Lou Brook": "Quiet Heron"}, WORDS)(said) == shown


def test_ten_thousand_names_make_the_mask_no_slower_than_ten() -> None:
    text = "somebody said that Lou and Ami would come on the evening of the long walk. " * 2000

    def took(count: int) -> float:
        mask = Mask({f"Name{n}x Family{n}y": f"New {n}" for n in range(count)}, WORDS)
        began = time.process_time()
        mask(text)
        return time.process_time() - began

    few = min(took(10) for _ in range(3))
    assert min(took(10_000) for _ in range(3)) < 4 * few + 0.2


_name = st.lists(
    st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x24F), min_size=3), min_size=2, max_size=3
)


@given(_name.map(" ".join), st.text(max_size=60), st.text(max_size=60))
def test_a_whole_name_never_stays(name: str, before: str, after: str) -> None:
    names = names_of(name)
    if names and len(names[0].split()) > 1:
        said = Mask({name: "Quiet Heron"}, WORDS)(f"{before} {names[0]} {after}")
        assert f" {names[0].casefold()} " not in said.casefold().replace("quiet heron", "")
