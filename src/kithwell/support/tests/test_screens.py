"""The desk's pages as a browser gets them: nothing typed is lost, nothing is offered that cannot be done."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from kithwell.kernel import clock, jobs, limits
from kithwell.kernel.errors import Invalid, NotFound, Refused
from kithwell.kernel.principal import Principal
from kithwell.people import actions as people
from kithwell.support import actions, queries, ready
from kithwell.support.actions import desk as desk_actions
from kithwell.support.actions import supervise
from kithwell.support.models import Conversation, QuickReply
from kithwell.support.tests.cast import START, Phone, fake_channel, fresh, on_shift, staff, version

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"
DANGER = "I am going to end my life right now."


def enter(name: str, *roles: str) -> tuple[Client, Principal]:
    """A browser that has just signed in, and who sits at it."""
    limits.forget_all()
    ident = people.create_account(name, PASSWORD, roles=roles)
    client = Client()
    answer = client.post("/sign-in", {"name": name, "password": PASSWORD})
    assert answer.status_code == 303
    return client, Principal("account", ident, name, frozenset(roles), stepped_up=True)


def begin(sam: Principal, text: str = "hello") -> Conversation:
    talk = Phone("1").say(text)
    actions.start_shift(sam)
    assert actions.take_next(sam) == talk.id
    return fresh(talk)


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def test_an_on_call_person_without_a_shift_keeps_whom_they_took_over() -> None:
    fake_channel()
    client, olu = enter("Olu", "oncall")
    talk = Phone("1").say(DANGER)
    supervise.raise_alert(talk.id, talk.level)
    assert "desk/beat" not in text_of(client.get("/desk"))
    page = text_of(client.get("/desk"))
    assert "I am on it" in page and "Start my shift" not in page and "Take the next person" not in page
    actions.take_over(olu, talk.id)
    assert 'data-src="/desk/beat"' in text_of(client.get(f"/desk/c/{talk.id}")), "the page keeps the lease"
    lease = fresh(talk).lease_until
    assert client.post("/desk/beat").status_code == 204
    assert lease is not None and (fresh(talk).lease_until or lease) > lease
    assert desk_actions.sweep_leases() == 0 and fresh(talk).assigned_to == olu.id


def test_who_may_not_take_people_is_told_so_and_not_shown_an_error() -> None:
    client, olu = enter("Olu", "oncall")
    assert client.post("/desk/take").headers["Location"] == "/desk?notice=no_role"
    assert "for supporters" in text_of(client.get("/desk?notice=no_role"))
    with pytest.raises(Refused):
        actions.take_next(olu)


def test_nobody_close_to_danger_is_left_to_the_assistant() -> None:
    fake_channel()
    client, sam = enter("Sam", "supporter")
    talk = begin(sam, "I want to kill myself.")
    assert fresh(talk).level >= "C3"
    with pytest.raises(Invalid):
        actions.hand_over(sam, talk.id, "assistant", "", version(talk.id))
    assert fresh(talk).assigned_to == sam.id
    assert 'value="assistant"' not in text_of(client.get(f"/desk/c/{talk.id}"))


def test_after_handing_back_to_the_assistant_the_supporter_lands_on_their_own_desk() -> None:
    fake_channel()
    client, sam = enter("Sam", "supporter")
    talk = begin(sam)
    url = f"/desk/c/{talk.id}/hand-over"
    answer = client.post(url, {"to": "assistant", "version": version(talk.id)}, follow=True)
    assert answer.status_code == 200 and "The assistant has taken over" in text_of(answer)


@pytest.mark.parametrize(
    ("form", "sent", "kept"),
    [
        ("end", {"summary": "We talked about Friday.", "next_step": ""}, "We talked about Friday."),
        ("hand-over", {"to": "team:nobody", "note": "Likes to be asked twice."}, "Likes to be asked twice."),
        ("flag", {"kind": "care", "days": "7000", "reason": "Jumpy today."}, "Jumpy today."),
        ("reveal", {"reason": "because"}, "because"),
        ("reply", {"text": "x" * 5000, "client_key": "k"}, "x" * 5000),
    ],
)
def test_what_is_refused_comes_back_with_its_words(form: str, sent: dict[str, str], kept: str) -> None:
    fake_channel()
    client, sam = enter("Sam", "supporter")
    talk = begin(sam)
    answer = client.post(f"/desk/c/{talk.id}/{form}", sent | {"version": version(talk.id)})
    page = text_of(answer)
    assert answer.status_code == 422 and kept in page
    assert re.search(r'class="wrong"[^>]*>(?!\s*</p>)', page), "and the page says what to change"


def test_a_conversation_that_changed_hands_comes_back_with_the_summary_still_written() -> None:
    fake_channel()
    client, sam = enter("Sam", "supporter")
    talk = begin(sam)
    sent = {"summary": "We talked about Friday.", "next_step": "Sleep", "version": version(talk.id) - 1}
    answer = client.post(f"/desk/c/{talk.id}/end", sent)
    assert answer.status_code == 409 and "We talked about Friday." in text_of(answer)
    assert "changed hands" in text_of(answer)


def test_a_supporter_whose_person_left_can_still_write_the_summary() -> None:
    fake_channel()
    client, sam = enter("Sam", "supporter")
    talk = begin(sam)
    actions.reply(sam, talk.id, "Hello", client_key="a", version=version(talk.id))
    actions.close_by_person(talk.id)
    assert "they left: write the summary" in text_of(client.get("/desk"))
    assert "Keep the summary" in text_of(client.get(f"/desk/c/{talk.id}"))
    sent = {"summary": "Calm again.", "next_step": "Will write on Monday", "version": version(talk.id)}
    assert client.post(f"/desk/c/{talk.id}/end", sent).status_code == 303
    assert queries.desk(sam).mine == ()


def test_after_two_weeks_a_summary_that_nobody_wrote_opens_the_conversation_to_its_supporter_no_more() -> (
    None
):
    fake_channel()
    with clock.frozen(START):
        sam = on_shift("Sam")
        talk = Phone("1").say("hello")
        actions.take_next(sam)
        actions.reply(sam, talk.id, "Hello", client_key="a", version=version(talk.id))
        actions.close_by_person(talk.id)
        assert queries.conversation(sam, talk.id).role == "holder" and len(queries.desk(sam).mine) == 1
    with clock.frozen(START + timedelta(days=15)):
        assert queries.desk(sam).mine == ()
        with pytest.raises(NotFound):
            queries.conversation(sam, talk.id)


def test_the_board_says_once_for_each_person_in_danger_who_is_on_it() -> None:
    fake_channel()
    with clock.frozen(START):
        vera, olu, kim = staff("Vera", "supervisor"), staff("Olu", "oncall"), staff("Kim", "oncall")
        talk = Phone("1").say(DANGER)
        supervise.raise_alert(talk.id, talk.level)
        assert len(queries.desk(olu).alerts) == len(queries.desk(kim).alerts) == 1
        assert [a.answered_by for a in queries.supervisor_board(vera).alerts] == [()]
        actions.acknowledge_alert(olu, queries.desk(olu).alerts[0].id)
        (alert,) = queries.supervisor_board(vera).alerts
        assert len(alert.answered_by) == 1 and alert.answered_by[0].startswith("Olu")


def test_an_answer_that_nobody_follows_up_calls_the_supervisors() -> None:
    fake_channel()
    with clock.frozen(START):
        vera, olu = staff("Vera", "supervisor"), staff("Olu", "oncall")
        talk = Phone("1").say(DANGER)
        supervise.raise_alert(talk.id, talk.level)
    with clock.frozen(START + timedelta(seconds=100)):
        actions.acknowledge_alert(olu, queries.desk(olu).alerts[0].id)
    with clock.frozen(START + timedelta(seconds=130)):
        assert supervise.escalate_alert(talk.id, talk.level) == 0, "Olu has just said that they are on it"
    with clock.frozen(START + timedelta(seconds=225)):
        assert supervise.escalate_alert(talk.id, talk.level) == 1
        assert len(queries.desk(vera).alerts) == 1


def test_ready_sentences_are_offered_in_the_language_of_the_person() -> None:
    fake_channel()
    client, sam = enter("Sam", "supporter")
    talk = begin(sam)
    said = {r.key: r.text for r in queries.conversation(sam, talk.id).quick_replies}
    assert "this minute?" in said["safe"] and 'data-insert="Are you safe right now' in text_of(
        client.get(f"/desk/c/{talk.id}")
    )
    QuickReply.objects.create(
        key="safe", language="en", title="Safe?", text="Are you all right?", reviewed_at=START
    )
    own = {r.key: r.text for r in queries.conversation(sam, talk.id).quick_replies}
    assert own["safe"] == "Are you all right?" and len(own) == len(said), "the house's own words come instead"


def test_every_ready_sentence_is_listed_for_clinical_review() -> None:
    listed = (Path(__file__).parents[4] / "docs/clinical/support.md").read_text("utf-8")
    for key, (_, text) in ready.READY.items():
        assert f"| ready.{key} | {text} |" in listed


def test_a_call_also_goes_out_by_mail_to_those_who_confirmed_an_address_and_says_nothing(
    settings: Any, tmp_path: Path
) -> None:
    settings.KITHWELL = {
        **settings.KITHWELL,
        "mail_url": f"file://{tmp_path}",
        "mail_from": "post@example.org",
    }
    fake_channel()
    olu, kim = staff("Olu", "oncall"), staff("Kim", "oncall")
    for principal, email in ((olu, "olu@example.org"), (kim, "kim@example.org")):
        people.set_email(principal, email)
    get_user_model().objects.filter(pk=olu.id).update(email_confirmed_at=clock.now())
    jobs.run_due()
    for letter in tmp_path.iterdir():
        letter.unlink()
    talk = Phone("1").say(DANGER)
    jobs.run_due()
    (mail,) = (letter.read_text() for letter in tmp_path.iterdir())
    assert "olu@example.org" in mail and "/desk" in mail
    assert talk.contact.handle not in mail and "danger" not in mail.lower() and "C5" not in mail


def test_of_few_people_the_reports_tell_counts_and_never_a_share() -> None:
    fake_channel()
    client, _ = enter("Vera", "supervisor")
    with clock.shifted(timedelta(minutes=-30)):
        sam = on_shift("Sam")
        talk = Phone("1").say("I want to kill myself.")
        actions.take_next(sam)
        actions.reply(sam, talk.id, "hi", client_key="a", version=version(talk.id))
    for url in ("/supervisor/reports", "/supervisor"):
        page = text_of(client.get(url))
        assert "1 of 1" in page and "100 %" not in page and "19 in 20" not in page


def test_a_steward_reads_reports_and_is_not_sent_to_a_board_they_may_not_see() -> None:
    client, _ = enter("Robin", "steward")
    page = text_of(client.get("/supervisor/reports"))
    assert 'href="/supervisor"' not in page and 'href="/supervisor/reports"' in page


def test_a_judgement_brings_somebody_back_from_the_assistant_to_the_queue() -> None:
    fake_channel()
    with clock.frozen(START):
        sam, vera = on_shift("Sam"), staff("Vera", "supervisor")
        talk = Phone("1").say("hello")
        actions.take_next(sam)
        actions.hand_over(sam, talk.id, "assistant", "", version(talk.id))
        actions.set_level(vera, talk.id, "C3")
        assert fresh(talk).state == "waiting" and fresh(talk).in_queue
