"""From something that happened to a line on the page, a push without content, a mail without content, or nothing."""

from __future__ import annotations

import email
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client

from kithwell.boundaries.models import Line, Wishes
from kithwell.community.groups.models import Group, Membership
from kithwell.community.notices import actions, kinds, queries
from kithwell.community.notices.models import Chosen, Device, Notice
from kithwell.community.notices.tests.service import PushService
from kithwell.community.posts import veils
from kithwell.community.posts.models import Post, Reply
from kithwell.kernel import clock, errors, events, ids, jobs
from kithwell.kernel.models import Job
from kithwell.kernel.principal import Principal
from kithwell.people import actions as people
from kithwell.people import erasure, export
from kithwell.people import queries as people_queries

Account = get_user_model()
pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 5, 12, tzinfo=UTC)
PASSWORD = "seven quiet lanterns"


def person(name: str) -> Principal:
    return Principal("account", people.create_account(name, PASSWORD), name, frozenset({"member"}))


def browser_of(name: str) -> Client:
    client = Client()
    assert client.post("/sign-in", {"name": name, "password": PASSWORD}).status_code == 303
    return client


@dataclass
class Written:
    """A post with a reply, as its part keeps them."""

    post: str
    reply: str
    group: str = field(default_factory=lambda: str(ids.new_id()))

    def replied(self) -> None:
        reply = Reply.objects.get(pk=self.reply)
        author = str(reply.author) if reply.author else ""
        events.publish(
            "community.reply.written", reply=self.reply, post=self.post, group=self.group, author=author
        )

    def thanked(self, by: UUID | None) -> None:
        events.publish(
            "community.reaction.given", post=self.post, kind="with-you", group=self.group, by=str(by)
        )


def written(by: Principal, answered_by: Principal | None = None, *, veil: bool = False) -> Written:
    """Rows as `posts` has them; its own tests show that its actions make them so."""
    group, now = ids.new_id(), clock.now()
    assert by.id is not None
    cloak = veils.put_on(group, by.id) if veil else None
    post = Post.objects.create(
        group=group,
        author=None if cloak else by.id,
        veil=cloak,
        subject=ids.new_id(),
        created_at=now,
        activity_at=now,
    )
    reply = Reply.objects.create(
        group=group, author=(answered_by or by).id, subject=ids.new_id(), created_at=now, post=post, n=1
    )
    return Written(str(post.id), str(reply.id), str(group))


def wanted(**changed: Any) -> actions.Wanted:
    usual: dict[str, Any] = {
        "digest": "daily", "hour": 18, "weekday": 6, "zone": "UTC", "quiet_from": 21, "quiet_to": 8,
        "night": "nothing", "mail": False, "kinds": {}, "groups": {},
    }  # fmt: skip
    return actions.Wanted(**(usual | changed))


@pytest.fixture
def noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture
def ana() -> Principal:
    return person("Quiet Heron")


@pytest.fixture
def letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which this site's mails lie."""
    monkeypatch.setitem(settings.KITHWELL, "mail_url", f"file://{tmp_path}")
    monkeypatch.setitem(settings.KITHWELL, "mail_from", "post@example.org")
    monkeypatch.setitem(settings.KITHWELL, "public_url", "https://kith.example")
    return tmp_path


def with_address(who: Principal) -> None:
    people.set_email(who, "ana@example.org")
    Account.objects.filter(pk=who.id).update(email_confirmed_at=NOON)


def at(moment: datetime) -> int:
    """What goes out when the job looks at `moment`."""
    with clock.frozen(moment):
        sent = actions.send_due()
        jobs.run_due()
    return sent


def test_a_reply_is_on_the_page_and_says_no_name(ana: Principal, noon: None) -> None:
    piece = written(ana, person("Calm Otter"))
    piece.replied()
    jobs.run_due()
    [line] = queries.page(ana).lines
    assert line.new
    assert "Calm Otter" not in line.text
    assert actions.read(ana, line.id) == f"/p/{piece.post}"
    assert not queries.page(ana).any_new


