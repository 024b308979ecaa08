"""An existing community moves in: looked at first, everybody asked, only what was agreed to comes, nothing twice."""

from __future__ import annotations

import contextlib
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kithwell.community.groups.tests import cast
from kithwell.community.imports import actions, bringing, export, packed, queries
from kithwell.community.imports.models import Came, Import, Item, Person
from kithwell.community.imports.rules import whatsapp
from kithwell.community.imports.rules.lines import Unreadable
from kithwell.community.posts import words as post_words
from kithwell.community.posts.models import Post, Reply, Veil
from kithwell.kernel import clock, errors, jobs, live
from kithwell.kernel.models import Job
from kithwell.people import queries as people

pytestmark = pytest.mark.django_db
CHAT = "".join(
    f"13/2/2026, 1{hour}:0{n} - {who}: {said}\n"
    for hour in (0, 4)
    for n, (who, said) in enumerate(
        [("Lou Marsden", "nights are long"), ("Ami", "same, Lou"), ("Bo", "ring me on 07700 900 123")]
    )
)


@pytest.fixture
def scene() -> dict[str, Any]:
    lead = cast.somebody("Fern", "facilitator")
    return {
        "lead": lead,
        "group": cast.group(lead, timezone="Europe/London"),
        "lou": cast.somebody("Blue Wren"),
    }


def started(scene: dict[str, Any], chat: str = CHAT) -> Any:
    ident = actions.start(scene["lead"], scene["group"].slug, "whatsapp", chat.encode())
    jobs.run_due()
    return ident


def links(scene: dict[str, Any], ident: Any) -> dict[str, str]:
    return {p.old: p.link.removeprefix("/imports/mine/") for p in queries.one(scene["lead"], ident).people}


def body(piece: Post | Reply) -> str:
    table = post_words.POST if isinstance(piece, Post) else post_words.REPLY
    return post_words.open_body(piece.subject, table, piece.id, piece.body)[0]


def test_the_dry_run_shows_what_would_come_and_brings_nothing(scene: dict[str, Any]) -> None:
    view = queries.one(scene["lead"], started(scene))
    assert (view.state, view.lines, [p.old for p in view.people]) == ("read", 6, ["Lou Marsden", "Ami", "Bo"])
    shown = " ".join(line.text for line in view.preview)
    assert "07700" not in shown and "Lou" not in shown and "[number]" in shown
    assert not Post.objects.exists() and not Import.objects.get().raw


def test_only_what_was_agreed_to_comes_under_the_name_each_chose(scene: dict[str, Any]) -> None:
    lead, lou = scene["lead"], scene["lou"]
    ident = started(scene)
    with pytest.raises(errors.Invalid):
        actions.ask(lead, ident, told=False)
    with pytest.raises(errors.Conflict):
        actions.answer(lou, links(scene, ident)["Lou Marsden"], "veil")
    actions.ask(lead, ident, told=True)
    secrets = links(scene, ident)
    with pytest.raises(errors.Refused):
        actions.answer(lou, secrets["Lou Marsden"], "name")  # not in the group yet
    cast.joins(lou, scene["group"])
    actions.answer(lou, secrets["Lou Marsden"], "name")
    actions.answer(cast.somebody(), secrets["Ami"], "veil")
    actions.bring(lead, ident)
    jobs.run_due()
    first, second = Post.objects.order_by("created_at")
    assert (first.author, body(first)) == (lou.id, "nights are long")
    assert first.created_at.isoformat() == "2026-02-13T10:00:00+00:00"
    assert [r.post_id for r in Reply.objects.order_by("created_at")] == [first.id, second.id]
    reply = Reply.objects.filter(post=first).get()
    assert body(reply) == f"same, {people.names([lou.id])[lou.id]}"
    assert reply.author is None and Veil.objects.get(id=reply.veil_id).account is None
    assert not any("07700" in body(p) for p in (*Post.objects.all(), *Reply.objects.all()))
    assert queries.one(lead, ident).state == "resting"


def test_whoever_answers_later_comes_later_and_nothing_comes_twice(scene: dict[str, Any]) -> None:
    lead = scene["lead"]
    ident = started(scene)
    actions.ask(lead, ident, told=True)
    secrets = links(scene, ident)
    actions.answer(cast.somebody(), secrets["Ami"], "veil")
    for _again in range(2):
        actions.bring(lead, ident)
        jobs.run_due()
    assert (Post.objects.count(), Reply.objects.count()) == (2, 0)
    actions.answer(cast.somebody(), secrets["Bo"], "veil")
    actions.bring(lead, ident)
    jobs.run_due()
    assert (Post.objects.count(), Reply.objects.count()) == (2, 2)
    with pytest.raises(errors.Conflict):
        actions.answer(cast.somebody(), secrets["Bo"], "no")


