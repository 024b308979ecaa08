"""Reading settings. The values are checked once at start (`config/options.py`); here they are only looked up."""

from __future__ import annotations

from typing import Any

_NOTHING: Any = object()


def get(name: str, default: Any = _NOTHING) -> Any:
    """The setting `name`, or `default` when there is none. Raises KeyError when neither is there."""
    from django.conf import settings

    values: dict[str, Any] = settings.KITHWELL
    if default is _NOTHING:
        return values[name]
    return values.get(name, default)
