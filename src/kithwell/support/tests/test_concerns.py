"""Crisis in something somebody posted: the post stays, the person gets an offer, the desk gets the conversation."""

from __future__ import annotations

import pytest

from kithwell.kernel import clock, jobs
from kithwell.moderation import actions as moderation
from kithwell.moderation import concerns
from kithwell.moderation.models import Case
from kithwell.moderation.tests import kit
from kithwell.support import actions, queries
from kithwell.support.models import Alert, Conversation, Flag, Note
from kithwell.support.tests import cast

pytestmark = pytest.mark.django_db
DARK = "I do not want to be alive any more. I think about ending my life."


def heard(who: object, note: str, level: str, wall: kit.Notes) -> Conversation:
    concerns.raise_concern(wall.name, note, who.id, level, "en")  # type: ignore[attr-defined]
    jobs.run_due()
    return Conversation.objects.select_related("contact").get(contact__account=who.id)  # type: ignore[attr-defined]


def test_a_post_that_shows_crisis_stays_visible_the_person_gets_the_offer_and_the_desk_the_conversation() -> (
    None
):
    wall, ana = kit.wall(), kit.member("Ana")
    note = wall.write(ana, DARK)
    talk = heard(ana, note, "C3", wall)
    assert wall.told == [] and wall.visible_to(note, None), "nothing happens to the post"
    assert not Case.objects.exists(), "crisis makes no case"
    assert (talk.channel, talk.level, talk.in_queue, talk.state) == ("web", "C3", True, "waiting")
    view = queries.person(ana)
    said = queries.transcript(ana, view.conversation_id, 0).messages
    assert len(said) == 1 and "ask how you are" in said[0].text and "nothing wrong" in said[0].text
    sam = cast.on_shift()
    assert actions.take_next(sam) == talk.id, "the desk has it in its queue"
    desk = queries.conversation(sam, talk.id)
    assert any(DARK in n.text and "did not write to us" in n.text for n in desk.notes)


def test_the_person_finds_the_offer_at_talk() -> None:
    from django.test import Client
    from tests.access import world

    wall = kit.wall()
    ana = world.join("Quiet Heron")
    browser = world.enter("Quiet Heron")
    assert browser.get("/talk").status_code == 200
    heard(ana, wall.write(ana, DARK), "C2", wall)
    assert browser.get("/talk")["Location"].startswith("/talk/c")
    assert "ask how you are" in browser.get("/talk/c").content.decode()
    assert "ask how you are" not in Client().get("/talk").content.decode()


def test_somebody_in_danger_is_a_call_to_the_on_call_people_at_once() -> None:
    wall, ana, olu = kit.wall(), kit.member("Ana"), cast.staff("Olu", "oncall")
    note = wall.write(ana, DARK)
    talk = heard(ana, note, "C3", wall)
    assert not Alert.objects.exists()
    concerns.raise_concern(wall.name, note, ana.id, "C5", "en")
    jobs.run_due()
    assert Alert.objects.get(account=olu.id).conversation_id == talk.id
    assert Conversation.objects.get().level == "C5"


def test_one_offer_a_day_however_much_somebody_writes() -> None:
    wall, ana = kit.wall(), kit.member("Ana")
    for _ in range(3):
        heard(ana, wall.write(ana, DARK), "C3", wall)
    assert Conversation.objects.get().last_n == 1 and Note.objects.count() == 1
    with clock.shifted(kit.timedelta(days=2)):
        heard(ana, wall.write(ana, DARK), "C3", wall)
    assert Conversation.objects.get().last_n == 2


def test_whoever_talks_with_somebody_already_is_left_in_peace_and_the_supporter_is_told() -> None:
    wall, ana = kit.wall(), kit.member("Ana")
    talk = heard(ana, wall.write(ana, DARK), "C2", wall)
    sam = cast.on_shift()
    actions.take_next(sam)
    before = Conversation.objects.get(id=talk.id).last_n
    with clock.shifted(kit.timedelta(days=2)):
        heard(ana, wall.write(ana, DARK), "C3", wall)
        after = Conversation.objects.get(id=talk.id)
    assert after.last_n == before and after.state == "human" and after.level == "C3"
    assert Note.objects.count() == 2


