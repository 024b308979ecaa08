"""The ASGI application of a web process: `kithwell.config.asgi:app`."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kithwell.config.settings")
django.setup()

from kithwell.config.front import Front  # noqa: E402 (Django has to be set up first)
from kithwell.kernel import logs  # noqa: E402

logs.guard_process()
app = Front()
