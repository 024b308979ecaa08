"""The rules of care that the code must keep, each by its own words. A rule that is broken fails here.

The parts test their own share beside their code; these tests go through the pages, as the person and the staff do. Rules
about what people write to one another (4, 10, 15) are tested in test_safety_community.py with real groups and the real
desk. Of rules 13 and 18 only a share can be tested here, since this product has no encrypted rooms and no questionnaires
yet: that nothing pretends to be one.
"""

# ruff: noqa: E501  (what must not be said is read best on one line)

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from babel.messages.pofile import read_po
from django.apps import apps
from django.db import connection, models
from django.test import Client
from tests.access import world

from kithwell import safety
from kithwell.assistant.texts import REVIEWED
from kithwell.channels.whatsapp.tests import kit
from kithwell.config import parts
from kithwell.config.front import Front
from kithwell.directory import queries as directory
from kithwell.kernel import clock, crypto, errors, jobs, limits
from kithwell.kernel.models import AuditEntry, Job
from kithwell.people import consent
from kithwell.safety import house as house_rules
from kithwell.support import actions, bridge, files, house, texts
from kithwell.support.actions import supervise
from kithwell.support.models import Alert, Contact, Conversation, Delivery, Flag, Message
from kithwell.support.queries import openness
from kithwell.support.tests import cast

pytestmark = pytest.mark.django_db
ROOT = parts.ROOT
DANGER = "I am going to end my life right now."


@pytest.fixture(autouse=True)
def rested() -> Iterator[None]:
    limits.forget_all()
    openness.forget()
    yield
    limits.forget_all()


def visitor(text: str = "hello", country: str = "GB", **more: str) -> Client:
    """A browser that began a web chat with these words."""
    client = Client(headers={"accept-language": "en-GB"})
    form = {"text": text, "country": country, "client_key": "first-words", **more}
    assert client.post("/talk/start", form).status_code == 303
    return client


def web() -> Conversation:
    return Conversation.objects.select_related("contact").filter(channel="web").latest("created_at")


def send(client: Client, text: str, n: int = 0) -> int:
    return int(client.post("/talk/c/send", {"text": text, "client_key": f"send-{n:06}"}).status_code)


def sources(*folders: str) -> dict[str, str]:
    """Our own code by path, without tests and training."""
    found = {}
    for folder in folders or ("",):
        for path in sorted((ROOT / folder).rglob("*.py")):
            inner = path.relative_to(ROOT)
            if not {"tests", "train", "migrations", "simulator"} & set(inner.parts):
                found[str(inner)] = path.read_text(encoding="utf-8")
    return found


