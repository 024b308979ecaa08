"""The pages of people's own tools, as a browser gets them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client, RequestFactory

from kithwell.boundaries import actions, asking, demo, labels, queries, rules
from kithwell.boundaries.models import NudgeDay
from kithwell.boundaries.rules import Treatment
from kithwell.kernel import clock, conf, ids, jinja, limits, pages
from kithwell.kernel.principal import SYSTEM, Principal
from kithwell.people import actions as people

pytestmark = pytest.mark.django_db
PASSWORD = "seven quiet lanterns"
ATTACK = "You are worthless and everyone here hates you, shut up you idiot"


def enter(name: str, *roles: str) -> tuple[Client, Principal]:
    limits.forget_all()
    ident = people.create_account(name, PASSWORD, roles=roles, by=SYSTEM)
    client = Client()
    assert client.post("/sign-in", {"name": name, "password": PASSWORD}).status_code == 303
    return client, Principal("account", ident, name, frozenset({"member", *roles}), stepped_up=True)


@pytest.fixture
def heron() -> tuple[Client, Principal]:
    return enter("Quiet Heron")


def text(answer) -> str:
    return answer.content.decode()


def test_everything_on_the_page_can_be_done_and_undone(heron):
    client, me = heron
    other = people.create_account("Slow Otter", PASSWORD, by=SYSTEM)
    day = (clock.now().date() + timedelta(days=9)).isoformat()
    for path, form in [
        ("/boundaries/block", {"handle": "slow otter"}),
        ("/boundaries/mute", {"account": str(other)}),
        ("/me/boundaries", {"do": "word", "word": "Calories"}),
        ("/me/boundaries", {"do": "filters", "filter-eating": "hide"}),
        ("/me/boundaries", {"do": "contact", "contact": "nobody"}),
        ("/me/boundaries", {"do": "break", "until": day}),
    ]:
        assert client.post(path, form).status_code == 303
    own = queries.own(me)
    assert [line.name for line in (*own.blocked, *own.muted)] == ["Slow Otter", "Slow Otter"]
    assert (own.words, own.filters["eating"], own.contact) == (("Calories",), "hide", "nobody")
    assert own.break_until is not None
    page = text(client.get("/me/boundaries"))
    assert "Calories" in page and "I am back" in page and "Undo: Slow Otter" in page
    for path, form in [
        ("/boundaries/unblock", {"account": str(other)}),
        ("/boundaries/unmute", {"account": str(other)}),
        ("/me/boundaries", {"do": "unword", "word": "calories"}),
        ("/me/boundaries", {"do": "filters", "filter-eating": "blur"}),
        ("/me/boundaries", {"do": "back"}),
    ]:
        assert client.post(path, form).status_code == 303
    own = queries.own(me)
    assert (own.blocked, own.muted, own.words, own.break_until) == ((), (), (), None)
    assert own.filters["eating"] == "blur"


def test_what_was_typed_stays_when_it_cannot_be_used(heron):
    client, _me = heron
    answer = client.post("/me/boundaries", {"do": "word", "word": "w" * 61})
    assert answer.status_code == 422 and "w" * 61 in text(answer) and "60 characters" in text(answer)
    answer = client.post("/boundaries/block", {"handle": "Nobody Atall"})
    assert answer.status_code == 422 and "Nobody Atall" in text(answer)


def test_somebody_who_blocked_me_is_nobody_by_name_as_well(heron):
    client, me = heron
    _client, they = enter("Slow Otter")
    actions.block(they, me.id)
    blocked = client.post("/boundaries/block", {"handle": "Slow Otter"})
    nobody = client.post("/boundaries/block", {"handle": "Slow Otters"})
    assert blocked.status_code == nobody.status_code == 422
    assert text(blocked).count("There is nobody with that name") == text(nobody).count(
        "There is nobody with that name"
    )
    assert "Slow Otter" not in text(client.get("/me/boundaries")), "nor do they stand on my page"


def test_after_a_block_one_goes_on_where_one_wanted_inside_this_site(heron):
    client, _me = heron
    form = {"account": str(ids.new_id())}
    assert client.post("/boundaries/block", form | {"next": "/g/evening"})["Location"] == "/g/evening"
    for next_ in ("https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"):
        went = client.post("/boundaries/mute", form | {"next": next_})["Location"]
        assert went.startswith("/me/boundaries")


def test_an_anonymous_name_is_listed_by_the_name_it_had_and_by_no_account(heron):
    client, me = heron
    client.post("/boundaries/block", {"account": str(ids.new_id()), "label": "Grey Pebble (anonymous)"})
    assert "Grey Pebble (anonymous)" in text(client.get("/me/boundaries"))
    assert queries.own(me).blocked[0].anonymous


def test_the_page_takes_as_many_queries_however_long_the_lists_are(heron, django_assert_max_num_queries):
    client, me = heron

    def asked() -> int:
        with django_assert_max_num_queries(12) as seen:
            client.get("/me/boundaries")
        return len(seen)

    actions.mute(me, people.create_account("Warm Stone", PASSWORD, by=SYSTEM))
    actions.add_word(me, "one")
    before = asked()
    for n in range(6):
        actions.block(me, ids.new_id())
        actions.add_word(me, f"word{n}")
    assert asked() == before


def test_words_that_attack_are_asked_about_once_and_then_go_out(heron):
    found = asking.ask({}, ATTACK)
    assert found is not None and found.language == "en"
    assert asking.ask({"nudge": "seen", "nudge_language": "en"}, ATTACK) is None
    again = asking.ask({}, ATTACK)
    assert again is not None
    assert asking.ask({"nudge": "seen", "nudge_language": "en"}, "That hurt me.") is None
    assert asking.ask({}, "That hurt me.") is None
    row = NudgeDay.objects.get()
    assert (row.language, row.shown, row.as_is, row.rephrased) == ("en", 2, 1, 1)
    assert queries.nudges()[0].accepted == 0.5
    assert asking.ask({"nudge": "seen", "nudge_language": "<b>\0" * 50}, "hello") is None


def test_no_made_up_language_makes_a_row_of_its_own():
    for language in ("a\0b", "", "<b>", "x" * 40, "²"):
        actions.nudge_shown(language)
        actions.nudge_answered(language, rephrased=True)
    assert list(NudgeDay.objects.values_list("language", "shown", "rephrased")) == [("und", 5, 5)]


def test_a_steward_sees_how_often_the_nudge_was_accepted_and_no_words():
    client, _robin = enter("Robin", "steward")
    assert "Nothing yet" in text(client.get("/boundaries/nudges"))
    for answer in (ATTACK, "That hurt me.", None):
        asking.ask({}, ATTACK)
        if answer:
            asking.ask({"nudge": "seen", "nudge_language": "en"}, answer)
    page = text(client.get("/boundaries/nudges?days=7"))
    assert "67%" in page and "worthless" not in page
    with clock.shifted(timedelta(days=8)):
        limits.forget_all()
        assert queries.nudges(7) == ()


def test_the_nudge_says_that_it_is_ones_own_choice():
    request = RequestFactory().get("/")
    for kind in labels.NUDGE:
        shown = pages.render_text(request, "boundaries/nudge.html", {"nudge": asking.Nudge(kind, "en")})
        assert str(labels.nudge_words(kind)) in shown
        assert "It is your choice" in shown and 'name="nudge" value="seen"' in shown


def macro(source: str) -> str:
    head = '{% import "boundaries/m.html" as b with context %}'
    request = RequestFactory().get("/")
    return jinja.environment().from_string(head + source).render(**pages.context(request), t=Treatment)


def test_the_pieces_for_other_pages_say_the_same_words_as_the_labels():
    for code in rules.WARNINGS:
        assert macro("{{ b.warning_label('" + code + "') }}") == str(labels.warning_label(code))


def test_what_is_covered_opens_without_a_script_and_what_is_blocked_is_not_there():
    call = "{% call b.treated(t(HOW)) %}the words{% endcall %}"
    assert macro(call.replace("HOW", "'show'")).strip() == "the words"
    covered = macro(call.replace("HOW", "'blur', 'warning', ('death', 'eating')"))
    assert (
        "<details" in covered and "Death and grief, Eating and weight" in covered and "the words" in covered
    )
    assert "a word you muted" in macro(call.replace("HOW", "'hide', 'word'"))
    assert macro(call.replace("HOW", "'hide', 'blocked'")).strip() == ""


def test_the_fieldset_keeps_what_was_chosen():
    shown = macro("{{ b.warning_fieldset(('death',), 'a <dog>') }}")
    assert (
        'value="death" checked' in shown
        and "a &lt;dog&gt;" in shown
        and '<details class="more" open' in shown
    )
    assert "checked" not in macro("{{ b.warning_fieldset() }}")


def test_the_demo_shows_a_few_choices_and_loads_once(settings, monkeypatch):
    from kithwell.people import demo as people_demo

    known = conf.get
    monkeypatch.setattr(conf, "get", lambda name, *d: True if name == "demo" else known(name, *d))
    people_demo.load()
    demo.load()
    rows = NudgeDay.objects.count()
    demo.load()
    assert NudgeDay.objects.count() == rows > 10
