"""What a browser shows when something is pushed: that there is news, and nothing else. The real service worker runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from kithwell.community.stories.tests.test_stories_browser import sign_in

if TYPE_CHECKING:
    from conftest import Server
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.timeout(300)]
DESK = {"width": 1280, "height": 800}


def test_a_push_shows_that_there_is_news_and_nothing_else_whatever_it_holds(
    server: Server, new_page: Callable[..., Page]
) -> None:
    page = new_page(DESK)
    page.context.grant_permissions(["notifications"], origin=server.url)
    sign_in(page, "Quiet Heron", "/me/notices/choices")
    page.evaluate(
        """async () => {
          await navigator.serviceWorker.register("/push-worker.js", { scope: "/me/notices" });
          await navigator.serviceWorker.ready;
        }"""
    )
    assert page.evaluate("Notification.permission") == "granted"
    wire = page.context.new_cdp_session(page)
    registrations: list[dict[str, Any]] = []
    wire.on(
        "ServiceWorker.workerRegistrationUpdated", lambda told: registrations.extend(told["registrations"])
    )
    wire.send("ServiceWorker.enable")
    page.wait_for_function(
        "async () => (await navigator.serviceWorker.getRegistration('/me/notices'))?.active"
    )
    ident = next(r["registrationId"] for r in registrations if r["scopeURL"].endswith("/me/notices"))

    def shown(data: str) -> list[dict[str, str]]:
        wire.send(
            "ServiceWorker.deliverPushMessage", {"origin": server.url, "registrationId": ident, "data": data}
        )
        page.wait_for_function(
            """async () => {
              const there = await navigator.serviceWorker.getRegistration("/me/notices");
              window.told = (await there.getNotifications()).map((n) => ({
                title: n.title, body: n.body, tag: n.tag, icon: n.icon, url: n.data?.url,
              }));
              return window.told.length > 0;
            }"""
        )
        found: list[dict[str, str]] = page.evaluate("window.told")
        page.evaluate(
            """async () => {
              const there = await navigator.serviceWorker.getRegistration("/me/notices");
              (await there.getNotifications()).forEach((n) => n.close());
            }"""
        )
        return found

    quiet = {"body": "", "tag": "news", "icon": "", "url": "/me/notices"}
    said = json.dumps({"title": "You have news", "url": "/me/notices", "lang": "en"})
    assert shown(said) == [{"title": "You have news", **quiet}]
    assert shown("no json at all") == [{"title": "…", **quiet}]
    loud = json.dumps(
        {"title": "You have news", "body": "Lou answered", "url": "/me/notices", "icon": "/x.png"}
    )
    assert shown(loud) == [{"title": "You have news", **quiet}], "the worker has no way to show more"