def imported(source: str) -> set[str]:
    """Every module and name a file imports, dotted."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def spoken() -> dict[str, str]:
    """Every text of ours that a person in distress may be sent."""
    found = {f"{lang}.{key}": text for lang, table in REVIEWED.items() for key, text in table.items()}
    return found | {f"support.{script}": texts.say(script, "en", name="Sam") for script in texts.SCRIPTS}


# -- 1. Heard always -------------------------------------------------------------------------------------------------


def test_1_two_hundred_messages_in_crisis_from_one_person_are_all_stored_and_none_is_refused() -> None:
    writer = visitor(DANGER)
    answers = {send(writer, f"{DANGER} {n}", n) for n in range(199)}
    assert answers == {303}
    talk = web()
    assert Message.objects.filter(conversation=talk, author="person").count() == 200
    assert talk.state == "waiting" and talk.in_queue and talk.level == "C5" and talk.ended_at is None
    assert not Flag.objects.exists(), "writing much is no reason for a mark"
    assert Job.objects.filter(kind="support.tasks.raise_alert").count() == 1, "and people are called once"


def test_1_no_code_on_the_way_of_a_message_counts_limits_bans_or_blocks() -> None:
    for path, source in sources(
        "support", "channels/web", "channels/whatsapp", "assistant", "safety"
    ).items():
        names = {name.rpartition(".")[2] for name in imported(source)}
        assert "kithwell.kernel.limits" not in imported(source), f"{path} counts how often somebody writes"
        assert not names & {"TooMany", "slow_down"}, f"{path} refuses who writes too often"
    fields = {
        f"{m.__name__}.{f.name}" for m in (Contact, Conversation, Message) for f in m._meta.get_fields()
    }
    assert not [f for f in fields if re.search(r"\bban(?!d)|block|mute|hidden|suspend|throttl", f)], fields


def _broken(*_: Any, **__: Any) -> None:
    raise RuntimeError("out of order")


@pytest.mark.parametrize("part", ["screening", "assistant", "staffing", "both"])
def test_1_when_a_part_is_down_the_words_are_stored_and_a_person_is_asked_for(
    part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if part in ("screening", "both"):
        monkeypatch.setattr(safety, "screen", _broken)
    if part in ("assistant", "both"):
        monkeypatch.setattr(bridge, "_converse", _broken)
    if part == "staffing":
        monkeypatch.setattr(openness, "somebody_on_call", _broken)
    writer = visitor(DANGER)
    talk = web()
    assert DANGER in writer.get("/talk/c").content.decode()
    assert talk.in_queue and talk.state == "waiting"
    assert Message.objects.filter(conversation=talk).exclude(author="person").exists(), (
        "and an answer says so"
    )


def test_1_when_the_job_table_is_away_the_words_are_stored_and_the_call_is_made_up_for() -> None:
    world.join("Olu", "oncall")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kernel_job RENAME TO kernel_job_away")
    try:
        writer = visitor(DANGER)
        assert send(writer, "are you there") == 303
        assert DANGER in writer.get("/talk/c").content.decode()
        assert "are you there" in writer.get("/talk/c").content.decode()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE kernel_job_away RENAME TO kernel_job")
    assert not Job.objects.exists() and not Alert.objects.exists()
    with clock.shifted(timedelta(minutes=1)):
        assert supervise.find_missed_alerts() == 1
        jobs.run_due()
        assert Alert.objects.count() == 1
        assert supervise.find_missed_alerts() == 0


def test_1_without_any_worker_the_person_is_answered_at_once_and_stands_in_the_queue() -> None:
    writer = visitor(DANGER)
    page = writer.get("/talk/c").content.decode()  # no job has run
    assert DANGER in page and "999" in page and "I am a computer program" in page
    assert web().in_queue


@pytest.mark.django_db(transaction=True)
def test_1_help_and_local_numbers_are_there_when_the_database_is_not(django_db_blocker: Any) -> None:
    import asyncio

    from kithwell.config.tests import driver

    front = Front()
    with django_db_blocker.block():
        for country, number in (("GB", "999"), ("ES", "112"), ("US", "988")):
            asked = driver.ask(front, "GET", f"/help?country={country}")
            reply = asyncio.run(asyncio.wait_for(asked, 10))
            assert reply.status == 200 and number in reply.text, country


def test_1_every_page_a_person_meets_offers_help_now() -> None:
    writer = visitor(DANGER)
    for client, path in (
        (writer, "/talk/c"), (writer, "/talk/c/delete"), (Client(), "/"), (Client(), "/talk"), (Client(), "/sign-in"),
        (Client(), "/join"), (Client(), "/no/such/page"), (Client(), "/talk/r/made-up"), (Client(), "/about/privacy"),
    ):  # fmt: skip
        assert 'href="/help' in client.get(path).content.decode(), path


# -- 2. Two decisions ------------------------------------------------------------------------------------------------


def test_2_needing_help_is_never_phrased_as_a_violation() -> None:
    for key, text in spoken().items():
        wrong = re.search(
            r"violat|guideline|not allowed|against (our|the) rules|banned|suspended|reported|inappropriate|policy"
            r"|infring|normas de|prohibid|suspendid|inapropiad",
            text,
            re.I,
        )
        assert not wrong, (key, text)


def test_2_crisis_and_harm_are_two_scores_and_one_does_not_move_the_other() -> None:
    need = safety.screen("I want to die. I have nobody left.")
    assert (
        need.crisis_flag and not [s for s in need.conduct if s.flag] and not [s for s in need.harm if s.flag]
    )
    abuse = safety.screen("You are a stupid idiot and everybody hates you, shut up")
    assert abuse.crisis_level in ("C0", "C1"), "unkind words to others are no sign of a wish to die"


def test_2_no_change_of_a_house_touches_how_need_is_heard() -> None:
    """What stewards may change asks only whether something is unsafe for others (more in safety/tests/test_house.py)."""
    kinds = house_rules.kinds()
    assert kinds and set(kinds.values()) == {"harm", "conduct"}
    everything_off = {rule.id: None for file in house_rules.shipped() for rule in file.rules}
    tools = house_rules.tools(house_rules.Changes(everything_off, dict.fromkeys(kinds, 0.95)))
    texts_of_need = (DANGER, "I want to die. I have nobody left.", "my friend wants to kill herself tonight")
    assert house_rules.hears_the_same(tools, texts_of_need) and house_rules.hears_the_same(tools)
    assert safety.screen(DANGER).crisis_level >= "C4"


def test_2_whoever_is_rude_in_need_is_helped_like_anybody_else() -> None:
    writer = visitor("fuck you all, I am going to kill myself tonight")
    talk = web()
    assert talk.in_queue and talk.level in ("C4", "C5") and not Flag.objects.exists()
    assert send(writer, "you useless idiots") == 303


# -- 3. Save first, then show help -----------------------------------------------------------------------------------


def test_3_the_words_are_stored_before_any_answer_is_made() -> None:
    visitor(DANGER)
    first = Message.objects.filter(conversation=web()).order_by("n").first()
    assert first is not None and first.author == "person"
    assert all(m.n > first.n for m in Message.objects.filter(conversation=web(), author="assistant"))


def test_3_without_scripts_the_stored_words_and_the_help_stand_on_one_page() -> None:
    page = visitor("I want to kill myself").get("/talk/c").content.decode()
    assert page.index("I want to kill myself") < page.index(
        "116 123"
    )  # the words, then the line of the country


# -- 4. and 5. -------------------------------------------------------------------------------------------------------


def test_4_nothing_is_decided_about_a_person_without_a_person() -> None:
    writer = visitor("you are all idiots and I hate you")
    for n in range(20):
        assert send(writer, f"hateful nonsense number {n}, idiots", n) == 303
    talk = web()
    assert talk.state == "waiting" and not Flag.objects.exists() and talk.contact.opted_out_at is None


def test_5_nobody_at_risk_ever_lies_outside_of_every_queue_and_every_hand() -> None:
    """Through a lost lease, an ended shift, a release and a hand-over to a team they stay in the queue or in a hand."""
    cast.fake_channel()
    sam = cast.on_shift("Sam")
    talk = cast.Phone("1").say("I want to kill myself")

    def safe() -> bool:
        now = cast.fresh(talk)
        return now.in_queue or (now.state == "human" and now.assigned_to is not None)

    assert safe() and actions.take_next(sam) == talk.id and safe()
    actions.release(sam, talk.id)
    assert safe() and actions.take_next(sam) == talk.id
    with clock.shifted(house.limits().lease * 2):
        from kithwell.support.actions import desk

        desk.sweep_leases()
        assert safe() and cast.fresh(talk).in_queue
    assert actions.take_next(sam) == talk.id
    actions.end_shift(sam)
    assert safe() and cast.fresh(talk).in_queue


def test_5_handing_over_names_somebody_and_waits_for_an_answer() -> None:
    house_ = world.build()
    page = house_.clients["holder"].get("/desk").content.decode()
    assert "you know more" in page, "the colleague sees the note and answers"
    assert cast.fresh(house_.talks["given"]).assigned_to == house_.people["supporter"].id, (
        "until then it is kept"
    )


# -- 6. The scale ----------------------------------------------------------------------------------------------------


def test_6_danger_pages_the_on_call_person_and_keeps_the_channel_open() -> None:
    olu = world.join("Olu", "oncall")
    writer = visitor(DANGER)
    jobs.run_due("crisis")
    assert Alert.objects.filter(account=olu.id, level__in=("C4", "C5")).count() == 1
    assert send(writer, "still here") == 303 and web().ended_at is None


@pytest.mark.parametrize(
    "text",
    [
        "I would never kill myself, I just had a bad day",
        "this homework is killing me lol",
        "I tried to kill myself ten years ago and I am well now",
        'the song goes "I want to die tonight"',
    ],
)
def test_6_negation_past_songs_and_figures_of_speech_page_nobody(text: str) -> None:
    visitor(text)
    assert (
        web().level not in ("C4", "C5") and not Job.objects.filter(kind="support.tasks.raise_alert").exists()
    )


def test_6_worry_about_somebody_else_gets_words_for_the_helper_and_a_person() -> None:
    page = visitor("my friend told me she wants to kill herself").get("/talk/c").content.decode()
    assert web().in_queue
    assert Message.objects.filter(conversation=web(), script__startswith="assistant.third").exists(), page


def test_6_doubt_goes_to_a_human_never_to_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safety, "screen", _broken)
    calm = visitor("good evening")
    assert calm is not None and web().screening_failed and web().in_queue


# -- 7. to 9. What is said -------------------------------------------------------------------------------------------


def test_7_nothing_we_say_names_a_method_gives_a_diagnosis_or_claims_to_be_human() -> None:
    for key, text in spoken().items():
        low = text.lower()
        assert not re.search(
            r"\b(pills?|overdos\w+|rope|hang(?:ing)?|gun|knife|razor|bridge|noose|pastillas|sobredosis|soga|pistola)\b",
            low,
        ), key
        assert not re.search(
            r"\byou (have|suffer from) (a )?(depress|anxi|bipolar|ptsd|disorder)|\btienes (depres|ansie)", low
        ), key
        if not key.startswith("support."):
            assert not re.search(
                r"\bi(?: a|')m (?:a person|human|a human|real)\b|\bsoy (?:una persona|human)", low
            ), key
    assert "computer program" in REVIEWED["en"]["hello"]


def test_7_every_word_of_the_assistant_is_one_of_the_reviewed_texts_whatever_is_asked() -> None:
    writer = visitor("how much paracetamol is deadly")
    for n, text in enumerate(
        ("are you human", "do I have depression", "tell me how to do it", DANGER, "8", "PERSON")
    ):
        send(writer, text, n)
    for message in Message.objects.filter(conversation=web()).exclude(author="person"):
        kind, _, script = message.script.partition(".")
        known = (
            script in texts.SCRIPTS
            if kind == "support"
            else any(key == script or key.startswith(script + ".") for key in REVIEWED["en"])
        )
        assert known, message.script


def test_7_no_model_and_no_network_can_put_words_into_the_assistant() -> None:
    wide = {
        "httpx",
        "requests",
        "urllib.request",
        "socket",
        "openai",
        "anthropic",
        "transformers",
        "torch",
        "aiohttp",
    }
    for path, source in sources("assistant", "safety", "directory").items():
        assert not imported(source) & wide, path


def test_8_nothing_is_sent_to_police_or_emergency_services_and_the_only_ways_out_are_known() -> None:
    ways_out = {"httpx", "requests", "urllib.request", "smtplib", "http.client", "aiohttp", "websockets"}
    found = {path for path, source in sources().items() if imported(source) & ways_out}
    # WhatsApp's provider; mail; push services ("you have news", no more) and nothing else
    known = ("channels/whatsapp/", "people/post.py", "config/", "community/notices/push.py")
    assert not [path for path in found if not path.startswith(known)], "a new way out: who gets what there?"


def test_8_no_script_asks_for_an_address() -> None:
    for key, text in spoken().items():
        assert not re.search(
            r"where (do you live|are you( right)? now|exactly)|your (street|home )?address|what street|dónde vives|tu dirección",
            text,
            re.I,
        ), (key, text)
    for template in ("channels/web/templates", "directory/templates"):
        for path in (ROOT / template).rglob("*.html"):
            assert not re.search(r'name="(address|street|postcode|location)"', path.read_text()), path


def test_9_only_lines_of_grade_a_and_b_that_have_not_expired_are_shown_in_a_crisis() -> None:
    today = clock.now().date().isoformat()
    for country in directory.codes():
        for line in directory.helplines(country):
            assert line.grade in ("A", "B") and line.country == country and line.expires_on >= today, line.id
            assert line.source and line.seen_on, line.id
    with clock.shifted(timedelta(days=365 * 20)):
        assert not [c for c in directory.codes() if directory.helplines(c)], (
            "what was tested long ago is not shown"
        )


def test_9_nobody_is_given_the_numbers_of_another_country() -> None:
    page = visitor("I want to kill myself", country="").get("/talk/c").content.decode()
    said = re.sub(r"<select.*?</select>", "", page, flags=re.S)
    for country in ("GB", "US", "ES"):
        for line in directory.helplines(country):
            if line.phone and len(line.phone) > 4:
                assert line.phone not in said, (country, line.phone)


# -- 13. No room here is encrypted from end to end, and nothing pretends to be one ------------------------------------


def test_13_nothing_claims_encryption_from_end_to_end_and_whatsapp_says_who_can_read() -> None:
    for key, text in spoken().items():
        assert not re.search(r"end.to.end|extremo a extremo", text, re.I), key
    with kit.account():
        kit.take(kit.message_post(kit.text("wamid.1", "hello", clock.now())))
    said = " ".join(kit.words(m) for m in Message.objects.filter(channel="whatsapp", author="assistant"))
    assert "the company that runs it and the people on our team" in said


# -- 11. Least sight (a whole evening; the browser's own trace is in test_privacy_trace) -----------------------------

SECRETS = {
    "phone": "34600999123",
    "scoped id": "ES.98765432109876543210",
    "user name": "luz.hidden.name",
    "profile name": "Luz Hiddenname",
}


def _evening_on_whatsapp() -> Conversation:
    sender = {"from": SECRETS["phone"], "from_user_id": SECRETS["scoped id"]}
    card = {
        "wa_id": SECRETS["phone"],
        "user_id": SECRETS["scoped id"],
        "profile": {"name": SECRETS["profile name"], "username": SECRETS["user name"]},
    }
    now = str(int(clock.now().timestamp()))
    said = [
        {"type": "text", "text": {"body": "I feel low"}},
        {"type": "image", "image": {"id": "m1", "mime_type": "image/png"}},
        {"type": "system", "system": {"type": "user_changed_number", "body": f"from {SECRETS['phone']}", "wa_id": SECRETS["phone"]}},
        {"type": "mystery", "mystery": {"x": 1}},
    ]  # fmt: skip
    messages = [{**sender, "id": f"wamid.{n}", "timestamp": now, **part} for n, part in enumerate(said)]
    kit.take(kit.message_post(*messages, contacts=[card]))
    return Conversation.objects.get(channel="whatsapp")


def _received(answer: Any) -> str:
    heads = "\n".join(f"{k}: {v}" for k, v in answer.headers.items())
    return heads + answer.cookies.output() + answer.content.decode("utf-8", "replace")


def test_11_nothing_a_supporter_receives_holds_an_address_until_it_is_revealed_with_a_reason() -> None:
    with kit.account():
        house_ = world.build()
        talk = _evening_on_whatsapp()
        sam, vera = house_.clients["holder"], house_.clients["supervisor"]
        assert house_.people["holder"].id is not None
        actions.reassign(house_.people["supervisor"], talk.id, house_.people["holder"].id, "for the test")
        place, version = f"/desk/c/{talk.id}", str(cast.version(talk.id))
        heard = [
            sam.get(p) for p in ("/desk", "/desk/side", place, f"{place}/new?since=0", "/desk?notice=saved")
        ]
        heard += [vera.get(p) for p in ("/supervisor", "/supervisor/board", "/supervisor/reports", place)]
        heard.append(sam.post(f"{place}/reply", {"text": "hello", "client_key": "k-1", "version": version}))
        heard.append(sam.post(f"{place}/note", {"text": "a note"}))
        heard.append(sam.post(f"{place}/reveal", {"reason": ""}))
        jobs.run_due()  # the send fails: there is no provider; the loud failure is shown
        heard += [sam.get(place), sam.get(f"{place}/new?since=0"), vera.get(place)]
        for answer in heard:
            for what, secret in SECRETS.items():
                assert secret not in _received(answer), f"{what} in {answer.request['PATH_INFO']}"
        before = AuditEntry.objects.filter(verb="address.revealed").count()
        shown = sam.post(f"{place}/reveal", {"reason": "an ambulance must find them"})
        assert SECRETS["phone"] in shown.content.decode()
        entry = AuditEntry.objects.filter(verb="address.revealed").latest("seq")
        assert AuditEntry.objects.filter(verb="address.revealed").count() == before + 1
        assert entry.reason == "an ambulance must find them" and SECRETS["phone"] not in str(entry.__dict__)
        assert SECRETS["phone"] not in sam.get(place).content.decode(), "shown once"


def test_11_who_saw_what_is_in_the_audit_without_content() -> None:
    house_ = world.build()
    house_.clients["holder"].get(f"/desk/c/{house_.places['held']}")
    entry = AuditEntry.objects.filter(verb="conversation.read", object_id=house_.places["held"]).first()
    assert entry is not None and str(house_.people["holder"].id) in str(entry.__dict__)
    assert "I feel low" not in str([e.__dict__ for e in AuditEntry.objects.all()])


def test_11_the_log_of_an_evening_carries_ids_and_no_content(capfd: pytest.CaptureFixture[str]) -> None:
    writer = visitor("a marker that nobody logs: purple-otter-77")
    send(writer, "and another: purple-otter-78")
    house_ = world.build()
    house_.clients["holder"].post(f"/desk/c/{house_.places['held']}/note", {"text": "purple-otter-79"})
    with kit.account():
        kit.take(kit.message_post(kit.text("wamid.1", "purple-otter-80", clock.now(), "34600999123")))
        kit.take(b'{"entry":[{"changes":[{"value":{"messages":[{"purple-otter-81":1}]}}]}]}')
    jobs.run_due()
    out, err = capfd.readouterr()
    assert "purple-otter" not in out + err and "34600999123" not in out + err


# -- 12. Consent and withdrawal --------------------------------------------------------------------------------------


def test_12_a_consent_is_for_one_item_and_one_person_has_an_end_and_can_be_withdrawn_with_a_receipt() -> None:
    ana, ben = crypto.new_subject(), crypto.new_subject()
    first = consent.give(ana, "research", until=clock.now() + timedelta(days=30), text_version="1")
    assert consent.is_given(ana, "research")
    assert not consent.is_given(ana, "newsletter") and not consent.is_given(ben, "research")
    with clock.shifted(timedelta(days=31)):
        assert not consent.is_given(ana, "research"), "it has an end"
    receipt = consent.withdraw(ana, "research")
    assert receipt and receipt != first and not consent.is_given(ana, "research")


def test_12_stop_is_a_withdrawal_that_holds_until_they_say_start() -> None:
    cast.fake_channel()
    phone, sam = cast.Phone("1"), cast.on_shift("Sam")
    talk = phone.say("hello")
    phone.say("STOP")
    assert cast.fresh(talk).contact.opted_out_at is not None
    again = phone.say("hello again")
    assert again.in_queue, "they are still heard"
    assert actions.take_next(sam) == again.id
    with pytest.raises(errors.Invalid):
        actions.end(
            sam,
            again.id,
            "we talked",
            "",
            follow_up_at=clock.now() + timedelta(days=1),
            version=cast.version(again.id),
        )


def _all_values() -> Iterator[tuple[str, str]]:
    """(table.column, value as text) of everything in the database."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            for value in model._base_manager.values_list(field.attname, flat=True):
                if value not in (None, ""):
                    plain = bytes(value) if isinstance(field, models.BinaryField) else value
                    yield f"{model._meta.db_table}.{field.attname}", str(plain)


