"""The screening that pages load gives the answers of the server. All 10,000 texts: `./dev bench twin`."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.servers, pytest.mark.once]  # the twin needs Node


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory):
    from tools import twin

    return twin.compare(2_000, tmp_path_factory.mktemp("twin"))


def test_browser_and_server_say_the_same_of_2000_texts_and_score_them_within_a_millionth(compared):
    assert [text for text, _, _ in compared.different] == []
    assert compared.largest <= 1e-6


def test_the_texts_reach_every_level(compared):
    assert min(compared.levels[f"C{level}"] for level in range(6)) >= 20


def test_the_screener_is_no_part_of_what_every_page_loads(bundle):
    from tools import front

    assert "crisis" not in (front.DIST / bundle["app.js"]).read_text(encoding="utf-8")
    assert (front.DIST / bundle["screening.json"]).stat().st_size > 500_000
