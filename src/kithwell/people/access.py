"""Who is asking, and may they? The only door from a request to a person, and from a person to their own rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from kithwell.kernel import clock, conf, ids, pages
from kithwell.kernel.errors import NotFound, Refused
from kithwell.kernel.principal import ANONYMOUS, Principal
from kithwell.people import roles, rules, sessions
from kithwell.people.models import Account, Export, Passkey, Session

P = ParamSpec("P")
FRESH = timedelta(minutes=30)  # for acts that change who may do what, or that cannot be undone
_TOUCH_AFTER = timedelta(minutes=15)


class SignInNeeded(Refused):
    """Nobody is signed in; pages send people to /sign-in and back."""

    status, code = 401, "sign-in-needed"


class StepUpNeeded(Refused):
    """The last proof of who this is lies too far back; pages send people to /step-up and back."""

    status, code = 401, "step-up-needed"


def principal_for(request: HttpRequest) -> Principal:
    """Who sends this request. One query for somebody with a session cookie, none for anybody else."""
    store: Any = getattr(request, "session", None)
    if store is None or store.session_key is None:
        return ANONYMOUS
    return _principal(store)


def principal_from_cookies(cookies: dict[str, str]) -> Principal:
    """Who holds these cookies (streams and other native handlers). One query or none."""
    store = sessions.of_cookies(cookies)
    return _principal(store) if store.session_key else ANONYMOUS


def _principal(store: sessions.SessionStore) -> Principal:
    seat = store.seat
    if seat is None:
        return ANONYMOUS
    now = clock.now()
    proved = rules.proof_holds(
        seat.proved_at, seat.seen_at, now, life=sessions.staff_life(), idle=sessions.staff_idle()
    )
    if now - seat.seen_at > _TOUCH_AFTER and (proved or seat.roles.isdisjoint(roles.STAFF)):
        # A staff session that has gone idle is not touched: it stays idle until the person proves who they are.
        store.touch()
        _seen_today(seat.account)
    return Principal("account", seat.account, seat.pseudonym, seat.roles, proved)


def _seen_today(account: UUID) -> None:
    today = clock.now().date()
    Account.objects.filter(pk=account).exclude(seen_on=today).update(seen_on=today)


def require(principal: Principal, *wanted: str, step_up: bool = False) -> None:
    """Let pass whoever holds one of the `wanted` roles (any account when none is named).

    With `step_up`, the person must have shown a passkey or a password within `staff_hours`. Raises SignInNeeded,
    StepUpNeeded or Refused.
    """
    if not principal.is_account:
        raise SignInNeeded(_("Please sign in first."))
    if wanted and not principal.has(*wanted):
        raise Refused(
            _("This page is for other roles. If you think you should be able to open it, ask a steward.")
        )
    if step_up and not principal.stepped_up:
        raise StepUpNeeded(_("Please confirm once more that it is you."))


def require_fresh(request: HttpRequest, within: timedelta = FRESH) -> None:
    """For what cannot be undone: a proof of who one is within the last half hour. Raises StepUpNeeded."""
    store: Any = request.session
    seat = store.seat
    if seat is None or seat.proved_at is None or clock.now() - seat.proved_at > within:
        raise StepUpNeeded(_("Please confirm once more that it is you."))


def wants_page(request: HttpRequest) -> bool:
    """Is this a person's navigation (as opposed to a script fetching a fragment or JSON)?"""
    mode = request.headers.get("Sec-Fetch-Mode", "navigate")
    return mode == "navigate" and "application/json" not in request.headers.get("Accept", "")


def way_back(request: HttpRequest) -> str:
    """Where to return after signing in: this page, or, when a form was sent, the page it was on."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    referer = request.headers.get("Referer", "")
    origin = f"{request.scheme}://{request.get_host()}"
    return (
        rules.safe_next(referer.removeprefix(origin), request.path)
        if referer.startswith(origin)
        else request.path
    )


def send_there(request: HttpRequest, principal: Principal) -> HttpResponse:
    """The answer where a proof of who one is is missing (401): a redirect for people, a plain word for scripts."""
    where, word = ("/step-up", StepUpNeeded.code) if principal.is_account else ("/sign-in", SignInNeeded.code)
    target = f"{where}?next={quote(way_back(request), safe='')}"
    if wants_page(request):
        return pages.redirect(target)
    answer = HttpResponse(word, status=401, content_type="text/plain; charset=utf-8")
    answer["X-Go-To"] = target
    return answer


View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def _guard(view: View[P], check: Callable[[HttpRequest], None]) -> View[P]:
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        check(request)
        answer = view(request, *args, **kwargs)
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer

    return guarded


def signed_in(view: View[P]) -> View[P]:
    """Page decorator: anybody with an account. The page is never stored by a browser or a proxy."""
    return _guard(view, lambda request: require(request.principal))


def staff(*wanted: str) -> Callable[[View[P]], View[P]]:
    """Page decorator: signed in, one of the roles, proved within `staff_hours`. Put it inside `pages.page`."""

    def decorate(view: View[P]) -> View[P]:
        def check(request: HttpRequest) -> None:
            principal: Principal = request.principal
            require(principal, *wanted, step_up=True)
            if roles.STEWARD in wanted and conf.get("stewards_need_passkey", False):
                _require_passkey(principal)

        return _guard(view, check)

    return decorate


def _require_passkey(principal: Principal) -> None:
    if not Passkey.objects.filter(account_id=principal.id).exists():
        raise Refused(
            _("Stewards here sign in with a passkey. Add one under “Your account”, then come back.")
        )


# One's own rows: what is not mine is not there.


def own_account(principal: Principal) -> Account:
    """The row of the person themself. Raises SignInNeeded."""
    require(principal)
    return Account.objects.get(pk=principal.id)


def _id(ident: str | UUID) -> UUID:
    found = ident if isinstance(ident, UUID) else ids.parse(ident)
    if found is None:
        raise NotFound()
    return found


def own_passkey(principal: Principal, ident: str | UUID) -> Passkey:
    """One of the person's own passkeys. Raises NotFound, for other people's too."""
    require(principal)
    row = Passkey.objects.filter(pk=_id(ident), account_id=principal.id).select_related("account").first()
    if row is None:
        raise NotFound()
    return row


def own_session(principal: Principal, ident: str | UUID) -> Session:
    """One of the person's own sessions, by its public id. Raises NotFound."""
    require(principal)
    row = Session.objects.filter(public_id=_id(ident), account_id=principal.id).first()
    if row is None:
        raise NotFound()
    return row


def own_export(principal: Principal, ident: str | UUID) -> Export:
    """One of the person's own archives. Raises NotFound."""
    require(principal)
    row = Export.objects.filter(pk=_id(ident), account_id=principal.id).select_related("account").first()
    if row is None:
        raise NotFound()
    return row
