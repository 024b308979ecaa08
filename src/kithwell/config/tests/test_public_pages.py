"""The page cache: who gets a kept page, who never does, ETags; and language, theme and country."""

import asyncio

import pytest

from kithwell.config.tests import sample_urls
from kithwell.config.tests.driver import form


def times(name="public"):
    return sample_urls.calls.get(name, 0)


def test_a_public_page_is_made_once_for_all_signed_out_visitors(ask):
    first, second = ask("GET", "/public"), ask("GET", "/public")
    assert first.body == second.body and times() == 1
    assert first["cache-control"] == "private, no-cache"
    assert "Cookie" in first["vary"] and "Accept-Language" in first["vary"]


def test_a_browser_that_has_the_page_gets_304_without_a_body(ask):
    etag = ask("GET", "/public")["etag"]
    again = ask("GET", "/public", headers={"if-none-match": f'"other", {etag}'})
    assert (again.status, again.body, again["etag"]) == (304, b"", etag)
    assert again["content-security-policy"], "a 304 carries the headers too"
    assert ask("GET", "/public", headers={"if-none-match": '"other"'}).status == 200


def test_a_kept_page_is_sent_packed_to_those_who_ask(ask):
    plain = ask("GET", "/public")
    packed = ask("GET", "/public", headers={"accept-encoding": "gzip"})
    assert packed["content-encoding"] == "gzip" and len(packed.body) < len(plain.body)
    assert packed["etag"] == plain["etag"]


@pytest.mark.parametrize(
    "cookie", ["sessionid=abc", "kw_visitor=xyz", "anything=1", "kw_theme=dark; sessionid=a"]
)
def test_whoever_has_a_cookie_of_ours_gets_a_page_of_their_own(ask, cookie):
    ask("GET", "/public")
    reply = ask("GET", "/public", headers={"cookie": cookie})
    assert times() == 2 and not reply["etag"]
    ask("GET", "/public")
    assert times() == 2, "and theirs was not kept for others"


def test_a_page_with_a_form_token_is_never_kept(ask):
    first, second = ask("GET", "/public-form"), ask("GET", "/public-form")
    assert times("public_form") == 2 and first.body != second.body
    assert not first["etag"]


def test_kept_pages_differ_by_language_theme_country_query_and_host(ask):
    for headers in (
        {},
        {"accept-language": "de"},
        {"accept-language": "en-GB"},
        {"cookie": "kw_theme=dark"},
        {"cookie": "kw_language=ar"},
        {"cookie": "kw_country=CA"},
        {"host": "127.0.0.1"},
    ):
        ask("GET", "/public", headers=headers)
    ask("GET", "/public?page=2")
    assert times() == 8
    assert "CA" in ask("GET", "/public", headers={"cookie": "kw_country=CA"}).text and times() == 8


def test_a_kept_page_is_made_anew_when_its_time_is_over(ask, monkeypatch):
    from kithwell.kernel import pagecache

    ask("GET", "/public")
    real = pagecache.time.monotonic
    monkeypatch.setattr(pagecache.time, "monotonic", lambda: real() + 61)
    ask("GET", "/public")
    assert times() == 2


def test_the_cache_is_bounded():
    from kithwell.kernel import pagecache

    cache = pagecache.PageCache(most=10, most_bytes=50_000)
    for n in range(100):
        cache.put((str(n),), pagecache.entry(b"x" * 900, (), 60))
    assert len(cache) == 10 and cache.get(("99",)) and not cache.get(("0",))
    cache.put(("big",), pagecache.entry(bytes(range(256)) * 300, (), 60))
    assert len(cache) < 10


@pytest.mark.parametrize(
    "headers, language",
    [
        ({}, "en"),
        ({"accept-language": "es-CL, es;q=0.9, en;q=0.8"}, "es"),
        ({"accept-language": "xx, es;q=0.5, en;q=0.2"}, "es"),
        ({"accept-language": "de", "cookie": "kw_language=es"}, "es"),
        ({"cookie": "kw_language=klingon"}, "en"),
        ({"accept-language": ";;;q=x,,de;q=7,*"}, "en"),
    ],
)
def test_the_language_is_the_chosen_one_else_the_browsers(ask, settings, headers, language):
    assert ask("GET", "/hello", headers=headers).text.split()[1] == language
    page = ask("GET", "/nothing", headers=headers).text
    assert f'lang="{language}"' in page and 'dir="ltr"' in page


@pytest.fixture
def choosing(settings, ask):
    """ask, on the kernel's own pages."""
    settings.ROOT_URLCONF = "kithwell.kernel.urls"
    return ask


@pytest.mark.parametrize(
    "path, value, cookie",
    [("language", "es", "kw_language"), ("theme", "dark", "kw_theme"), ("country", "ie", "kw_country")],
)
def test_a_choice_is_kept_on_the_device_and_leads_back(choosing, path, value, cookie):
    headers, chunks = form(f"{path}={value}&next=/talk")
    reply = choosing("POST", f"/{path}", headers=headers, chunks=chunks)
    assert (reply.status, reply["location"]) == (303, "/talk")
    assert f"{cookie}={value.upper() if path == 'country' else value}" in reply["set-cookie"]
    assert "HttpOnly" in reply["set-cookie"] and "SameSite=Lax" in reply["set-cookie"]


@pytest.mark.parametrize("path, value", [("language", "xx"), ("theme", "neon"), ("country", "Germany")])
def test_a_choice_that_is_not_offered_is_refused(choosing, path, value):
    headers, chunks = form(f"{path}={value}")
    assert choosing("POST", f"/{path}", headers=headers, chunks=chunks).status == 404


def test_a_choice_never_leads_to_another_site(choosing):
    for away in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        headers, chunks = form(f"theme=dark&next={away}")
        assert choosing("POST", "/theme", headers=headers, chunks=chunks)["location"] == "/"
    headers, chunks = form("theme=dark")
    cross = headers | {"sec-fetch-site": "cross-site"}
    assert choosing("POST", "/theme", headers=cross, chunks=chunks).status == 403


def test_many_visitors_at_once_get_the_same_page(front):
    from kithwell.config.tests import driver

    async def play():
        one = front()
        return await asyncio.gather(*(driver.ask(one, "GET", "/public") for _ in range(30)))

    replies = asyncio.run(play())
    assert {r.status for r in replies} == {200}
