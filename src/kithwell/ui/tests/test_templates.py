"""Templates keep the rules of the house: no inline style or script, every word translatable, every macro shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import RequestFactory

from kithwell.kernel import jinja, pages
from kithwell.ui import pages as ui_pages
from kithwell.ui import samples

UI = Path(__file__).parents[1]
OWN = sorted((UI / "templates").rglob("*.html"))
# A person's archive is read from their own disk, where no style sheet of ours lies beside it.
ALL = sorted(p for p in UI.parent.rglob("templates/**/*.html") if p.name != "archive.html")
PARTS = "".join(p.read_text(encoding="utf-8") for p in sorted((UI / "templates/ui/c").glob("*.html")))
MACROS = sorted(set(re.findall(r"{% macro ([a-z]\w*)\(", PARTS)))
# Shown inside others, or only where there is a server to talk to.
QUIET = {"csrf", "live_part", "heartbeat", "notices", "status", "bubble", "bubbles", "mark", "level_words"}


@pytest.mark.parametrize("path", ALL, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_a_template_has_no_inline_style_script_or_handler(path):
    text = re.sub(r"{#.*?#}|{%.*?%}", " ", path.read_text(encoding="utf-8"), flags=re.S)
    assert not re.search(r"\sstyle\s*=\s*[\"']", text)
    assert not re.search(r"<style\b", text)
    text = text.replace(
        '<script type="application/ld+json">', " "
    )  # data for search engines: no browser runs it
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"<[^>{]*\son[a-z]+\s*=\s*[\"']", text)
    assert not re.search(r"(href|action)\s*=\s*[\"']javascript:", text)


@pytest.mark.parametrize("path", OWN, ids=lambda p: p.name)
def test_every_word_of_a_template_can_be_translated(path):
    text = path.read_text(encoding="utf-8")
    for pattern in (
        r"{#.*?#}",
        r"{% trans.*?endtrans %}",
        r"{%.*?%}",
        r"{{.*?}}",
        r"<[^>]*>",
        r'[a-z-]+="[^"]*"',
    ):
        text = re.sub(pattern, " ", text, flags=re.S)
    left = [word for word in re.findall(r"[^\W\d_]{3,}", text) if word not in ("Ctrl", "nbsp", "required")]
    assert not left


@pytest.mark.parametrize("name", MACROS)
def test_a_macro_is_reached_by_one_name_and_shown_in_the_style_guide(name):
    exported = re.findall(
        r"\w+", " ".join(re.findall(r"{% set ([^=]+)=", (UI / "templates/ui/c.html").read_text()))
    )
    assert name in exported
    shown = "".join(p.read_text() for p in (UI / "templates/ui").glob("*.html"))
    assert f"c.{name}(" in shown or name in QUIET


def render(source: str, **ctx) -> str:
    request = RequestFactory().get("/x")
    template = jinja.environment().from_string('{% import "ui/c.html" as c with context %}' + source)
    return template.render({**pages.context(request), **ctx})


@pytest.mark.parametrize("rtl", (False, True))
def test_every_page_of_the_style_guide_renders_where_a_missing_name_is_an_error(rtl):
    request = RequestFactory().get("/styleguide")
    for name in ("", "_chat", "_desk", "_phone"):
        html = pages.render_text(
            request, f"ui/styleguide{name}.html", {"sample": samples.everything(rtl), "rtl": rtl}
        )
        assert "</html>" in html


def test_the_style_guide_is_there_only_in_a_demonstration(settings):
    for demo, status in ((True, 200), (False, 404)):
        settings.KITHWELL = {**settings.KITHWELL, "demo": demo, "reload_templates": False}
        assert ui_pages.styleguide(RequestFactory().get("/styleguide")).status_code == status


def test_every_page_has_help_now_and_leave_before_anything_else():
    html = pages.render_text(RequestFactory().get("/"), "ui/home.html")
    links = re.findall(r'href="(/[^"]*)"', html[html.index("<body") :])
    assert links[:3] == ["/", "/help", "/leave"]


def test_leave_without_scripts_goes_to_a_harmless_page_that_is_told_nothing(settings):
    settings.KITHWELL = {**settings.KITHWELL, "leave_url": "https://weather.example/today"}
    answer = ui_pages.leave(RequestFactory().get("/leave"))
    assert (answer.status_code, answer["Location"]) == (303, "https://weather.example/today")
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Clear-Site-Data"] == '"cache"'
    assert "cookies" not in answer["Clear-Site-Data"], "the way back into one's own conversation is a cookie"


def test_what_somebody_wrote_is_text_and_never_markup():
    wicked = samples.Message(
        1, "1", "person", "<b>n", "<img src=x onerror=alert(1)>\n http://a.example", samples.BASE
    )
    for viewer in ("person", "desk"):
        html = render("{{ c.bubble(m, viewer) }}", m=wicked, viewer=viewer)
        assert "<img" not in html and "&lt;img" in html
        assert "<a " not in html, "an address somebody sends us is no link at the desk"


def test_an_error_is_tied_to_its_field():
    html = render('{{ c.field("a", "Label", hint="H", error="E", required=True) }}')
    assert 'for="f-a"' in html and 'id="f-a"' in html
    assert 'aria-describedby="f-a-hint f-a-error"' in html and 'aria-invalid="true"' in html
    assert 'id="f-a-hint"' in html and 'id="f-a-error"' in html and " required" in html


def test_a_status_is_told_in_words_and_only_on_ones_own_messages():
    words = {
        "sent": "Sent",
        "delivered": "Delivered",
        "read": "Read",
        "failed": "Not delivered",
        "held": "Waiting",
    }
    for status, word in words.items():
        own = samples.Message(1, "1", "supporter", "Sam", "x", samples.BASE, status)
        assert word in render('{{ c.bubble(m, "desk") }}', m=own)
        assert word not in render('{{ c.bubble(m, "person") }}', m=own)


def test_a_picture_at_the_desk_stays_shut_until_it_is_asked_for():
    files = (samples.Attachment("a", "image", "", "ready"),)
    picture = samples.Message(1, "1", "person", "A", "", samples.BASE, kind="image", attachments=files)
    assert "<details><summary>" in render('{{ c.bubble(m, "desk", media="/f/") }}', m=picture)
    assert 'src="/f/a"' in render('{{ c.bubble(m, "person", media="/f/") }}', m=picture)
    assert "<img" not in render('{{ c.bubble(m, "desk") }}', m=picture)


def test_reasons_mark_exactly_the_words_they_name_and_skip_overlaps():
    spans = [
        samples.Span(6, 11, "b"),
        samples.Span(0, 5, "a"),
        samples.Span(3, 8, "c"),
        samples.Span(50, 60, "d"),
    ]
    html = render("{{ c.reason_spans('hello world <', spans) }}", spans=spans)
    assert re.findall(r'<mark class="why">(\w+)<span class="why-label"> (\w)', html) == [
        ("hello", "a"),
        ("world", "b"),
    ]
    assert html.rstrip().endswith(" &lt;</p>")


def test_a_chart_carries_its_numbers_and_survives_having_none():
    both = "{{ c.bars('T', 'S', rows) }}{{ c.line('T', 'S', points) }}"
    html = render(both, rows=[("a", 3), ("b", 0)], points=[("x", 1), ("y", None), ("z", 2.5)])
    assert html.count("<tr><th") == 7 and 'width="100.0%"' in html and "nan" not in html.lower()
    for empty in ([], [("a", None)], [("a", 0)]):
        assert render("{{ c.bars('T', 'S', e) }}{{ c.line('T', 'S', e) }}{{ c.spark([], 'n') }}", e=empty)


def test_staff_see_the_links_of_their_roles_and_nobody_elses():
    from kithwell.kernel.principal import Principal

    more = {
        "supporter": ["/desk"],
        "supervisor": ["/desk", "/supervisor"],
        "steward": ["/supervisor/reports", "/moderation", "/ops"],
        "oncall": ["/desk", "/supervisor"],
        "moderator": ["/moderation"],
        "member": [],
    }
    everybodys = ["/talk", "/groups", "/stories", "/events", "/me"]
    for role, links in more.items():
        request = RequestFactory().get("/")
        request.principal = Principal("account", name="x", roles=frozenset({role}))
        html = pages.render_text(request, "ui/privacy.html")
        nav = html[html.index('<nav class="nav"') :]
        assert re.findall(r'href="([^"]+)"', nav[: nav.index("</nav>")]) == [*everybodys, *links]
