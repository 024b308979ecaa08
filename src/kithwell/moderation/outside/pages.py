"""Pages for those outside, for the public, and for the staff who answer them."""

from __future__ import annotations

import hashlib
import hmac
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _

from kithwell.kernel import clock, errors, limits, pages
from kithwell.kernel.principal import Principal
from kithwell.moderation import access as desk
from kithwell.moderation import words
from kithwell.moderation.outside import actions, lawbook, queries, rules
from kithwell.moderation.outside.rules import Cell
from kithwell.moderation.outside.wording import GROUND, KIND_OF_LAW, OUTCOME, READ, TABLE, row_label
from kithwell.moderation.queries import hours
from kithwell.people import access, roles

FIELDS = ("what", "address", "why", "ground", "category", "name", "email", "unsafe", "good_faith", "key")
A_NOTICE = {"capacity": 12, "per_seconds": 3600}
EVERYBODY = {"capacity": 600, "per_seconds": 3600}


def _who(request: HttpRequest) -> Principal:
    return request.principal  # type: ignore[attr-defined, no-any-return]


def _place(request: HttpRequest) -> str:
    """A word for where a request comes from: a keyed hash of the address, another one each day."""
    key = f"{settings.SECRET_KEY}{clock.now():%Y%m%d}".encode()
    return hmac.new(key, request.META.get("REMOTE_ADDR", "").encode(), hashlib.sha256).hexdigest()[:20]


def _slow_down(request: HttpRequest) -> None:
    if not limits.hit(f"notice:{_place(request)}", **A_NOTICE) or not limits.hit("notice:all", **EVERYBODY):
        raise errors.TooMany(
            _("That is a lot at once. What you wrote is still here: please send it again in a few minutes."),
            after=600,
        )


@pages.page(methods=("GET", "POST"))
def notice(request: HttpRequest) -> HttpResponseBase:
    """Telling us about something, without an account."""
    given = {name: request.POST.get(name, "") for name in FIELDS}
    ctx: dict[str, Any] = {
        "given": given,
        "wrong": {},
        "grounds": list(GROUND.items()),
        "categories": [("", _("Please choose")), *((c, words.category(c)) for c in actions.CATEGORIES)],
        "most": rules.MOST,
    }
    if request.method != "POST":
        given["address"] = request.GET.get("address", "")[: rules.MOST["address"]]
        return pages.render(request, "outside/notice.html", ctx)
    prefs = pages.preferences_of(request)
    try:
        _slow_down(request)
        secret = actions.receive(given, country=prefs.country, language=prefs.spoken)
    except (errors.Invalid, errors.TooMany) as error:
        ctx["wrong"] = error.fields if isinstance(error, errors.Invalid) else {"": error.message}
        answer = pages.render(request, "outside/notice.html", ctx, status=error.status)
        if isinstance(error, errors.TooMany):
            answer["Retry-After"] = str(error.after)
        return answer
    return pages.redirect(f"/notice/f/{secret}?new=1")


@pages.page(methods=("GET", "POST"))
def follow(request: HttpRequest, secret: str) -> HttpResponseBase:
    """What became of a notice, for whoever holds its link; asking for another look."""
    wrong: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        try:
            _slow_down(request)
            actions.look_again(secret, request.POST.get("again", "")[:10_000])
            return pages.redirect(f"/notice/f/{secret}")
        except (errors.Invalid, errors.Conflict, errors.TooMany) as error:
            wrong, status = {"again": error.message}, error.status
    found = queries.follow(secret)
    prefs = pages.preferences_of(request)
    ctx = {
        "found": found,
        "fresh": "new" in request.GET,
        "own_link": request.build_absolute_uri(f"/notice/f/{secret}"),
        "outcome": OUTCOME.get(found.outcome, OUTCOME[""]),
        "ground": GROUND[found.ground],
        "category": words.category(found.category),
        "redress": queries.redress(found.country or prefs.country, prefs.spoken),
        "typed": request.POST.get("again", "")[:2000] if wrong else "",
        "wrong": wrong,
    }
    answer = pages.render(request, "outside/follow.html", ctx, status=status)
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer


# -- for the public


def _cell(cell: Cell) -> str:
    if cell.n is not None:
        return str(cell.n)
    return _("fewer than 5") if cell.how == rules.FEWER else _("not shown")


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def _hours(value: float | None) -> str:
    if value is None:
        return "–"
    return _("%(hours)d hours") % {"hours": round(value)} if value >= 1 else _("under an hour")


def _published(code: str) -> queries.Published:
    quarter = rules.quarter(code)
    if quarter is None:
        raise errors.NotFound()
    return queries.report(quarter)


