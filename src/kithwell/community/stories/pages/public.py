"""Stories for everybody. Never kept by a cache: what is taken back is gone with the next look."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase

from kithwell.boundaries.labels import warning_label
from kithwell.community.stories import access, queries, texts
from kithwell.community.stories.rules import linked
from kithwell.directory import queries as directory
from kithwell.kernel import conf, pages


def ending(request: HttpRequest) -> dict[str, Any]:
    """Help at the end of every story: lines of the reader's country, or the way to choose one."""
    prefs = pages.preferences_of(request)
    lines = directory.helplines(prefs.country, language=prefs.spoken)[:3] if prefs.country else ()
    return {
        "help_lines": lines,
        "warning_label": warning_label,
        "page_css": ["stories"],
        "parts": texts.STEPS,
    }


@pages.page()
def index(request: HttpRequest) -> HttpResponseBase:
    """All public stories."""
    principal = request.principal  # type: ignore[attr-defined]
    known = queries.languages()
    language = request.GET.get("language", "")
    language = language if language in known else ""
    given = request.GET.get("page", "1")
    page = int(given) if given.isascii() and given.isdecimal() and 0 < len(given) < 6 else 1
    most = queries.pages(language)
    page = min(max(1, page), most)
    ctx = ending(request) | {
        "cards": queries.public(principal, language, page),
        "page": page,
        "more": page < most,
        "known": known,
        "chosen": language,
        "may_review": access.may_review(principal),
    }
    return pages.render(request, "stories/index.html", ctx)


@pages.page()
def show(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One story, with what machines that help people find things may read (schema.org, as JSON-LD)."""
    try:
        shown = queries.show(request.principal, slug)  # type: ignore[attr-defined]
    except access.Gone:
        return pages.render(request, "stories/gone.html", ending(request), status=410)
    answer = pages.render(
        request, "stories/story.html", ending(request) | {"s": shown, "ld": _linked(request, shown)}
    )
    # Machines that keep copies are told not to, and when the author's yes ends.
    answer["X-Robots-Tag"] = f"noarchive, unavailable_after: {shown.until:%Y-%m-%dT%H:%M:%S+00:00}"
    return answer


def _linked(request: HttpRequest, shown: queries.Shown) -> str:
    base = str(conf.get("public_url", "")).rstrip("/") or f"{request.scheme}://{request.get_host()}"
    card = shown.card
    told = linked.Told(
        url=base + card.url,
        title=card.title,
        byline=card.byline,
        about="" if card.warnings else card.excerpt,
        language=card.language,
        site=str(conf.get("site_name", "Kithwell")),
        published=card.at,
        until=shown.until,
    )
    files = (linked.Shown(f.kind, base + f.url, f.mime, f.alt, f.transcript) for f in shown.files)
    return linked.as_script(linked.article(told, () if card.warnings else files))
