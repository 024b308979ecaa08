"""Teams, duties and ready sentences, as those who lead the desk set them up."""

from __future__ import annotations

import pytest

from kithwell.kernel.errors import Conflict, Invalid, NotFound, Refused
from kithwell.support import actions, queries
from kithwell.support.models import QuickReply, SupporterState, Team
from kithwell.support.tests.cast import Phone, fake_channel, fresh, on_shift, staff, version
from kithwell.support.tests.test_screens import enter, text_of

pytestmark = pytest.mark.django_db


def test_a_house_sets_up_a_team_and_a_conversation_is_handed_to_it() -> None:
    fake_channel()
    client, vera = enter("Vera", "supervisor")
    sam, toni, uma = on_shift("Sam"), on_shift("Toni"), on_shift("Uma")
    assert client.post("/supervisor/team", {"do": "add", "name": "Young people"}).status_code == 303
    form = {"do": "duties", "account": str(toni.id), "team": "young-people", "cap": "2"}
    assert client.post("/supervisor/team", form).status_code == 303
    state = SupporterState.objects.get(account=toni.id)
    assert state.teams == ["young-people"] and state.personal_cap == 2
    talk = Phone("1").say("hello")
    assert actions.take_next(sam) == talk.id
    actions.hand_over(sam, talk.id, "team:young-people", "they are 15", version(talk.id))
    assert actions.take_next(uma) is None, "Uma does not serve this team"
    row = queries.house_rules(vera).teams[0]
    assert (row.members, row.waiting) == (1, 1)
    with pytest.raises(Conflict):
        actions.drop_team(vera, "young-people")
    assert actions.take_next(toni) == talk.id
    assert client.post("/supervisor/team", {"do": "drop", "team": "young-people"}).status_code == 303
    assert not Team.objects.exists()
    assert SupporterState.objects.get(account=toni.id).teams == [] and fresh(talk).team is None


def test_a_team_needs_a_name_of_its_own_and_any_script_will_do() -> None:
    vera = staff("Vera", "supervisor")
    assert actions.add_team(vera, "Night") == "night"
    for bad in ("", "  ", "night", "x" * 81):
        with pytest.raises(Invalid):
            actions.add_team(vera, bad)
    slugs = {
        actions.add_team(vera, name) for name in ("\u0627\u0644\u0644\u064a\u0644", "\u0930\u093e\u0924")
    }
    assert len(slugs) == 2 and all(slugs)


def test_duties_are_for_supporters_and_within_the_house() -> None:
    vera, sam = staff("Vera", "supervisor"), staff("Sam", "supporter")
    assert sam.id is not None and vera.id is not None
    with pytest.raises(NotFound):
        actions.set_duties(vera, vera.id, personal_cap=1)
    for cap in (0, 4, 99):
        with pytest.raises(Invalid):
            actions.set_duties(vera, sam.id, personal_cap=cap)
    actions.set_duties(vera, sam.id, teams=["nowhere"], personal_cap=1)
    assert SupporterState.objects.get(account=sam.id).teams == []
    with pytest.raises(Refused):
        actions.set_duties(sam, sam.id, personal_cap=3)


def test_a_sentence_is_offered_once_somebody_else_has_read_it() -> None:
    client, vera = enter("Vera", "supervisor")
    form = {"do": "write", "title": "I am here", "text": "I am here, and I am listening.", "language": "en"}
    assert client.post("/supervisor/sentences", {**form, "key": "here"}).status_code == 303
    row = QuickReply.objects.get()
    assert row.key == "here" and "listening" not in _offered()
    refused = client.post("/supervisor/sentences", {"do": "review", "sentence": str(row.id)})
    assert refused.status_code == 409 and "Somebody else has to read it" in text_of(refused)
    ada = staff("Ada", "supervisor")
    actions.review_sentence(ada, row.id)
    assert "listening" in _offered() and "I have read what you wrote" not in _offered()
    actions.write_sentence(ada, "I am here", "Changed words", "en", "here")
    assert "Changed words" not in _offered(), "changed words are read again"
    actions.drop_sentence(vera, row.id)
    assert "I have read what you wrote" in _offered()


def _offered() -> str:
    return " ".join(row.text for row in queries.quick_replies("en"))


def test_what_was_typed_comes_back_when_a_sentence_is_refused() -> None:
    client, _ = enter("Vera", "supervisor")
    page = client.post(
        "/supervisor/sentences", {"do": "write", "title": "Hello", "text": "x" * 1001, "language": "en"}
    )
    assert page.status_code == 422 and "x" * 1001 in text_of(page) and 'value="Hello"' in text_of(page)
    for wrong in ("xx", ""):
        answer = client.post(
            "/supervisor/sentences", {"do": "write", "title": "a", "text": "b", "language": wrong}
        )
        assert answer.status_code == 422
    assert not QuickReply.objects.exists()


def test_two_sentences_of_one_title_stand_beside_each_other() -> None:
    vera = staff("Vera", "supervisor")
    for words in ("one", "two"):
        actions.write_sentence(vera, "Hello", words, "en")
    assert QuickReply.objects.count() == 2


def test_nobody_is_handed_to_a_team_that_nobody_serves() -> None:
    fake_channel()
    vera, sam = staff("Vera", "supervisor"), on_shift("Sam")
    slug = actions.add_team(vera, "Night")
    talk = Phone("1").say("hello")
    assert actions.take_next(sam) == talk.id
    with pytest.raises(Invalid):
        actions.hand_over(sam, talk.id, f"team:{slug}", "", version(talk.id))


def test_whoever_waits_for_a_team_that_went_home_is_taken_by_anybody() -> None:
    fake_channel()
    vera, sam, toni, uma = staff("Vera", "supervisor"), on_shift("Sam"), on_shift("Toni"), on_shift("Uma")
    assert toni.id is not None
    slug = actions.add_team(vera, "Night")
    actions.set_duties(vera, toni.id, teams=[slug])
    talk = Phone("1").say("hello")
    assert actions.take_next(sam) == talk.id
    actions.hand_over(sam, talk.id, f"team:{slug}", "", version(talk.id))
    actions.end_shift(sam)
    assert fresh(talk).in_queue and fresh(talk).assigned_to is None
    assert actions.take_next(uma) is None and not queries.desk(uma).waiting_any, (
        "Toni serves the team and is there"
    )
    actions.end_shift(toni)
    assert queries.desk(uma).waiting_any
    assert actions.take_next(uma) == talk.id


def test_somebody_in_danger_does_not_wait_for_a_team_without_time() -> None:
    fake_channel()
    vera, sam, toni, uma = staff("Vera", "supervisor"), on_shift("Sam"), on_shift("Toni"), on_shift("Uma")
    assert toni.id is not None
    slug = actions.add_team(vera, "Night")
    actions.set_duties(vera, toni.id, teams=[slug])
    talk = Phone("1").say("hello")
    assert actions.take_next(sam) == talk.id
    actions.hand_over(sam, talk.id, f"team:{slug}", "", version(talk.id))
    actions.set_level(vera, talk.id, "C4")
    assert actions.take_next(uma) is None, "Sam is still with them"
    actions.end_shift(sam)
    actions.start_break(toni)
    assert actions.take_next(uma) == talk.id