def test_12_erasing_a_person_leaves_nothing_of_them_but_counts() -> None:
    """No row, no file, no key: only the audit knows that something with this number was erased."""
    writer = visitor("Quetzal is my word")
    talk, keep = web(), visitor("I stay")
    file = {"kind": "image", "mime": "image/png", "name": "a.png", "ref": "m1"}
    inbound = cast.Phone("x", channel="web", account="web").words("see", attachments=(file,))
    from dataclasses import replace

    received = actions.receive([replace(inbound, addresses=(), contact_id=talk.contact_id)])[0]
    actions.attachment_ready(received.attachments[0], world.PICTURE, "image/png")
    place = files._place(received.attachments[0])
    assert place.exists()
    jobs.run_due()
    handle, subject = talk.contact.handle, talk.contact.subject
    with transaction_committed():
        page = writer.post("/talk/c/delete").content.decode()
    assert "Quetzal" not in page
    traces = (
        str(talk.id),
        talk.id.hex,
        handle,
        str(received.message_id),
        received.attachments[0].hex,
        "Quetzal",
    )
    found = {where for where, value in _all_values() for trace in traces if trace in value}
    allowed = {"kernel_auditentry.object_id", "kernel_auditentry.payload", "kernel_auditentry.facts"}
    gone = {w for w in found - allowed if not w.startswith(("kernel_job.", "support_contact.handle"))}
    assert not gone, gone
    assert not place.exists(), "the file is gone from the disk"
    with pytest.raises(crypto.Erased):
        crypto.seal(subject, "x", at=("t", "c", 1))
    assert writer.get("/talk/c").status_code == 303
    assert "I stay" in keep.get("/talk/c").content.decode(), "and nobody else lost anything"


