"""The pages of groups, as a person without scripts goes through them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kithwell.community.groups import access, actions, health
from kithwell.community.groups.models import Group, JoinRequest
from kithwell.community.groups.tests.cast import browser, group, joins, lead_of, somebody
from kithwell.kernel.errors import NotFound

pytestmark = pytest.mark.django_db


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, f"{path}: {answer.status_code}"
    return answer.content.decode()


def test_the_directory_finds_by_words_without_accents_topic_language_and_place() -> None:
    group(
        name="Insomnio y café", purpose="Para quienes pasan la noche en vela.", language="es", topic="sleep"
    )
    group(name="Bristol carers", purpose="Looking after somebody at home.", place="Bristol", topic="carers")
    group(name="Secret garden", purpose="Only by invitation here.", joining="invite")
    client = browser()
    assert "Insomnio" in text(client, "/groups?q=CAFE")
    assert "Insomnio" not in text(client, "/groups?q=bristol")
    assert "Bristol carers" in text(client, "/groups?q=brist")
    assert "Bristol carers" not in text(client, "/groups?language=es")
    assert "Insomnio" in text(client, "/groups?topic=sleep&language=es")
    assert "Secret garden" not in text(client, "/groups")
    assert "No group like that yet" in text(client, "/groups?q=zzzz")


def test_sizes_are_told_in_words_and_never_as_a_number_of_members() -> None:
    owls = group()
    Group.objects.filter(id=owls.id).update(member_n=4321)
    client = browser(somebody())
    for path in ("/groups", f"/g/{owls.slug}/about"):
        page = text(client, path)
        assert "a large group" in page
        assert "4321" not in page


def test_joining_in_steps_works_without_scripts() -> None:
    owls = group(joining="request", guidelines="Be kind.\nNo numbers.", questions="What brings you here?")
    ana = somebody("Ana", band="")
    client = browser(ana)
    page = text(client, f"/g/{owls.slug}/join")
    assert "How old are you?" in page
    at = f"/g/{owls.slug}/join"
    assert client.post(at, {"step": "age", "age_band": "18-25"}).status_code == 303
    page = text(client, at)
    assert "Be kind." in page and "I have read this" in page
    versions = {"site_version": "1", "group_version": "1"}
    refused = client.post(at, {"step": "rules", **versions})
    assert refused.status_code == 422
    asked = client.post(at, {"step": "rules", "agreed": "1", **versions})
    assert "What brings you here?" in asked.content.decode()
    empty = client.post(at, {"step": "questions", "agreed": "1", "answer0": " ", **versions})
    assert empty.status_code == 422 and b"A short answer is enough." in empty.content
    done = client.post(
        at, {"step": "questions", "agreed": "1", "answer0": "I lie awake", **versions}, follow=True
    )
    assert b"Your request is with the facilitators" in done.content
    request = JoinRequest.objects.get()
    assert b"awake" not in bytes(request.answers or b"")
    lead = browser(lead_of(owls))
    page = text(lead, f"/g/{owls.slug}/members")
    assert "I lie awake" in page and ana.name in page
    said = lead.post(f"/g/{owls.slug}/members", {"act": "accept", "id": str(request.id)})
    assert said.status_code == 303
    assert "You are in" in text(client, at)


def test_rules_that_changed_meanwhile_are_shown_once_more() -> None:
    owls, ana = group(guidelines="Be kind."), somebody("Ana")
    client = browser(ana)
    Group.objects.filter(id=owls.id).update(guidelines_version=2, guidelines="Be very kind.")
    answer = client.post(
        f"/g/{owls.slug}/join", {"step": "rules", "agreed": "1", "site_version": "1", "group_version": "1"}
    )
    assert (
        answer.status_code == 422 and b"just changed" in answer.content and b"Be very kind." in answer.content
    )


def test_a_refusal_is_kind_and_read_by_the_asker_alone() -> None:
    owls, ana = group(joining="request"), somebody("Ana")
    assert joins(ana, owls) == "asked"
    lead = browser(lead_of(owls))
    ident = JoinRequest.objects.get().id
    lead.post(
        f"/g/{owls.slug}/members", {"act": "refuse", "id": str(ident), "words": "We are all parents here."}
    )
    assert "We are all parents here." in text(browser(ana), f"/g/{owls.slug}/about")
    assert "We are all parents here." not in text(browser(somebody("Ben")), f"/g/{owls.slug}/about")
    again = browser(ana).post(
        f"/g/{owls.slug}/join", {"step": "rules", "agreed": "1", "site_version": "1", "group_version": "1"}
    )
    assert again.status_code == 403


def test_a_secret_link_opens_a_hidden_group_as_often_as_it_says() -> None:
    hidden = group(joining="invite")
    lead = browser(lead_of(hidden))
    made = lead.post(f"/g/{hidden.slug}/members", {"act": "link", "uses": "1", "days": "7"})
    assert made.status_code == 200, made.content.decode()[:3000]
    token = made.content.decode().partition("?invite=")[2].partition("<")[0].partition('"')[0]
    assert len(token) > 20
    assert token not in text(lead, f"/g/{hidden.slug}/members")
    assert browser().get(f"/g/{hidden.slug}/about").status_code == 404
    assert hidden.name in text(browser(), f"/g/{hidden.slug}/about?invite={token}")
    ana, ben = somebody("Ana"), somebody("Ben")
    form = {"step": "rules", "agreed": "1", "site_version": "1", "group_version": "1", "invite": token}
    assert browser(ana).post(f"/g/{hidden.slug}/join", form).status_code == 303
    assert access.member(ana, hidden.slug).is_member
    assert browser(ben).post(f"/g/{hidden.slug}/join", form).status_code == 404
    young = somebody("Kid", band="under-16")
    second = lead.post(f"/g/{hidden.slug}/members", {"act": "link", "uses": "5", "days": "1"})
    token = second.content.decode().partition("?invite=")[2].partition("<")[0].partition('"')[0]
    assert browser(young).get(f"/g/{hidden.slug}/about?invite={token}").status_code == 404


def test_an_invitation_by_name_never_tells_whether_it_arrived() -> None:
    hidden = group(joining="invite")
    lead = browser(lead_of(hidden))
    ana, kid = somebody("Ana"), somebody("Kid", band="16-17")
    for who in (ana, kid):
        answer = lead.post(f"/g/{hidden.slug}/members", {"act": "invite", "pseudonym": who.name})
        assert answer.headers["Location"].endswith("?said=invited")
    assert hidden.name in text(browser(ana), "/groups")
    assert hidden.name not in text(browser(kid), "/groups")
    with pytest.raises(NotFound):
        access.visitor(kid, hidden.slug)
    assert joins(ana, hidden) == "joined"


def test_members_see_no_list_of_members() -> None:
    owls, ana, ben = group(), somebody("Ana"), somebody("Ben")
    joins(ana, owls), joins(ben, owls)
    client = browser(ana)
    assert client.get(f"/g/{owls.slug}/members").status_code == 403
    for path in (f"/g/{owls.slug}/about", "/groups", f"/g/{owls.slug}/leave"):
        assert ben.name not in text(client, path)


def test_search_engines_are_kept_out_unless_a_group_chose_otherwise() -> None:
    quiet, loud = group(reading="everyone"), group(reading="everyone")
    client = browser()
    answer = client.get(f"/g/{quiet.slug}/about")
    assert "noindex" in answer.headers["X-Robots-Tag"] and b'name="robots"' in answer.content
    lead = lead_of(loud)
    values = {
        "name": loud.name,
        "purpose": loud.purpose,
        "joining": "open",
        "reading": "everyone",
        "indexable": "1",
    }
    assert browser(lead).post(f"/g/{loud.slug}/settings", values).status_code == 303
    answer = client.get(f"/g/{loud.slug}/about")
    assert "X-Robots-Tag" not in answer.headers and b'name="robots"' not in answer.content
    closed = browser(lead).post(f"/g/{loud.slug}/settings", values | {"reading": "members"})
    assert closed.status_code == 422
    assert "noindex" in client.get("/groups").headers["X-Robots-Tag"]


def test_a_break_and_leaving_with_a_choice() -> None:
    owls, ana = group(), somebody("Ana")
    joins(ana, owls)
    client, at = browser(ana), f"/g/{owls.slug}/leave"
    assert client.post(at, {"act": "break", "days": "14"}).status_code == 303
    assert "You are taking a break" in text(client, f"/g/{owls.slug}/about")
    assert client.post(at, {"act": "back"}).status_code == 303
    assert client.post(at, {"act": "leave", "writing": "burn"}).status_code == 422
    assert client.post(at, {"act": "leave", "writing": "anonymise"}).status_code == 303
    assert client.get(at).status_code == 404
    assert joins(ana, owls) == "joined"


def test_who_leads_alone_is_asked_first_and_can_still_go() -> None:
    owls = group()
    client, at = browser(lead_of(owls)), f"/g/{owls.slug}/leave"
    answer = client.post(at, {"act": "leave", "writing": "keep"})
    assert answer.status_code == 409 and b"Nobody else leads this group" in answer.content
    assert client.post(at, {"act": "leave", "writing": "keep", "anyway": "1"}).status_code == 303
    assert Group.objects.get(id=owls.id).closed_at is not None


def test_a_member_proposes_and_a_steward_opens() -> None:
    ana, robin = somebody("Ana"), somebody("Robin", "steward")
    form = {"name": "Night gardeners", "purpose": "Plants, and sleepless nights.", "age_band": "adults"}
    answer = browser(ana).post("/groups/new", form | {"joining": "open", "reading": "members"})
    assert answer.status_code == 303
    proposed = Group.objects.get(name="Night gardeners")
    assert "Night gardeners" not in text(browser(somebody("Ben")), "/groups")
    assert browser(somebody("Ben")).get(f"/g/{proposed.slug}/about").status_code == 404
    assert "This is a proposal" in text(browser(ana), f"/g/{proposed.slug}/about")
    steward = browser(robin)
    assert "Night gardeners" in text(steward, "/groups/proposals")
    assert steward.post(f"/groups/proposals/{proposed.id}", {"act": "approve"}).status_code == 303
    assert "Night gardeners" in text(browser(somebody("Ben")), "/groups")
    assert access.facilitator(ana, proposed.slug).may_facilitate


def test_a_group_for_young_people_opens_only_with_a_trained_grown_up() -> None:
    lou, robin = somebody("Lou", band="16-17"), somebody("Robin", "steward")
    ident = actions.found(lou, actions.Wanted("Exam nights", "For pupils before exams.", age_band="16-17"))
    steward, at = browser(robin), f"/groups/proposals/{ident}"
    assert steward.post(at, {"act": "approve"}).status_code == 422
    untrained = somebody("Max")
    assert steward.post(at, {"act": "approve", "pseudonym": untrained.name}).status_code == 422
    fern = somebody("Fern", "facilitator")
    assert steward.post(at, {"act": "approve", "pseudonym": fern.name}).status_code == 303
    slug = Group.objects.get(id=ident).slug
    assert access.facilitator(fern, slug).may_facilitate
    with pytest.raises(NotFound):
        access.visitor(untrained, slug)


def test_the_health_page_shows_what_the_port_tells_and_hides_what_few_did(
    figures: list[health.Figures],
) -> None:
    owls = group()
    figures[0] = health.Figures(
        answered_share=0.9, shoulders_share=0.8, mood={"calm": 40, "heavy": 12, "need": 3}
    )
    page = text(browser(lead_of(owls)), f"/g/{owls.slug}/health")
    assert "9 of 10" in page and "three people" in page and "40" in page
    assert ">12<" not in page and ">3<" not in page
    assert "who carries" in page and ">90 %<" in page and ">80 %<" in page  # as a picture too
    figures[0] = health.Figures(answered_share=0.98, returned_share=0.0)
    page = text(browser(lead_of(owls)), f"/g/{owls.slug}/health")
    assert "9 of 10" in page and "10 of 10" not in page and "0 of 10" in page  # "all" only where it is all


@pytest.fixture
def figures() -> Iterator[list[health.Figures]]:
    """What the port tells, in place of the part that keeps posts."""
    kept, told = list(health._sources), [health.Figures()]
    health.register(lambda *_asked: told[0])
    yield told
    health._sources[:] = kept


def test_pages_ask_the_same_number_of_questions_however_many_belong(figures: object) -> None:
    owls = group(questions="Why?", joining="request", reading="everyone")
    lead, visitor = browser(lead_of(owls)), browser()
    most = {
        (visitor, "/groups"): 1,
        (visitor, f"/g/{owls.slug}/about"): 4,
        (lead, "/groups"): 6,
        (lead, f"/g/{owls.slug}/about"): 9,
        (lead, f"/g/{owls.slug}/members"): 13,
        (lead, f"/g/{owls.slug}/settings"): 8,
        (lead, f"/g/{owls.slug}/health"): 11,
    }

    def asked(first: int) -> list[int]:
        for n in range(first, first + 6):
            who = somebody(f"M{n}")
            assert joins(who, owls, answers=["because"]) == "asked"
            if n % 2:
                actions.decide(
                    lead_of(owls), owls.slug, JoinRequest.objects.get(account=who.id).id, accept=True
                )
        counts = []
        for client, path in most:
            with CaptureQueriesContext(connection) as caught:
                assert client.get(path).status_code == 200, path
            counts.append(len(caught))
        return counts

    few = asked(0)
    assert asked(6) == few
    over = {path: n for ((_who, path), bound), n in zip(most.items(), few, strict=True) if n > bound}
    assert over == {}
