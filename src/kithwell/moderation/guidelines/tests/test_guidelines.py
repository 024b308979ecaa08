"""The guidelines: what ships, saying yes, and a new version by two stewards."""

from __future__ import annotations

from importlib import resources

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from kithwell.kernel import limits
from kithwell.kernel.errors import Conflict, Invalid, NotFound, Refused
from kithwell.kernel.models import AuditEntry
from kithwell.kernel.principal import SYSTEM, Principal
from kithwell.moderation.guidelines import actions, export, queries, rules
from kithwell.moderation.guidelines.models import Acceptance, Version
from kithwell.people import actions as people
from kithwell.people import erasure

PASSWORD = "seven quiet lanterns"
db = pytest.mark.django_db
MUST_SAY = (
    "crisis", "kindness", "no-methods", "no-encouragement", "no-contact-details", "no-diagnosis", "confidential",
    "no-advertising", "adults-and-minors",
)  # fmt: skip


def join(name: str, *roles: str) -> Principal:
    ident = people.create_account(name, PASSWORD, roles=roles, by=SYSTEM)
    return Principal("account", ident, name, frozenset({"member", *roles}), stepped_up=True)


def enter(name: str) -> Client:
    limits.forget_all()
    client = Client()
    assert client.post("/sign-in", {"name": name, "password": PASSWORD}).status_code == 303
    return client


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def robin() -> Principal:
    return join("Robin", "steward")


@pytest.fixture
def wren() -> Principal:
    return join("Wren", "steward")


def publish(by: Principal, second: Principal, title: str = "Be gentle", meaning: bool = True) -> int:
    draft = actions.start(by)
    actions.edit(by, draft, 1, "en", {"intro": "Hello.", "kindness": _rule(title)})
    actions.propose(by, draft, 2, "Kindness is said in other words.", meaning)
    return actions.publish(second, draft, 2)


def _rule(title: str) -> dict[str, str]:
    return {"title": title, "text": "Please.", "why": "Because.", "fine": "Yes.\n\nAlso.", "not_fine": "No."}


# -- what ships


def test_both_languages_say_the_same_rules_and_every_sentence_is_there():
    english, spanish = queries.shipped("en"), queries.shipped("es")
    assert [r.code for r in english.rules] == [r.code for r in spanish.rules]
    assert set(MUST_SAY) <= {r.code for r in english.rules}
    for rule in (*english.rules, *spanish.rules):
        assert rule.title and rule.text and rule.why and rule.fine and rule.not_fine, rule.code
        assert len(rule.text) <= rules.TEXT_MAX and len(rule.title) <= rules.TITLE_MAX
    assert [r.categories for r in english.rules] == [r.categories for r in spanish.rules]


def test_every_report_category_but_worry_has_exactly_one_rule():
    from kithwell.moderation.rules import categories

    for category in set(categories.HARM) - {categories.WORRIED}:
        found = [r.code for r in queries.shipped("en").rules if category in r.categories]
        assert len(found) == 1, (category, found)


def test_crisis_answers_no_report_category():
    assert queries.shipped("en").rule("crisis").categories == ()
    assert queries.shipped("en").rules[0].code == "crisis"


def test_the_shipped_words_are_safe_about_suicide():
    folder = resources.files("kithwell.moderation.guidelines") / "data"
    for name in ("v1_en.toml", "v1_es.toml"):
        words = (folder / name).read_text(encoding="utf-8").lower()
        for wrong in (
            "committed suicide",
            "commit suicide",
            "cometió suicidio",
            "cometer suicidio",
            "attention seek",
        ):
            assert wrong not in words


# -- pure rules


texts = st.text(alphabet="ab \n.", max_size=40)


@given(texts, texts)
def test_what_changed_holds_both_texts(before, after):
    parts = rules.words_changed(before, after)
    assert "".join(t for mark, t in parts if mark != "ins") == before
    assert "".join(t for mark, t in parts if mark != "del") == after
    assert (before == after) == all(not mark for mark, _t in parts)


rule_sets = st.lists(
    st.builds(rules.Rule, st.sampled_from("abcd"), texts, texts), max_size=4, unique_by=lambda r: r.code
)


@given(rule_sets, rule_sets)
def test_each_rule_is_new_dropped_changed_or_the_same(before, after):
    kinds = {c.code: c.kind for c in rules.changes(before, after)}
    old, new = {r.code: r for r in before}, {r.code: r for r in after}
    for code in {*old, *new}:
        same = code in old and code in new and old[code] == new[code]
        want = "added" if code not in old else "dropped" if code not in new else "changed"
        assert kinds.get(code, "") == ("" if same else want)


