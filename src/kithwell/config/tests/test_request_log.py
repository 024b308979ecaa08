"""What the front writes about a request: ids and routes, never what was said."""

import json

import pytest

from kithwell.config.tests.driver import form

SECRET = "kN8sEcReTlInK"
WORDS = "Nobody would miss me"


@pytest.fixture
def written(capfd):
    return lambda: capfd.readouterr().err


def test_a_request_is_one_line_with_route_status_and_id(ask, written):
    reply = ask("GET", "/hello")
    (line,) = [json.loads(text) for text in written().splitlines() if "request.done" in text]
    assert line["route"] == "/hello" and line["status"] == 200 and line["method"] == "GET"
    assert line["request"] == reply["x-request-id"]


def test_no_message_no_secret_link_no_cookie_no_address_reaches_the_log(ask, written):
    headers, chunks = form("text=" + WORDS.replace(" ", "+"))
    noisy = {
        "cookie": f"sessionid={SECRET}",
        "user-agent": WORDS,
        "referer": f"http://localhost/talk/r/{SECRET}",
    }
    ask("POST", "/echo", headers=headers | noisy, chunks=chunks, client="203.0.113.9")
    ask("GET", f"/talk/r/{SECRET}?q={SECRET}", client="203.0.113.9")
    ask("GET", f"/no/such/{SECRET}", client="203.0.113.9")
    ask("GET", "/fails", headers=noisy)
    ask("POST", f"/echo?{SECRET}", headers={"content-length": "9" * 12})
    text = written()
    assert "request.done" in text and "/talk/r/<str:secret>" in text
    for unwanted in (SECRET, WORDS, WORDS.replace(" ", "+"), "alone", "203.0.113.9"):
        assert unwanted not in text


def test_the_log_of_requests_can_be_switched_off(ask, chosen, written):
    chosen(log_requests=False)
    ask("GET", "/hello")
    assert "request.done" not in written()
