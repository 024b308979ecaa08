"""The supervisor's view: who waits how long, who talks with whom, and how the evening goes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format

from kithwell.kernel import clock, pages
from kithwell.people.access import staff
from kithwell.support import queries
from kithwell.support.queries.views import Reports
from kithwell.support.rules import waiting

SPANS = {"1": 1, "7": 7, "30": 30}


@pages.page()
@staff("supervisor", "oncall")
def board(request: HttpRequest) -> HttpResponse:
    """GET /supervisor: the live board, and for supervisors the last 24 hours in figures."""
    shown = _board(request)
    if request.principal.has("supervisor"):
        today = queries.reports(request.principal, _since(1))
        shown |= {"today": today, "waits": _waits(today, 1), "few": waiting.FEW}
    return pages.render(request, "support/supervisor.html", shown)


@pages.page()
@staff("supervisor", "oncall")
def fragment(request: HttpRequest) -> HttpResponse:
    """GET /supervisor/board: the board alone, for the live page."""
    return pages.render(request, "support/board.html", _board(request))


def _board(request: HttpRequest) -> dict[str, object]:
    return {
        "board": queries.supervisor_board(request.principal),
        "today": None,
        "page_width": "wide",
        "page_js": ["desk"],
        "page_css": ["desk"],
    }


@pages.page()
@staff("supervisor", "steward")
def reports(request: HttpRequest) -> HttpResponse:
    """GET /supervisor/reports?days=7: waits, answers, those who left, and load, as pictures with tables."""
    days = SPANS.get(request.GET.get("days", "7"), 7)
    found = queries.reports(request.principal, _since(days))
    return pages.render(
        request,
        "support/reports.html",
        {
            "reports": found,
            "days": days,
            "few": waiting.FEW,
            "waits": _waits(found, days),
            "starts": [(_stamp(b.at, days), b.started) for b in found.buckets],
            "loads": [(row.name, row.conversations) for row in found.load],
            "load_rows": [(row.name, row.conversations, row.hard, f"{row.hours:.1f}") for row in found.load],
            "page_width": "wide",
            "page_css": ["desk"],
        },
    )


def _since(days: int) -> datetime:
    """`days` ago, at the beginning of an hour (one day) or of a day (more), so that each bar is a whole one."""
    begun = (clock.now() - timedelta(days=days)).replace(minute=0, second=0, microsecond=0)
    return begun if days == 1 else begun.replace(hour=0)


def _stamp(at: datetime, days: int) -> str:
    return f"{at:%H:%M}" if days == 1 else date_format(at, "j M")


def _waits(found: Reports, days: int) -> list[tuple[str, float | None]]:
    """Points of the picture: the median wait in minutes, None where nobody was answered."""
    return [(_stamp(b.at, days), round(b.median_wait / 60, 1) if b.answered else None) for b in found.buckets]
