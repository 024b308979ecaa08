"""Nothing is public that nobody read, and nothing longer than somebody said yes to."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from kithwell.community.notices import queries as notices
from kithwell.community.stories import actions, queries
from kithwell.community.stories.actions import uses
from kithwell.community.stories.kind import StoryKind
from kithwell.community.stories.models import Story, Use
from kithwell.community.stories.rules import story as rules
from kithwell.community.stories.tests import cast
from kithwell.kernel import clock, jobs
from kithwell.kernel.errors import Conflict, Invalid, NotFound
from kithwell.kernel.principal import ANONYMOUS
from kithwell.people import consent
from kithwell.people import queries as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Any:
    class Scene:
        ana = cast.person("Ana", password=cast.PASSWORD)
        ben = cast.person("Ben")
        mo = cast.person("Mo", "moderator", password=cast.PASSWORD)

    return Scene()


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "PNG")
    return out.getvalue()


def suggested(scene: Any) -> Any:
    made = cast.sent(scene.ana)
    said = rules.Words(title="Plants", hard=cast.HARD, helped=cast.HELPED, now="One day.")
    actions.propose(
        scene.mo, made, cast.row(made).version, said, "A shorter title reads better.", rules.CHECKS
    )
    return made


@pytest.mark.parametrize(
    "act",
    [
        lambda who, made: actions.add(who, made, picture(), "a drawing of how"),
        lambda who, made: actions.keep_details(who, made, "The plants", "", "es", ()),
        lambda who, made: actions.keep_details(who, made, "The plants", "", "en", ("suicide",)),
        lambda who, made: actions.keep_part(who, made, "now", "Other words."),
    ],
)
def test_a_yes_to_suggested_words_does_not_carry_what_came_after_them(scene: Any, act: Any) -> None:
    made = suggested(scene)
    version = queries.own(scene.ana, made).version
    act(scene.ana, made)
    own = queries.own(scene.ana, made)
    assert (own.state, own.proposed) == ("changes", None)
    for given in (version, own.version):
        with pytest.raises(Conflict):
            actions.agree(scene.ana, made, given)
    assert queries.public(ANONYMOUS) == ()


def test_looking_at_ones_own_words_again_changes_nothing_about_a_suggestion(scene: Any) -> None:
    made = suggested(scene)
    version = queries.own(scene.ana, made).version
    actions.keep_part(scene.ana, made, "now", cast.NOW)
    actions.keep_details(scene.ana, made, "The plants", "", "en", ())
    assert actions.agree(scene.ana, made, version)


@pytest.mark.parametrize(
    "act",
    [
        lambda who, made, tune: actions.add(who, made, picture(), "a hill"),
        lambda who, made, tune: actions.caption(who, made, tune, "0:01 Something else is said"),
        lambda who, made, tune: actions.describe(who, made, tune, "Something else"),
        lambda who, made, tune: actions.drop(who, made, tune),
    ],
)
def test_files_that_changed_while_somebody_read_are_not_published_unseen(scene: Any, act: Any) -> None:
    made = cast.draft(scene.ana)
    tune = actions.add(scene.ana, made, cast.mp3())
    actions.caption(scene.ana, made, tune, "0:01 La la la")
    actions.send(scene.ana, made, {"site": "365"})
    seen = queries.review(scene.mo, made).version
    actions.take_back(scene.ana, made)
    act(scene.ana, made, tune)
    actions.send(scene.ana, made, {"site": "365"})
    with pytest.raises(Conflict):
        actions.approve(scene.mo, made, seen, rules.CHECKS)


@pytest.mark.parametrize("where", ["captions", "alt", "byline"])
def test_a_method_in_a_caption_a_description_or_a_name_stops_the_reviewer_too(scene: Any, where: str) -> None:
    method = "I took an overdose of paracetamol"
    made = cast.draft(scene.ana)
    if where == "captions":
        tune = actions.add(scene.ana, made, cast.mp3())
        actions.caption(scene.ana, made, tune, f"0:01 {method}")
    elif where == "alt":
        actions.add(scene.ana, made, picture(), method)
    else:
        actions.keep_details(scene.ana, made, "The plants", "Took the pills", "en", ())
    actions.send(scene.ana, made, {"site": "365"})
    found = queries.review(scene.mo, made)
    if where != "byline":
        assert (
            found.stops
            and "overdose" in cast.browser(scene.mo).get(f"/stories/review/{made}").content.decode()
        )
    with pytest.raises(Invalid) as wrong:
        actions.approve(scene.mo, made, found.version, rules.CHECKS)
    assert "wording" in wrong.value.fields


def test_a_yes_that_ends_while_somebody_reads_makes_it_a_draft_again(scene: Any) -> None:
    subject = people.subjects([scene.ana.id])[scene.ana.id]
    made, other = cast.sent(scene.ana), cast.sent(scene.ana, {"site": "90"})
    consent.withdraw(subject, uses.item("site", made))
    jobs.run_due()
    assert queries.own(scene.ana, made).state == "draft"
    with clock.shifted(timedelta(days=91)):
        actions.expire()
        assert queries.own(scene.ana, other).state == "draft"
        assert queries.waiting(scene.mo) == ()


def test_what_the_desk_gives_back_stays_away_when_its_author_took_it_back_meanwhile(scene: Any) -> None:
    slug = cast.published(scene.ana, scene.mo)
    made = Story.objects.get(slug=slug).id
    StoryKind().apply(str(made), "remove")
    assert actions.withdraw(scene.ana, made)
    StoryKind().apply(str(made), "restore")
    assert cast.row(made).state == "withdrawn" and cast.row(made).shown is None
    assert Client().get(f"/stories/{slug}").status_code == 410


def test_an_author_is_told_once_before_a_yes_ends_and_may_say_yes_for_longer(scene: Any) -> None:
    slug = cast.published(scene.ana, scene.mo, uses={"site": "90"})
    made = Story.objects.get(slug=slug).id
    with clock.shifted(timedelta(days=70)):
        actions.expire()
        jobs.run_due()
        before = len(notices.page(scene.ana).lines)
    with clock.shifted(timedelta(days=80)):
        for _ in range(3):
            actions.expire()
            jobs.run_due()
        assert len(notices.page(scene.ana).lines) == before + 1
        with pytest.raises(NotFound):
            actions.give_longer(scene.ben, made, "site", "365")
        with pytest.raises(Invalid):
            actions.give_longer(scene.ana, made, "site", "9999")
        receipt = actions.give_longer(scene.ana, made, "site", "365")
        assert Use.objects.get(story=made).given_receipt == receipt
        with pytest.raises(Conflict):
            actions.give_longer(scene.ana, made, "site", "90")
    with clock.shifted(timedelta(days=120)):
        actions.expire()
        assert Client().get(f"/stories/{slug}").status_code == 200
        assert actions.give_longer(scene.ana, made, "network", "90") and actions.may_use(made, "network")
        actions.withdraw(scene.ana, made)
        with pytest.raises(Conflict):
            actions.give_longer(scene.ana, made, "site", "365")


def test_a_yes_for_longer_that_comes_with_the_last_second_counts(
    scene: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    slug = cast.published(scene.ana, scene.mo, uses={"site": "90"})
    made = Story.objects.get(slug=slug).id
    with clock.shifted(timedelta(days=91)):
        ident = Use.objects.get(story=made).id
        uses.give(cast.row(made), "site", clock.now() + timedelta(days=90))  # between the look and the end
        assert uses._expire(ident) == 0
        assert cast.row(made).state == "published"


def test_captions_are_in_the_language_of_the_story(scene: Any) -> None:
    made = cast.draft(scene.ana)
    actions.keep_details(scene.ana, made, "Las plantas", "", "es", ())
    tune = actions.add(scene.ana, made, cast.mp3())
    actions.caption(scene.ana, made, tune, "0:01 La la la")
    actions.send(scene.ana, made, {"site": "365"})
    slug = actions.approve(scene.mo, made, cast.row(made).version, rules.CHECKS)
    shown = Client().get(f"/stories/{slug}", headers={"accept-language": "en"}).content.decode()
    assert 'srclang="es"' in shown and 'lang="es"' in shown
