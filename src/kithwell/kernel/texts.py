"""Text that came from outside, made safe to keep: normal form, no control characters, no lone surrogates."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

from kithwell.kernel.errors import Invalid

# C0 and C1 controls but tab and newline; bidi overrides that could dress one text up as another; lone surrogates.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


def tidy(text: str, max_len: int, field: str = "text") -> str:
    """`text` in NFC with unwanted characters taken out and the ends stripped.

    Raises Invalid, naming `field`, when more than `max_len` characters are left. Nothing is ever cut off silently.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFC", _UNWANTED.sub("", text)).strip()
    if len(text) > max_len:
        words = _("This is %(length)d characters long; there is room for %(limit)d. Nothing was lost.")
        raise Invalid({field: words % {"length": len(text), "limit": max_len}})
    return text
