"""Rendering: escaping, languages, tokens in components, addresses to go back to, error pages."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation
from jinja2 import DictLoader, UndefinedError

from kithwell.kernel import errorpages, errors, jinja, pages, preferences


@pytest.fixture
def templates(monkeypatch):
    """templates({name: source}): these templates, in an environment of their own beside the real one's settings."""
    jinja.environment.cache_clear()
    jinja._alone.clear()

    def use(sources):
        env = jinja.environment()
        env.loader = DictLoader(sources)
        env.cache.clear()
        return env

    yield use
    jinja.environment.cache_clear()
    jinja._alone.clear()


def request(path="/", method="get", **headers):
    return getattr(RequestFactory(), method)(path, headers=headers)


def test_what_people_wrote_is_escaped(templates):
    templates({"a.html": "<p>{{ text }}</p>"})
    assert "&lt;script&gt;" in pages.render(request(), "a.html", {"text": "<script>"}).content.decode()


def test_a_name_that_is_missing_is_an_error_in_tests(templates):
    templates({"a.html": "{{ nobody_gave_this }}"})
    with pytest.raises(UndefinedError):
        pages.render(request(), "a.html")


def test_templates_speak_the_active_language_also_when_it_changes(templates):
    # Django's own catalogues have this word in every language offered.
    templates({"a.html": "{{ _('January') }} {{ ngettext('%(num)s day', '%(num)s days', 3) }}"})
    seen = {}
    for code in ("en", "de", "es", "fr"):
        with translation.override(code):
            seen[code] = pages.render(request(), "a.html").content.decode().split()[0]
    assert seen == {"en": "January", "de": "Januar", "es": "enero", "fr": "janvier"}
    assert "3 days" in pages.render(request(), "a.html").content.decode()


def test_translated_text_with_values_is_escaped(templates):
    templates({"a.html": "{{ _('Hello %(name)s', name=name) }}"})
    assert "&lt;b&gt;" in pages.render(request(), "a.html", {"name": "<b>"}).content.decode()


COMPONENT = "{% macro csrf() %}<input value='{{ csrf_token }}'>{% endmacro %}{% set made = counter() %}"
PAGE = "{% import 'ui/c.html' as c with context %}{{ c.csrf() }}"


def test_a_component_is_built_once_and_still_carries_each_pages_own_token(templates):
    built = []
    env = templates({"ui/c.html": COMPONENT, "page.html": PAGE})
    env.globals["counter"] = lambda: built.append(1) or ""
    texts = [pages.render(request(), "page.html").content.decode() for _ in range(3)]
    assert len(set(texts)) == 3 and all(len(t) > 60 for t in texts)
    assert len(built) == 1


def test_a_component_that_uses_the_page_is_built_for_each_page(templates):
    templates(
        {
            "ui/c.html": "{% macro say() %}{{ path }}{% endmacro %}",
            "page.html": "{% import 'ui/c.html' as c with context %}{{ c.say() }}",
        }
    )
    assert [pages.render(request(p), "page.html").content for p in ("/a", "/b")] == [b"/a", b"/b"]


def test_a_component_that_imports_one_that_uses_the_page_is_built_for_each_page(templates):
    templates(
        {
            "ui/c/inner.html": "{% macro say() %}{{ lang }}{{ path }}{% endmacro %}",
            "ui/c.html": "{% import 'ui/c/inner.html' as i with context %}{% set say = i.say %}",
            "page.html": "{% import 'ui/c.html' as c with context %}{{ c.say() }}",
        }
    )
    assert [pages.render(request(p), "page.html").content for p in ("/a", "/b")] == [b"en/a", b"en/b"]


def test_the_real_components_stand_alone():
    jinja.environment.cache_clear()
    jinja._alone.clear()
    assert jinja._stands_alone(jinja.environment(), "ui/c.html")


@pytest.mark.parametrize(
    "wanted, to",
    [
        ("/talk", "/talk"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil", "/"),
        ("", "/"),
        ("talk", "/"),
    ],
)
def test_a_form_leads_back_within_this_site_only(wanted, to):
    assert pages.safe_next(RequestFactory().post("/x", {"next": wanted})) == to


def test_a_redirect_after_a_form_is_fetched_with_get():
    assert pages.redirect("/me").status_code == 303


def test_a_page_takes_only_its_methods_and_head_goes_with_get():
    @pages.page(methods=("GET",))
    def view(request):
        return HttpResponse("x")

    assert view(request(method="head")).status_code == 200
    refused = view(request(method="post"))
    assert refused.status_code == 405 and set(refused["Allow"].split(", ")) == {"GET", "HEAD"}


@pytest.mark.parametrize("code", ["en", "es", "ar", "hi"])
@pytest.mark.parametrize("status", sorted(errorpages.WORDS))
def test_every_error_has_words_help_and_a_way_on_in_every_language(status, code):
    prefs = preferences.Preferences(code, "auto", "")
    asked = request()
    asked.preferences = prefs
    with translation.override(code):
        for text in (
            errorpages.show(asked, status).content.decode(),
            errorpages.plain_in(status, prefs.spoken, prefs.dir).decode(),
        ):
            assert (
                'href="/help"' in text and f'lang="{prefs.spoken}"' in text and f'dir="{prefs.dir}"' in text
            )
    assert b'href="/help"' in errorpages.last_resort(status)


def test_an_error_may_bring_its_own_words_and_they_are_escaped():
    @pages.page()
    def view(request):
        raise errors.Refused("This is <b>hers</b>.")

    response = view(request())
    assert response.status_code == 403 and "This is &lt;b&gt;hers&lt;/b&gt;." in response.content.decode()
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "header, country",
    [("en-GB,en", "GB"), ("de", ""), ("zh-Hant-TW", "TW"), ("en-EU", ""), ("en;q=0.1, fr-CA;q=0.9", "CA")],
)
def test_the_country_is_guessed_from_the_browsers_language_alone(header, country):
    assert preferences.country_of("", header, "") == country
    assert preferences.country_of("IE", header, "") == "IE"
    assert preferences.country_of("nonsense", header, "ZA") == (country or "ZA")


def test_pages_say_the_language_they_are_really_in(tmp_path, settings):
    """Offered, but without words here: English, said to be English, from left to right."""
    arabic = preferences.Preferences("ar", "auto", "")
    try:
        settings.LOCALE_PATHS = [tmp_path]
        preferences.has_words.cache_clear()
        assert (arabic.spoken, arabic.dir) == ("en", "ltr")
        (tmp_path / "ar/LC_MESSAGES").mkdir(parents=True)
        (tmp_path / "ar/LC_MESSAGES/django.mo").touch()
        preferences.has_words.cache_clear()
        assert (arabic.spoken, arabic.dir) == ("ar", "rtl")
        assert preferences.Preferences("ar-EG", "auto", "").spoken == "ar-EG"
        assert preferences.Preferences("hi", "auto", "").spoken == "en"
    finally:
        preferences.has_words.cache_clear()
