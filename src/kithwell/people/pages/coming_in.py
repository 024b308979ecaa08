"""Joining, signing in and out, and showing once more who one is. All of it works without scripts, but for passkeys."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from kithwell.kernel import errors, pages
from kithwell.people import access, actions, queries, roles, rules, texts
from kithwell.people.actions import mail, ways_in
from kithwell.people.pages import tools

PROPOSALS = 5
HOME = "/me"


def proposals(language: str) -> list[str]:
    """Names that nobody has. Two queries at most."""
    rng = secrets.SystemRandom()
    names = rules.propose(language, PROPOSALS * 2, (), rng)
    gone = queries.taken(rules.name_key(name) for name in names)
    free = [name for name in names if rules.name_key(name) not in gone][:PROPOSALS]
    return free or rules.propose(language, PROPOSALS, gone, rng)


def _next(request: HttpRequest, default: str = HOME) -> str:
    return rules.safe_next(request.POST.get("next") or request.GET.get("next") or "", default)


def chosen_name(posted: Any) -> str:
    """What somebody typed, else which suggestion they took."""
    return str(posted.get("own") or posted.get("pick") or "")


@pages.page(methods=("GET", "POST"))
def join(request: HttpRequest) -> HttpResponseBase:
    """A name, and a password or a passkey; nothing else is needed."""
    if request.principal.is_account:
        return pages.redirect(HOME)
    prefs = pages.preferences_of(request)
    posted = request.POST
    ctx = {
        "names": proposals(prefs.language),
        "pick": posted.get("pick", ""),
        "own": posted.get("own", "")[:200],
        "age_band": posted.get("age_band", ""),
        "ages": list(texts.AGE.items()),
        "next": _next(request, ""),
        "wrong": {},
    }
    if request.method != "POST" or "again" in posted:
        ctx["pick"] = ""  # the first of the new names is ticked
        return pages.render(request, "people/join.html", ctx)
    try:
        tools.slow_down(request, "join", tries=30, seconds=3600)
        account = actions.sign_up(
            chosen_name(posted),
            tools.field(request, "password"),
            language=prefs.language,
            country=prefs.country,
            age_band=posted.get("age_band", ""),
        )
    except (errors.Invalid, errors.TooMany) as error:
        if ctx["pick"] and ctx["pick"] not in ctx["names"]:
            ctx["names"] = [ctx["pick"], *ctx["names"][1:]]
        return tools.show(request, "people/join.html", ctx, error)
    actions.begin_session(request, account, stay=bool(posted.get("stay")))
    return pages.redirect(_next(request, "/me?new=1"))


@pages.page(methods=("GET", "POST"))
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Name and password, or a passkey. One answer for everything that does not fit."""
    ctx = {
        "name": request.POST.get("name", "")[:200],
        "next": _next(request),
        "wrong": {},
        "mail": mail.offered(),
    }
    if request.method != "POST":
        if request.principal.is_account:
            return pages.redirect(_next(request))
        return pages.render(request, "people/sign_in.html", ctx)
    try:
        tools.slow_down(request, "sign-in", name=str(ctx["name"]))
        account = actions.account_of_password(str(ctx["name"]), tools.field(request, "password"))
        if account is None:
            raise errors.Invalid({"": str(texts.NOT_THAT)})
        return _let_in(request, account, stay=bool(request.POST.get("stay")))
    except (errors.Invalid, errors.TooMany) as error:
        return tools.show(request, "people/sign_in.html", ctx, error)


def _let_in(
    request: HttpRequest, account: Any, *, stay: bool, proved: bool = True, to: str = ""
) -> HttpResponseBase:
    try:
        actions.begin_session(request, account, stay=stay, proved=proved)
    except errors.NotFound:
        raise errors.Invalid({"": str(texts.PAUSED)}) from None
    seat = tools.store(request).seat
    return pages.redirect("/me/erase" if seat is not None and seat.leaving else to or _next(request))


@pages.page(methods=("GET", "POST"))
def other_ways(request: HttpRequest) -> HttpResponseBase:
    """A recovery code, or a link by e-mail where that is offered."""
    ctx: dict[str, Any] = {
        "name": request.POST.get("name", "")[:200],
        "wrong": {},
        "mail": mail.offered(),
        "sent": False,
    }
    if request.method != "POST":
        return pages.render(request, "people/other_ways.html", ctx)
    try:
        if "email" in request.POST:
            tools.slow_down(request, "mail", tries=6, seconds=3600)
            if mail.offered():
                actions.ask_way_back(tools.field(request, "email"))
            return pages.render(request, "people/other_ways.html", {**ctx, "sent": True})
        tools.slow_down(request, "code", name=ctx["name"])
        account = actions.account_of_code(ctx["name"], tools.field(request, "code"))
        if account is None:
            raise errors.Invalid({"code": str(texts.NOT_THAT_CODE)})
        return _let_in(request, account, stay=False, to="/me/keys")
    except (errors.Invalid, errors.TooMany) as error:
        return tools.show(request, "people/other_ways.html", ctx, error)


@pages.page(methods=("GET", "POST"))
def link(request: HttpRequest, secret: str) -> HttpResponseBase:
    """A link that works once. Opening it does nothing; the button does, so no mail scanner can use it up."""
    tools.slow_down(request, "link", tries=60, seconds=600)
    purpose = ways_in.look_at_link(secret)
    if purpose is None:
        return pages.render(request, "people/link.html", {"purpose": "", "done": False}, status=404)
    if request.method != "POST":
        return pages.render(request, "people/link.html", {"purpose": purpose, "done": False})
    if purpose == "email":
        done = actions.confirm_email(secret)
        return pages.render(request, "people/link.html", {"purpose": "email" if done else "", "done": done})
    account = actions.use_link(secret, purpose)
    if account is None:
        return pages.render(request, "people/link.html", {"purpose": "", "done": False}, status=404)
    # Whoever reads somebody's mail must not thereby read what others wrote in confidence.
    proved = purpose == "first" or not roles.STAFF.intersection(queries.roles_of(account))
    return _let_in(request, account, stay=False, proved=proved, to="/me/keys")


@pages.page(methods=("GET", "POST"))
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Asks on GET (a link elsewhere must not sign anybody out), does it on POST."""
    if request.method == "POST":
        actions.sign_out(request)
        return pages.redirect("/")
    return pages.render(request, "people/sign_out.html")


@pages.page(methods=("GET", "POST"))
@access.signed_in
def step_up(request: HttpRequest) -> HttpResponseBase:
    """Show once more that it is you, then go on where you were."""
    principal = request.principal
    ctx = {"next": _next(request), "wrong": {}, "me": queries.me(principal)}
    if request.method != "POST":
        return pages.render(request, "people/step_up.html", ctx)
    try:
        tools.slow_down(request, "step-up", name=principal.name)
        if not actions.prove_with_password(principal, tools.field(request, "password")):
            raise errors.Invalid({"password": _("That did not match. Please try again.")})
    except (errors.Invalid, errors.TooMany) as error:
        return tools.show(request, "people/step_up.html", ctx, error)
    tools.store(request).prove()
    return pages.redirect(_next(request))
