"""One conversation on the desk: everything about one person on one screen, and every act on it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from kithwell.directory import queries as directory
from kithwell.kernel import ids, pages
from kithwell.kernel.errors import Conflict, Invalid
from kithwell.people.access import staff
from kithwell.support import actions, queries
from kithwell.support.pages import desk, forms

LEVELS = ("C0", "C1", "C2", "C3", "C4", "C5")


def _show(request: HttpRequest, conversation: str, *, status: int = 200, **extra: object) -> HttpResponse:
    view = queries.conversation(request.principal, forms.ident(conversation))
    country = view.card.country
    shown: dict[str, object] = {
        **desk.context(request, request.principal),
        "view": view,
        "lines": directory.helplines(country)[:6] if country else (),
        "emergency": directory.emergency(country) if country else None,
        "country_name": directory.country_name(country, get_language() or "en") if country else "",
        "rescues": queries.rescues(request.principal, view.card.id),
        "client_key": ids.token(12),
        "address": "",
        "refused": "",
        "said": {},
        "errors": {},
        "stuck": [m for m in view.transcript.messages if m.mine and (m.loud or m.status == "held")],
        "redactable": [
            (m.id, f"{m.at:%H:%M} {m.text[:40]}")
            for m in view.transcript.messages
            if m.text and not m.redacted
        ],
        "open_tab": request.GET.get("tab", ""),
        **extra,
    }
    return pages.render(request, "support/conversation.html", shown, status=status)


def _keeping(form: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """What a form cannot do yet is said in the form, with the words still in it; nothing typed is lost."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def inner(request: HttpRequest, conversation: str) -> HttpResponse:
            try:
                return view(request, conversation)
            except (Invalid, Conflict) as why:
                if "text/html" not in request.META.get("HTTP_ACCEPT", "text/html"):
                    raise  # a script sent it, and keeps the words itself
                fields = getattr(why, "fields", None) or {"": why.message}
                kept = {"refused": form, "said": request.POST, "errors": fields, "open_tab": form}
                return _show(request, conversation, status=why.status, **kept)

        return inner

    return decorate


@pages.page()
@staff(*desk.STAFF)
def show(request: HttpRequest, conversation: str) -> HttpResponse:
    """GET /desk/c/<id>."""
    return _show(request, conversation)


@pages.page()
@staff(*desk.STAFF)
def new(request: HttpRequest, conversation: str) -> HttpResponse:
    """GET /desk/c/<id>/new?since=N: the bubbles that came since."""
    transcript = queries.transcript(request.principal, forms.ident(conversation), forms.since(request))
    shown = {"messages": transcript.messages, "media": f"/desk/c/{conversation}/file/"}
    response = pages.render(request, "support/bubbles.html", shown)
    response["X-Since"] = str(transcript.n)
    return response


@pages.page(methods=("POST",))
@staff(*desk.STAFF)
@_keeping("reply")
def reply(request: HttpRequest, conversation: str) -> HttpResponse:
    """POST /desk/c/<id>/reply: words to the person."""
    actions.reply(
        request.principal,
        forms.ident(conversation),
        forms.text(request, "text"),
        client_key=request.POST.get("client_key", "")[:64] or ids.token(12),
        version=forms.version(request),
    )
    return _back(conversation)


@pages.page(methods=("POST",))
@staff(*desk.STAFF)
@_keeping("note")
def note(request: HttpRequest, conversation: str) -> HttpResponse:
    """POST /desk/c/<id>/note: for colleagues only; a supervisor's whisper takes the same road."""
    act = actions.whisper if request.POST.get("kind") == "whisper" else actions.add_note
    act(request.principal, forms.ident(conversation), forms.text(request, "text"))
    return _back(conversation)


@pages.page(methods=("POST",))
@staff(*desk.STAFF)
@_keeping("flag")
def flag(request: HttpRequest, conversation: str) -> HttpResponse:
    """POST /desk/c/<id>/flag: something colleagues must know, for a time."""
    actions.set_flag(
        request.principal,
        forms.ident(conversation),
        forms.text(request, "kind"),
        forms.flag_until(request),
        forms.text(request, "reason"),
    )
    return _back(conversation, "saved")


@pages.page(methods=("POST",))
@staff(*desk.STAFF)
def level(request: HttpRequest, conversation: str) -> HttpResponse:
    """POST /desk/c/<id>/level: a person's judgement outranks the screening."""
    actions.set_level(request.principal, forms.ident(conversation), forms.choice(request, "level", LEVELS))
    return _back(conversation, "saved")


@pages.page(methods=("POST",))
@staff(*desk.STAFF)
@_keeping("hand_over")
def hand_over(request: HttpRequest, conversation: str) -> HttpResponse:
    """POST /desk/c/<id>/hand-over: offer it to a colleague or a team, or give it back to the assistant."""
    to = forms.text(request, "to")
    actions.hand_over(
        request.principal,
        forms.ident(conversation),
        to,
        forms.text(request, "note", required=False),
        forms.version(request),
    )
    return pages.redirect("/desk?notice=to_assistant") if to == "assistant" else _back(conversation, "handed")