def test_a_job_that_died_in_the_middle_goes_on_where_it_stopped(
    scene: dict[str, Any], monkeypatch: Any
) -> None:
    lead = scene["lead"]
    chat = "".join(f"13/2/2026, 10:{n:02} - Ami: line {n}\n" for n in range(40))
    ident = started(scene, chat)
    actions.ask(lead, ident, told=True)
    actions.answer(cast.somebody(), links(scene, ident)["Ami"], "veil")
    actions.bring(lead, ident)
    monkeypatch.setattr(bringing, "BATCH", 7)
    real, calls = bringing._bring_batch, []

    def dies(*given: Any) -> None:
        calls.append(1)
        real(*given)
        if len(calls) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(bringing, "_bring_batch", dies)
    with pytest.raises(KeyboardInterrupt):
        bringing.bring(ident)
    assert Item.objects.filter(brought_at__isnull=False).count() == 14
    bringing.bring(ident)
    post = Post.objects.get()
    said = [body(post), *(body(r) for r in Reply.objects.order_by("n"))]
    assert said == [f"line {n}" for n in range(40)]


def test_a_reading_job_that_died_in_the_middle_reads_each_line_once(
    scene: dict[str, Any], monkeypatch: Any
) -> None:
    chat = "".join(f"13/2/2026, 10:{n:02} - {'Ami' if n % 2 else 'Bo'}: line {n}\n" for n in range(40))
    ident = actions.start(scene["lead"], scene["group"].slug, "whatsapp", chat.encode())
    monkeypatch.setattr(actions, "BATCH", 7)
    real, calls = actions.moved, []

    def dies(which: Any) -> None:
        calls.append(1)
        real(which)
        if len(calls) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(actions, "moved", dies)
    with pytest.raises(KeyboardInterrupt):
        actions.read(ident)
    view = queries.one(scene["lead"], ident)
    assert (view.state, view.done, Item.objects.count()) == ("reading", 14, 14)
    before = [p.link for p in view.people]
    actions.read(ident)
    view = queries.one(scene["lead"], ident)
    assert (view.state, Item.objects.count(), [p.link for p in view.people]) == ("read", 40, before)


@pytest.mark.parametrize("ended", [False, True])
def test_a_later_file_of_the_same_chat_brings_only_what_is_new(scene: dict[str, Any], ended: bool) -> None:
    lead, ident = scene["lead"], started(scene)

    def everybody(which: Any) -> None:
        actions.ask(lead, which, told=True)
        for secret in links(scene, which).values():
            actions.answer(cast.somebody(), secret, "veil")
        actions.bring(lead, which)
        jobs.run_due()

    everybody(ident)
    before = (Post.objects.count(), Reply.objects.count())
    if ended:
        actions.discard(lead, ident)
    again = started(scene, CHAT + "13/2/2026, 14:05 - Ami: and one more\n")
    view = queries.one(lead, again)
    assert (view.lines, dict(view.left)["here"]) == (7, 6)
    everybody(again)
    assert (Post.objects.count(), Reply.objects.count()) == (before[0], before[1] + 1)
    newest = Reply.objects.order_by("-n", "-created_at").first()
    assert newest is not None and body(Reply.objects.latest("created_at")) == "and one more"
    assert Reply.objects.latest("created_at").post_id == Post.objects.latest("created_at").id


def test_whoever_has_the_old_file_cannot_look_up_a_line_in_the_tables(scene: dict[str, Any]) -> None:
    ident = started(scene)
    keys = {line.key for line in whatsapp.read(CHAT, "dmy").lines}
    stored = set(Item.objects.values_list("key", flat=True)) | set(
        Item.objects.values_list("thread", flat=True)
    )
    assert len(stored) == 6 and not stored & keys
    actions.ask(scene["lead"], ident, told=True)
    actions.answer(cast.somebody(), links(scene, ident)["Ami"], "veil")
    actions.bring(scene["lead"], ident)
    jobs.run_due()
    told = repr(
        [*Post.objects.values_list("client_key", flat=True), *Came.objects.values_list("mark", flat=True)]
    )
    assert Came.objects.count() == 2 and not [key for key in keys if key[:20] in told]


def test_pausing_keeps_what_came_and_going_on_brings_the_rest(scene: dict[str, Any]) -> None:
    lead = scene["lead"]
    ident = started(scene)
    actions.ask(lead, ident, told=True)
    actions.answer(cast.somebody(), links(scene, ident)["Ami"], "veil")
    actions.bring(lead, ident)
    actions.stop(lead, ident)
    jobs.run_due()
    assert not Post.objects.exists() and queries.one(lead, ident).state == "resting"
    actions.bring(lead, ident)
    jobs.run_due()
    assert Post.objects.count() == 2


