"""Writing a story, step by step. Each step is a form of its own and is kept here, so it goes on on another device."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from kithwell.boundaries import rules as boundaries
from kithwell.community.stories import actions, queries, texts, wording
from kithwell.community.stories.pages.public import ending
from kithwell.community.stories.rules import story as rules
from kithwell.kernel import errors, pages
from kithwell.people import access as people


def _said(request: HttpRequest) -> str:
    found = texts.SAID.get(request.GET.get("said", ""))
    return str(found) if found else ""


@pages.page(methods=("GET", "POST"))
def start(request: HttpRequest) -> HttpResponseBase:
    """What a story is and is not; begin."""
    principal = request.principal  # type: ignore[attr-defined]
    if request.method == "POST":
        people.require(principal)
        made = actions.begin(principal, pages.preferences_of(request).spoken)
        return pages.redirect(f"/stories/mine/{made}/step/hard")
    return pages.render(request, "stories/start.html", ending(request))


@pages.page()
@people.signed_in
def mine(request: HttpRequest) -> HttpResponseBase:
    """One's own stories."""
    rows = queries.mine(request.principal)  # type: ignore[attr-defined]
    ctx = {"rows": rows, "states": texts.STATES, "said": _said(request)}
    return pages.render(request, "stories/mine.html", ctx)


def _step_ctx(story: queries.Own, part: str, text: str) -> dict[str, Any]:
    names = list(rules.PARTS)
    n = names.index(part)
    notes = wording.check(text, story.language)
    return {
        "story": story,
        "part": part,
        "n": n + 1,
        "title": texts.STEPS[part][0],
        "intro": texts.STEPS[part][1],
        "hint": texts.STEP_HINTS[part],
        "text": text,
        "notes": notes,
        "pieces": wording.pieces(text, notes),
        "url": f"/stories/mine/{story.id}",
        "before": names[n - 1] if n else "",
        "steps": [texts.STEPS[p][0] for p in names] + [_("Title and name"), _("Check and send")],
        "page_css": ["stories"],
    }


@pages.page(methods=("GET", "POST"))
@people.signed_in
def step(request: HttpRequest, ident: str, part: str) -> HttpResponseBase:
    """One part of the story. Kept first; then, where it sounds heavy, help is shown beside."""
    principal = request.principal  # type: ignore[attr-defined]
    story = queries.own(principal, ident)
    if part not in rules.PARTS or not story.writable:
        raise errors.NotFound()
    if request.method != "POST":
        ctx = _step_ctx(story, part, getattr(story.words, part)) | {"said": _said(request), "wrong": {}}
        return pages.render(request, "stories/step.html", ctx | {"heavy": False})
    text = request.POST.get("text", "")
    try:
        heavy = actions.keep_part(principal, ident, part, text)
    except errors.Invalid as error:
        ctx = _step_ctx(story, part, text[: 2 * rules.PART_MAX]) | {
            "wrong": error.fields,
            "said": "",
            "heavy": False,
        }
        return pages.render(request, "stories/step.html", ctx, status=422)
    url = f"/stories/mine/{story.id}"
    if request.POST.get("do") == "look" or heavy:
        story = queries.own(principal, ident)
        ctx = _step_ctx(story, part, getattr(story.words, part)) | ending(request)
        return pages.render(
            request, "stories/step.html", ctx | {"heavy": heavy, "said": str(texts.SAID["kept"]), "wrong": {}}
        )
    if request.POST.get("do") == "later":
        return pages.redirect("/stories/mine?said=kept")
    after = rules.PARTS[rules.PARTS.index(part) + 1 :]
    return pages.redirect(f"{url}/step/{after[0]}" if after else f"{url}/details")


@pages.page(methods=("GET", "POST"))
@people.signed_in
def details(request: HttpRequest, ident: str) -> HttpResponseBase:
    """Title, what one wants to be called, language, what readers are warned of."""
    principal = request.principal  # type: ignore[attr-defined]
    story = queries.own(principal, ident)
    if not story.writable:
        raise errors.NotFound()
    typed: dict[str, Any] = {
        "title": story.words.title, "byline": story.words.byline, "language": story.language,
        "warnings": story.warnings,
    }  # fmt: skip
    wrong: dict[str, Any] = {}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "")[:500] for name in ("title", "byline", "language")}
        typed["warnings"] = request.POST.getlist("warnings")
        try:
            actions.keep_details(
                principal, ident, typed["title"], typed["byline"], typed["language"], typed["warnings"]
            )
            return pages.redirect(f"/stories/mine/{story.id}")
        except errors.Invalid as error:
            wrong = error.fields
    ctx = ending(request) | {"story": story, "typed": typed, "wrong": wrong, "topics": boundaries.WARNINGS}
    ctx |= {"url": f"/stories/mine/{story.id}"}
    return pages.render(request, "stories/details.html", ctx, status=422 if wrong else 200)


