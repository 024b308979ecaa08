"""Rates by week, thresholds before they change, and what runs beside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kithwell.kernel import ids, limits, pages
from kithwell.kernel.errors import Invalid, NotFound
from kithwell.moderation.screening import access, actions, tasks, words
from kithwell.moderation.screening.queries import figures
from kithwell.moderation.screening.rules import curves
from kithwell.moderation.screening.rules.cells import Cell
from kithwell.moderation.screening.rules.curves import Point, Share
from kithwell.people import roles
from kithwell.people.access import staff
from kithwell.safety import house


def _common() -> dict[str, Any]:
    return {
        "kind_words": words.kind,
        "sentence": words.sentence,
        "language_words": words.language,
        "page_css": ["moderation"],
        "page_width": "wide",
    }


@pages.page()
@staff(roles.STEWARD)
def rates(request: HttpRequest) -> HttpResponse:
    """GET /moderation/screening/rates?place=&language=&category="""
    given = request.GET
    found = figures.rates(
        request.principal,
        given.get("place", "")[:64],
        given.get("language", "")[:8],
        given.get("category", "")[:24],
    )
    shown = {
        "r": found,
        "points": [(f"{week:%m-%d}", cell.share) for week, cell in found.weeks],
        "table": [_row(*line) for line in found.now],
        "flagged": _flagged,
        "places": [("", _("Everywhere")), *found.places],
        "languages": [(code, words.language(code)) for code in found.languages]
        or [("en", words.language("en"))],
        "categories": [(code, words.kind(code)) for code in found.categories],
        **_common(),
    }
    return pages.render(request, "screening/rates.html", shown)


def _row(name: str, tongue: str, cell: Cell) -> tuple[object, ...]:
    share = f"{cell.share:g} %" if cell.share is not None else "–"
    return name, words.language(tongue), cell.texts or "–", _flagged(cell), share


def _flagged(cell: Cell) -> str:
    if cell.how == "hidden":
        return _("too few texts")
    return _("fewer than 5") if cell.how == "few" else str(cell.flagged)


@pages.page(methods=("POST",))
@staff(roles.STEWARD)
def seen(request: HttpRequest, ident: str) -> HttpResponse:
    """POST /moderation/screening/rates/<id>/seen: somebody looked into it."""
    known = ids.parse(ident)
    if known is None:
        raise NotFound()
    actions.seen(request.principal, known)
    return pages.redirect("/moderation/screening/rates")


@pages.page(methods=("GET", "POST"))
@staff(roles.STEWARD)
def thresholds(request: HttpRequest, kind: str) -> HttpResponse:
    """/moderation/screening/thresholds/<kind>: what each would find, miss and cost; POST begins a change."""
    wrong: dict[str, str] = {}
    if request.method == "POST":
        try:
            at = float(request.POST.get("at", "") or "nan")
            found = actions.begin_threshold(request.principal, kind, at, request.POST.get("why", ""))
            return pages.redirect(f"/moderation/screening/changes/{found}")
        except ValueError:
            wrong = {"at": _("Choose one from the list.")}
        except Invalid as why:
            wrong = dict(why.fields)
    view = figures.thresholds(request.principal, kind)
    shown = {
        "t": view,
        "kind": kind,
        "house_table": _table(view.house, view.now),
        "shipped_table": _table(view.shipped_figures, view.now),
        "shipped_right": _points(view.shipped_figures, "precision"),
        "shipped_found": _points(view.shipped_figures, "recall"),
        "house_right": _points(view.house, "precision"),
        "house_found": _points(view.house, "recall"),
        "choices": [(f"{at:g}", _choice(at, view)) for at in curves.grid()],
        "kinds": [(code, words.kind(code)) for code in house.kinds()],
        "wrong": wrong,
        "said": request.POST,
        "asked": "asked" in request.GET,
        **_common(),
    }
    return pages.render(request, "screening/thresholds.html", shown, status=422 if wrong else 200)


def _choice(at: float, view: figures.Thresholds) -> str:
    if abs(at - view.now) < 1e-6:
        return _("%(at)s (current)") % {"at": f"{at:g}"}
    return _("%(at)s (as shipped)") % {"at": f"{at:g}"} if abs(at - view.shipped) < 1e-6 else f"{at:g}"


def _points(points: Sequence[Point], what: str) -> list[tuple[str, float | None]]:
    """A line of shares in a hundred by threshold; [] where none is known."""
    rows = [(f"{point.at:g}", getattr(point, what)) for point in points]
    known = any(share is not None for _at, share in rows)
    return (
        [(at, None if share is None else round(100 * share.value, 1)) for at, share in rows] if known else []
    )


def _table(points: Sequence[Point], now: float) -> list[tuple[str, str, str, str]]:
    """Steps of .05 and what holds now; a row that says the same as the one before is left out. [] of nothing known."""
    if not any(point.a_week or point.precision or point.recall for point in points):
        return []
    out: list[tuple[str, str, str, str]] = []
    for point in points:
        holds = abs(point.at - now) < 1e-6
        if not holds and round(point.at * 40) % 2:
            continue
        row = _line(point, now)
        if holds or not out or out[-1][1:] != row[1:]:
            out.append(row)
    return out


def _line(point: Point, now: float) -> tuple[str, str, str, str]:
    at = f"{point.at:g}" + (f" ({_('now')})" if abs(point.at - now) < 1e-6 else "")
    return at, f"{point.a_week:.1f}", _share(point.precision), _share(point.recall)


def _share(share: Share | None) -> str:
    if share is None:
        return _("too few")
    return f"{share.value:.0%} ({share.low:.0%}–{share.high:.0%})"


@pages.page(methods=("POST",))
@staff(roles.STEWARD)
def survey(request: HttpRequest) -> HttpResponse:
    """POST /moderation/screening/survey: look again where the scores lie; a few times an hour at most."""
    me = access.steward(request.principal)
    kind = request.POST.get("kind", "")
    if kind not in house.kinds():
        raise NotFound()
    if limits.hit(f"survey:{me}", capacity=4, per_seconds=3600):
        tasks.survey_now.enqueue()
    return pages.redirect(f"/moderation/screening/thresholds/{kind}?asked=1")


@pages.page()
@staff(roles.STEWARD)
def beside(request: HttpRequest) -> HttpResponse:
    """GET /moderation/screening/beside: candidates and how often they say the same."""
    shown = {"rows": figures.beside(request.principal), **_common()}
    return pages.render(request, "screening/beside.html", shown)
