"""What a phone on one bar of signal has to load."""

from __future__ import annotations

import gzip
import re

import pytest
from django.test import RequestFactory

from kithwell.kernel import pages

pytestmark = [pytest.mark.servers, pytest.mark.once]  # the bundle needs Node


def packed(bundle: dict[str, str], name: str) -> int:
    """Bytes of a file and of everything it imports, compressed one by one as they are sent."""
    from tools import front

    todo, seen, total = [bundle[name]], set(), 0
    while todo:
        file = todo.pop()
        if file in seen:
            continue
        seen.add(file)
        body = (front.DIST / file).read_bytes()
        total += len(gzip.compress(body, 9))
        todo += re.findall(r'(?:from|import) ?"\./([^"]+)"', body.decode())
    return total


def test_the_style_of_every_page_is_at_most_14_kb(bundle):
    assert packed(bundle, "app.css") <= 14_000


def test_the_script_of_every_page_is_at_most_8_kb_and_one_file(bundle):
    from tools import front

    assert packed(bundle, "app.js") <= 8_000
    assert "import" not in (front.DIST / bundle["app.js"]).read_text(encoding="utf-8")[:400]


def test_a_first_view_is_far_below_60_kb_and_asks_nobody_else(bundle):
    from tools import front

    html = pages.render_text(RequestFactory().get("/"), "ui/home.html")
    total = len(gzip.compress(html.encode())) + packed(bundle, "app.css") + packed(bundle, "app.js")
    assert total <= 25_000
    for name in ("app.css", "app.js", "desk.css", "desk.js"):
        text = (front.DIST / bundle[name]).read_text(encoding="utf-8")
        assert not re.search(r"url\(|https?://(?!www\.w3\.org)", text), name
    assert set(re.findall(r'(?:src|href)="(https?:[^"]+)"', html)) == set()