def _look(request: HttpRequest, story: queries.Own, **more: Any) -> dict[str, Any]:
    parts, notes = queries.marked(story.words, story.language, story.said_in_files)
    return ending(request) | {
        "story": story,
        "url": f"/stories/mine/{story.id}",
        "marked": dict(parts),
        "notes": notes,
        "stops": wording.stops(notes),
        "missing": [(code, texts.MISSING[code]) for code in story.missing],
        "states": texts.STATES,
        "uses": texts.USES,
        "use_short": texts.USE_SHORT,
        "days": list(texts.DAYS.items()),
        "wrong": {},
        "typed": {},
        "said": "",
        "heavy": False,
        "receipt": "",
        "titles": texts.STEPS,
    } | more  # fmt: skip


@pages.page()
@people.signed_in
def look(request: HttpRequest, ident: str) -> HttpResponseBase:
    """One's own story as it stands: its words with places marked, its files, its uses."""
    story = queries.own(request.principal, ident)  # type: ignore[attr-defined]
    return pages.render(request, "stories/own.html", _look(request, story, said=_said(request)))


@pages.page(methods=("POST",))
@people.signed_in
def send(request: HttpRequest, ident: str) -> HttpResponseBase:
    """Give it to be read, with a yes for each use and its time."""
    principal = request.principal  # type: ignore[attr-defined]
    days = {kind: request.POST.get(kind, "") for kind in rules.USES}
    try:
        heavy = actions.send(principal, ident, days)
    except errors.Invalid as error:
        ctx = _look(request, queries.own(principal, ident), wrong=error.fields, typed=days)
        return pages.render(request, "stories/own.html", ctx, status=422)
    if heavy:
        ctx = _look(request, queries.own(principal, ident), said=str(texts.SAID["sent"]), heavy=True)
        return pages.render(request, "stories/own.html", ctx)
    return pages.redirect(f"/stories/mine/{queries.own(principal, ident).id}?said=sent")


@pages.page(methods=("POST",))
@people.signed_in
def act(request: HttpRequest, ident: str) -> HttpResponseBase:
    """Take it back from everywhere or from one use, write on, say yes to suggested words, let it go."""
    principal = request.principal  # type: ignore[attr-defined]
    do = request.POST.get("do", "")
    url = f"/stories/mine/{queries.own(principal, ident).id}"
    if do == "withdraw":
        receipt = actions.withdraw(principal, ident)
        return pages.render(
            request, "stories/own.html", _look(request, queries.own(principal, ident), receipt=receipt)
        )
    if do.startswith("end-") and do[4:] in rules.USES:
        receipt = actions.withdraw(principal, ident, [do[4:]])
        return pages.render(
            request, "stories/own.html", _look(request, queries.own(principal, ident), receipt=receipt)
        )
    if do == "longer":
        try:
            actions.give_longer(principal, ident, request.POST.get("kind", ""), request.POST.get("days", ""))
        except (errors.Invalid, errors.Conflict) as error:
            wrong = error.fields if isinstance(error, errors.Invalid) else {"kind": str(error.message)}
            ctx = _look(request, queries.own(principal, ident), wrong=wrong)
            return pages.render(request, "stories/own.html", ctx, status=error.status)
        return pages.redirect(f"{url}?said=longer")
    if do == "back":
        actions.take_back(principal, ident)
        return pages.redirect(f"{url}?said=back")
    if do == "agree":
        given = request.POST.get("version", "")
        version = int(given) if given.isascii() and given.isdecimal() and len(given) < 9 else -1
        actions.agree(principal, ident, version)
        return pages.redirect(f"{url}?said=agreed")
    if do == "let-go":
        actions.let_go(principal, ident)
        return pages.redirect("/stories/mine?said=gone")
    raise errors.Invalid({"do": _("Choose one from the list.")})
