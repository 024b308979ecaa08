"""The site that bench/live.py listens to: the real front, and one topic that is open to all."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kithwell.config.settings")

import django

django.setup()

from kithwell.config.front import Front  # noqa: E402
from kithwell.kernel import live  # noqa: E402


@live.topic("bench")
def everybody(cookies: dict[str, str], ident: str) -> int:
    """Everybody may listen; nothing has happened yet."""
    return 0


app = Front()
