"""The front: limits, deadlines, clients that leave, headers, hosts, proxies."""

import asyncio
import io
import time

import pytest

from kithwell.config.tests import driver, sample_urls
from kithwell.config.tests.driver import HANG_UP, form
from kithwell.kernel import web

EVERY_ANSWER = (
    ("GET", "/hello", 200),
    ("GET", "/nothing-here", 404),
    ("GET", "/fails", 500),
    ("GET", "/refuses?as=403", 403),
    ("DELETE", "/echo", 405),
    ("TRACE", "/hello", 405),
    ("GET", "/static/no.css", 404),
    ("GET", "/healthz", 200),
    ("GET", "/streams", 200),
)


@pytest.mark.parametrize("method, path, status", EVERY_ANSWER)
def test_every_answer_carries_the_security_headers_and_a_request_id(ask, method, path, status):
    reply = ask(method, path)
    assert reply.status == status
    for name, value in web.SECURITY_HEADERS:
        assert reply[name.decode()] == value.decode()
    assert "unsafe" not in reply["content-security-policy"]
    assert len(reply["x-request-id"]) == 16


def test_https_adds_strict_transport_security_and_http_does_not(ask, chosen):
    chosen(public_url="https://kithwell.example", trusted_proxies=("10.0.0.0/8",))
    proxied = {"x-forwarded-proto": "https", "host": "kithwell.example"}
    assert "max-age" in ask("GET", "/hello", headers=proxied, client="10.1.2.3")["strict-transport-security"]
    assert not ask("GET", "/hello", headers={"host": "kithwell.example"})["strict-transport-security"]


def test_pages_are_kept_out_of_caches_unless_they_say_otherwise(ask):
    assert ask("GET", "/hello")["cache-control"] == "no-store"
    assert ask("GET", "/streams")["cache-control"] == "no-store"
    assert ask("GET", "/fails")["cache-control"] == "no-store"


def test_a_form_that_says_it_is_too_large_is_refused_before_a_byte_is_read(ask):
    headers = {"content-length": "50000000", "content-type": "application/x-www-form-urlencoded"}
    reply = ask("POST", "/echo", headers=headers, chunks=[30.0, b"never read"])
    assert reply.status == 413
    assert "too large" in reply.text and "/help" in reply.text
    assert reply["connection"] == "close"
    assert "echo" not in sample_urls.calls


def test_a_form_that_grows_too_large_on_the_way_is_refused(ask):
    headers = {"transfer-encoding": "chunked", "content-type": "application/x-www-form-urlencoded"}
    reply = ask("POST", "/echo", headers=headers, chunks=[b"text=" + b"x" * 400_000] * 4)
    assert reply.status == 413
    assert "echo" not in sample_urls.calls


def test_a_page_marked_for_uploads_takes_more_and_still_has_an_end(ask, chosen):
    chosen(max_upload_bytes=3_000_000)
    chunks = [b"y" * 500_000] * 8
    boundary = b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
    body = boundary + b"z" * 2_000_000 + b"\r\n--b--\r\n"
    headers = {"content-type": "multipart/form-data; boundary=b", "content-length": str(len(body))}
    reply = ask("POST", "/upload", headers=headers, chunks=[body[:900_000], body[900_000:]])
    assert (reply.status, reply.text) == (200, "2000000")
    assert ask("POST", "/upload", headers={"content-length": "3000001"}).status == 413
    assert ask("POST", "/upload", headers={"transfer-encoding": "chunked"}, chunks=chunks).status == 413


def test_a_length_that_is_no_number_is_refused(ask):
    assert ask("POST", "/echo", headers={"content-length": "-5"}).status == 400
    assert ask("POST", "/echo", headers={"content-length": "1e9"}).status == 400


def test_a_client_that_falls_silent_within_the_body_hears_that_it_was_too_slow(ask, chosen):
    chosen(body_seconds=0.1)
    reply = ask("POST", "/echo", headers={"content-length": "100"}, chunks=[b"text=", 5.0, b"late"])
    assert reply.status == 408
    assert "did not arrive in full" in reply.text
    assert "echo" not in sample_urls.calls