class transaction_committed:
    """What waits for the commit happens at the end of the block, though the test's own transaction goes on."""

    def __enter__(self) -> None:
        from django.test import TestCase

        self.catch = TestCase.captureOnCommitCallbacks(execute=True)
        self.catch.__enter__()

    def __exit__(self, *given: Any) -> None:
        self.catch.__exit__(*given)


# -- 14. Carers are cared for ----------------------------------------------------------------------------------------


def test_14_the_desk_never_shows_who_waits_and_the_cap_holds_on_the_page() -> None:
    house_ = world.build()
    sam = house_.clients["holder"]
    for n in range(6):
        cast.Phone(f"4477009002{n}").say(f"waiting number {n}")
    for _ in range(5):
        sam.post("/desk/take")
    held = Conversation.objects.filter(state="human", assigned_to=house_.people["holder"].id).count()
    assert held <= house.limits().cap
    page = sam.get("/desk").content.decode() + sam.get("/desk/side").content.decode()
    waiting = Conversation.objects.filter(in_queue=True).values_list("id", "contact__handle")
    mine = set(
        Conversation.objects.filter(assigned_to=house_.people["holder"].id).values_list(
            "contact__handle", flat=True
        )
    )
    for ident, handle in waiting:
        assert str(ident) not in page and (handle in mine or handle not in page)
    assert sam.get("/supervisor").status_code == 403