@pages.public_cache(3600)
@pages.page()
def transparency(request: HttpRequest, code: str = "") -> HttpResponseBase:
    """What was decided here, in numbers, by quarter; and when somebody looks at reports."""
    known = queries.quarters()
    found = _published(code) if code else queries.report(known[0]) if known else None
    ctx: dict[str, Any] = {
        "found": found,
        "quarters": [(q.code, f"/transparency/{q.code}", bool(found and q == found.quarter)) for q in known],
        "stretches": _week(),
        "back_at": hours.back_at(),
    }
    if found is not None:
        ctx["tables"] = [
            (
                TABLE[table.name],
                [(row_label(table.name, key), _cell(cell)) for key, cell in table.rows.items()],
                _cell(table.total) if table.total else "",
            )
            for table in found.tables
            if table.rows
        ]
        ctx["median"], ctx["appeals"] = _hours(found.median_hours), _hours(found.appeal_hours)
        ctx["by_machine"], ctx["right"] = _percent(found.by_machine), _percent(found.machine_right)
        ctx["decided"] = _cell(found.table("things").total or Cell(rules.KEPT))
    return pages.render(request, "outside/transparency.html", ctx)


def _week() -> list[tuple[str, str]]:
    names = (
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    )
    rows = []
    for s in hours.stretches():
        span = f"{s.start // 60:02}:{s.start % 60:02}–{s.end // 60:02}:{s.end % 60:02}"
        rows.append((names[s.weekday], f"{span} ({s.zone})"))
    return rows


@pages.public_cache(3600)
@pages.page()
def export_json(request: HttpRequest, code: str) -> HttpResponseBase:
    """The same for programs."""
    data = queries.as_data(_published(code))
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})


@pages.public_cache(3600)
@pages.page()
def export_csv(request: HttpRequest, code: str) -> HttpResponseBase:
    """The same as lines."""
    found = _published(code)
    answer = HttpResponse(queries.as_csv(found), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="transparency-{found.quarter.code}.csv"'
    return answer


# -- for staff


@pages.page()
@access.staff(*desk.DESK)
def notices(request: HttpRequest) -> HttpResponseBase:
    """Notices that wait, or were settled."""
    waiting = request.GET.get("tab", "") != "settled"
    rows = queries.notices(_who(request), waiting=waiting)
    ctx = {
        "rows": [(row, GROUND[row.ground], words.category(row.category), _word(row.outcome)) for row in rows],
        "waiting": waiting,
        "tabs": [
            (_("Waiting"), "/moderation/notices", waiting),
            (_("Settled"), "/moderation/notices?tab=settled", not waiting),
        ],
    }
    return pages.render(request, "outside/notices.html", ctx)


def _word(outcome: str) -> str:
    words_ = {"acted": _("Something was done"), "kept": _("Left as it was"), "changed": _("Taken back later")}
    return words_.get(outcome, _("It was gone already") if outcome == "gone" else _("Waiting"))


@pages.page(methods=("GET", "POST"))
@access.staff(*desk.DESK)
def opened(request: HttpRequest, ident: str) -> HttpResponseBase:
    """One notice with its words; who wrote it only when asked for (by a form, so that it is meant), and recorded."""
    who = request.method == "POST"
    found = queries.notice(_who(request), ident, who=who)
    actions.read(_who(request), found.row.id, who=who)
    ctx = {
        "found": found,
        "unveiled": who,
        "ground": GROUND[found.row.ground],
        "category": words.category(found.row.category),
        "outcome": _word(found.row.outcome),
        "law": lawbook.for_country(found.country),
    }
    return pages.render(request, "outside/opened.html", ctx)


@pages.page(methods=("GET", "POST"))
@access.staff(roles.STEWARD)
def flaggers(request: HttpRequest) -> HttpResponseBase:
    """Those whose notices go first."""
    who, key, wrong, status = _who(request), "", {}, 200
    if request.method == "POST":
        if request.POST.get("close"):
            actions.close(who, request.POST["close"])
            return pages.redirect("/moderation/flaggers")
        try:
            key = actions.grant(
                who,
                request.POST.get("name", ""),
                request.POST.get("expertise", ""),
                _day(request.POST.get("until", "")),
                "official" in request.POST,
            )
        except errors.Invalid as error:
            wrong, status = dict(error.fields), error.status
    ctx = {
        "rows": queries.flaggers(who),
        "key": key,
        "wrong": wrong,
        "typed": {
            name: request.POST.get(name, "")[:300] if wrong else "" for name in ("name", "expertise", "until")
        },
    }
    return pages.render(request, "outside/flaggers.html", ctx, status=status)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise errors.Invalid({"until": _("Please choose a day.")}) from None


@pages.page()
@access.staff(*desk.DESK)
def law(request: HttpRequest, code: str) -> HttpResponseBase:
    """What the law of a place asks, in plain words, with sources."""
    pack = queries.law(_who(request), code.lower() if code.lower() in lawbook.PACKS else code[:3])
    language = pages.preferences_of(request).spoken
    ctx = {
        "pack": pack,
        "packs": [(lawbook.pack(c).name, f"/moderation/law/{c}", c == pack.code) for c in lawbook.PACKS],
        "kinds": [(KIND_OF_LAW[kind], pack.of_kind(kind)) for kind in lawbook.KINDS if pack.of_kind(kind)],
        "read": READ,
        "redress": pack.redress.get(language, pack.redress["en"]),
    }
    return pages.render(request, "outside/law.html", ctx)