def test_who_wrote_under_an_anonymous_name_is_told_and_no_row_tells_on_them(
    ana: Principal, noon: None
) -> None:
    piece = written(ana, person("Calm Otter"), veil=True)
    piece.replied()
    jobs.run_due()
    assert len(queries.page(ana).lines) == 1
    row = Notice.objects.get()
    held = " ".join(str(getattr(row, f.attname)) for f in row._meta.fields) + bytes(row.sealed).decode(
        "latin-1"
    )
    assert piece.post not in held
    assert piece.reply not in held
    assert Job.objects.filter(args__icontains=str(ana.id)).count() == 0, (
        "no job names the account beside the post"
    )


def test_the_same_reply_is_told_once_also_when_the_event_comes_twice(ana: Principal, noon: None) -> None:
    piece = written(ana, person("Calm Otter"))
    for _ in range(2):
        piece.replied()
        jobs.run_due()
    assert len(queries.page(ana).lines) == 1


def test_nobody_is_told_of_their_own_words(ana: Principal, noon: None) -> None:
    piece = written(ana)
    piece.replied()
    piece.thanked(ana.id)
    hidden = written(ana, veil=True)
    hidden.replied()
    jobs.run_due()
    assert queries.page(ana).lines == ()


@pytest.mark.parametrize("kind", ["block", "mute"])
def test_nothing_is_told_of_somebody_blocked_or_muted(ana: Principal, noon: None, kind: str) -> None:
    ben = person("Calm Otter")
    Line.objects.create(account=ana.id, other=ben.id, kind=kind)
    piece = written(ana, ben)
    piece.replied()
    piece.thanked(ben.id)
    jobs.run_due()
    assert queries.page(ana).lines == ()


def test_many_thanks_for_one_thing_are_one_line_a_day(ana: Principal, noon: None) -> None:
    piece = written(ana)
    for _ in range(5):
        piece.thanked(ids.new_id())
    jobs.run_due()
    assert len(queries.page(ana).lines) == 1


def test_five_answers_in_one_unread_thread_are_one_line_and_the_next_after_reading_is_new(
    ana: Principal,
) -> None:
    for n in range(5):
        actions.tell(ana.id, "reply", "/p/1", {"reply": str(n)})
    [line] = queries.page(ana).lines
    actions.read(ana, line.id)
    actions.tell(ana.id, "reply", "/p/1", {"reply": "6"})
    assert [line.new for line in queries.page(ana).lines] == [True, False]


def test_what_is_told_can_be_read_by_oneself_only(ana: Principal, noon: None) -> None:
    ben = person("Calm Otter")
    ident = actions.tell(ana.id, "house", "/me", {"n": "1"})
    assert ident is not None
    with pytest.raises(errors.NotFound):
        actions.read(ben, ident)
    client = browser_of("Calm Otter")
    assert client.get(f"/me/notices/{ident}").status_code == 404
    assert queries.page(ana).any_new


def test_the_mail_comes_with_the_digest_and_says_nothing(ana: Principal, letters: Path) -> None:
    with clock.frozen(NOON):
        with_address(ana)
        actions.choose(ana, wanted(mail=True))
        actions.tell(ana.id, "buddy-note", "/peers/x", {"by": str(person("Calm Otter").id), "n": "1"})
        actions.tell(ana.id, "reply", "/p/1", {"reply": "r"})
        jobs.run_due()
        for file in letters.iterdir():
            file.unlink()  # the link that confirms the address
    assert at(NOON + timedelta(hours=5)) == 0
    assert at(NOON + timedelta(hours=6)) == 1
    assert at(NOON + timedelta(hours=6, minutes=1)) == 0
    assert at(NOON + timedelta(hours=30)) == 0, "the same news is not sent again"
    [letter] = [email.message_from_bytes(file.read_bytes()) for file in letters.iterdir()]
    body = letter.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert letter["Subject"] == "You have news at Kithwell"
    for word in ("Heron", "Otter", "buddy", "note", "answer"):
        assert word not in body + str(letter["Subject"])
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = letter["List-Unsubscribe"].strip("<>").removeprefix("https://kith.example")
    assert stop in body