def test_a_client_that_trickles_is_given_up(ask, chosen):
    chosen(body_seconds=0.2)
    drops = [part for _ in range(6000) for part in (0.02, b"x")]  # two minutes of them
    started = time.monotonic()
    assert ask("POST", "/echo", headers={"content-length": "5000"}, chunks=drops).status == 408
    assert time.monotonic() - started < 30


def test_a_client_that_hangs_up_within_the_body_starts_no_work(ask):
    reply = ask("POST", "/echo", headers={"content-length": "100"}, chunks=[b"text=", HANG_UP])
    assert reply.status == 0
    assert "echo" not in sample_urls.calls


def test_a_request_whose_client_left_while_it_waited_is_never_started(front, chosen):
    chosen(threads=1)

    async def play() -> list[driver.Reply]:
        one = front()
        first = asyncio.create_task(driver.ask(one, "GET", "/waits"))
        await asyncio.to_thread(sample_urls.entered.acquire)
        blocked = asyncio.create_task(driver.ask(one, "GET", "/waits", chunks=[b"", 0.05, HANG_UP]))
        # The pool counts what waits; a third request makes sure the second is watched.
        third = asyncio.create_task(driver.ask(one, "GET", "/hello"))
        gone = await blocked
        sample_urls.gate.set()
        return [gone, await first, await third]

    gone, first, third = asyncio.run(play())
    assert gone.status == 0
    assert (first.status, third.status) == (200, 200)
    assert sample_urls.calls["waits"] == 1


def test_when_too_many_wait_people_hear_that_it_is_busy_and_help_still_works(front, chosen):
    chosen(threads=1, max_waiting=4)

    async def play() -> tuple[list[driver.Reply], driver.Reply]:
        one = front()
        tasks = [asyncio.create_task(driver.ask(one, "GET", "/waits")) for _ in range(9)]
        await asyncio.to_thread(sample_urls.entered.acquire)
        helped = await driver.ask(one, "GET", "/help")
        sample_urls.gate.set()
        return await asyncio.gather(*tasks), helped

    replies, helped = asyncio.run(play())
    busy = [r for r in replies if r.status == 503]
    assert busy and all(r["retry-after"] and "/help" in r.text for r in busy)
    assert helped.status == 200 and "Help" in helped.text


def test_a_page_that_takes_too_long_says_so(ask, chosen):
    chosen(page_seconds=0.1)
    reply = ask("GET", "/waits")
    assert reply.status == 503
    sample_urls.gate.set()


def test_help_now_is_answered_packed_and_with_an_etag_and_needs_neither_django_nor_threads(
    ask, front, monkeypatch
):
    monkeypatch.setattr(front().pages, "most", 0)
    assert ask("GET", "/echo").status == 503
    reply = ask("GET", "/help", headers={"accept-language": "de-AT", "accept-encoding": "gzip"})
    assert reply.status == 200 and reply["content-encoding"] == "gzip"
    assert "'sha256-" in reply["content-security-policy"] and "unsafe" not in reply["content-security-policy"]
    assert reply["x-content-type-options"] == "nosniff"
    again = {"accept-language": "de-AT", "if-none-match": reply["etag"]}
    assert (ask("GET", "/help", headers=again).status, ask("GET", "/help", headers=again).body) == (304, b"")
    assert (
        ask("GET", "/help", headers={"accept-language": "fr-CA"} | {"if-none-match": reply["etag"]}).status
        == 200
    )
    assert ask("HEAD", "/help").body == b""


def test_a_streamed_answer_arrives_whole_and_in_order(ask):
    reply = ask("GET", "/streams")
    assert reply.text == "".join(f"part {n}\n" for n in range(5))
    assert reply.whole and reply.chunks == 6


def test_an_answer_to_head_has_headers_and_no_body(ask):
    reply = ask("HEAD", "/hello")
    assert reply.status == 200 and reply.body == b"" and int(reply["content-length"]) > 0


def test_too_many_or_too_large_headers_are_refused(ask):
    assert ask("GET", "/hello", headers={f"x-{n}": "1" for n in range(120)}).status == 431
    assert ask("GET", "/hello", headers={"cookie": "a" * 40_000}).status == 431
    assert ask("GET", "/hello?" + "a" * 9_000).status == 431


