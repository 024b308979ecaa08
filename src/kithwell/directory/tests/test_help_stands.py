"""Help now on a real server whose database is gone: removed, overwritten with rubbish, or stopped."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from tools import services

from kithwell.directory import queries

pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]
COUNTRIES = ("GB", "US", "MX", "DE", "IN", "LK", "ES")


def get(url: str, language: str = "en") -> tuple[int, str, str]:
    request = urllib.request.Request(url, headers={"Accept-Language": language})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode(), answer.headers["content-security-policy"]
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), ""


def check_all(url: str) -> None:
    for country in COUNTRIES:
        status, page, policy = get(f"{url}/help?country={country}", "es")
        assert status == 200 and len(page.encode()) < 30_000 and "sha256-" in policy
        shown = set(re.findall(r'href="(?:tel|sms):([+\d]+)', page))
        lines = queries.helplines(country)
        emergency = queries.emergency(country)
        right = {n for line in lines for n in (line.phone_dial, line.sms_dial) if n}
        assert shown == right | ({n.number for n in emergency.numbers} if emergency else set()), country
    status, page, _ = get(url + "/help", "en-AU,en")
    assert status == 200 and 'href="tel:000"' in page


def test_help_stands_when_the_database_file_is_removed_or_broken(start_server: Callable[..., Any]) -> None:
    server = start_server(database_url="")
    check_all(server.url)
    for file in server.data.glob("kithwell.sqlite3*"):
        file.write_bytes(b"this is no database " * 400)
    check_all(server.url)
    for file in server.data.glob("kithwell.sqlite3*"):
        file.unlink()
    check_all(server.url)
    status, page, _ = get(server.url + "/talk")
    assert status >= 500 or status == 200
    assert 'href="/help"' in page


def test_help_stands_when_postgresql_is_stopped(start_server: Callable[..., Any]) -> None:
    with services.postgres() as address:
        server = start_server(database_url=address)
        check_all(server.url)
    check_all(server.url)
    status, page, _ = get(server.url + "/talk")
    assert status >= 500 and 'href="/help"' in page


def test_the_copies_for_a_web_server_in_front_are_written_by_one_command(
    start_server: Callable[..., Any],
) -> None:
    server = start_server()
    assert "pages in" in server.cli("help-pages")
    kept = server.data / "help"
    assert 'href="tel:999"' in (kept / "en" / "GB.html").read_text(encoding="utf-8")
    assert "tel:" not in (kept / "es" / "none.html").read_text(encoding="utf-8")