@given(st.none() | st.integers(1, 9), st.lists(st.tuples(st.integers(1, 9), st.booleans()), max_size=6))
def test_people_are_asked_again_only_when_the_meaning_changed_since(accepted, versions):
    again = rules.asked_again(accepted, versions)
    assert again == (accepted is None or any(m for n, m in versions if n > accepted))


@pytest.mark.parametrize(
    ("codes", "problem"),
    [
        (["kindness"], "crisis"),
        (["crisis", "crisis"], "twice"),
        (["crisis", "No!"], "code"),
        (["crisis"], None),
    ],
)
def test_what_may_not_be_published_is_named(codes, problem):
    made = {"en": [rules.Rule(code, "t", "x") for code in codes]}
    assert (problem in rules.problems(made)) if problem else rules.problems(made) == ()
    assert "languages" in rules.problems(made | {"es": [rules.Rule("crisis", "t", "x")] * 3})
    assert rules.problems({}) == ("empty",)


def test_a_data_file_without_a_text_is_refused():
    with pytest.raises(ValueError, match="text"):
        rules.load('version = 1\nlanguage = "en"\n[[rule]]\ncode = "crisis"\ntitle = "x"')
    with pytest.raises(ValueError):
        rules.load('version = 1\nlanguage = "en"\n[[rule]]\ncode = "other"\ntitle = "x"\ntext = "y"')


# -- saying yes


@db
def test_one_says_yes_once_and_is_asked_again_when_the_meaning_changes(robin, wren):
    heron = join("Quiet Heron")
    assert queries.accepted(heron.id) is None and queries.must_accept(heron.id)
    assert actions.accept(heron, 1) == actions.accept(heron, "1") == 1
    assert queries.accepted(heron.id) == 1 and not queries.must_accept(heron.id)
    assert publish(robin, wren, meaning=False) == 2
    assert not queries.must_accept(heron.id), "clearer words are no reason to ask again"
    assert publish(robin, wren, "Be gentle, please") == 3
    assert queries.must_accept(heron.id)
    with pytest.raises(Invalid):
        actions.accept(heron, 2)
    actions.accept(heron, 3)
    assert not queries.must_accept(heron.id)
    assert list(Acceptance.objects.order_by("at").values_list("version", flat=True)) == [1, 3]


@db
def test_what_one_accepted_is_in_ones_archive_and_goes_with_one():
    heron = join("Quiet Heron")
    actions.accept(heron, 1)
    assert b'"version": 1' in dict(export.tell(heron.id, heron.id))["guidelines-accepted.json"]
    assert list(export.describe(heron.id, heron.id))
    assert export.erase(heron.id, heron.id, erasure.Choices()) == 1
    assert not Acceptance.objects.exists() and dict(export.tell(heron.id, heron.id)) == {}


# -- a new version


@db
def test_who_wrote_in_a_draft_never_publishes_it(robin, wren):
    draft = actions.start(robin)
    actions.propose(robin, draft, 1, "As before.", False)
    with pytest.raises(Refused):
        actions.publish(robin, draft, 1)
    actions.edit(wren, draft, 1, "en", {"intro": "Hi."})
    assert Version.objects.get().proposed_at is None, "other words need a new proposal"
    actions.propose(robin, draft, 2, "As before.", False)
    for steward in (robin, wren):
        with pytest.raises(Refused):
            actions.publish(steward, draft, 2)
    third = join("Linnet", "steward")
    assert actions.publish(third, draft, 2) == 2
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"guidelines.proposed", "guidelines.published"} <= verbs


@db
def test_nobody_agrees_to_words_that_changed_meanwhile(robin, wren):
    draft = actions.start(robin)
    actions.propose(robin, draft, 1, "As before.", False)
    actions.edit(robin, draft, 1, "en", {"intro": "Other words."})
    for revision in (1, "made-up"):
        with pytest.raises(Conflict):
            actions.publish(wren, draft, revision)
    with pytest.raises(Conflict):
        actions.publish(wren, draft, 2)  # not proposed any more


@db
def test_the_rule_about_crisis_cannot_be_dropped_or_emptied(robin):
    draft = actions.start(robin)
    with pytest.raises(Refused):
        actions.drop_rule(robin, draft, 1, "crisis")
    actions.edit(robin, draft, 1, "es", {"crisis": {"title": "", "text": ""}})
    with pytest.raises(Invalid):
        actions.propose(robin, draft, 2, "Without it.", True)


