"""Both stages together. The second is optional: where it is absent or broken, the first answers alone."""

from __future__ import annotations

import importlib
import logging
from functools import cache
from types import ModuleType

from kithwell.safety.screening import screen
from kithwell.safety.signals import Screening

STAGES = ("first", "full")
_SECOND = "kithwell.safety.second"


@cache
def _second() -> ModuleType | None:
    try:
        module = importlib.import_module(_SECOND)
        return module if module.available() else None
    except Exception as error:  # a broken second stage must not cost anybody the first answer
        logging.getLogger(__name__).warning("second stage not used: %s", type(error).__name__)
        return None


def has_second() -> bool:
    """Is there a second stage here that can answer?"""
    return _second() is not None


def may_look_again(first: Screening) -> bool:
    """Could both stages say more than the first alone, and are the packages for it here? Loads nothing.

    The second raises to C3 at most, so at C3 and above there is nothing to ask.
    """
    try:
        module = importlib.import_module(_SECOND)
        return first.crisis_level < "C3" and bool(module.wanted(first)) and bool(module.installed())
    except Exception:  # a broken second stage must not cost anybody the first answer
        return False


def full(text: str, context: str = "", lang: str | None = None) -> Screening:
    """`screen`, looked at again by the second stage where there is one. Never raises for any string."""
    first = screen(text, context, lang)
    second = _second()
    if second is None:
        return first
    try:
        refined: Screening = second.refine(text, first, context)
        return refined
    except Exception as error:
        logging.getLogger(__name__).warning("second stage failed: %s", type(error).__name__)
        return first