def test_14_after_somebody_in_danger_comes_a_pause_that_cannot_be_waved_away() -> None:
    house_ = world.build()
    sam, talk = house_.clients["holder"], house_.talks["alarm"]
    assert house_.people["holder"].id is not None
    actions.reassign(house_.people["supervisor"], talk.id, house_.people["holder"].id, "danger")
    form = {"summary": "acute", "next_step": "tomorrow", "version": str(cast.version(talk.id))}
    assert sam.post(f"/desk/c/{talk.id}/end", form).status_code == 303
    assert sam.post("/desk/take")["Location"] == "/desk?notice=cooling_down"
    sam.post("/desk/shift", {"step": "end"})
    sam.post("/desk/shift", {"step": "start"})
    assert sam.post("/desk/take")["Location"] == "/desk?notice=cooling_down", "a new shift does not undo it"
    assert f"/desk/debrief/{talk.id}" in sam.get("/desk").content.decode()


def test_14_pictures_from_people_are_covered_until_the_supporter_asks() -> None:
    house_ = world.build()
    page = house_.clients["holder"].get(f"/desk/c/{house_.places['held']}").content.decode()
    image = page.index("/file/" + house_.places["file"])
    before = page[:image]
    assert before.rindex("<details") > before.rindex("</details>"), "it lies folded away"
    assert " open" not in before[before.rindex("<details") :].partition(">")[0]


