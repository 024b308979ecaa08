"""What the templates of `ui` need beside what the kernel gives: where Leave goes, and times in this site's zone."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from jinja2 import Environment

from kithwell.kernel import conf

HARMLESS = "https://www.bbc.co.uk/weather"


def leave_url() -> str:
    """The harmless page that Leave goes to (setting `leave_url`)."""
    return str(conf.get("leave_url", HARMLESS) or HARMLESS)


def to_local(moment: datetime) -> datetime:
    """`moment` in this site's time zone; a browser with scripts shows it in the reader's own."""
    return timezone.localtime(moment)


def install(env: Environment) -> None:
    """Called once when the environment is made (settings.JINJA_SETUP)."""
    env.globals.update(leave_url=leave_url, to_local=to_local)
