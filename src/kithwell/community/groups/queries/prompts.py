"""Prompts: the group's own, or those of its language."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any
from uuid import UUID

from kithwell.community.groups.models import Group
from kithwell.community.groups.rules.prompts import pick

LANGUAGES = ("en", "es", "de", "fr")


@cache
def _data(language: str) -> dict[str, Any]:
    name = f"prompts_{language}.toml"
    text = (resources.files("kithwell.community.groups.data") / name).read_text(encoding="utf-8")
    return tomllib.loads(text)


def _spoken(language: str) -> str:
    code = language.split("-")[0]
    return code if code in LANGUAGES else "en"


def shipped(language: str) -> tuple[str, ...]:
    """The prompts that come with Kithwell, in English where there are none in this language."""
    return tuple(_data(_spoken(language))["prompts"])


def welcome_words(group: Group) -> str:
    """The first gentle prompt to a newcomer."""
    return group.welcome or str(_data(_spoken(group.language))["hello"])


def prompt(group_id: UUID, n: int) -> str:
    """The n-th weekly prompt of a group, for the part that posts it; "" for a group that is gone. One query."""
    row = Group.objects.filter(id=group_id).values_list("prompts", "language").first()
    if row is None:
        return ""
    own, language = row
    texts = tuple(own) or shipped(language)
    return str(texts[pick(n, len(texts))])