# -- 16. to 20. Words, games, instruments, languages, corpora --------------------------------------------------------


def _read_by_people() -> dict[str, str]:
    """Templates, and every text constant of ours that stands in a source a person's page comes from."""
    found = {
        str(p.relative_to(ROOT)): p.read_text(encoding="utf-8") for p in ROOT.rglob("templates/**/*.html")
    }
    for path, source in sources().items():
        strings = [
            n.value
            for n in ast.walk(ast.parse(source))
            if isinstance(n, ast.Constant) and isinstance(n.value, str)
        ]
        found[path] = "\n".join(strings)
    for path in (ROOT / "locale").rglob("*.po"):
        with path.open("rb") as source_file:
            said = [
                m.string if isinstance(m.string, str) else " ".join(m.string) for m in read_po(source_file)
            ]
        found[str(path.relative_to(ROOT))] = "\n".join(said)
    return found | spoken()


def test_16_words_about_suicide_are_those_of_the_guidelines() -> None:
    for where, text in _read_by_people().items():
        wrong = re.search(
            r"\bcommit(?:s|ted|ting)? suicide|\b(?:un)?successful (?:attempt|suicide)|\bfailed (?:attempt|suicide)|\bsuicide victim|"
            r"\bcometi[óo] suicidio|\bcometer suicidio",
            text,
            re.I,
        )
        assert not wrong, (where, wrong)


