"""The weekly sample: read again, blind, and see how far people agree."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format

from kithwell.kernel import pages
from kithwell.kernel.errors import Invalid
from kithwell.moderation import access, words
from kithwell.moderation.actions import deciding, quality
from kithwell.moderation.guidelines import queries as guidelines
from kithwell.moderation.pages import forms
from kithwell.moderation.queries import samples
from kithwell.moderation.rules import ladder
from kithwell.people.access import staff


def _show(request: HttpRequest, *, status: int = 200, wrong: object = None) -> HttpResponse:
    language = pages.preferences_of(request).language
    weeks = samples.weeks(request.principal)
    rules = guidelines.current(language).rules
    shown = {
        "sample": samples.to_read(request.principal),
        "weeks": weeks,
        "rules": [("", "–"), *((r.code, r.title) for r in rules if r.code != deciding.CRISIS_RULE)],
        "things": [(code, words.THING[code]) for code in ladder.THINGS],
        "persons": [(code, words.PERSON[code]) for code in ladder.PERSONS],
        "category_words": words.category,
        "table_rows": [
            (
                date_format(w.week, "j M Y"),
                w.drawn,
                w.read,
                w.same,
                f"{w.alpha:.2f}" if w.alpha is not None else "–",
            )
            for w in weeks
        ],
        "wrong": wrong or {},
        "said": request.POST,
        "page_css": ["moderation"],
    }
    return pages.render(request, "moderation/quality.html", shown, status=status)


@pages.page()
@staff(*access.DESK)
def show(request: HttpRequest) -> HttpResponse:
    """GET /moderation/quality."""
    return _show(request)


@pages.page(methods=("POST",))
@staff(*access.DESK)
def read_again(request: HttpRequest, sample: str) -> HttpResponse:
    """POST /moderation/quality/<id>: the second reading."""
    given = request.POST
    try:
        quality.read_again(
            request.principal,
            forms.ident(sample),
            given.get("thing", ""),
            given.get("person", ""),
            given.get("rule", ""),
        )
    except Invalid as wrong:
        return _show(request, status=422, wrong=wrong.fields)
    return pages.redirect("/moderation?notice=read")
