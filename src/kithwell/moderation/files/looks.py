"""The one question other parts ask about a file before they keep it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from kithwell.kernel.errors import Invalid
from kithwell.moderation.files import clam, lists, pdq


@dataclass(frozen=True, slots=True)
class Look:
    """What a file is, as far as it was looked at. `held`: keep it, show it to nobody until a person has looked.
    `category` is that of the case to open, "" for none; `list` the name of the list that knows the picture."""

    held: bool = False
    blurred: bool = False
    category: str = ""
    list: str = ""


def check(data: bytes, field: str = "file", *, picture: bool = False) -> Look:
    """Look at a file. Raises Invalid when it carries malware, or when it should be looked at and cannot be."""
    try:
        seen = clam.look(data)
    except clam.Unreachable as error:
        raise Invalid(
            {
                field: _(
                    "Files cannot be checked just now. Your words are kept; please try the file again later."
                )
            }
        ) from error
    if seen.found:
        raise Invalid(
            {field: _("This file contains something harmful to computers, so it was not accepted.")}
        )
    if not picture:
        return Look()
    try:
        found = lists.match(pdq.of_bytes(data))
    except pdq.NotAPicture:
        return Look()  # whoever takes the picture in refuses it with better words
    if found is None:
        return Look()
    return Look(found.effect == "hold", found.effect == "blur", found.category, found.name)