def test_one_post_without_signing_in_ends_the_mails_and_a_look_does_not(
    ana: Principal, letters: Path
) -> None:
    actions.choose(ana, wanted(mail=True))
    word = Chosen.objects.values_list("stop", flat=True).get(account=ana.id)
    robot = Client(enforce_csrf_checks=True)
    assert robot.get(f"/notices/stop/{word}").status_code == 200
    assert Chosen.objects.get(account=ana.id).mail
    assert robot.post(f"/notices/stop/{word}", {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Chosen.objects.get(account=ana.id).mail
    assert robot.post(f"/notices/stop/{word}").status_code == 200, "twice is no error"
    assert robot.post("/notices/stop/made-up").status_code == 404


def test_without_a_mail_server_or_a_confirmed_address_nothing_is_mailed(
    ana: Principal, letters: Path
) -> None:
    with clock.frozen(NOON):
        actions.choose(ana, wanted(mail=True))
        actions.tell(ana.id, "reply", "/p/1", {"reply": "r"})
    at(NOON + timedelta(hours=6))
    assert list(letters.iterdir()) == []
    assert queries.page(ana).any_new, "it is on the page all the same"


def told_device(who: Principal, service: PushService) -> Any:
    browser = service.browser()
    actions.add_device(who, browser.to_json(), "Firefox · Android", "Europe/Berlin")
    return browser


def test_a_device_is_told_at_once_without_a_word_of_content(
    ana: Principal, push_service: PushService
) -> None:
    with clock.frozen(NOON):
        browser = told_device(ana, push_service)
        actions.tell(ana.id, "decision", "/decisions/1", {"decision": "1"})
    assert at(NOON) == 1
    [message] = push_service.messages
    assert json.loads(browser.open(message.body)) == {
        "title": "You have news",
        "url": "/me/notices",
        "lang": "en",
    }
    assert at(NOON + timedelta(minutes=1)) == 0


def test_the_push_is_in_the_persons_language(ana: Principal, push_service: PushService) -> None:
    Account.objects.filter(pk=ana.id).update(language="es")
    with clock.frozen(NOON):
        browser = told_device(ana, push_service)
        actions.tell(ana.id, "decision", "/decisions/1", {"decision": "1"})
    at(NOON)
    assert json.loads(browser.open(push_service.messages[0].body))["lang"] == "es"


def test_nothing_sounds_at_night(ana: Principal, push_service: PushService) -> None:
    night = datetime(2026, 5, 5, 23, tzinfo=UTC)  # one o'clock in Berlin
    with clock.frozen(night):
        told_device(ana, push_service)
        actions.tell(ana.id, "decision", "/decisions/1", {"decision": "1"})
        actions.tell(ana.id, "offer", "/talk", {"offer": "1"})
    for hour in range(7):
        at(night + timedelta(hours=hour))
    assert push_service.messages == []
    assert at(datetime(2026, 5, 6, 6, tzinfo=UTC)) == 1, "eight in the morning in Berlin"
    assert len(push_service.messages) == 1


def test_a_retry_that_would_fall_into_the_night_waits_for_the_morning(
    ana: Principal, push_service: PushService
) -> None:
    evening = datetime(2026, 5, 5, 18, 59, tzinfo=UTC)
    push_service.answers = [503]
    with clock.frozen(evening):
        told_device(ana, push_service)
        actions.tell(ana.id, "decision", "/decisions/1", {"decision": "1"})
    at(evening)
    at(evening + timedelta(minutes=5))
    at(evening + timedelta(hours=4))
    assert len(push_service.messages) == 1
    at(datetime(2026, 5, 6, 6, 1, tzinfo=UTC))
    assert len(push_service.messages) == 2


def test_an_offer_of_support_wakes_who_asked_for_it(ana: Principal, push_service: PushService) -> None:
    night = datetime(2026, 5, 5, 23, tzinfo=UTC)
    with clock.frozen(night):
        told_device(ana, push_service)
        actions.choose(ana, wanted(night="urgent", zone="Europe/Berlin"))
        events.publish("support.offer.made", account=str(ana.id), offer="1")
        jobs.run_due()
    at(night)
    [message] = push_service.messages
    assert message.headers["urgency"] == "high"


def test_a_break_holds_back_all_but_an_offer_of_support(ana: Principal, push_service: PushService) -> None:
    with clock.frozen(NOON):
        told_device(ana, push_service)
        Wishes.objects.create(account=ana.id, subject=_subject(ana), break_until=NOON + timedelta(days=7))
        actions.tell(ana.id, "decision", "/decisions/1", {"decision": "1"})
    for day in range(7):
        at(NOON + timedelta(days=day))
    assert push_service.messages == []
    with clock.frozen(NOON + timedelta(days=1)):
        actions.tell(ana.id, "offer", "/talk", {"offer": "1"})
    at(NOON + timedelta(days=1))
    assert len(push_service.messages) == 1
    for hour in range(24 * 3):
        at(NOON + timedelta(days=7, hours=hour))
    assert len(push_service.messages) == 2, "what waited goes out after the break"


def _subject(who: Principal) -> UUID:
    assert who.id is not None
    return people_queries.subjects([who.id])[who.id]


def test_a_browser_that_is_gone_is_forgotten(ana: Principal, push_service: PushService) -> None:
    push_service.answers = [410]
    with clock.frozen(NOON):
        told_device(ana, push_service)
        actions.tell(ana.id, "decision", "/decisions/1", {"decision": "1"})
    at(NOON)
    assert not Device.objects.exists()


def test_what_was_read_in_time_is_not_sent(ana: Principal, push_service: PushService) -> None:
    with clock.frozen(NOON):
        told_device(ana, push_service)
        actions.tell(ana.id, "reply", "/p/1", {"reply": "1"})
        actions.read_all(ana)
    for hour in range(40):
        at(NOON + timedelta(hours=hour))
    assert push_service.messages == []


def test_a_device_is_sealed_and_belongs_to_one_account(ana: Principal, push_service: PushService) -> None:
    ben = person("Calm Otter")
    browser = push_service.browser()
    actions.add_device(ana, browser.to_json())
    row = Device.objects.get()
    assert browser.endpoint.encode() not in bytes(row.subscription)
    actions.add_device(ben, browser.to_json())  # the next person on a shared computer
    assert [row.account for row in Device.objects.all()] == [ben.id]
    with pytest.raises(errors.NotFound):
        actions.remove_device(ana, Device.objects.get().pk)


def test_wrong_choices_are_said_and_nothing_changes(ana: Principal) -> None:
    wrong = wanted(
        digest="hourly", hour=24, zone="Middle/Earth", night="x", kinds={"replies": "loud"}, quiet_to=-1
    )
    with pytest.raises(errors.Invalid) as told:
        actions.choose(ana, wrong)
    assert set(told.value.fields) == {"digest", "hour", "zone", "night", "kinds", "quiet_to"}
    assert not Chosen.objects.exists()


def test_the_page_takes_the_same_few_queries_however_much_is_new(
    ana: Principal, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    for n in range(60):
        actions.tell(ana.id, "reply", f"/p/{n}", {"reply": str(n)}, ids.new_id())
    client = browser_of("Quiet Heron")
    client.get("/me/notices")
    with django_assert_num_queries(4):
        page = client.get("/me/notices").content.decode()
    assert page.count("/me/notices/0") == queries.SHOWN
    assert "before=" in page
    with django_assert_max_num_queries(16):
        client.get("/me/notices/choices")


def test_telling_a_hundred_people_takes_two_dozen_queries(django_assert_max_num_queries: Any) -> None:
    letters = "abdfghkmpr"  # no two of them look alike
    everybody = [people.create_account(f"Otter {a}{b}", None) for a in letters for b in letters]
    with django_assert_max_num_queries(26):
        actions.tell_all(everybody, "posts", "/g/x", {"day": "2026-05-05"})
    assert Notice.objects.count() == 100


def test_what_other_parts_publish_reaches_whom_it_is_for(ana: Principal) -> None:
    """The names and payloads as the parts publish them; each becomes one line with a sentence of its own."""
    me, n = str(ana.id), str(ids.new_id())
    group = Group(slug="owls", name="Night owls", name_key="night owls", purpose="For those awake at night")
    group.settle()
    group.save()
    Membership.objects.create(group=group, account=ana.id, role="facilitator", welcomer=True)
    where = str(group.id)
    said: list[tuple[str, dict[str, Any], str]] = [
        ("community.group.newcomer", {"group": where, "account": n, "to": [me]}, "new has come to Night owls"),
        ("community.group.quiet", {"group": where, "step": "warn", "to": [me]}, "Night owls has been waiting"),
        ("community.join.requested", {"group": where, "account": n, "request": n}, "would like to join Night owls"),
        ("community.join.accepted", {"group": where, "account": me, "request": n}, "You are welcome in Night owls"),
        ("community.post.unanswered", {"post": n, "group": where, "step": 1}, "has no answer yet"),
        ("community.post.written", {"post": n, "group": where, "author": n}, "something new in Night owls"),
        ("community.event.soon", {"ident": n, "account": me, "when": "day"}, "is near"),
        ("community.event.place", {"ident": n, "account": me}, "a place for you"),
        ("community.event.called-off", {"ident": n, "account": me}, "Something changed about an event"),
        ("community.story.answered", {"story": n, "account": me, "how": "asked"}, "about your story"),
        ("support.offer.made", {"account": me, "conversation": n, "url": "/talk/c"}, "be there for you"),
        ("moderation.decided", {"account": me, "decision": n, "url": f"/decisions/{n}", "mark": n}, "a decision about"),
        ("moderation.appeal.decided", {"account": me, "url": "/me/decisions"}, "looked at a decision again"),
        ("moderation.shown_again", {"account": me, "decision": n, "url": "/me/decisions"}, "can be seen again"),
        ("moderation.report.answered", {"account": me, "report": n, "url": "/me/reports"}, "what you told us"),
        ("community.notice", {"account": me, "kind": "not yet known", "url": "/g/owls/about", "about": {},
                              "group": where}, "news about Night owls"),
    ]  # fmt: skip
    for event, payload, _words in said:
        events.publish(event, **payload)
    events.publish("community.post.unanswered", post=n, group=where, step=2)  # that one is for a supporter
    jobs.run_due()
    lines = [line.text for line in queries.page(ana).lines]
    for event, _payload, words in said:
        assert sum(words in line for line in lines) == 1, (event, lines)
    assert len(lines) == len(said)
    assert not Job.objects.filter(state=Job.State.DEAD).exists()


def test_a_group_chosen_each_tells_of_each_post_and_one_chosen_none_of_no_push(ana: Principal) -> None:
    group = Group(slug="owls", name="Night owls", name_key="night owls", purpose="For those awake at night")
    group.settle()
    group.save()
    Membership.objects.create(group=group, account=ana.id)
    actions.choose_group(ana, group.id, "each")
    for _ in range(3):
        events.publish("community.post.written", post=str(ids.new_id()), group=str(group.id), author="")
    jobs.run_due()
    assert len(queries.page(ana).lines) == 3
    with pytest.raises(errors.NotFound):
        actions.choose_group(person("Calm Otter"), group.id, "each")


def test_a_title_never_counts(ana: Principal) -> None:
    actions.tell(ana.id, "house", "/me", {"n": "1"})
    page = browser_of("Quiet Heron").get("/me/notices").content.decode()
    title = page.partition("<title>")[2].partition("</title>")[0]
    assert title.strip() == "Notices"


def test_old_notices_are_let_go(ana: Principal) -> None:
    with clock.frozen(NOON):
        actions.tell(ana.id, "house", "/me", {"n": "1"})
        actions.tell(ana.id, "house", "/me/steps", {"n": "2"})
        actions.read(ana, queries.page(ana).lines[0].id)
    with clock.frozen(NOON + timedelta(days=61)):
        assert actions.tidy() == 1
    with clock.frozen(NOON + timedelta(days=181)):
        assert actions.tidy() == 1


def test_everything_about_notices_can_be_taken_along_and_taken_away(
    ana: Principal, push_service: PushService
) -> None:
    actions.choose(ana, wanted(mail=True))
    told_device(ana, push_service)
    actions.tell(ana.id, "house", "/me", {"n": "1"})
    told = dict(export._tellers["notices"](_subject(ana), ana.id))
    assert json.loads(told["choices.json"])["devices"][0]["words"] == "Firefox · Android"
    assert json.loads(told["notices.json"])[0]["kind"] == "house"
    assert list(erasure._parts["notices"][0](_subject(ana), ana.id))
    assert erasure._parts["notices"][1](_subject(ana), ana.id, erasure.Choices()) == 3
    assert not Notice.objects.exists() and not Device.objects.exists() and not Chosen.objects.exists()


def test_every_kind_has_a_family_and_words() -> None:
    for name, kind in kinds.KINDS.items():
        assert kind.family in kinds.FAMILIES, name
        assert "%" not in kinds.sentence(name, who="Ana", group="Night owls")
        assert len(name) <= 32


@pytest.mark.parametrize("anonymous", [False, True])
def test_a_notice_of_a_decision_leads_where_moderation_says_and_ties_nobody_to_anonymous_words(
    ana: Principal, anonymous: bool
) -> None:
    from dataclasses import replace

    from kithwell.moderation import actions as moderation
    from kithwell.moderation.tests import kit

    wall, mika, lou = kit.wall(), kit.moderator(), kit.moderator("Lou")
    note = wall.write(ana, "Nobody wants you here, you are worthless.", anonymous=anonymous)
    moderation.report(kit.member(), wall.name, note, "harassment")
    decision = moderation.decide(mika, kit.take(mika), replace(kit.REMOVE, person="nothing"))
    payloads = [repr(job.__dict__) for job in Job.objects.all() if "moderation.decided" in repr(job.__dict__)]
    assert payloads and all((str(decision) in one) is not anonymous for one in payloads)
    moderation.appeal(ana, decision, "")
    moderation.answer(lou, kit.take(lou), True, "I read it again and see it otherwise.")
    jobs.run_due()
    subject = people_queries.subjects([ana.id])[ana.id]
    for kind in ("decision", "appeal"):
        url, about = actions.opened(subject, Notice.objects.get(account=ana.id, kind=kind))
        assert url == ("/me/decisions" if anonymous else f"/decisions/{decision}")
        assert set(about) == {"mark"} and str(decision) not in about["mark"]


def test_who_was_hidden_out_of_hours_hears_that_they_can_be_seen_again(ana: Principal) -> None:
    from kithwell.moderation import actions as moderation
    from kithwell.moderation.tests import kit

    wall, mika = kit.wall(), kit.moderator()
    note = wall.write(ana, "Buy my pills, they heal everything, cheap and fast.")
    for _reader in range(3):
        moderation.report(kit.member(), wall.name, note, "scam")
    assert note in wall.hidden
    moderation.decide(mika, kit.take(mika), kit.KEEP)
    jobs.run_due()
    assert note not in wall.hidden
    assert any("can be seen again" in line.text for line in queries.page(ana).lines)
