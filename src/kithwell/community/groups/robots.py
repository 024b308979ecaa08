"""What search engines are told: nothing of a group is theirs unless its facilitators chose so."""

from __future__ import annotations

from typing import TypeVar

from django.http import HttpResponseBase

from kithwell.community.groups.access import GroupCard

R = TypeVar("R", bound=HttpResponseBase)
HEADER, HIDDEN = "X-Robots-Tag", "noindex, nofollow, noarchive"


def mark(response: R, group: GroupCard | None) -> R:
    """Hide the page from search engines, unless everybody may read the group and it chose to be found."""
    if group is None or not group.indexable or group.reading != "everyone":
        response[HEADER] = HIDDEN
    return response
