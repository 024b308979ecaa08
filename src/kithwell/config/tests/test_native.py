"""What the front answers itself: health, readiness, figures, static files."""

import gzip
import json
from datetime import timedelta

import pytest

from kithwell.config import checks
from kithwell.config.tests import sample_urls
from kithwell.kernel import clock, static


@pytest.fixture(autouse=True)
def fresh_checks(monkeypatch):
    monkeypatch.setattr(checks, "_kept", (-1e9, []))


def test_healthz_looks_at_nothing_but_the_process(ask):
    assert (ask("GET", "/healthz").status, ask("GET", "/healthz").text) == (200, "ok\n")


@pytest.mark.django_db(transaction=True)
def test_readyz_is_well_when_everything_is(ask):
    reply = ask("GET", "/readyz")
    assert reply.status == 200
    assert json.loads(reply.text) == {
        "ok": True,
        "checks": {"database": "ok", "jobs": "ok", "keys": "ok", "redis": "ok"},
    }


def test_readyz_turns_503_when_the_database_is_not_there(ask):
    # Outside of a database test every connection is refused.
    reply = ask("GET", "/readyz")
    assert reply.status == 503 and json.loads(reply.text)["checks"]["database"] == "failed"


def test_readyz_answers_in_time_when_the_database_hangs(ask, monkeypatch):
    monkeypatch.setattr(checks, "READY_SECONDS", 0.1)
    monkeypatch.setattr(checks, "READY", {"database": lambda: str(sample_urls.gate.wait(10))})

    async def without_waiting_for_threads() -> None: ...

    import asyncio

    found = asyncio.new_event_loop().run_until_complete(checks.ready())
    assert [c.ok for c in found] == [False]
    sample_urls.gate.set()


@pytest.mark.django_db(transaction=True)
def test_readyz_turns_503_when_a_crisis_job_waits_too_long(ask):
    from kithwell.kernel.models import Job

    Job.objects.create(
        kind="x", queue="crisis", run_at=clock.now() - timedelta(minutes=2), made_at=clock.now()
    )
    reply = ask("GET", "/readyz")
    assert reply.status == 503 and json.loads(reply.text)["checks"]["jobs"] == "failed"


@pytest.mark.django_db(transaction=True)
def test_a_missing_master_key_is_a_fault(settings):
    from kithwell.kernel import crypto

    crypto.new_subject()
    settings.KITHWELL = settings.KITHWELL | {"master_keys": ("ef" * 32,)}
    crypto.forget_cached_keys()
    (found,) = checks.run({"keys": checks.keys})
    assert not found.ok and "missing" in found.note
    crypto.forget_cached_keys()


@pytest.mark.django_db
def test_every_check_says_one_line(settings):
    found = checks.run(checks.ALL)
    assert [c.name for c in found] == list(checks.ALL)
    assert all(c.note and "\n" not in c.note for c in found)
    assert {c.name for c in found if not c.ok} <= {"help page", "disk"}


def test_figures_are_for_this_machine_or_whoever_has_the_token(ask, chosen):
    chosen(metrics_token="t" * 20, trusted_proxies=("10.0.0.0/8",))
    assert ask("GET", "/metrics").status == 200
    assert ask("GET", "/metrics", client="203.0.113.9").status == 403
    forwarded = {"x-forwarded-for": "127.0.0.1"}
    assert ask("GET", "/metrics", client="10.0.0.1", headers=forwarded).status == 403
    assert (
        ask("GET", "/metrics", client="203.0.113.9", headers={"authorization": "Bearer " + "t" * 20}).status
        == 200
    )
    assert ask("GET", "/metrics", client="203.0.113.9", headers={"authorization": "Bearer x"}).status == 403


@pytest.mark.django_db(transaction=True)
def test_figures_count_requests_by_route_and_tell_of_the_queues(ask):
    ask("GET", "/talk/r/secret-word")
    text = ask("GET", "/metrics").text
    assert 'route="/talk/r/<str:secret>"' in text and "secret-word" not in text
    assert 'kithwell_job_oldest_due_seconds{queue="crisis"} 0' in text
    assert "kithwell_database_up 1" in text


@pytest.fixture
def files(tmp_path, monkeypatch):
    root = tmp_path / "static"
    (root / "dist").mkdir(parents=True)
    (root / "dist" / "app-ABCDEF12.js").write_text("let a = 1;\n" * 200)
    (root / "dist" / "manifest.json").write_text('{"app.js": "app-ABCDEF12.js"}')
    (root / "mark.svg").write_text("<svg/>")
    library = static.Library([root])
    monkeypatch.setattr(static, "library", lambda: library)
    return library


def test_an_asset_carries_its_hash_and_is_kept_for_ever(ask, files):
    assert static.asset("app.js") == "/static/dist/app-ABCDEF12.js"
    reply = ask("GET", static.asset("app.js"), headers={"accept-encoding": "gzip"})
    assert reply["cache-control"] == "public, max-age=31536000, immutable"
    assert reply["content-type"] == "text/javascript; charset=utf-8"
    assert gzip.decompress(reply.body).startswith(b"let a = 1;")
    mark = static.asset("mark.svg")
    assert mark != "/static/mark.svg" and ask("GET", mark)["cache-control"].endswith("immutable")


def test_the_plain_name_of_a_file_is_asked_for_again_each_time(ask, files):
    assert ask("GET", "/static/mark.svg")["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path", ["/static/../settings.py", "/static//etc/passwd", "/static/%2e%2e/x", "/static/"]
)
def test_nothing_but_the_files_read_at_start_is_served(ask, files, path):
    assert ask("GET", path).status == 404
