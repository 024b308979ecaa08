"""No address of its own: the front imports this, and with it the person's ear for live updates is there."""

from __future__ import annotations

from starlette.routing import BaseRoute

from kithwell.channels.web import live  # noqa: F401  (registers itself)

routes: list[BaseRoute] = []
