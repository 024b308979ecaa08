"""A notice from outside, from the form to the desk and back to whoever gave it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from kithwell.kernel import clock, conf, crypto, ids, jobs, limits
from kithwell.kernel.errors import Conflict, Invalid, NotFound, Refused
from kithwell.kernel.models import AuditEntry
from kithwell.moderation import actions as desk
from kithwell.moderation import kinds
from kithwell.moderation.models import Case, Report
from kithwell.moderation.outside import actions, queries, thing
from kithwell.moderation.outside.models import Flagger, Notice
from kithwell.moderation.tests import kit
from kithwell.people import roles

pytestmark = pytest.mark.django_db
FORM = {
    "what": "a note on the wall",
    "why": "It says where she lives, and the man she fled from reads here.",
    "ground": "rules",
    "category": "doxxing",
    "good_faith": "1",
}


@pytest.fixture(autouse=True)
def wall() -> Iterator[kit.Notes]:
    limits.forget_all()
    notes = kit.wall()
    yield notes
    kinds.forget(notes.name)


def form(address: str, **more: str) -> dict[str, str]:
    return {**FORM, "address": f"https://here.example{address}", **more}


def enter(who) -> Client:
    from kithwell.people import actions as people

    limits.forget_all()
    people.set_password(who, kit.PASSWORD, keep_session=None)
    client = Client()
    assert client.post("/sign-in", {"name": who.name, "password": kit.PASSWORD}).status_code == 303
    return client


def text(answer) -> str:
    return answer.content.decode()


def test_a_notice_about_something_of_ours_joins_its_case_and_its_outcome_reaches_the_link(wall):
    ana, ben, mika = kit.member("Ana"), kit.member("Ben"), kit.moderator()
    note = wall.write(ana, "She lives in the yellow house by the mill.")
    desk.report(ben, wall.name, note, "doxxing")
    secret = actions.receive(form(f"/wall/{note}"))
    case = Case.objects.get()
    assert (case.reporters, Notice.objects.get().kind) == (2, wall.name)
    assert queries.follow(secret).outcome == ""
    assert desk.take_next(mika) == case.id
    desk.decide(mika, case.id, kit.REMOVE)
    assert actions.settle() == 1 and actions.settle() == 0
    found = queries.follow(secret)
    assert found.outcome == "acted" and found.settled_at and found.may_contest
    assert note in wall.hidden


def test_an_address_that_names_nothing_we_know_comes_before_a_person_all_the_same(wall):
    secret = actions.receive(form("/somewhere/else"))
    mika = kit.moderator()
    case = Case.objects.get()
    assert case.kind == thing.NAME
    assert desk.take_next(mika) == case.id
    seen = kinds.snippet(thing.NAME, case.ident)
    assert seen is not None and "fled from" in seen.text and seen.author is None
    desk.decide(mika, case.id, kit.KEEP)
    actions.settle()
    assert queries.follow(secret).outcome == "kept"


def test_what_somebody_wrote_lies_sealed_and_who_they_are_is_shown_only_when_asked_for(wall):
    actions.receive(form("/x/y", name="Lou Smith", email="lou@example.org"))
    row = Notice.objects.get()
    assert b"Lou" not in bytes(row.words) and b"mill" not in bytes(row.words)
    mika = enter(kit.moderator())
    page = text(mika.get(f"/moderation/notices/{row.id}"))
    assert "fled from" in page and "Lou Smith" not in page and "Show who told us" in page
    assert "Lou Smith" in text(mika.post(f"/moderation/notices/{row.id}"))
    verbs = list(AuditEntry.objects.filter(kind="notice").order_by("seq").values_list("verb", flat=True))
    assert verbs == ["notice.received", "notice.read", "notice.unveiled"]
    assert "Lou" not in str(list(AuditEntry.objects.values()))


def test_whoever_holds_no_link_sees_nothing_and_links_are_kept_as_digests(wall):
    secret = actions.receive(form("/x/y"))
    assert secret not in str(list(Notice.objects.values()))
    for guess in ("", "made-up", secret[:-1], secret + "x", str(Notice.objects.get().id)):
        with pytest.raises(NotFound):
            queries.follow(guess)


def test_one_can_ask_another_person_to_look_once(wall):
    ana, mika, lou = kit.member("Ana"), kit.moderator("Mika"), kit.moderator("Lou")
    note = wall.write(ana, "She lives in the yellow house by the mill.")
    secret = actions.receive(form(f"/wall/{note}"))
    with pytest.raises(Conflict):
        actions.look_again(secret, "please")
    first = kit.take(mika)
    desk.decide(mika, first, kit.KEEP)
    actions.settle()
    actions.look_again(secret, "It names her street as well.")
    found = queries.follow(secret)
    assert found.outcome == "" and found.again_at and not found.may_contest
    with pytest.raises(Conflict):
        actions.look_again(secret, "and again")
    second = kit.take(lou)
    assert second != first
    desk.decide(lou, second, kit.REMOVE)
    actions.settle()
    assert queries.follow(secret).outcome == "acted"


def test_what_is_gone_when_somebody_looks_is_told_so(wall):
    note = wall.write(kit.member("Ana"), "She lives in the yellow house.")
    secret = actions.receive(form(f"/wall/{note}"))
    Case.objects.update(state="closed")
    assert actions.settle() == 1
    assert queries.follow(secret).outcome == "gone"


def test_words_and_their_key_go_ninety_days_after_it_was_settled(wall):
    secret = actions.receive(form("/x/y", name="Lou"))
    mika = kit.moderator()
    desk.decide(mika, kit.take(mika), kit.KEEP)
    actions.settle()
    with clock.shifted(timedelta(days=89)):
        assert actions.forget() == 0
    with clock.shifted(timedelta(days=91)):
        assert actions.forget() == 1 and actions.forget() == 0
    row = Notice.objects.get()
    assert row.words is None and queries.follow(secret).address == ""
    crypto.forget_cached_keys()
    with pytest.raises(crypto.Erased):
        crypto.seal(row.subject, "x", at=("a", "b", row.id))


def test_the_note_at_the_desk_says_what_the_notice_says(wall):
    from kithwell.moderation import words
    from kithwell.moderation.models import Note

    note = wall.write(kit.member("Ana"), "She lives in the yellow house.")
    actions.receive(form(f"/wall/{note}"))
    row, case = Note.objects.get(), Case.objects.get()
    said = words.unseal(case.subject, row.text, "moderation_note", "text", row.id)
    assert "fled from" in said and f"/moderation/notices/{Notice.objects.get().id}" in said
    assert Report.objects.get().reporter is None


# -- trusted flaggers


def test_a_trusted_flagger_goes_first_even_when_something_else_comes_to_the_case(wall):
    robin, mika = kit.member("Robin", roles.STEWARD), kit.moderator()
    key = actions.grant(robin, "A helpline", "self-harm", clock.now().date() + timedelta(days=30), True)
    grave = wall.write(kit.member("Ana"), "I know where you live.")
    for reader in ("Ben", "Cleo", "Dan"):
        desk.report(kit.member(reader), wall.name, grave, "threat")
    light = wall.write(kit.member("Eve"), "Buy my course.")
    actions.receive(form(f"/wall/{light}", category="spam", key=key))
    trusted = Case.objects.get(ident=light)
    desk.report(kit.member("Finn"), wall.name, light, "spam")  # the desk reckons its place anew
    actions.settle()
    assert kit.take(mika) == trusted.id
    assert [row.trusted for row in queries.notices(mika)] == ["A helpline"]
    line = queries.flaggers(robin)[0]
    assert (line.notices, line.open, line.official) == (1, True, True)


def test_a_key_that_is_over_or_unknown_is_told_and_the_notice_is_not_lost(wall):
    robin = kit.member("Robin", roles.STEWARD)
    key = actions.grant(robin, "A helpline", "", clock.now().date() + timedelta(days=3), False)
    assert key not in str(list(Flagger.objects.values()))
    with clock.shifted(timedelta(days=4)), pytest.raises(Invalid) as told:
        actions.receive(form("/x/y", key=key))
    assert "key" in told.value.fields
    actions.close(robin, str(Flagger.objects.get().id))
    with pytest.raises(Invalid):
        actions.receive(form("/x/y", key=key))
    assert not Notice.objects.exists()
    assert actions.receive(form("/x/y"))


def test_only_a_steward_names_a_flagger_and_never_for_longer_than_a_year(wall):
    soon = clock.now().date() + timedelta(days=30)
    for who in (kit.member("Ben"), kit.moderator()):
        with pytest.raises(Refused):
            actions.grant(who, "Friends", "", soon, False)
    robin = kit.member("Robin", roles.STEWARD)
    for until in (clock.now().date(), soon + timedelta(days=400)):
        with pytest.raises(Invalid):
            actions.grant(robin, "Friends", "", until, False)
    with pytest.raises(NotFound):
        actions.close(robin, str(ids.new_id()))


def test_the_desks_lists_take_as_many_queries_however_many_notices_there_are(wall, django_assert_num_queries):
    robin = kit.member("Robin", roles.STEWARD)
    key = actions.grant(robin, "A helpline", "", clock.now().date() + timedelta(days=3), False)
    for n in range(4):
        actions.receive(form(f"/x/{n}", key=key if n % 2 else ""))
    with django_assert_num_queries(1):
        assert len(queries.notices(robin)) == 4
    with django_assert_num_queries(2):
        assert queries.flaggers(robin)[0].notices == 2
    assert [bool(row.trusted) for row in queries.notices(robin)] == [True, True, False, False]


# -- pages


def test_anybody_gives_notice_and_follows_it_without_an_account(wall):
    client = Client()
    client.cookies["kw_country"] = "ES"
    wrong = client.post("/notice", form("/x/y", why="", good_faith=""))
    assert wrong.status_code == 422 and "a note on the wall" in text(wrong), "nothing typed is lost"
    went = client.post("/notice", form("/x/y"))
    assert went.status_code == 303
    page = client.get(went["Location"])
    assert "Thank you. We have it." in text(page) and "waits for a person" in text(page)
    assert f"<dd>http://testserver{went['Location'].partition('?')[0]}</dd>" in text(page)
    assert page["Referrer-Policy"] == "no-referrer" and page["Cache-Control"] == "no-store"
    mika = kit.moderator()
    desk.decide(mika, kit.take(mika), kit.KEEP)
    actions.settle()
    link = went["Location"].partition("?")[0]
    spanish = Client(headers={"accept-language": "es"})
    shown = text(spanish.get(link))
    assert "reglamento de servicios digitales" in shown.lower(), "what Spain's law gives them, in Spanish"
    assert client.post(link, {"again": "Please."}).status_code == 303
    assert client.post(link, {"again": "Please."}).status_code == 409


def test_a_flood_from_one_place_is_slowed_and_what_was_written_stays(wall):
    client = Client()
    for _n in range(12):
        client.post("/notice", form("/x/y"))
    slowed = client.post("/notice", form("/x/y", why="The thirteenth."))
    assert slowed.status_code == 429 and "The thirteenth." in text(slowed) and slowed["Retry-After"]
    assert Notice.objects.count() == 12
    assert client.get("/help").status_code in (200, 404)  # help is answered by the front; it is never slowed


def test_law_is_shown_to_staff_with_its_source_and_its_doubts(wall):
    mika = enter(kit.moderator())
    page = text(mika.get("/moderation/law/eu"))
    assert (
        "No lawyer has read this yet" in page
        and "art. 18" in page
        and "being in crisis is never reported" in page
    )
    assert "CyberTipline" in text(mika.get("/moderation/law/us"))
    assert "not read; from general knowledge" in text(mika.get("/moderation/law/gb"))
    assert mika.get("/moderation/law/zz").status_code == 404


def test_redress_depends_on_the_country_and_the_language():
    assert "article 21" in queries.redress("DE", "en")[1]
    assert "Ofcom" in queries.redress("GB", "es")[1] and "Puedes" in queries.redress("GB", "es")[0]
    assert queries.redress("BR", "fr") == queries.redress("DE", "en")[:1], (
        "where we know no law: what always holds"
    )


def test_the_statement_of_reasons_tells_what_the_law_of_the_reader_gives_them(wall):
    ana, ben, mika = kit.member("Ana"), kit.member("Ben"), kit.moderator()
    note = wall.write(ana, "You are all worthless.")
    desk.report(ben, wall.name, note, "harassment")
    decision = desk.decide(mika, kit.take(mika), kit.REMOVE)
    client = enter(ana)
    client.cookies["kw_country"] = "GB"
    assert "You can tell Ofcom" in text(client.get(f"/decisions/{decision}"))
    client.cookies["kw_country"] = "DE"
    assert "Digital Services Coordinator of your country" in text(client.get(f"/decisions/{decision}"))


def test_a_confirmation_is_mailed_without_a_word_of_what_it_is_about(wall, tmp_path, monkeypatch):
    known = conf.get
    chosen = {"mail_url": f"file://{tmp_path}", "mail_from": "here@example.org"}
    monkeypatch.setattr(conf, "get", lambda name, *d: chosen.get(name) or known(name, *d))
    secret = actions.receive(form("/x/y", name="Lou", email="lou@example.org"))
    jobs.run_due()
    mika = kit.moderator()
    desk.decide(mika, kit.take(mika), kit.KEEP)
    actions.settle()
    jobs.run_due()
    sent = "".join(file.read_text() for file in sorted(tmp_path.iterdir()))
    assert sent.count("To: lou@example.org") == 2 and sent.count("Your notice") >= 2
    for word in (secret, "fled", "mill", "doxx", "Lou "):
        assert word not in sent
