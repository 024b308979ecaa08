"""Buddies: both say yes, nobody learns of a no, an end takes one tap, and crisis opens help."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from kithwell.boundaries import actions as boundaries
from kithwell.community.notices import queries as notices
from kithwell.community.peers import actions, queries
from kithwell.community.peers.actions.notes import Nudged
from kithwell.community.peers.models import Buddying, CheckIn, Note, Seeking, Suggestion
from kithwell.community.peers.tests import cast
from kithwell.kernel import clock, jobs
from kithwell.kernel.errors import Conflict, Invalid, NotFound, Refused
from kithwell.kernel.principal import Principal
from kithwell.moderation import actions as moderation
from kithwell.moderation import kinds
from kithwell.people import actions as people

Account = get_user_model()
pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> Principal:
    return cast.person("Quiet Heron")


@pytest.fixture
def ben() -> Principal:
    return cast.person("Calm Otter")


def told(who: Principal) -> list[str]:
    jobs.run_due()
    return [line.text for line in notices.page(who).lines]


def test_nobody_is_suggested_who_did_not_ask_for_it(ana: Principal, ben: Principal) -> None:
    cast.seeks(ana)
    assert cast.suggested(ana) == []
    cast.seeks(ben)
    assert [row.other for row in cast.suggested(ana)] == [ben.id]
    actions.seek_no_more(ben)
    assert not Seeking.objects.filter(pk=ben.id).exists()


def test_a_suggestion_tells_reasons_and_no_name(ana: Principal, ben: Principal) -> None:
    cast.seeks(ana)
    cast.seeks(ben, brings=("sleep", "bipolar"))
    page = cast.enter("Quiet Heron").get("/peers").content.decode()
    assert "You both named: Sleep." in page
    assert "Bipolar" not in page, "what only the other named stays theirs"
    assert "Calm Otter" not in page
    assert str(ben.id) not in page


def test_who_is_asked_learns_why_but_not_who(ana: Principal, ben: Principal) -> None:
    cast.seeks(ana)
    cast.seeks(ben)
    actions.ask(ana, cast.suggested(ana)[0].pk, agreed=True)
    page = cast.enter("Calm Otter").get("/peers").content.decode()
    assert "Somebody would like to be your buddy" in page
    assert "You both named" in page
    assert "Quiet Heron" not in page
    assert told(ben) == ["Somebody who might suit you would like to be your buddy."]


def test_without_the_agreement_nothing_begins(ana: Principal, ben: Principal) -> None:
    cast.seeks(ana)
    cast.seeks(ben)
    with pytest.raises(Invalid):
        actions.ask(ana, cast.suggested(ana)[0].pk, agreed=False)
    ident = actions.ask(ana, cast.suggested(ana)[0].pk, agreed=True)
    with pytest.raises(Invalid):
        actions.accept(ben, ident, agreed=False)
    assert Buddying.objects.get().state == "asked"


def test_a_silent_no_looks_like_waiting_and_ends_at_the_same_time(ana: Principal, ben: Principal) -> None:
    cleo = cast.person("Brave Lantern")
    with clock.frozen(datetime(2026, 5, 5, 12, tzinfo=UTC)):
        for who in (ana, ben, cleo):
            cast.seeks(who, most=3)
        said_no, said_nothing = (actions.ask(ana, row.pk, agreed=True) for row in cast.suggested(ana))
        before = queries.buddies(ana).asked
        decliner = ben if Buddying.objects.get(pk=said_no).b == ben.id else cleo
        actions.decline(decliner, said_no)
        assert queries.buddies(ana).asked == before
        assert queries.buddies(decliner).asking == ()
        with pytest.raises(NotFound):
            actions.accept(decliner, said_no, agreed=True)
    with clock.frozen(datetime(2026, 5, 19, 12, 1, tzinfo=UTC)):
        assert actions.lapse() == 2
        rows = Buddying.objects.in_bulk([said_no, said_nothing])
        assert rows[said_no].state == rows[said_nothing].state == "lapsed"
    assert told(ana) == []


def test_both_yes_and_they_know_each_others_name_and_write(ana: Principal, ben: Principal) -> None:
    row = cast.buddies(ana, ben)
    assert told(ana) == ["Calm Otter said yes: you are buddies now."]
    sent = actions.write_note(ana, row.pk, "Good morning from the kettle")
    assert not sent.offers_help
    assert b"kettle" not in bytes(Note.objects.get().body)
    room = queries.room(ben, row.pk)
    assert [(line.name, line.text, line.mine) for line in room.notes] == [
        ("Quiet Heron", "Good morning from the kettle", False)
    ]
    assert "Quiet Heron wrote you a note." in told(ben)


def test_the_same_form_sent_twice_is_one_note(ana: Principal, ben: Principal) -> None:
    row = cast.buddies(ana, ben)
    first = actions.write_note(ana, row.pk, "hello", client_key="k1")
    assert actions.write_note(ana, row.pk, "hello", client_key="k1").id == first.id
    assert Note.objects.count() == 1


def test_nobody_else_comes_into_the_room(ana: Principal, ben: Principal) -> None:
    row = cast.buddies(ana, ben)
    cleo = cast.person("Brave Lantern", "steward", "moderator", "supporter")
    for do in (
        lambda: queries.room(cleo, row.pk),
        lambda: actions.write_note(cleo, row.pk, "hello"),
        lambda: actions.end(cleo, row.pk),
        lambda: actions.answer_check(cleo, row.pk, "pause", ""),
    ):
        with pytest.raises(NotFound):
            do()
    assert not kinds.get("community.note").visible_to(str(row.pk), cleo.id)  # type: ignore[union-attr]


def test_whoever_was_only_asked_cannot_write_or_look(ana: Principal, ben: Principal) -> None:
    cast.seeks(ana)
    cast.seeks(ben)
    ident = actions.ask(ana, cast.suggested(ana)[0].pk, agreed=True)
    for who in (ana, ben):
        with pytest.raises(NotFound):
            queries.room(who, ident)


def test_an_end_takes_one_tap_and_says_one_neutral_sentence(ana: Principal, ben: Principal) -> None:
    row = cast.buddies(ana, ben)
    client = cast.enter("Quiet Heron")
    assert client.post(f"/peers/{row.pk}", {"do": "end"})["Location"] == "/peers?said=ended"
    assert "says nothing about either of you" in client.get("/peers?said=ended").content.decode()
    [latest, *_rest] = told(ben)
    assert latest == "Your time with a buddy has come to its end. Thank you for the time you gave."
    assert "Quiet Heron" not in latest
    with pytest.raises(Refused):
        actions.write_note(ben, row.pk, "but why")
    actions.end(ana, row.pk)  # twice is no error


def test_a_wish_to_pause_rests_it_for_both_without_saying_whose_wish(ana: Principal, ben: Principal) -> None:
    start = datetime(2026, 5, 5, 12, tzinfo=UTC)
    with clock.frozen(start):
        row = cast.buddies(ana, ben)
    with clock.frozen(start + timedelta(days=7)):
        assert actions.check_in() == 1
        assert actions.check_in() == 0
        assert queries.room(ana, row.pk).check
        actions.answer_check(ana, row.pk, "pause", "too much at work")
        assert b"work" not in bytes(CheckIn.objects.get(account=ana.id).words)
        room = queries.room(ben, row.pk)
        assert room.state == "paused"
        assert not room.check
        page = cast.enter("Calm Otter").get(f"/peers/{row.pk}").content.decode()
        assert "taking a pause until" in page
        assert "too much at work" not in page
        with pytest.raises(Refused):
            actions.write_note(ben, row.pk, "hello?")
    with clock.frozen(start + timedelta(days=22)):
        actions.lapse()
        assert queries.room(ben, row.pk).state == "open", "a pause has an end"


def test_a_block_ends_it_at_once_for_both_and_closes_the_room(ana: Principal, ben: Principal) -> None:
    row = cast.buddies(ana, ben)
    boundaries.block(ben, cast.ident(ana))
    for who in (ana, ben):
        with pytest.raises(NotFound):
            queries.room(who, row.pk)
        assert queries.buddies(who).open == ()
    before = told(ana)
    assert Buddying.objects.get().state == "ended"
    assert not any("come to its end" in line for line in before), "a block says nothing"
    cast.seeks(ana, most=3)
    cast.seeks(ben, most=3)
    assert cast.suggested(ana) == []


def test_adults_and_minors_are_never_suggested_and_a_changed_age_parts_them(
    ana: Principal, ben: Principal
) -> None:
    young = cast.seeks(cast.person("Small Wren", band="16-17"))
    cast.seeks(ana)
    assert cast.suggested(ana) == []
    assert cast.suggested(young) == []
    row = cast.buddies(ana, ben)
    people.set_about(ben, language="en", country="", age_band="16-17")
    jobs.run_due()
    assert Buddying.objects.get(pk=row.pk).state == "ended"
    assert Seeking.objects.get(pk=ben.id).side == "16-17"


def test_nobody_gets_more_buddies_than_they_wanted(ana: Principal, ben: Principal) -> None:
    cast.buddies(ana, ben)
    cleo = cast.seeks(cast.person("Brave Lantern"))
    assert cast.suggested(cleo) == [], "both have one, and wanted one"
    cast.seeks(ben, most=2)
    assert [row.other for row in cast.suggested(cleo)] == [ben.id]


def test_a_place_that_was_taken_meanwhile_is_said_kindly(ana: Principal, ben: Principal) -> None:
    cleo = cast.person("Brave Lantern")
    for who in (ana, ben, cleo):
        cast.seeks(who)
    for_ana = next(row for row in cast.suggested(ana) if row.other == ben.id)
    for_cleo = next(row for row in cast.suggested(cleo) if row.other == ben.id)
    first = actions.ask(ana, for_ana.pk, agreed=True)
    second = actions.ask(cleo, for_cleo.pk, agreed=True)
    actions.accept(ben, first, agreed=True)
    with pytest.raises(Conflict):
        actions.accept(ben, second, agreed=True)


def test_who_takes_a_break_or_wants_no_letters_is_not_suggested(ana: Principal, ben: Principal) -> None:
    cast.seeks(ana)
    cast.seeks(ben)
    boundaries.take_break(ben, (clock.now() + timedelta(days=5)).date())
    assert cast.suggested(ana) == []


def test_not_this_one_is_not_shown_again(ana: Principal, ben: Principal) -> None:
    cast.seeks(ana)
    cast.seeks(ben)
    actions.pass_on(ana, cast.suggested(ana)[0].pk)
    assert cast.suggested(ana) == []
    assert Suggestion.objects.get(account=ana.id).state == "passed"


def test_words_of_crisis_are_stored_first_and_open_help_and_no_case(ana: Principal, ben: Principal) -> None:
    from kithwell.moderation.models import Case, Concern

    row = cast.buddies(ana, ben)
    client = cast.enter("Quiet Heron")
    answer = client.post(
        f"/peers/{row.pk}", {"do": "write", "text": "I want to kill myself tonight, I have the pills"}
    )
    assert answer["Location"].endswith("?help=1#help")
    assert "Help now" in client.get(answer["Location"]).content.decode()
    assert len(queries.room(ben, row.pk).notes) == 1, "the note arrived"
    assert Concern.objects.filter(account=ana.id).count() == 1
    assert not Case.objects.exists()


def test_words_that_attack_get_a_second_look_and_go_out_if_one_wants(ana: Principal, ben: Principal) -> None:
    row = cast.buddies(ana, ben)
    words = "you are a worthless piece of shit, I will find you and hurt you"
    with pytest.raises(Nudged):
        actions.write_note(ana, row.pk, words)
    assert not Note.objects.exists()
    actions.write_note(ana, row.pk, words, as_is=True)
    assert Note.objects.count() == 1


def test_a_note_can_be_reported_by_whoever_got_it_and_taken_out_of_view(
    ana: Principal, ben: Principal
) -> None:
    row = cast.buddies(ana, ben)
    note = actions.write_note(ana, row.pk, "give me your number")
    moderation.report(ben, "community.note", str(note.id), "harassment")
    kind = kinds.get("community.note")
    assert kind is not None
    assert kind.snippets([str(note.id)])[str(note.id)].text == "give me your number"
    kind.apply(str(note.id), "hide")
    assert queries.room(ben, row.pk).notes[0].gone == "hidden"
    kind.apply(str(note.id), "restore")
    assert queries.room(ben, row.pk).notes[0].text == "give me your number"


def test_the_rooms_query_count_does_not_grow_with_notes(
    ana: Principal, ben: Principal, django_assert_max_num_queries: Any
) -> None:
    row = cast.buddies(ana, ben)
    for n in range(25):
        actions.write_note(ana if n % 2 else ben, row.pk, f"note {n}")
    with django_assert_max_num_queries(8):
        queries.room(ana, row.pk)
    client = cast.enter("Quiet Heron")
    with django_assert_max_num_queries(26):
        client.get("/peers")


def test_suggesting_among_many_takes_a_fixed_number_of_queries(
    ana: Principal, django_assert_max_num_queries: Any
) -> None:
    cast.seeks(ana)
    for letter in "abdefghkmnpr":
        cast.seeks(cast.person(f"Calm Otter {letter}"))
    with django_assert_max_num_queries(28):
        assert actions.suggest_for(ana) == 3
    assert set(Seeking.objects.exclude(pk=ana.id).values_list("shown_n", flat=True)) == {0, 1}


def test_who_leaves_takes_their_notes_along(ana: Principal, ben: Principal) -> None:
    from kithwell.people import erasure, export
    from kithwell.people import queries as known

    row = cast.buddies(ana, ben)
    actions.write_note(ana, row.pk, "mine")
    actions.write_note(ben, row.pk, "theirs")
    subject = known.subjects([cast.ident(ana)])[cast.ident(ana)]
    files = dict(export._tellers["peers"](subject, ana.id))
    assert b"mine" in files["buddies.json"]
    assert b"theirs" not in files["buddies.json"], "what the other wrote is theirs"
    assert b"anxiety" in files["welcome.json"]
    assert list(erasure._parts["peers"][0](subject, ana.id))
    assert erasure._parts["peers"][1](subject, ana.id, erasure.Choices()) > 0
    assert not Note.objects.exists()
    assert not Buddying.objects.exists()
    assert Account.objects.filter(pk=ben.id).exists()


def test_who_waits_hears_that_somebody_new_might_suit_and_not_who(ana: Principal, ben: Principal) -> None:
    cast.seeks(ana)
    assert not any("might suit" in line for line in told(ana))
    cast.seeks(ben)
    lines = [line for line in told(ana) if "somebody new has come" in line.lower()]
    assert len(lines) == 1 and "Otter" not in lines[0]
    assert Suggestion.objects.filter(account=ana.id, other=ben.id, state="shown").count() == 1
    cast.seeks(cast.person("Kind Badger"))
    assert len([line for line in told(ana) if "somebody new has come" in line.lower()]) == 1