def test_nothing_below_c2_makes_an_offer_and_nothing_twice_for_one_level() -> None:
    wall, ana = kit.wall(), kit.member("Ana")
    note = wall.write(ana, "A hard day.")
    for level in ("C0", "C1", "made-up"):
        concerns.raise_concern(wall.name, note, ana.id, level, "en")
    assert jobs.run_due() == 0 or not Conversation.objects.exists()
    for _ in range(2):
        concerns.raise_concern(wall.name, note, ana.id, "C2", "en")
    jobs.run_due()
    assert Note.objects.count() == 1


def test_a_reader_who_is_worried_brings_an_offer_and_no_case() -> None:
    wall, ana, ben = kit.wall(), kit.member("Ana"), kit.member()
    note = wall.write(ana, "I am fine, really. You all would be better off.")
    moderation.report(ben, wall.name, note, "worried", "this does not sound like her")
    jobs.run_due()
    assert not Case.objects.exists() and Conversation.objects.get().in_queue and not wall.told


def test_a_member_who_left_gets_no_offer() -> None:
    from kithwell.people.models import Account

    wall, ana = kit.wall(), kit.member("Ana")
    note = wall.write(ana, DARK)
    concerns.raise_concern(wall.name, note, ana.id, "C3", "en")
    Account.objects.filter(pk=ana.id).delete()
    jobs.run_due()
    assert not Conversation.objects.exists()


ABUSE = "My stepdad hits me and nobody knows."


def test_whoever_tells_of_abuse_is_offered_somebody_and_the_supporter_knows() -> None:
    from kithwell.safety import screen

    wall, ana = kit.wall(), kit.member("Ana")
    note = wall.write(ana, ABUSE)
    for _again in range(2):
        moderation.signal(wall.name, note, ana.id, screen(ABUSE))
    jobs.run_due()
    talk = Conversation.objects.select_related("contact").get(contact__account=ana.id)
    assert (talk.level, talk.in_queue) == ("C1", True) and not Alert.objects.exists()
    assert wall.told == [] and not Case.objects.exists(), "telling of abuse is no case about who tells"
    sam = cast.on_shift()
    assert actions.take_next(sam) == talk.id
    desk = queries.conversation(sam, talk.id)
    assert any("told of abuse" in n.text and "stepdad" in n.text for n in desk.notes)
    assert Flag.objects.filter(contact=talk.contact, kind="safeguarding").count() == 1
    assert len([m for m in queries.transcript(ana, talk.id, 0).messages if "ask how you are" in m.text]) == 1


def test_abuse_told_under_an_anonymous_name_leads_nowhere_back_to_the_words() -> None:
    from kithwell.moderation.models import Concern
    from kithwell.safety import screen

    wall, ana = kit.wall(), kit.member("Ana")
    note = wall.write(ana, ABUSE, anonymous=True)
    moderation.signal(wall.name, note, None, screen(ABUSE))
    jobs.run_due()
    row = Concern.objects.get()
    assert row.account == ana.id and row.ident != note and row.kind == concerns.ANONYMOUS
    talk = Conversation.objects.get(contact__account=ana.id)
    sam = cast.on_shift()
    assert actions.take_next(sam) == talk.id
    assert not any("stepdad" in n.text for n in queries.conversation(sam, talk.id).notes)


def test_after_an_offer_for_abuse_a_crisis_still_raises_the_conversation() -> None:
    from kithwell.safety import screen

    wall, ana = kit.wall(), kit.member("Ana")
    moderation.signal(wall.name, wall.write(ana, ABUSE), ana.id, screen(ABUSE))
    jobs.run_due()
    talk = heard(ana, wall.write(ana, DARK), "C3", wall)
    assert talk.level == "C3"
