"""Pages of one's own: the feed, drafts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from kithwell.community.posts import actions, queries
from kithwell.community.posts.pages import forms
from kithwell.kernel import pages
from kithwell.kernel.pages import redirect
from kithwell.people import access as people_access


@pages.page()
@people_access.signed_in
def feed(request: HttpRequest) -> HttpResponse:
    """GET /feed: newest activity over one's groups."""
    before = request.GET.get("before", "")[:60]
    found, cards = queries.feed(request.principal, before=before)
    shown = {"listing": found, "cards": cards, "before": before, "page_css": ["posts"]}
    return pages.render(request, "posts/feed.html", shown)


@pages.page(methods=("GET", "POST"))
@people_access.signed_in
def drafts(request: HttpRequest) -> HttpResponse:
    """GET, POST /drafts: words not sent yet."""
    if request.method == "POST":
        actions.drop_draft(request.principal, forms.ident(request.POST.get("draft", "")[:36]))
        return redirect("/drafts")
    return pages.render(
        request, "posts/drafts.html", {"drafts": queries.drafts(request.principal), "page_css": ["posts"]}
    )
