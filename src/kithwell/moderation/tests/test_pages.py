"""What members and moderators see, over HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.test import Client
from tests.access import world

from kithwell.kernel import crypto, limits
from kithwell.kernel.models import AuditEntry
from kithwell.kernel.principal import Principal
from kithwell.moderation import access, actions
from kithwell.moderation.models import Case, Decision, Exposure, Report
from kithwell.moderation.tests import kit
from kithwell.moderation.tests.kit import REMOVE, Notes

pytestmark = pytest.mark.django_db
CRUEL = "Nobody wants you here, you are worthless, go away for good."


@pytest.fixture(autouse=True)
def rested() -> Iterator[None]:
    limits.forget_all()
    yield


@pytest.fixture
def wall() -> Notes:
    return kit.wall()


def entered(name: str, *roles: str) -> tuple[Principal, Client]:
    who = world.join(name, *roles)
    return who, world.enter(name)


def test_two_taps_report_and_the_reporter_sees_what_became_of_it(wall: Notes) -> None:
    ana = kit.member("Ana")
    note = wall.write(ana, CRUEL)
    ben, browser = entered("Quiet Heron")
    form = browser.get("/report", {"kind": wall.name, "id": note})
    assert form.status_code == 200 and "I am worried about this person" in form.content.decode()
    sent = browser.post("/report", {"kind": wall.name, "id": note, "category": "harassment"})
    assert sent.status_code == 303 and sent["Location"] == "/me/reports?told=1"
    assert "It waits for a person" in browser.get("/me/reports").content.decode()
    mika = kit.moderator()
    actions.decide(mika, kit.take(mika), REMOVE)
    assert "something was done" in browser.get("/me/reports").content.decode()
    assert browser.post("/report", {"kind": wall.name, "id": note, "category": ""}).status_code == 422
    assert browser.get("/report", {"kind": "no.such", "id": note}).status_code == 404
    assert Report.objects.get().reporter == ben.id


def test_the_case_is_one_screen_and_seeing_it_is_recorded_and_counted_once(wall: Notes) -> None:
    note = wall.write(kit.member("Ana"), CRUEL)
    wall.write(kit.member("Finn"), "What stands beside it")
    actions.report(kit.member(), wall.name, note, "harassment", "please look")
    mika, browser = entered("Mika", "moderator")
    assert "Something is waiting" in browser.get("/moderation").content.decode()
    place = browser.post("/moderation/take")["Location"]
    for _ in range(3):
        page = browser.get(place).content.decode()
    assert "worthless" in page and "please look" in page and "Be kind" in page
    assert "What stands beside it" not in page, "context comes only when asked for"
    assert sum(Exposure.objects.filter(account=mika.id).values_list("n", flat=True)) == 1
    assert AuditEntry.objects.filter(verb="case.snippet_seen").count() == 1
    assert "What stands beside it" in browser.get(place + "/around").content.decode()
    assert AuditEntry.objects.filter(verb="case.context_seen").count() == 1
    assert sum(Exposure.objects.filter(account=mika.id).values_list("n", flat=True)) == 2


def test_a_decision_over_the_form_keeps_words_that_cannot_be_taken(wall: Notes) -> None:
    actions.report(kit.member(), wall.name, wall.write(kit.member("Ana"), CRUEL), "harassment")
    _mika, browser = entered("Mika", "moderator")
    place = browser.post("/moderation/take")["Location"]
    form = {
        "thing": "remove",
        "person": "warn",
        "rule": "",
        "facts": "It calls somebody worthless.",
        "days": "3",
    }
    back = browser.post(place + "/decide", form)
    assert back.status_code == 422 and "It calls somebody worthless." in back.content.decode()
    done = browser.post(place + "/decide", {**form, "rule": "kindness", "note": "first time"})
    assert done.status_code == 303 and Decision.objects.get().person == "warn"
    assert browser.get(place).status_code == 404, "what is decided is not open any more"


def decided(wall: Notes, ana: Principal, ruling: actions.Ruling = REMOVE, **note: bool) -> str:
    ident = wall.write(ana, CRUEL, **note)
    actions.report(
        kit.member("Reporter Ruth"), wall.name, ident, "harassment", "secret words of the reporter"
    )
    mika = kit.moderator()
    return str(actions.decide(mika, kit.take(mika), ruling))


def test_the_author_reads_every_reason_and_asks_again_in_one_tap(wall: Notes) -> None:
    ana, browser = entered("Quiet Heron")
    ident = decided(wall, ana, replace(REMOVE, person="pause", days=3))
    page = browser.get(f"/decisions/{ident}").content.decode()
    told = (
        "was removed|calls another member worthless|Be kind|No. A person decided.|somebody told us|everywhere|"
        "Ask another person|out-of-court|can always talk"
    )
    for words in told.split("|"):
        assert words in page, words
    assert "/decisions/" + ident in browser.get("/me/decisions").content.decode()
    asked = browser.post(f"/appeal/{ident}")
    assert asked.status_code == 303
    assert "Another person will look" in browser.get(asked["Location"]).content.decode()


def test_the_statement_as_data_has_every_field_of_article_17(wall: Notes) -> None:
    ana, browser = entered("Quiet Heron")
    ident = decided(wall, ana, replace(REMOVE, person="suspend", days=14))
    data = json.loads(browser.get(f"/decisions/{ident}/data").content)
    assert (
        data["restriction"]["on_content"] == "removal" and data["restriction"]["on_account"] == "suspension"
    )
    assert data["restriction"]["territorial_scope"] == "everywhere" and data["restriction"]["ends"]
    assert data["facts"]["facts_and_circumstances"] == REMOVE.facts and data["facts"]["basis"] == "notice"
    assert data["facts"]["identity_of_notifier"] is None
    assert data["automated_means"] == {
        "in_detection": False,
        "in_decision": False,
        "reviewed_by_a_person": True,
    }
    ground = data["ground"]
    assert ground["type"] == "contractual" and ground["contractual_ground"]["code"] == "kindness"
    assert ground["contractual_ground"]["text"] and ground["explanation"] == REMOVE.facts
    redress = data["redress"]
    assert redress["internal_appeal"]["free_of_charge"] and redress["internal_appeal"]["possible_until"]
    assert redress["out_of_court"] and redress["judicial"]


def test_the_author_never_learns_who_reported(wall: Notes) -> None:
    from kithwell.moderation import export
    from kithwell.people import queries as people

    ana, browser = entered("Quiet Heron")
    ident = decided(wall, ana)
    assert ana.id is not None
    told = b"".join(content for _path, content in export.tell(people.subjects([ana.id])[ana.id], ana.id))
    reporter = Report.objects.get().reporter
    assert b"decisions" in told or REMOVE.facts.encode() in told
    pages = [
        browser.get(p).content for p in (f"/decisions/{ident}", f"/decisions/{ident}/data", "/me/decisions")
    ]
    for seen in (told, *pages):
        assert b"Ruth" not in seen and str(reporter).encode() not in seen and b"secret words" not in seen


def test_another_persons_decision_and_appeal_are_not_there(wall: Notes) -> None:
    ident = decided(wall, kit.member("Ana"))
    for roles in ((), ("moderator",), ("steward",)):
        _who, browser = entered(f"Other {'abc'[len(roles)]} {roles[0] if roles else 'member'}"[:20], *roles)
        assert browser.get(f"/decisions/{ident}").status_code == 404
        assert browser.get(f"/decisions/{ident}/data").status_code == 404
        assert browser.post(f"/appeal/{ident}", {"words": "not mine"}).status_code == 404
        assert browser.get("/decisions/made-up").status_code == 404


def test_the_desk_asks_the_database_as_often_for_one_report_as_for_twenty(
    wall: Notes,
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    note = wall.write(kit.member("Ana"), CRUEL)
    actions.report(kit.member(), wall.name, note, "harassment", "one")
    _mika, browser = entered("Mika", "moderator")
    place = browser.post("/moderation/take")["Location"]
    browser.get(place)
    with CaptureQueriesContext(connection) as one:
        browser.get(place)
    for n in range(20):
        actions.report(kit.member(), wall.name, note, "harassment", f"words {n}")
    Case.objects.update(state="claimed")
    with CaptureQueriesContext(connection) as many:
        assert "words 19" in browser.get(place).content.decode()
    assert len(many) == len(one), (len(one), len(many))


def test_the_list_of_decisions_asks_the_database_as_often_for_one_as_for_ten(
    wall: Notes,
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ana, browser = entered("Quiet Heron")
    mika = kit.moderator()

    def one_more() -> None:
        actions.report(kit.member(), wall.name, wall.write(ana, CRUEL), "spam")
        actions.decide(mika, kit.take(mika), REMOVE)

    one_more()
    browser.get("/me/decisions")
    with CaptureQueriesContext(connection) as one:
        browser.get("/me/decisions")
    for _ in range(9):
        one_more()
    crypto.forget_cached_keys()
    browser.get("/me/reports")  # the key of the house is looked up once a process
    access.author_key(ana.id)
    with CaptureQueriesContext(connection) as ten:
        assert browser.get("/me/decisions").content.decode().count("/decisions/") == 10
    assert len(ten) <= len(one) + 1, "one more for the keys of ten cases"


def test_the_texts_for_clinical_review_are_those_that_ship() -> None:
    """docs/clinical/moderation.md quotes the product: a text changed here is changed there."""
    from pathlib import Path

    import kithwell

    root = Path(kithwell.__file__).parent
    table = (root.parents[1] / "docs/clinical/moderation.md").read_text(encoding="utf-8")
    files = [
        *(root / "moderation/templates/moderation").glob("*.html"),
        root / "moderation/texts.py",
        root / "support/concerns.py",
    ]
    shipped = " ".join(path.read_text(encoding="utf-8") for path in files)
    shipped = re.sub(r'"\s*\n\s*"', "", shipped)
    shipped = re.sub(r'</strong> \{\{ _\("|"\) \}\}|\{\{ _\("', "", shipped)
    rows = [line.split("|") for line in table.splitlines() if line.startswith("| ") and "|---" not in line]
    for row in rows[1:]:
        for sentence in re.split(r"(?<=\.) ", row[2].strip()):
            assert sentence in shipped, (row[1], sentence)
