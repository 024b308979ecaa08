"""Pictures that a list knows: covered until chosen, or held until a person has looked. Malware does not get in."""

from __future__ import annotations

import pytest
from PIL import Image

from kithwell.community.posts import actions, queries
from kithwell.community.posts.models import Picture, Post, State
from kithwell.community.posts.tests import cast
from kithwell.kernel import jobs
from kithwell.kernel.errors import Invalid
from kithwell.kernel.models import Job
from kithwell.kernel.principal import Principal
from kithwell.moderation import actions as moderation
from kithwell.moderation import queries as standings
from kithwell.moderation.files import lists, pdq
from kithwell.moderation.files.tests.test_files import encoded, picture
from kithwell.moderation.models import Case, Decision
from kithwell.moderation.queries import statements
from kithwell.moderation.tests import kit

pytestmark = pytest.mark.django_db


@pytest.fixture
def circle() -> cast.Circle:
    return cast.circle()


def listed(image: Image.Image, effect: str) -> None:
    text = f"hash,note\n{pdq.of_image(image).hex},x\n"
    lists.bring(cast.person("Pine", "steward"), "One", "a test", "graphic", effect, text)


def post_with(circle: cast.Circle, image: Image.Image, who: Principal, **more: object) -> Post:
    # Scaled and encoded anew, as it would be when somebody passes it on.
    sent = encoded(image.resize((500, 375)), "JPEG", quality=60)
    added = actions.add_picture(who, circle.slug, sent, "what it shows")
    return Post.objects.get(id=circle.write(who, "words beside it", pictures=[added], **more))


def test_a_picture_that_a_list_blurs_is_always_covered_until_somebody_opens_it(circle: cast.Circle) -> None:
    listed(picture(1), "blur")
    post = post_with(circle, picture(1), circle.ben)
    assert post.state == State.OPEN and not Case.objects.exists() and not post.warnings
    (shown,) = queries.thread(circle.cleo, post.id).pictures
    assert shown.covered
    page = circle.page(circle.cleo, f"/p/{post.id}")
    assert "<details" in page.partition(f"/picture/{shown.id}")[0][-500:]
    other = post_with(circle, picture(7), circle.ben)
    assert not queries.thread(circle.cleo, other.id).pictures[0].covered


@pytest.mark.parametrize("anonymous", [False, True])
def test_a_held_picture_hides_its_post_until_a_person_has_looked_and_says_why(
    circle: cast.Circle, anonymous: bool
) -> None:
    listed(picture(1), "hold")
    post = post_with(circle, picture(1), circle.ben, anonymous=anonymous)
    circle.page(circle.cleo, f"/p/{post.id}", 404)
    assert "words beside it" not in circle.page(circle.cleo, f"/g/{circle.slug}")
    assert "Only you see this at present" in circle.page(circle.ben, f"/p/{post.id}")
    assert all("community.post.written" not in repr(job.__dict__) for job in Job.objects.all())
    case = Case.objects.get()
    assert case.ident == str(post.id) and case.hidden_at is not None and case.anonymous is anonymous
    assert list(case.signals.values_list("category", flat=True)) == ["graphic"]
    decision = Decision.objects.get()
    said = statements.statement(circle.ben, decision.id)
    assert said.thing == "hide" and said.automated_detection and said.automated_decision
    assert "on a list of harmful pictures" in circle.page(circle.ben, f"/decisions/{decision.id}")
    assert standings.standing(circle.ben.id).may_post, "nothing happens to the person"
    jobs.run_due()
    assert "There is a decision about something you wrote" in circle.page(circle.ben, "/me/notices")
    mika = kit.moderator()
    moderation.decide(mika, kit.take(mika), kit.KEEP)
    post.refresh_from_db()
    assert post.state == State.OPEN
    page = circle.page(circle.cleo, f"/p/{post.id}")
    assert "<details" in page.partition("/picture/")[0][-500:], "still covered: the list knows it"
    place = queries.thread(circle.cleo, post.id).place
    assert [p.id for p in queries.search(circle.cleo, place, "beside").posts] == [post.id]


def test_a_held_picture_that_is_decided_against_stays_away(circle: cast.Circle) -> None:
    listed(picture(1), "hold")
    post = post_with(circle, picture(1), circle.ben)
    mika = kit.moderator()
    moderation.decide(mika, kit.take(mika), kit.REMOVE)
    post.refresh_from_db()
    assert post.state == State.REMOVED


def test_a_file_that_cannot_be_looked_at_is_refused_and_the_words_are_kept(
    circle: cast.Circle, settings: object
) -> None:
    settings.KITHWELL = settings.KITHWELL | {"clamav": "unix:///nowhere/clamd.ctl"}  # type: ignore[attr-defined]
    with pytest.raises(Invalid) as wrong:
        actions.add_picture(circle.ben, circle.slug, encoded(picture(1)), "what it shows")
    assert "picture" in wrong.value.fields and not Picture.objects.exists()