@db
def test_a_new_rule_needs_its_words_in_every_language(robin, wren):
    draft = actions.start(robin)
    actions.add_rule(robin, draft, 1, "quiet-hours", "other spam")
    actions.edit(robin, draft, 2, "en", {"quiet-hours": _rule("Quiet at night")})
    with pytest.raises(Invalid, match="languages"):
        actions.propose(robin, draft, 3, "Quiet hours.", True)
    actions.edit(robin, draft, 3, "es", {"quiet-hours": _rule("Silencio de noche")})
    actions.propose(robin, draft, 4, "Quiet hours.", True)
    actions.publish(wren, draft, 4)
    assert queries.quote("quiet-hours", "es").title == "Silencio de noche"
    assert queries.quote("quiet-hours", "fr").title == "Quiet at night", (
        "English where there is no translation"
    )
    assert queries.current("en").rules[-1].fine == ("Yes.", "Also.")
    assert [c.kind for c in queries.between(1, 2)] == ["added"]
    for code in ("crisis", "Not A Code", "quiet-hours"):
        with pytest.raises((Invalid, NotFound)):
            actions.add_rule(robin, actions.start(robin), 1, code)


@db
def test_what_was_published_is_kept_as_it_was(robin, wren):
    publish(robin, wren, "Be gentle")
    publish(robin, wren, "Be gentler")
    assert queries.version(2).rule("kindness").title == "Be gentle"
    assert queries.version(1).rule("kindness").title.startswith("Be kind")
    assert [line.number for line in queries.history()] == [3, 2, 1]
    with pytest.raises(NotFound):
        actions.edit(robin, Version.objects.get(number=2).id, 2, "en", {"intro": "Rewritten."})
    with pytest.raises(NotFound):
        queries.version(9)


@db
def test_a_member_changes_nothing(robin):
    heron = join("Quiet Heron")
    draft = actions.start(robin)
    for attempt in (
        lambda: actions.start(heron),
        lambda: actions.edit(heron, draft, 1, "en", {}),
        lambda: actions.publish(heron, draft, 1),
        lambda: actions.withdraw(heron, draft, 1),
    ):
        with pytest.raises(Refused):
            attempt()


# -- pages


@db
def test_everybody_reads_them_from_the_cache_in_one_query(django_assert_num_queries):
    client = Client()
    client.get("/guidelines")
    with django_assert_num_queries(2):  # the words, and the list of versions
        answer = client.get("/guidelines")
    assert answer.public_seconds == 300
    assert "Being in crisis is never against the rules" in text(answer)
    spanish = client.get("/guidelines", headers={"accept-language": "es"})
    assert "Estar en crisis nunca va contra las normas" in text(spanish)


@db
def test_two_stewards_change_them_through_the_pages(robin, wren):
    one, two = enter("Robin"), enter("Wren")
    here = one.post("/guidelines/edit")["Location"]
    at = {"revision": "1", "language": "en"}
    saved = one.post(
        here, at | {"do": "save", "intro": "Hi.", "kindness-title": "Be gentle", "kindness-text": "Do."}
    )
    assert saved.status_code == 303
    page = text(one.get(here))
    assert "<ins>gentle</ins>" in page and "<del>" in page
    long = one.post(here, at | {"revision": "2", "do": "save", "kindness-title": "x" * 130, "intro": "Hi."})
    assert long.status_code == 422 and "x" * 130 in text(long), "what was typed stays"
    assert one.post(here, at | {"revision": "2", "do": "propose", "note": "Gentler."}).status_code == 303
    assert "Another steward has to read" in text(one.get(here))
    assert one.post(here, at | {"revision": "2", "do": "publish"}).status_code == 403
    went = two.post(here, at | {"revision": "2", "do": "publish"})
    assert went["Location"] == "/guidelines/v/2"
    assert "Gentler." in text(Client().get("/guidelines/v/2"))
    assert "older version" in text(Client().get("/guidelines/v/1"))
    assert "Be gentle" in text(Client().get("/guidelines"))


@db
def test_a_member_is_asked_reads_and_agrees():
    join("Quiet Heron")
    client = enter("Quiet Heron")
    assert "Please read these once" in text(client.get("/guidelines"))
    went = client.post("/guidelines/accept", {"version": "1", "next": "https://elsewhere.example"})
    assert went["Location"] == "/guidelines"
    assert "Please read these once" not in text(client.get("/guidelines"))
    assert client.post("/guidelines/accept", {"version": "8"}).status_code == 422
