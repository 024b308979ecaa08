"""A story from its first words to its end: drafts, consent per use, review, withdrawal, expiry."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from kithwell.community.stories import actions, export, queries, wording
from kithwell.community.stories.actions import uses
from kithwell.community.stories.kind import StoryKind
from kithwell.community.stories.models import Story, Use
from kithwell.community.stories.rules import story as rules
from kithwell.community.stories.tests import cast
from kithwell.kernel import clock, crypto, events, jobs
from kithwell.kernel.errors import Conflict, Invalid, NotFound, Refused
from kithwell.kernel.principal import ANONYMOUS
from kithwell.people import consent
from kithwell.people import queries as people
from kithwell.people.erasure import Choices

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Any:
    class Scene:
        ana = cast.person("Ana", password=cast.PASSWORD)
        ben = cast.person("Ben", password=cast.PASSWORD)
        mo = cast.person("Mo", "moderator", password=cast.PASSWORD)

    return Scene()


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any) -> Any:
    told: list[dict[str, Any]] = []

    def listen(**payload: Any) -> None:
        told.append(payload)

    monkeypatch.setitem(events._subscribers, "community.story.withdrawn", [])
    events.subscribe("community.story.withdrawn")(listen)
    return told


def test_a_draft_is_sealed_kept_and_seen_by_nobody_else(scene: Any) -> None:
    made = cast.draft(scene.ana)
    assert cast.HELPED.encode() not in bytes(cast.row(made).body)
    assert queries.own(scene.ana, made).words.helped == cast.HELPED
    for who in (scene.ben, scene.mo):
        with pytest.raises(NotFound):
            queries.own(who, made)
    with pytest.raises(NotFound):
        queries.review(scene.mo, made)  # not given to be read yet
    assert queries.public(ANONYMOUS) == ()


def test_a_story_needs_what_helped_a_title_and_a_yes_for_the_site(scene: Any) -> None:
    made = actions.begin(scene.ana)
    with pytest.raises(Invalid) as wrong:
        actions.send(scene.ana, made, {})
    assert set(wrong.value.fields) == {"title", "helped", "hard", "site"}
    with pytest.raises(Invalid):
        actions.send(scene.ana, cast.draft(scene.ana), {"site": "365", "campaign": "for ever"})


def test_what_somebody_wants_to_be_called_may_not_point_to_them(scene: Any) -> None:
    made = cast.draft(scene.ana)
    for name in ("lena@example.org", "Anna 1987", "+49 30 123456", "@lena_k"):
        with pytest.raises(Invalid) as wrong:
            actions.keep_details(scene.ana, made, "The plants", name, "en", ())
        assert "byline" in wrong.value.fields
    actions.keep_details(scene.ana, made, "The plants", "Marlo", "en", ())


def test_public_stories_are_by_adults(scene: Any) -> None:
    for band in ("under-16", "16-17", ""):
        young = cast.person("Yun", band=band)
        with pytest.raises((Refused, Invalid)):
            cast.sent(young)
        assert Story.objects.filter(author=young.id).get().state == "draft"  # nothing is lost


def test_a_reviewer_publishes_only_after_the_whole_list_and_never_ones_own(scene: Any) -> None:
    made = cast.sent(scene.ana)
    version = cast.row(made).version
    with pytest.raises(Invalid):
        actions.approve(scene.mo, made, version, rules.CHECKS[:-1])
    for who in (scene.ben, scene.ana):
        with pytest.raises((Refused, NotFound)):
            actions.approve(who, made, version, rules.CHECKS)
    own = cast.sent(scene.mo)
    with pytest.raises(Refused):
        actions.approve(scene.mo, own, cast.row(own).version, rules.CHECKS)
    slug = actions.approve(scene.mo, made, version, rules.CHECKS)
    shown = queries.show(ANONYMOUS, slug)
    assert shown.words.helped == cast.HELPED and shown.card.byline == ""


def test_a_method_stops_the_reviewer_and_never_the_writer(scene: Any) -> None:
    made = cast.sent(scene.ana, hard="That night I took an overdose of paracetamol.")
    found = queries.review(scene.mo, made)
    assert found.stops and wording.stops(found.notes)
    with pytest.raises(Invalid) as wrong:
        actions.approve(scene.mo, made, found.version, rules.CHECKS)
    assert "wording" in wrong.value.fields
    said = rules.Words(title="The plants", hard="That night I tried to end my life.", helped=cast.HELPED)
    actions.propose(scene.mo, made, found.version, said, "Thank you for telling this.", rules.CHECKS)
    assert queries.own(scene.ana, made).state == "agree"
    assert queries.public(ANONYMOUS) == ()


def test_changed_words_are_public_only_after_the_authors_own_yes_to_exactly_those(scene: Any) -> None:
    made = cast.sent(scene.ana)
    said = rules.Words(title="Plants", hard=cast.HARD, helped=cast.HELPED, now="One day, then another.")
    actions.propose(
        scene.mo, made, cast.row(made).version, said, "A shorter title reads better.", rules.CHECKS
    )
    own = queries.own(scene.ana, made)
    assert own.proposed is not None and own.proposed.title == "Plants"
    with pytest.raises(Conflict):
        actions.agree(scene.ana, made, own.version - 1)
    with pytest.raises(NotFound):
        actions.agree(scene.ben, made, own.version)
    slug = actions.agree(scene.ana, made, own.version)
    assert queries.show(ANONYMOUS, slug).words.title == "Plants"


def test_an_author_may_answer_other_words_with_their_own(scene: Any) -> None:
    made = cast.sent(scene.ana)
    said = rules.Words(title="Plants", helped=cast.HELPED, now="x")
    actions.propose(scene.mo, made, cast.row(made).version, said, "Shorter, perhaps?", rules.CHECKS)
    actions.keep_part(scene.ana, made, "now", "I want to keep it as it is.")
    actions.send(scene.ana, made, {"site": "90"})
    row = cast.row(made)
    assert row.state == "review" and row.proposed is None


def test_words_that_changed_while_somebody_read_are_not_published_unseen(scene: Any) -> None:
    made = cast.sent(scene.ana)
    version = cast.row(made).version
    actions.take_back(scene.ana, made)
    actions.keep_part(scene.ana, made, "now", "Something quite different.")
    actions.send(scene.ana, made, {"site": "90"})
    with pytest.raises(Conflict):
        actions.approve(scene.mo, made, version, rules.CHECKS)


def test_each_use_is_a_yes_of_its_own_with_an_end(scene: Any) -> None:
    made = cast.sent(scene.ana, {"site": "730", "campaign": "90", "network": ""})
    subject = people.subjects([scene.ana.id])[scene.ana.id]
    assert consent.is_given(subject, uses.item("site", made)) and consent.is_given(
        subject, uses.item("campaign", made)
    )
    assert not consent.is_given(subject, uses.item("network", made))
    assert not actions.may_use(made, "campaign")  # not public yet
    actions.approve(scene.mo, made, cast.row(made).version, rules.CHECKS)
    assert actions.may_use(made, "campaign") and not actions.may_use(made, "network")
    with clock.shifted(timedelta(days=91)):
        assert not actions.may_use(made, "campaign") and actions.may_use(made, "site")


def test_one_tap_takes_a_story_back_from_everywhere_with_a_receipt(
    scene: Any, heard: list[dict[str, Any]], django_capture_on_commit_callbacks: Any
) -> None:
    slug = cast.published(scene.ana, scene.mo)
    made = Story.objects.get(slug=slug).id
    client = Client()
    first = client.get(f"/stories/{slug}")
    assert first.status_code == 200 and first["Cache-Control"] == "no-store"
    with django_capture_on_commit_callbacks(execute=True):
        receipt = actions.withdraw(scene.ana, made)
    assert receipt and [(h["story"], h["uses"], h["receipt"]) for h in heard] == [
        (str(made), ["campaign", "site"], receipt)
    ]
    gone = client.get(f"/stories/{slug}")
    assert (
        gone.status_code == 410
        and cast.HELPED not in gone.content.decode()
        and "/help" in gone.content.decode()
    )
    assert "The plants" not in gone.content.decode() and slug not in client.get("/stories").content.decode()
    subject = people.subjects([scene.ana.id])[scene.ana.id]
    assert not consent.is_given(subject, uses.item("site", made)) and not actions.may_use(made, "campaign")
    assert cast.row(made).shown is None
    assert actions.withdraw(scene.ana, made) == receipt  # again gives the same, and tells nobody twice
    assert len(heard) == 1


def test_one_use_can_be_taken_back_alone(
    scene: Any, heard: Any, django_capture_on_commit_callbacks: Any
) -> None:
    slug = cast.published(scene.ana, scene.mo)
    made = Story.objects.get(slug=slug).id
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.withdraw(scene.ana, made, ["campaign"])
    assert [h["uses"] for h in heard] == [["campaign"]]
    assert queries.show(ANONYMOUS, slug) and not actions.may_use(made, "campaign")


def test_a_consent_that_is_withdrawn_elsewhere_takes_the_story_along(scene: Any) -> None:
    slug = cast.published(scene.ana, scene.mo)
    made = Story.objects.get(slug=slug).id
    consent.withdraw(people.subjects([scene.ana.id])[scene.ana.id], uses.item("site", made))
    jobs.run_due()
    assert Client().get(f"/stories/{slug}").status_code == 410
    assert not Use.objects.filter(story=made, ended_at__isnull=True).exists()


def test_when_its_time_is_over_a_story_is_gone_at_once_and_a_job_tidies_up(
    scene: Any, heard: Any, django_capture_on_commit_callbacks: Any
) -> None:
    slug = cast.published(scene.ana, scene.mo, uses={"site": "90", "campaign": "365"})
    with clock.shifted(timedelta(days=90, hours=1)):
        assert Client().get(f"/stories/{slug}").status_code == 410  # before any job ran
        with django_capture_on_commit_callbacks(execute=True):
            assert actions.expire() == 1
        assert actions.expire() == 0
    assert Story.objects.get(slug=slug).state == "ended"
    assert [sorted(h["uses"]) for h in heard] == [["campaign", "site"]]


def test_a_declined_story_ends_what_was_given_and_stays_a_draft_to_be(scene: Any) -> None:
    made = cast.sent(scene.ana)
    with pytest.raises(Invalid):
        actions.decline(scene.mo, made, cast.row(made).version, "no")
    actions.decline(scene.mo, made, cast.row(made).version, "Thank you. It names another person too closely.")
    own = queries.own(scene.ana, made)
    assert own.state == "declined" and "Thank you" in own.note and all(u.ended_at for u in own.uses)
    actions.take_back(scene.ana, made)
    assert queries.own(scene.ana, made).writable


def test_what_readers_do_not_want_to_meet_is_covered_and_the_blocked_are_not_there(scene: Any) -> None:
    from kithwell.boundaries import actions as boundaries

    slug = cast.published(scene.ana, scene.mo, warnings=["suicide"])
    assert queries.show(ANONYMOUS, slug).card.covered
    assert cast.HELPED not in Client().get("/stories").content.decode()
    boundaries.block(scene.ben, scene.ana.id)
    with pytest.raises(NotFound):
        queries.show(scene.ben, slug)
    assert queries.public(scene.ben) == () and len(queries.public(ANONYMOUS)) == 1


def test_heavy_words_are_kept_and_help_is_shown_beside_them(scene: Any) -> None:
    client = cast.browser(scene.ana)
    client.cookies["kw_country"] = "GB"
    made = actions.begin(scene.ana)
    text = "I want to kill myself. I cannot go on like this any longer."
    shown = client.post(f"/stories/mine/{made}/step/hard", {"text": text}).content.decode()
    assert "/talk" in shown and "116 123" in shown
    assert queries.own(scene.ana, made).words.hard == text


def test_a_story_that_attacks_becomes_a_case_and_the_desk_can_take_it_down_and_give_it_back(
    scene: Any,
) -> None:
    from kithwell.moderation.models import Case

    cast.sent(scene.ana, hard="Those people are vermin and I will come and kill them all.")
    assert Case.objects.filter(kind="community.story").count() == 1
    slug = cast.published(scene.ben, scene.mo)
    row = Story.objects.get(slug=slug)
    kind = StoryKind()
    assert (
        kind.visible_to(str(row.id), scene.ana.id)
        and kind.snippets([str(row.id)])[str(row.id)].author == scene.ben.id
    )
    kind.apply(str(row.id), "remove")
    assert Client().get(f"/stories/{slug}").status_code == 410 and not kind.visible_to(
        str(row.id), scene.ana.id
    )
    kind.apply(str(row.id), "restore")
    assert Client().get(f"/stories/{slug}").status_code == 200
    kind.apply(str(row.id), "limit")
    assert queries.public(ANONYMOUS) == ()


def linked(page: str) -> dict[str, Any]:
    """The structured data of a page, as a machine reads it."""
    [text] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    found: dict[str, Any] = json.loads(text)
    return found


def test_a_public_story_tells_machines_what_it_is_until_when_and_nobody_whose_account(scene: Any) -> None:
    title = 'The "plants" </script><!-- of & \u2028 nine'
    slug = cast.published(scene.ana, scene.mo, byline="Marlo", title=title)
    answer = Client().get(f"/stories/{slug}")
    shown = answer.content.decode()
    said = linked(shown)
    use = Use.objects.get(story__slug=slug, kind="site")
    assert (said["@context"], said["@type"], said["headline"]) == ("https://schema.org", "Article", title)
    assert said["author"] == {"@type": "Person", "name": "Marlo"} and said["url"].endswith(f"/stories/{slug}")
    assert datetime.fromisoformat(said["expires"]) == use.until.replace(microsecond=0)
    assert datetime.fromisoformat(said["datePublished"]).tzinfo is not None
    assert answer["X-Robots-Tag"] == f"noarchive, unavailable_after: {use.until:%Y-%m-%dT%H:%M:%S}+00:00"
    assert "Marlo" in shown and scene.ana.name not in shown and str(scene.ana.id) not in shown
    assert "<script>" not in shown and "style=" not in shown and "</script><!--" not in shown
    assert shown.index("story-help") > shown.index(cast.HELPED)


def test_machines_are_not_told_the_words_of_a_story_that_is_covered(scene: Any) -> None:
    slug = cast.published(scene.ana, scene.mo, warnings=["suicide"])
    said = linked(Client().get(f"/stories/{slug}").content.decode())
    assert "description" not in said and cast.HELPED not in json.dumps(said) and "author" not in said


def test_lists_and_pages_take_the_same_number_of_queries_however_many_there_are(scene: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(call: Any) -> int:
        crypto.forget_cached_keys()
        with CaptureQueriesContext(connection) as seen:
            call()
        return len(seen)

    slug = cast.published(scene.ana, scene.mo)
    few = (count(lambda: queries.public(scene.ben)), count(lambda: queries.show(scene.ben, slug)))
    for n in range(6):
        cast.published(cast.person("Who"), scene.mo, title=f"Story {n}")
    assert (count(lambda: queries.public(scene.ben)), count(lambda: queries.show(scene.ben, slug))) == few
    assert few[0] <= 6


def test_every_public_story_is_reached_page_by_page(scene: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    titles = [f"Story number {n}" for n in range(5)]
    for title in titles:
        cast.published(scene.ana, scene.mo, title=title)
    found: list[str] = []
    for page in ("1", "2", "3"):
        shown = Client().get(f"/stories?page={page}").content.decode()
        found += re.findall(r'lang="en">(Story number \d)</a>', shown)
        assert ("page=" + str(int(page) + 1) in shown) == (page != "3")
    assert found == titles[::-1]
    for odd in ("0", "-1", "99", "x", "9" * 30):
        assert Client().get(f"/stories?page={odd}").status_code == 200


def test_a_copy_of_everything_holds_ones_stories_and_who_goes_takes_them_along(
    scene: Any, heard: Any, django_capture_on_commit_callbacks: Any
) -> None:
    slug = cast.published(scene.ana, scene.mo)
    subject = people.subjects([scene.ana.id])[scene.ana.id]
    told = b"".join(data for _name, data in export.tell(subject, scene.ana.id)).decode()
    assert cast.HELPED in told and "published" in told
    assert [s for s in export.describe(subject, scene.ana.id)]
    with django_capture_on_commit_callbacks(execute=True):
        export.erase(subject, scene.ana.id, Choices("anonymise"))
        export.erase(subject, scene.ana.id, Choices("anonymise"))
    assert not Story.objects.filter(author=scene.ana.id).exists() and len(heard) == 1
    assert Client().get(f"/stories/{slug}").status_code == 404


def test_the_whole_way_by_forms_alone(scene: Any) -> None:
    author, reader = cast.browser(scene.ana), cast.browser(scene.mo)
    where = author.post("/stories/write")["Location"]
    assert where.endswith("/step/hard")
    where = author.post(where, {"text": cast.HARD})["Location"]
    where = author.post(where, {"text": cast.HELPED})["Location"]
    where = author.post(where, {"text": "My uncle committed suicide. I am here."})["Location"]
    assert where.endswith("/details")
    step = author.post(
        where.replace("details", "step/now"), {"text": "My uncle committed suicide.", "do": "look"}
    )
    assert "died by suicide" in step.content.decode() and "<mark" in step.content.decode()
    own = author.post(
        where, {"title": "The plants", "byline": "Marlo", "language": "en", "warnings": ["death"]}
    )["Location"]
    assert author.post(f"{own}/send", {"site": "365"}).status_code == 303
    ident = own.rpartition("/")[2]
    assert "The plants" in reader.get("/stories/review").content.decode()
    version = str(Story.objects.get(id=ident).version)
    form = {
        "do": "approve",
        "version": version,
        "checks": list(rules.CHECKS),
        "note": "Thank you for this story.",
    }
    assert reader.post(f"/stories/review/{ident}", form).status_code == 303
    slug = Story.objects.get(id=ident).slug
    assert "Marlo" in Client().get(f"/stories/{slug}").content.decode()
    done = author.post(f"{own}/act", {"do": "withdraw"}).content.decode()
    assert Use.objects.get(story=ident).ended_receipt in done
    assert Client().get(f"/stories/{slug}").status_code == 410
