"""The order in which messages are shown: the provider's time, whatever the order of arrival."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Ordered(Protocol):
    @property
    def provider_at(self) -> datetime: ...
    @property
    def order(self) -> int: ...
    @property
    def provider_id(self) -> str: ...


def key(message: Ordered) -> tuple[datetime, int, str]:
    """Sort key of a transcript: (provider time, order within it, provider id)."""
    return (message.provider_at, message.order, message.provider_id)