@pytest.mark.parametrize(
    "host, allowed",
    [("localhost:8000", True), ("192.168.1.7:8000", True), ("[::1]:8000", True), ("evil.example", False)],
)
def test_without_configuration_only_this_machine_and_bare_addresses_are_answered(ask, host, allowed):
    assert (ask("GET", "/hello", headers={"host": host}).status == 200) is allowed


def test_with_a_public_address_other_names_and_addresses_are_refused(ask, chosen):
    chosen(public_url="https://help.example", allowed_hosts=(".more.example",))
    for host, status in (
        ("help.example", 200),
        ("a.more.example", 200),
        ("192.168.1.7", 421),
        ("x.example", 421),
    ):
        assert ask("GET", "/hello", headers={"host": host}).status == status
    assert ask("GET", "/healthz", headers={"host": "10.0.0.9"}).status == 200, "balancers ask by address"


def test_forwarded_addresses_are_believed_only_from_trusted_proxies(ask, chosen):
    forged = {
        "x-forwarded-for": "6.6.6.6, 10.0.0.2",
        "x-forwarded-proto": "https",
        "x-request-id": "from-outside-1",
    }
    plain = ask("GET", "/hello", headers=forged, client="9.9.9.9")
    assert plain.text.split()[2:] == ["9.9.9.9", "http"]
    assert plain["x-request-id"] != "from-outside-1"
    chosen(trusted_proxies=("10.0.0.0/8",))
    trusted = ask("GET", "/hello", headers=forged, client="10.0.0.1")
    assert trusted.text.split()[2:] == ["6.6.6.6", "https"]
    assert trusted["x-request-id"] == "from-outside-1"


def test_pages_are_compressed_for_those_who_ask(ask):
    import gzip

    packed = ask("GET", "/nothing-here", headers={"accept-encoding": "br, gzip"})
    plain = ask("GET", "/nothing-here")
    assert packed["content-encoding"] == "gzip" and not plain["content-encoding"]
    assert gzip.GzipFile(fileobj=io.BytesIO(packed.body)).read().startswith(b"<!doctype html>")
    assert len(packed.body) < len(plain.body)


@pytest.mark.parametrize("status", [403, 404, 409, 422, 429])
def test_errors_say_what_happened_and_offer_help(ask, status):
    reply = ask("GET", f"/refuses?as={status}")
    assert reply.status == status
    assert "/help" in reply.text and "lost" in reply.text
    if status == 422:
        assert "This name is taken." in reply.text
    if status == 429:
        assert reply["retry-after"] == "7"


def test_a_page_that_fails_shows_help_and_nothing_of_what_went_wrong(ask):
    reply = ask("GET", "/fails")
    assert reply.status == 500
    assert "/help" in reply.text and "alone" not in reply.text and "Traceback" not in reply.text


def test_a_page_that_fails_shows_help_even_when_templates_fail_too(ask, monkeypatch):
    from kithwell.kernel import jinja

    def broken() -> None:
        raise OSError("templates are gone")

    monkeypatch.setattr(jinja, "environment", broken)
    reply = ask("GET", "/fails")
    assert reply.status == 500 and "/help" in reply.text


def test_an_api_client_gets_errors_as_json(ask):
    reply = ask("GET", "/refuses?as=422", headers={"accept": "application/json"})
    assert reply["content-type"].startswith("application/json")
    assert '"fields": {"name": "This name is taken."}' in reply.text


def test_a_form_arrives_as_it_was_sent(ask):
    headers, chunks = form("text=gr%C3%BC%C3%9Fe")
    assert ask("POST", "/echo", headers=headers, chunks=chunks).text == "grüße"


def test_a_form_without_token_is_refused_in_words(front, ask):
    sample_urls.echo.csrf_exempt = False
    try:
        headers, chunks = form("text=hello")
        reply = ask("POST", "/echo", headers=headers, chunks=chunks)
        assert reply.status == 403 and "reload the page" in reply.text
    finally:
        sample_urls.echo.csrf_exempt = True