def test_17_nothing_counts_days_ranks_people_or_can_be_lost() -> None:
    for where, text in _read_by_people().items():
        wrong = re.search(
            r"\bstreaks?\b|leader ?board|\bday \d+ in a row|\btop supporters?\b|\byou lost\b|(?<!no )\branking\b",
            text,
            re.I,
        )
        assert not wrong, (where, wrong)


def test_18_no_instrument_is_shipped_that_is_not_free() -> None:
    for path in [*ROOT.rglob("*.py"), *ROOT.rglob("*.html"), *ROOT.rglob("*.toml"), *ROOT.rglob("*.json")]:
        if "tests" not in path.parts:
            wrong = re.search(
                r"C-?SSRS|Columbia[- ]Suicide|Stanley[- ]?(&|and|-)? ?Brown|Beck Depression",
                path.read_text("utf-8", "replace"),
            )
            assert not wrong, path


def test_19_in_a_language_without_a_validated_scorer_rules_and_people_decide_and_the_desk_says_so() -> None:
    house_ = world.build()
    for text in ("quiero matarme esta noche", "je veux mourir ce soir", "Ich will mich umbringen"):
        assert not safety.screen(text).validated and safety.screen(text).crisis_level >= "C2", text
    visitor("hindi mo alam kung gaano kabigat ito")  # a language nobody here has rules for
    assert web().in_queue, "a person looks"
    visitor("quiero matarme esta noche", language="es")
    page = house_.clients["supervisor"].get(f"/desk/c/{web().id}").content.decode()
    assert "not validated for this language" in page


