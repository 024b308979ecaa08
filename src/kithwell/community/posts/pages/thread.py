"""A thread: reading at depth, answering, signs of support, changing one's own, and what facilitators do."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kithwell.boundaries import actions as boundaries
from kithwell.community.groups import robots
from kithwell.community.groups.access import JoinFirst
from kithwell.community.posts import access, actions, queries
from kithwell.community.posts.actions import NotNow, Nudged
from kithwell.community.posts.pages import forms
from kithwell.community.posts.queries import mine
from kithwell.community.posts.rules import writing
from kithwell.directory import queries as directory
from kithwell.kernel import ids, pages
from kithwell.kernel.errors import Invalid, KithwellError, NotFound, Refused
from kithwell.kernel.pages import redirect
from kithwell.people import access as people_access

KEPT_FOR = 10
ACTS = ("react", "vote", "pin", "unpin", "lock", "unlock", "delete", "replies")


@pages.public_cache(KEPT_FOR)
@pages.page()
@forms.at_the_door
def show(request: HttpRequest, post: str) -> HttpResponse:
    """GET /p/<id>."""
    return _show(request, forms.ident(post))


def _show(request: HttpRequest, post: UUID, *, status: int = 200, **more: Any) -> HttpResponse:
    found = queries.thread(request.principal, post, after=forms.number(request.GET.get("from", "")))
    said: dict[str, Any] = more.pop("said", {})
    account = found.place.account
    if found.place.helps and request.method == "GET":
        actions.note_reading(request.principal, post)
    if account is not None:
        if not said and found.may_reply:
            said = queries.draft(account, "reply", post) or {"anonymous": found.veiled}
        if status == 200:
            actions.mark_thread(account, post, found.seen)
    to = more.pop("to", None) or request.GET.get("to", "") or said.get("parent", "")
    shown = {
        "place": found.place,
        "tab": "thread",
        "page_css": ["posts"],
        "page_js": ["posts", "before-send"],
        "thread": found,
        "said": said,
        "to": next((a for a in found.answers if str(a.piece.id) == to and not a.piece.gone), None),
        "client_key": request.POST.get("client_key", "")[:64] or ids.token(12),
        "replies_options": forms.replies_options(),
        "errors": {},
        "most": writing.REPLY_MAX,
        **_help(request, found),
        **more,
    }
    shown["said"], shown["errors"] = forms.Soft(said), forms.Soft(shown["errors"])
    response = pages.render(request, "posts/thread.html", shown, status=status)
    return robots.mark(response, found.place.group)


def _help(request: HttpRequest, found: queries.Thread) -> dict[str, Any]:
    """Help for the writer alone, right after they wrote something heavy: stored first, offered then."""
    ident = ids.parse(request.GET.get("after", "")[:36])
    own = [found.post.id] if found.post.own else []
    own += [a.piece.id for a in found.answers if a.piece.own]
    if ident is None or ident not in own:
        return {}
    country = pages.preferences_of(request).country
    return {
        "help": True,
        "country": country,
        "lines": directory.helplines(country)[:3] if country else (),
        "emergency": directory.emergency(country) if country else None,
    }


@pages.page()
def new(request: HttpRequest, post: str) -> HttpResponse:
    """GET /p/<id>/new?since=N: replies that came since, for the live part."""
    ident = forms.ident(post)
    answers, n = queries.later(request.principal, ident, since=forms.number(request.GET.get("since", "")))
    response = pages.fragment(request, "posts/later.html", {"answers": answers, "post": ident})
    response["X-Since"] = str(n)
    return robots.mark(response, None)


@pages.page(methods=("POST",))
@people_access.signed_in
@forms.at_the_door
def reply(request: HttpRequest, post: str) -> HttpResponse:
    """POST /p/<id>/reply."""
    ident, said = forms.ident(post), forms.kept(request)
    if request.POST.get("act") == "draft":
        actions.keep_draft(request.principal, "reply", post, said)
        if "application/json" in request.headers.get("Accept", ""):
            return HttpResponse(status=204)
        return _show(request, ident, said=said, kept=True)
    written = forms.written(request)
    try:
        stored = actions.reply(request.principal, ident, written, forms.maybe(said["parent"]))
    except Invalid as why:
        return _show(request, ident, status=why.status, said=said, errors=why.fields)
    except Nudged as second:
        boundaries.nudge_shown(second.nudge.language)
        actions.keep_draft(request.principal, "reply", post, said)
        return _show(request, ident, status=second.status, said=said, nudge=second.nudge)
    except NotNow as refused:
        actions.keep_draft(request.principal, "reply", post, said)
        return _show(request, ident, status=refused.status, said=said, refused=refused)
    except JoinFirst:
        raise
    except Refused as refused:
        if not request.principal.is_account:
            raise
        actions.keep_draft(request.principal, "reply", post, said)
        return _show(request, ident, status=refused.status, said=said, refused=refused)
    forms.count_nudge(request, writing.tidy(request.POST.get("first_text", "")), written.text)
    after = f"?after={stored.id}" if stored.offers_help else ""
    return redirect(f"/p/{stored.post}{after}#r-{stored.id}")


@pages.page(methods=("POST",))
@people_access.signed_in
@forms.at_the_door
def typing(request: HttpRequest, post: str) -> HttpResponse:
    """POST /p/<id>/typing: somebody types an answer; 404 in groups that do not show it."""
    said = actions.typing(request.principal, forms.ident(post))
    return HttpResponse(status=204, headers={"X-Said": str(said)})


@pages.page(methods=("POST",))
@people_access.signed_in
@forms.at_the_door
def act(request: HttpRequest, post: str) -> HttpResponse:
    """POST /p/<id>/act: one small act on the post or on a reply of it (`piece`)."""
    ident = forms.ident(post)
    piece = forms.maybe(request.POST.get("piece", "")[:36]) or ident
    if queries.anchor(piece) != ident:
        raise NotFound()
    what, who = request.POST.get("act", ""), request.principal
    if what not in ACTS:
        raise Invalid({"act": _("Choose one from the list.")})
    if what == "react":
        kind, _colon, off = request.POST.get("kind", "").partition(":")
        actions.react(who, piece, kind, on=off != "off")
    elif what == "vote":
        given = request.POST.get("option", "")
        actions.vote(
            who, ident, int(given) if given.isascii() and given.isdecimal() and len(given) < 3 else -1
        )
    elif what in ("pin", "unpin"):
        actions.pin(who, ident, what == "pin")
    elif what in ("lock", "unlock"):
        actions.lock(who, ident, what == "lock")
    elif what == "replies":
        actions.set_replies_from(who, ident, request.POST.get("replies_from", ""))
    elif what == "delete":
        stays = actions.delete(who, piece)
        if stays is None:
            return redirect(f"/g/{_slug(request)}" if _slug(request) else "/feed")
    return redirect(f"/p/{ident}" + (f"#r-{piece}" if piece != ident else ""))


def _slug(request: HttpRequest) -> str:
    slug = request.POST.get("slug", "")[:60]
    return slug if slug.replace("-", "").isalnum() and slug.isascii() else ""


@pages.page(methods=("GET", "POST"))
@people_access.signed_in
@forms.at_the_door
def edit(request: HttpRequest, piece: str) -> HttpResponse:
    """GET, POST /p/<piece>/edit: change one's own words; how they read before is kept."""
    ident = forms.ident(piece)
    look, found, post = access.piece(request.principal, ident)
    if not look.owns(found.author, found.veil_id):
        raise NotFound()
    text, own_warning = mine.own_text(found)
    said: dict[str, Any] = {
        "text": text,
        "own_warning": own_warning,
        "warnings": found.warnings.split(",") if found.warnings else [],
        "replies_from": post.replies_from,
    }
    more: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        said = forms.kept(request)
        try:
            stored = actions.edit(request.principal, ident, forms.written(request))
        except KithwellError as why:
            if not isinstance(why, Invalid | NotNow | Nudged):
                raise
            status = why.status
            more = {
                "errors": getattr(why, "fields", {}),
                "nudge": getattr(why, "nudge", None),
                "refused": why if isinstance(why, NotNow) else None,
            }
            if isinstance(why, Nudged):
                boundaries.nudge_shown(why.nudge.language)
        else:
            after = f"?after={stored.id}" if stored.offers_help else ""
            anchor = "" if stored.id == stored.post else f"#r-{stored.id}"
            return redirect(f"/p/{stored.post}{after}{anchor}")
    shown = {
        "place": look.place,
        "page_css": ["posts"],
        "piece": found,
        "post": post,
        "is_post": found.id == post.id,
        "said": said,
        "replies_options": forms.replies_options(),
        "errors": {},
        "most": writing.POST_MAX if found.id == post.id else writing.REPLY_MAX,
        **more,
    }
    shown["said"], shown["errors"] = forms.Soft(said), forms.Soft(shown["errors"])
    return pages.render(request, "posts/edit.html", shown, status=status)


@pages.page()
@people_access.signed_in
@forms.at_the_door
def earlier(request: HttpRequest, piece: str) -> HttpResponse:
    """GET /p/<piece>/earlier: how it read before, for its writer and for facilitators."""
    found, post, versions = queries.earlier(request.principal, forms.ident(piece))
    return pages.render(
        request,
        "posts/earlier.html",
        {"piece": found, "post": post, "versions": versions, "page_css": ["posts"]},
    )


@pages.page()
def picture(request: HttpRequest, picture: str) -> HttpResponse:
    """GET /picture/<id>: a picture, for those who may see its post."""
    mime, data = queries.picture(request.principal, forms.ident(picture))
    response = HttpResponse(data, content_type=mime)
    response["Content-Disposition"] = "inline"
    response["Cache-Control"] = "private, no-store"
    return robots.mark(response, None)  # in no search for pictures either, whatever the group chose
