"""The invariants of docs/invariants.md where people meet one another: real groups, real posts, the real desk."""

from __future__ import annotations

import io
from dataclasses import replace
from uuid import UUID

import pytest
from django.test import Client
from PIL import Image
from tests.access import world

from kithwell.community.groups import access as groups
from kithwell.community.groups import queries as group_queries
from kithwell.community.posts import actions as post_actions
from kithwell.community.posts import queries as posts
from kithwell.community.posts.models import Picture
from kithwell.community.posts.tests import cast
from kithwell.kernel import errors, jobs
from kithwell.kernel.models import AuditEntry
from kithwell.kernel.principal import ANONYMOUS, Principal
from kithwell.moderation import actions, queries
from kithwell.moderation.models import Case, Decision
from kithwell.moderation.queries import desk as desk_queries
from kithwell.moderation.queries import statements
from kithwell.moderation.rules import ladder
from kithwell.moderation.tests import kit
from kithwell.support.models import Conversation, Flag

pytestmark = pytest.mark.django_db
DANGER = "I have the pills here and I am going to end my life tonight."
CRUEL = "You are worthless, nobody wants you here, shut up and go away you stupid idiot."


@pytest.fixture
def circle() -> cast.Circle:
    return cast.circle()


def seen_by(who: Principal, circle: cast.Circle) -> str:
    place = groups.reader(who, circle.slug)
    return " ".join(str(post.html) for post in posts.of_group(who, place).posts)


def test_1_and_3_thirty_posts_in_crisis_are_all_stored_shown_and_never_held_back(circle: cast.Circle) -> None:
    written = [circle.write(circle.ben, f"{DANGER} ({n})") for n in range(30)]
    jobs.run_due()
    assert len(set(written)) == 30
    shown = seen_by(circle.cleo, circle)
    assert all(f"({n})" in shown for n in range(10, 30))  # a page of twenty
    assert queries.standing(circle.ben.id).may_post
    assert not Case.objects.exists(), "crisis is no case"
    page = circle.page(circle.ben, f"/p/{written[0]}")
    assert "/talk" in page and "/help" in page


def test_5_a_post_in_crisis_becomes_a_conversation_that_people_take_up(circle: cast.Circle) -> None:
    circle.write(circle.ben, DANGER)
    jobs.run_due()
    talk = Conversation.objects.get()
    assert talk.contact.account == circle.ben.id and talk.level >= "C4" and talk.in_queue
    assert DANGER[:20] in seen_by(circle.cleo, circle), "the offer stands beside the post, never instead"


def test_4_what_reads_as_an_attack_stays_until_a_person_decides(circle: cast.Circle) -> None:
    post = circle.write(circle.ben, CRUEL, as_is=True)
    jobs.run_due()
    case = Case.objects.get()
    assert case.ident == str(post) and not Decision.objects.exists()
    assert "worthless" in seen_by(circle.cleo, circle)
    assert queries.standing(circle.ben.id).may_post


@pytest.mark.parametrize("thing", [t for t in ladder.THINGS if t != "nothing"])
@pytest.mark.parametrize("person", [p for p in ladder.PERSONS if p != "exclude"])
def test_10_every_restriction_has_reasons_and_an_appeal_that_another_person_decides(
    circle: cast.Circle, thing: str, person: str
) -> None:
    circle.write(circle.ben, CRUEL, as_is=True)
    jobs.run_due()
    mika, lou = kit.moderator(), kit.moderator("Lou")
    ruling = replace(
        kit.REMOVE,
        thing=thing,
        person=person,
        days=ladder.DAYS.get(person, (0,))[0],
        warning="other" if thing == "label" else "",
    )
    decision = actions.decide(mika, kit.take(mika), ruling)
    told = statements.statement(circle.ben, decision)
    assert told.rule and told.facts == ruling.facts
    data = circle.browser(circle.ben).get(f"/decisions/{decision}/data")
    assert data.status_code == 200 and data.json()
    for stranger in (circle.cleo, circle.zoe):
        assert circle.browser(stranger).get(f"/decisions/{decision}").status_code == 404
    actions.appeal(circle.ben, decision, "")
    assert actions.take_next(mika) is None, "nobody judges their own decision"
    actions.answer(lou, kit.take(lou), True, "The words were a quotation and aimed at nobody.")
    assert queries.standing(circle.ben.id).may_post
    assert "worthless" in seen_by(circle.cleo, circle)