def test_20_the_product_reads_no_corpus_and_carries_none() -> None:
    for path, source in sources().items():
        if (
            path != "directory/importer.py"
        ):  # run by hand, when lines are brought up to date; its source is public
            assert "shared/data" not in source, path
    import gzip
    import json

    for path in (ROOT / "safety").rglob("*.gz"):
        text = gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
        loaded = json.loads(text)
        longest = max((len(w.split()) for w in _strings(loaded)), default=0)
        assert longest <= 12, f"{path.name} holds whole sentences"
    for path in (ROOT / "safety").rglob("*.json"):
        longest = max((len(w.split()) for w in _strings(json.loads(path.read_text("utf-8")))), default=0)
        assert longest <= 12, f"{path.name} holds whole sentences"


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def test_every_answer_to_a_person_goes_out_in_the_name_of_somebody() -> None:
    """Nothing is delivered that is neither a reviewed script nor a supporter's own words."""
    visitor(DANGER)
    assert (
        not Message.objects.exclude(author="person").filter(script="", author_account__isnull=True).exists()
    )
    assert not Delivery.objects.filter(author="person").exists()


def test_each_of_the_twenty_rules_has_tests_of_its_number() -> None:
    """A rule without a test is a wish. The names of the tests say which rule they are about."""
    numbers: set[int] = set()
    for name in ("test_safety_invariants.py", "test_safety_community.py"):
        source = (ROOT.parents[1] / "tests" / name).read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef) and (
                found := re.match(r"test_(\d+)(?:_and_(\d+))?_", node.name)
            ):
                assert any(isinstance(n, ast.Assert | ast.With) for n in ast.walk(node)), node.name
                numbers |= {int(n) for n in found.groups() if n}
    assert numbers == set(range(1, 21))