@pages.page(methods=("POST",))
@staff(*desk.STAFF)
def answer_offer(request: HttpRequest, conversation: str) -> HttpResponse:
    """POST /desk/c/<id>/offer: accept or decline a conversation offered to me, or take my own offer back."""
    steps = {
        "accept": actions.accept_hand_over,
        "decline": actions.decline_hand_over,
        "withdraw": actions.withdraw_hand_over,
    }
    step = forms.choice(request, "step", steps)
    steps[step](request.principal, forms.ident(conversation))
    return pages.redirect("/desk") if step == "decline" else _back(conversation)


@pages.page(methods=("POST",))
@staff(*desk.STAFF)
@_keeping("end")
def end(request: HttpRequest, conversation: str) -> HttpResponse:
    """POST /desk/c/<id>/end: a short summary, a next step, and perhaps a date."""
    actions.end(
        request.principal,
        forms.ident(conversation),
        forms.text(request, "summary"),
        forms.text(request, "next_step"),
        follow_up_at=forms.later(request, "follow_up"),
        call_back_at=forms.later(request, "call_back"),
        version=forms.version(request),
    )
    return pages.redirect("/desk?notice=ended")


@pages.page(methods=("POST",))
@staff(*desk.STAFF)
def release(request: HttpRequest, conversation: str) -> HttpResponse:
    """POST /desk/c/<id>/release: back to the queue, at the place it had."""
    actions.release(request.principal, forms.ident(conversation))
    return pages.redirect("/desk?notice=released")


@pages.page(methods=("POST",))
@staff(*desk.STAFF)
@_keeping("reveal")
def reveal(request: HttpRequest, conversation: str) -> HttpResponse:
    """POST /desk/c/<id>/reveal: the person's address, for a reason that is written down. Shown once."""
    address = actions.reveal_address(
        request.principal, forms.ident(conversation), forms.text(request, "reason")
    )
    return _show(request, conversation, address=address, open_tab="reveal")


@pages.page(methods=("POST",))
@staff("supervisor", "oncall")
def supervise(request: HttpRequest, conversation: str) -> HttpResponse:
    """POST /desk/c/<id>/supervise: join, leave or take over."""
    steps = {"join": actions.join, "leave": actions.leave, "take_over": actions.take_over}
    step = forms.choice(request, "step", steps)
    steps[step](request.principal, forms.ident(conversation))
    return pages.redirect("/supervisor") if step == "leave" else _back(conversation)


@pages.page(methods=("POST",))
@staff(*desk.STAFF)
def resend(request: HttpRequest, conversation: str, message: str) -> HttpResponse:
    """POST /desk/c/<id>/message/<message>: send again what did not arrive, or take back what is held."""
    steps = {"retry": actions.retry, "cancel": actions.cancel_held}
    steps[forms.choice(request, "step", steps)](request.principal, forms.ident(message))
    return _back(conversation)


@pages.page(methods=("POST",))
@staff("supervisor")
@_keeping("redact")
def redact(request: HttpRequest, conversation: str) -> HttpResponse:
    """POST /desk/c/<id>/redact: take out words that should not be kept, with a reason."""
    message = forms.ident(forms.text(request, "message"))
    actions.redact(request.principal, message, forms.text(request, "reason"))
    return _back(conversation, "saved")


@pages.page(methods=("POST",))
@staff(*desk.STAFF)
@_keeping("rescue")
def rescue(request: HttpRequest, conversation: str) -> HttpResponse:
    """POST /desk/c/<id>/rescue: should emergency services be called? One asks, another decides."""
    step = forms.choice(request, "step", ("ask", "agree", "decline", "withdraw", "record"))
    principal, said = request.principal, forms.text(request, "reason", required=False)
    if step == "ask":
        actions.ask_rescue(principal, forms.ident(conversation), said)
        return _back(conversation, "saved")
    which = forms.ident(forms.text(request, "rescue"))
    if step == "withdraw":
        actions.withdraw_rescue(principal, which)
    elif step == "record":
        actions.record_rescue(principal, which, said)
    else:
        actions.decide_rescue(principal, which, step == "agree", said)
    return _back(conversation, "saved")


@pages.page(methods=("POST",))
@staff(*desk.STAFF)
def unflag(request: HttpRequest, conversation: str, flag: str) -> HttpResponse:
    """POST /desk/c/<id>/unflag/<flag>: a flag that is no longer needed."""
    actions.remove_flag(request.principal, forms.ident(flag))
    return _back(conversation, "saved")


@pages.page()
@staff(*desk.STAFF)
def attachment(request: HttpRequest, conversation: str, attachment: str) -> HttpResponse:
    """GET /desk/c/<id>/file/<id>: one file, for those who may read this conversation."""
    found = queries.attachment(request.principal, forms.ident(conversation), forms.ident(attachment))
    response = HttpResponse(found.content, content_type=found.mime)
    response["Content-Disposition"] = "attachment" if not found.is_image else "inline"
    response["Cache-Control"] = "no-store"
    return response


def _back(conversation: str, notice: str = "") -> HttpResponse:
    return pages.redirect(f"/desk/c/{conversation}" + (f"?notice={notice}" if notice else ""))
