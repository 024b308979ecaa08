"""Nobody is named who did not choose it: names, numbers and addresses inside the words become something else.

A heuristic, not a proof: nicknames, initials and what somebody tells about a third person stay. The page says so, and
each writer sees their own lines before they come.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_LINK = re.compile(r"https?://\S+|\bwww\.\S+", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.])\+?\d(?:[\s().-]{0,2}\d){6,14}(?!\w)")
_HANDLE = re.compile(r"@\u2068~?\s?([^\u2068\u2069]{1,80})\u2069|(?<!\w)@([\w.-]{0,59}\w)")
_SHORTEST = 3  # letters of a name that is looked for inside words
_COMMON = frozenset("hope will may june april mark faith grace joy rose dawn summer bill art rob".split())


def names_of(author: str) -> list[str]:
    """The parts of somebody's name that others may call them by, the longest first."""
    whole = re.sub(r"[^\w\s'’-]", " ", author).strip()
    parts = [p for p in re.split(r"\s+", whole) if len(p) >= _SHORTEST and not p.isdigit()]
    return sorted({whole, *parts} - {""}, key=len, reverse=True) if parts else []


class Mask:
    """Replaces in any text: the members' old names by their new ones, and what leads to a person by a word for it.

    `new_names`: old name as the export has it -> new pseudonym. `words`: what stands for a number, a mail address, a
    link, somebody called by @ (keys number, mail, link, person).
    """

    def __init__(self, new_names: Mapping[str, str], words: Mapping[str, str]) -> None:
        self.words = words
        self.by_name: dict[str, str] = {}
        taken: dict[str, str] = {}
        for old, new in new_names.items():
            for name in names_of(old):
                folded = name.casefold()
                if folded in taken and taken[folded] != new:
                    self.by_name[folded] = words["person"]  # two people share a first name
                elif " " in name or folded not in _COMMON:
                    self.by_name[folded] = new
                taken.setdefault(folded, new)
        spelt = {name for old in new_names for name in names_of(old) if name.casefold() in self.by_name}
        ordered = sorted(spelt, key=len, reverse=True)
        self._names = (
            re.compile(r"(?<!\w)(" + "|".join(map(re.escape, ordered)) + r")(?!\w)", re.IGNORECASE)
            if ordered
            else None
        )

    def __call__(self, text: str) -> str:
        """The text without what names people."""
        text = _MAIL.sub(self.words["mail"], text)
        text = _LINK.sub(self.words["link"], text)
        text = _NUMBER.sub(self.words["number"], text)
        text = _HANDLE.sub(lambda m: self.by_name.get((m[1] or m[2]).casefold(), self.words["person"]), text)
        if self._names is not None:
            text = self._names.sub(lambda m: self.by_name.get(m[1].casefold(), m[0]), text)
        return text