def test_ending_it_destroys_what_waits_and_so_does_time(scene: dict[str, Any]) -> None:
    lead = scene["lead"]
    for end in (lambda ident: actions.discard(lead, ident), lambda ident: actions.end_old()):
        ident = started(scene)
        Import.objects.filter(id=ident).update(ends_at=clock.now())
        end(ident)
        assert not Item.objects.exists() and not Person.objects.exists()
        row = Import.objects.get(id=ident)
        assert row.state == "over"


def test_a_question_about_dates_is_asked_and_answered(scene: dict[str, Any]) -> None:
    ident = started(scene, "3/4/2026, 10:00 - Ami: hi\n")
    assert queries.one(scene["lead"], ident).orders == ("dmy", "mdy")
    actions.choose_order(scene["lead"], ident, "mdy")
    jobs.run_due()
    at = queries.one(scene["lead"], ident).first_at
    assert at is not None and (at.month, at.day) == (3, 4)


def test_others_find_neither_the_import_nor_somebody_elses_lines(scene: dict[str, Any]) -> None:
    ident = started(scene)
    cast.joins(scene["lou"], scene["group"])
    for who in (scene["lou"], cast.somebody("Other", "facilitator")):
        with pytest.raises(errors.NotFound):
            queries.one(who, ident)
        with pytest.raises(errors.NotFound):
            actions.bring(who, ident)
    with pytest.raises(errors.NotFound):
        queries.mine("made-up")
    told = queries.mine(links(scene, ident)["Bo"])
    assert {line.text for line in told.shown} == {"ring me on [number]"}


def test_the_pages_take_a_zip_and_refuse_other_files_in_words(scene: dict[str, Any]) -> None:
    browser, path = cast.browser(scene["lead"]), f"/g/{scene['group'].slug}/import"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("WhatsApp Chat with us.txt", CHAT)
        archive.writestr("IMG-1.jpg", b"x")
    for name, content, status in (
        ("chat.zip", packed.getvalue(), 303),
        ("chat.zip", b"PK\x03\x04" + b"\0" * 80, 422),
        ("chat.txt", b"", 422),
    ):
        file = SimpleUploadedFile(name, content or b"")
        answer = browser.post(path, {"source": "whatsapp", "file": file})
        assert answer.status_code == status, (name, answer.content[-600:])
    jobs.run_due()
    ident = Import.objects.get().id
    assert b"Lou Marsden" in browser.get(f"/imports/{ident}").content
    assert browser.post(f"/imports/{ident}/do", {"step": "ask"}).status_code == 422
    assert browser.post(f"/imports/{ident}/do", {"step": "ask", "told": "1"}).status_code == 303
    mine = cast.browser().get("/imports/mine/" + links(scene, ident)["Ami"])
    assert mine.status_code == 200 and "Lou Marsden" not in mine.content.decode()
    assert mine["Referrer-Policy"] == "no-referrer" and mine["Cache-Control"] == "no-store"


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packed_file_that_is_damaged_or_hostile_is_refused_in_words_and_never_unfolds(method: int) -> None:
    def made(text: bytes, name: str = "chat.txt") -> bytearray:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as archive:
            archive.writestr(name, text)
        return bytearray(out.getvalue())

    for at in range(40, 400, 7):
        damaged = made(bytes(range(256)) * 40)
        damaged[at % len(damaged)] ^= 0x5A
        with contextlib.suppress(Unreadable):
            packed.text_of(bytes(damaged))
    bomb = made(b"\0" * (packed.MOST_TEXT + 10_000_000))
    assert len(bomb) < 200_000
    with pytest.raises(Unreadable) as error:
        packed.text_of(bytes(bomb))
    assert error.value.code == "too-large"
    size = (packed.MOST_TEXT + 10_000_000).to_bytes(4, "little")
    with pytest.raises(Unreadable):  # a list that says it is small
        packed.text_of(bytes(bomb).replace(size, (10).to_bytes(4, "little")))
    with pytest.raises(Unreadable) as error:
        packed.text_of(bytes(made(b"x", "picture.jpg")))
    assert error.value.code == "zip"


def test_a_zip_with_a_million_names_is_not_even_listed() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for n in range(40_000):
            archive.writestr(f"{n:06}.txt", b"")
    with pytest.raises(Unreadable) as error:
        packed.text_of(out.getvalue())
    assert error.value.code == "too-large"


def test_the_chat_in_a_zip_is_found_beside_a_longer_text_that_somebody_sent() -> None:
    for name in ("_chat.txt", "WhatsApp Chat with us.txt"):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("00000001-my novel.txt", "x" * 9000)
            archive.writestr(name, CHAT)
        assert packed.text_of(out.getvalue()) == CHAT
    assert packed.text_of(CHAT.encode("utf-16")) == CHAT


