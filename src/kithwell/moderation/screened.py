"""Who wants to know that something was screened: which thing, where, and what was seen. For counting, never for acting.

They hear after the commit, and nothing they do can fail or delay what somebody wrote.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from kithwell.kernel import logs
from kithwell.safety.signals import Screening

Listener = Callable[[str, str, str, Screening], None]

_listeners: list[Listener] = []
log = logs.get("moderation.screened")


def register(listener: Listener) -> None:
    """`listener(kind, ident, community, screening)`; registering twice has no effect."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(kind: str, ident: str, community: str, screening: Screening) -> None:
    """Something was screened and stored."""
    transaction.on_commit(lambda: _tell(kind, ident, community, screening))


def _tell(kind: str, ident: str, community: str, screening: Screening) -> None:
    for listener in _listeners:
        try:
            listener(kind, ident, community, screening)
        except Exception as error:
            log.warning("screened.not_counted", kind=kind, error=type(error).__name__)
