"""Files of stories: taken in, captioned, and sent in parts (RFC 9110, section 14) to whoever may see the story."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _

from kithwell.community.stories import access, actions, files, queries, texts, words
from kithwell.community.stories.models import Media
from kithwell.community.stories.rules import clean
from kithwell.kernel import errors, pages
from kithwell.people import access as people

_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")


@pages.uploads
@pages.page(methods=("POST",))
@people.signed_in
def add(request: HttpRequest, ident: str) -> HttpResponseBase:
    """Put a picture, sound or film to a draft."""
    from kithwell.community.stories.pages import write

    principal = request.principal  # type: ignore[attr-defined]
    story = queries.own(principal, ident)
    sent = request.FILES.get("file")
    alt = request.POST.get("alt", "")
    try:
        if sent is None or isinstance(sent, list):
            raise errors.Invalid({"file": _("Choose a file first.")})
        if (sent.size or 0) > clean.MOST_BYTES:
            raise errors.Invalid({"file": str(texts.FILES["large"])})
        made = actions.add(principal, ident, sent.read(), alt)
    except errors.Invalid as error:
        ctx = write._look(request, story, wrong=error.fields, typed={"alt": alt})
        return pages.render(request, "stories/own.html", ctx, status=422)
    return pages.redirect(f"/stories/mine/{story.id}/file/{made}?said=file")


@pages.page(methods=("GET", "POST"))
@people.signed_in
def edit(request: HttpRequest, ident: str, media: str) -> HttpResponseBase:
    """Captions and description of a file, or its end."""
    principal = request.principal  # type: ignore[attr-defined]
    story = queries.own(principal, ident)
    found = next((f for f in story.files if str(f.id) == media), None)
    if found is None:
        raise errors.NotFound()
    typed, wrong = {"captions": found.lines, "alt": found.alt}, {}
    said = texts.SAID.get(request.GET.get("said", ""))
    if request.method == "POST":
        typed = {"captions": request.POST.get("captions", ""), "alt": request.POST.get("alt", "")}
        try:
            if request.POST.get("do") == "drop":
                actions.drop(principal, ident, media)
                return pages.redirect(f"/stories/mine/{story.id}?said=gone")
            actions.describe(principal, ident, media, typed["alt"])
            if found.kind != "image":
                actions.caption(principal, ident, media, typed["captions"])
            return pages.redirect(f"/stories/mine/{story.id}?said=captions")
        except errors.Invalid as error:
            wrong = error.fields
    ctx = {"story": story, "f": found, "typed": typed, "wrong": wrong, "said": str(said) if said else ""}
    ctx |= {"url": f"/stories/mine/{story.id}", "page_css": ["stories"]}
    return pages.render(request, "stories/file.html", ctx, status=422 if wrong else 200)


def _span(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte of a range; None when the header means nothing. Raises ValueError where nothing is there."""
    found = _RANGE.fullmatch(header.strip())
    if found is None or found[1] == found[2] == "":
        return None
    if found[1] == "":
        length = min(int(found[2]), size)
        if length == 0:
            raise ValueError
        return size - length, size - 1
    first = int(found[1])
    last = min(int(found[2]) if found[2] else size - 1, size - 1)
    if found[2] and int(found[2]) < first:
        return None
    if first >= size:
        raise ValueError
    return first, last


def _pieces(row: Media, first: int, last: int) -> Iterator[bytes]:
    yield from files.read(row.story.subject, row.id, first, last)


@pages.page()
def send(request: HttpRequest, media: str) -> HttpResponseBase:
    """The file, or a part of it."""
    row = access.media(request.principal, media)  # type: ignore[attr-defined]
    if not files.there(row.id) or not row.size:
        raise errors.NotFound()
    try:
        span = _span(request.headers.get("Range", ""), row.size)
    except ValueError:
        return HttpResponse(
            status=416, headers={"Content-Range": f"bytes */{row.size}", "Cache-Control": "no-store"}
        )
    first, last = span or (0, row.size - 1)
    answer = StreamingHttpResponse(
        _pieces(row, first, last), content_type=row.mime, status=206 if span else 200
    )
    answer["Accept-Ranges"] = "bytes"
    answer["Content-Length"] = str(last - first + 1)
    answer["Cache-Control"] = "no-store"
    answer["Content-Disposition"] = "inline"
    if span:
        answer["Content-Range"] = f"bytes {first}-{last}/{row.size}"
    return answer


@pages.page()
def captions(request: HttpRequest, media: str) -> HttpResponseBase:
    """Captions as a WebVTT file."""
    row = access.media(request.principal, media)  # type: ignore[attr-defined]
    text = words.media(row.story, row, "captions")
    if not text:
        raise errors.NotFound()
    return HttpResponse(text, content_type="text/vtt; charset=utf-8", headers={"Cache-Control": "no-store"})