def test_single_lines_stay_behind_and_the_others_come(scene: dict[str, Any]) -> None:
    lead, ident = scene["lead"], started(scene)
    secret = links(scene, ident)
    with pytest.raises(errors.Conflict):
        actions.leave_behind(secret["Ami"], set(), set())
    actions.ask(lead, ident, told=True)
    actions.answer(cast.somebody(), secret["Ami"], "veil")
    first, second = queries.mine(secret["Ami"]).shown
    of_bo = queries.mine(secret["Bo"]).shown[0].id
    actions.leave_behind(secret["Ami"], {first.id, second.id, of_bo}, {first.id, of_bo})
    assert [line.stays for line in queries.mine(secret["Ami"]).shown] == [True, False]
    assert not any(line.stays for line in queries.mine(secret["Bo"]).shown), "only one's own"
    assert queries.one(lead, ident).agreed == 1
    actions.bring(lead, ident)
    jobs.run_due()
    assert Post.objects.count() == 1 and queries.one(lead, ident).done == 1
    actions.leave_behind(
        secret["Ami"], {first.id, second.id}, {second.id}
    )  # one came, the other may come now
    assert [(line.came, line.stays) for line in queries.mine(secret["Ami"]).shown] == [
        (False, False),
        (True, False),
    ]
    actions.bring(lead, ident)
    jobs.run_due()
    assert queries.one(lead, ident).done == 2


def test_somebody_sees_all_of_their_lines_before_they_say_yes(scene: dict[str, Any]) -> None:
    chat = "".join(f"13/2/2026, 10:{n % 60:02} - Ami: line {n}\n" for n in range(130))
    ident = started(scene, chat)
    actions.ask(scene["lead"], ident, told=True)
    secret, browser = links(scene, ident)["Ami"], cast.browser()
    found: list[str] = []
    for page in (1, 2, 3):
        found += re.findall(
            r"<p class=\"words\" dir=\"auto\">(line \d+)</p>",
            browser.get(f"/imports/mine/{secret}?page={page}").content.decode(),
        )
    assert found == [f"line {n}" for n in range(130)]
    shown = [line.id for line in queries.mine(secret, 2).shown]
    kept = browser.post(
        f"/imports/mine/{secret}?page=2", {"do": "lines", "shown": shown, "stays": [shown[3], "x", "9" * 30]}
    )
    assert kept.status_code == 303 and "page=2" in kept["Location"]
    assert Item.objects.filter(stays=True).count() == 1


def test_an_open_page_hears_of_each_step_and_only_a_facilitators(scene: dict[str, Any]) -> None:
    lead, ident = scene["lead"], started(scene)
    browser = cast.browser(lead)
    cookies = {name: morsel.value for name, morsel in browser.cookies.items()}
    before = live.authorise(cookies, f"import:{ident}")
    actions.ask(lead, ident, told=True)
    assert live.authorise(cookies, f"import:{ident}") > before
    assert int(browser.get(f"/imports/{ident}/live")["X-Since"]) == live.authorise(cookies, f"import:{ident}")
    other = cast.browser(scene["lou"])
    for strange in ({}, {name: morsel.value for name, morsel in other.cookies.items()}):
        with pytest.raises(live.Refused):
            live.authorise(strange, f"import:{ident}")


def test_a_file_that_is_no_chat_says_so_and_keeps_nothing(scene: dict[str, Any]) -> None:
    view = queries.one(scene["lead"], started(scene, "a letter\nand its second line"))
    assert view.state == "failed" and "Export chat" in view.fault
    assert not Item.objects.exists() and Import.objects.get().raw is None
    assert not Job.objects.filter(state=Job.State.DEAD).exists()


def test_somebodys_copy_of_everything_holds_their_waiting_lines(scene: dict[str, Any]) -> None:
    ident = started(scene)
    actions.ask(scene["lead"], ident, told=True)
    cast.joins(scene["lou"], scene["group"])
    actions.answer(scene["lou"], links(scene, ident)["Lou Marsden"], "name")
    told = b"".join(content for _path, content in export.tell(scene["group"].id, scene["lou"].id))
    assert told.count(b"nights are long") == 2 and b"same, Lou" not in told


def test_nothing_of_the_file_lies_open_in_the_database(scene: dict[str, Any], tmp_path: Path) -> None:
    started(scene)
    rows = [*Import.objects.values(), *Person.objects.values(), *Item.objects.values()]
    stored = repr([{k: bytes(v) if isinstance(v, memoryview) else v for k, v in row.items()} for row in rows])
    for word in ("Lou", "Marsden", "nights", "07700"):
        assert word not in stored