def test_10_nobody_is_excluded_by_one_person(circle: cast.Circle) -> None:
    circle.write(circle.ben, CRUEL, as_is=True)
    jobs.run_due()
    mika = kit.moderator()
    actions.decide(mika, kit.take(mika), replace(kit.REMOVE, person="exclude"))
    assert queries.standing(circle.ben.id).may_post
    assert "worthless" in seen_by(circle.cleo, circle)


def test_11_a_name_behind_a_veil_takes_two_people_and_a_reason(circle: cast.Circle) -> None:
    post = circle.write(circle.ben, CRUEL, anonymous=True, as_is=True)
    jobs.run_due()
    mika = kit.moderator()
    kit.take(mika)
    asked = actions.unseal_request(mika, "community.post", str(post), "a threat to a named person")
    assert actions.unsealed(mika, "community.post", str(post)) is None
    with pytest.raises(errors.Refused):
        actions.unseal_confirm(mika, asked, True)
    lou = kit.moderator("Lou")
    assert actions.unseal_confirm(lou, asked, True) == circle.ben.id
    assert actions.unsealed(mika, "community.post", str(post)) == circle.ben.id
    assert actions.unsealed(kit.moderator("Nele"), "community.post", str(post)) is None


def test_14_a_reported_picture_is_shown_to_whoever_holds_its_case_folded_grey_recorded_and_counted(
    circle: cast.Circle,
) -> None:
    green = io.BytesIO()
    Image.new("RGB", (64, 32), (40, 120, 60)).save(green, "PNG")
    loose = post_actions.add_picture(circle.ben, circle.slug, green.getvalue(), "a green field")
    post = circle.write(circle.ben, "look at this", pictures=[loose])
    actions.report(circle.cleo, "community.post", str(post), "graphic")
    world.join("Mika", "moderator")
    mika, lou = world.enter("Mika"), kit.moderator("Lou")
    case = Case.objects.get()
    hung = Picture.objects.get(post=post)
    address = f"/moderation/c/{case.id}/picture/{hung.id}"
    assert mika.get(f"/picture/{hung.id}").status_code in (403, 404), "they are no member of the group"
    assert mika.get(address).status_code == 404, "nobody browses pictures"
    assert mika.post("/moderation/take").status_code == 303
    page = mika.get(f"/moderation/c/{case.id}").content.decode()
    before = page.partition(address)[0]
    assert 'alt="a green field"' in page and before.rfind("<details") > before.rfind("</details>")
    assert not AuditEntry.objects.filter(verb="case.picture_seen").exists(), (
        "it is folded away until they ask"
    )
    assert mika.get(address)["Content-Type"] == "image/webp"
    assert AuditEntry.objects.filter(verb="case.picture_seen", object_id=str(case.id)).count() == 1
    assert mika.get(address[:-1] + "0").status_code == 404
    with pytest.raises(errors.NotFound):
        desk_queries.picture(lou, case.id, str(hung.id))


def test_15_young_people_and_adults_never_meet_in_one_group(circle: cast.Circle) -> None:
    young = cast.person("Kit", band="16-17")
    for look in (groups.reader, groups.member):
        with pytest.raises(errors.NotFound):
            look(young, circle.slug)
    assert circle.slug not in {card.slug for card in _directory(young)}
    assert circle.slug in {card.slug for card in _directory(circle.zoe)}
    assert circle.browser(young).get(f"/g/{circle.slug}/about").status_code == 404
    post = circle.write(circle.ben, "an evening walk")
    assert circle.browser(young).get(f"/p/{post}").status_code == 404


def test_15_whoever_tells_of_abuse_is_heard_by_somebody_who_knows(circle: cast.Circle) -> None:
    words = "I never told anybody. My stepdad hits me when nobody is there."
    post = circle.write(circle.ben, words)
    jobs.run_due()
    talk = Conversation.objects.get()
    assert talk.contact.account == circle.ben.id and talk.in_queue
    assert Flag.objects.filter(contact=talk.contact, kind="safeguarding").exists()
    assert "stepdad" in seen_by(circle.cleo, circle), "the words stay where they are"
    assert not Case.objects.filter(ident=str(post)).exists(), "and are no case about who wrote them"


def _directory(who: Principal) -> list[groups.GroupCard]:
    return list(group_queries.directory(who, group_queries.Asked()).groups)


def test_a_group_for_members_is_closed_to_everybody_else(circle: cast.Circle) -> None:
    post: UUID = circle.write(circle.ben, "an evening walk")
    for path in (f"/g/{circle.slug}", f"/p/{post}"):
        assert b"evening walk" not in Client().get(path).content
    with pytest.raises(errors.KithwellError):
        groups.reader(ANONYMOUS, circle.slug)
