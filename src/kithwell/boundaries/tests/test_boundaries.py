"""People's own tools: what they do for the one who uses them, and that nobody else can tell."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kithwell.boundaries import actions, export, queries, rules
from kithwell.boundaries.models import Line, Wishes
from kithwell.kernel import clock, ids
from kithwell.kernel.errors import Invalid, NotFound
from kithwell.kernel.principal import SYSTEM, Principal
from kithwell.people import actions as people
from kithwell.people import erasure
from kithwell.people import queries as accounts

pytestmark = pytest.mark.django_db


def join(name: str) -> Principal:
    ident = people.create_account(name, "seven quiet lanterns", by=SYSTEM)
    return Principal("account", ident, name, frozenset({"member"}))


@pytest.fixture
def heron() -> Principal:
    return join("Quiet Heron")


@pytest.fixture
def otter() -> Principal:
    return join("Slow Otter")


def test_a_block_counts_both_ways_and_a_mute_only_for_the_one_who_muted(heron, otter):
    actions.block(heron, otter.id)
    assert queries.of(heron.id).blocked == {otter.id}
    assert queries.of(otter.id).blocked == {heron.id}
    assert not queries.of(otter.id).treat(heron.id, (), "hello").there
    actions.unblock(heron, otter.id)
    actions.mute(heron, otter.id)
    assert queries.of(heron.id).treat(otter.id, (), "hello").why == "muted"
    assert queries.of(otter.id).treat(heron.id, (), "hello") == rules.SHOW


def test_somebody_who_was_blocked_cannot_undo_it(heron, otter):
    actions.block(heron, otter.id)
    actions.unblock(otter, heron.id)
    assert queries.of(otter.id).blocked == {heron.id}


def test_both_may_block_and_one_taking_it_back_leaves_the_other_block(heron, otter):
    actions.block(heron, otter.id)
    actions.block(otter, heron.id)
    actions.unblock(heron, otter.id)
    assert queries.of(heron.id).blocked == {otter.id}


def test_everything_one_asked_for_takes_two_queries(heron, otter, django_assert_num_queries):
    actions.block(heron, otter.id)
    actions.add_word(heron, "calories")
    with django_assert_num_queries(2):
        assert queries.of(heron.id).words == ("calories",)
    with django_assert_num_queries(0):
        assert queries.of(None) is rules.NOBODY


def test_muted_words_lie_sealed_and_are_found_folded(heron):
    actions.add_word(heron, "  Café   Noir ")
    actions.add_word(heron, "cafe noir")
    stored = bytes(Wishes.objects.get(pk=heron.id).words)
    assert b"Caf" not in stored and b"cafe" not in stored
    assert queries.own(heron).words == ("Café Noir",)
    mine = queries.of(heron.id)
    assert mine.treat(ids.new_id(), (), "We met at the CAFÉ NOIR yesterday").why == "word"
    assert mine.treat(ids.new_id(), (), "We met at the cafe") == rules.SHOW
    actions.remove_word(heron, "CAFE noir")
    assert queries.of(heron.id).words == ()


@pytest.mark.parametrize("typed", ["", "   ", "!?", "x" * 61])
def test_a_word_that_cannot_be_used_is_answered_in_plain_words(heron, typed):
    with pytest.raises(Invalid) as said:
        actions.add_word(heron, typed)
    assert said.value.fields["word"]


def test_lists_have_room_for_so_many_and_say_so(heron, monkeypatch):
    monkeypatch.setitem(actions._MAX, Line.Kind.BLOCK, 2)
    monkeypatch.setattr(rules, "WORDS_MAX", 2)
    others = [ids.new_id() for _ in range(3)]
    actions.block(heron, others[0])
    actions.block(heron, others[1])
    actions.block(heron, others[0])  # known already: no error
    with pytest.raises(Invalid, match="2 people"):
        actions.block(heron, others[2])
    actions.add_word(heron, "one")
    actions.add_word(heron, "two")
    with pytest.raises(Invalid, match="2 words"):
        actions.add_word(heron, "three")


def test_one_cannot_block_oneself_or_somebody_unreadable(heron):
    with pytest.raises(Invalid):
        actions.block(heron, heron.id)
    with pytest.raises(NotFound):
        actions.block(heron, "made-up")


def test_who_may_write_depends_on_the_choice_a_shared_group_and_blocks(heron, otter):
    assert queries.may_contact(otter.id, heron.id, shared_group=True)
    assert not queries.may_contact(otter.id, heron.id, shared_group=False)
    actions.set_contact(heron, "everyone")
    assert queries.may_contact(otter.id, heron.id, shared_group=False)
    actions.set_contact(heron, "nobody")
    assert not queries.may_contact(otter.id, heron.id, shared_group=True)
    actions.set_contact(heron, "everyone")
    actions.block(otter, heron.id)
    assert not queries.may_contact(otter.id, heron.id, shared_group=True)


def test_a_break_ends_by_itself_or_any_time_before(heron, otter):
    tomorrow = clock.now().date() + timedelta(days=1)
    actions.take_break(heron, tomorrow)
    assert queries.on_break(heron.id)
    assert queries.on_break_of([heron.id, otter.id]) == {heron.id}
    with clock.shifted(timedelta(days=2)):
        assert not queries.on_break(heron.id)
    actions.come_back(heron)
    assert not queries.on_break(heron.id)
    for day in (clock.now().date(), tomorrow + timedelta(days=400)):
        with pytest.raises(Invalid):
            actions.take_break(heron, day)


def test_those_who_shall_hear_nothing_about_an_author(heron, otter):
    third, fourth = join("Green Lantern"), join("Warm Stone")
    actions.mute(heron, otter.id)
    actions.block(otter, third.id)
    everybody = [heron.id, third.id, fourth.id]
    assert queries.silent_towards(everybody, otter.id) == {heron.id, third.id}


def test_an_export_tells_ones_own_lines_and_never_who_blocked_one(heron, otter):
    actions.block(heron, otter.id)
    subjects = accounts.subjects([heron.id, otter.id])
    told = dict(export.tell(subjects[heron.id], heron.id))
    assert b"Slow Otter" in told["boundaries.json"]
    assert dict(export.tell(subjects[otter.id], otter.id)) == {}


def test_leaving_for_good_takes_lines_on_both_sides(heron, otter):
    actions.block(heron, otter.id)
    actions.block(otter, heron.id)
    actions.add_word(heron, "calories")
    subject = accounts.subjects([heron.id])[heron.id]
    assert list(export.describe(subject, heron.id))
    assert export.erase(subject, heron.id, erasure.Choices()) == 3
    assert not Line.objects.exists() and not Wishes.objects.exists()
