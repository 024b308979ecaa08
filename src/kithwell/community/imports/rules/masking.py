"""Nobody is named who did not choose it: names, numbers and addresses inside the words become something else.

A heuristic, not a proof: nicknames, initials and most of what somebody tells about a third person stay. The page says
so, each writer sees all of their own lines before they come, and may leave single ones behind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_LINK = re.compile(r"https?://\S+|\bwww\.\S+", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.])\+?\d(?:[\s()./-]{0,2}\d){6,14}(?!\w)")
_HANDLE = re.compile(r"@\u2068~?\s?([^\u2068\u2069]{1,80})\u2069|(?<!\w)@([\w.-]{0,59}\w)")
_WORD = re.compile(r"\w+")
_BETWEEN = re.compile(r"\s{1,3}|['’-]")  # what may stand between the words of one name
_SHORTEST = 3  # letters of a name that is looked for inside words
_LONGEST = 5  # words of a name
_COMMON = frozenset("hope will may june april mark faith grace joy rose dawn summer bill art rob".split())

# Third persons: who is called so is somebody else's to name. A title or a relation, then a word that begins large.
_TITLES = r"(?:dr|prof|mr|mrs|ms|miss|mx|frau|herr|sr|sra|srta|señor|señora|doctor|doctora|mme|mlle|madame|monsieur)"
_KIN = (
    r"(?:my|his|her|our|their)\s(?:(?:best|old|ex|big|little|older|younger)[\s-])?(?:friend|sister|brother|mum|mom|mother|dad|"
    r"father|son|daughter|husband|wife|partner|boyfriend|girlfriend|cousin|aunt|uncle|neighbou?r|boss|teacher|therapist|"
    r"doctor|colleague|ex|gran|grandma|grandpa|niece|nephew)|"
    r"(?:mi|su|tu|nuestr[oa])\s(?:mejor\s)?(?:amig[oa]|herman[oa]|madre|padre|mamá|papá|hij[oa]|marido|espos[oa]|mujer|"
    r"pareja|novi[oa]|prim[oa]|tí[oa]|vecin[oa]|jef[ea]|profesora?|terapeuta|médic[oa]|sobrin[oa]|abuel[oa])|"
    r"(?:mon|ma|son|sa)\s(?:ami|amie|sœur|soeur|frère|mère|père|fils|fille|mari|femme|compagn(?:on|e)|cousine?|tante|"
    r"oncle|voisine?|psy|nièce|neveu)"
)
_NAMED = r"(?:name\sis|named|se\sllama|se\sllamaba|heißt|hieß|namens|s['’]appelle|s['’]appelait)"
_THIRD = re.compile(
    rf"\b((?i:{_TITLES})\.?\s|(?i:{_KIN}),?\s|(?i:{_NAMED})\s)([^\W\d_][\w'’-]{{1,30}}(?:\s[^\W\d_][\w'’-]{{1,30}})?)"
)
_NO_NAMES = frozenset(
    "i i'm i've i'd i’m i’ve i’d monday tuesday wednesday thursday friday saturday sunday january february march april "
    "may june july august september october november december christmas easter english spanish french german".split()
)


def names_of(author: str) -> list[str]:
    """The parts of somebody's name that others may call them by, the longest first."""
    whole = re.sub(r"[^\w\s'’-]", " ", author).strip()
    parts = [p for p in re.split(r"\s+", whole) if len(p) >= _SHORTEST and not p.isdigit()]
    return sorted({whole, *parts} - {""}, key=len, reverse=True) if parts else []


class Mask:
    """Replaces in any text: the members' old names by their new ones, and what leads to a person by a word for it.

    `new_names`: old name as the export has it -> new pseudonym. `words`: what stands for a number, a mail address, a
    link, somebody called by @ or by name (keys number, mail, link, person). The time it takes grows with the text, not
    with how many names there are.
    """

    def __init__(self, new_names: Mapping[str, str], words: Mapping[str, str]) -> None:
        self.words = words
        self.by_name: dict[tuple[str, ...], str] = {}
        self.kept = {word.casefold() for name in new_names.values() for word in _WORD.findall(name)}
        taken: dict[tuple[str, ...], str] = {}
        for old, new in new_names.items():
            for name in names_of(old):
                key = _key(name)
                if not key or len(key) > _LONGEST:
                    continue
                if key in taken and taken[key] != new:
                    self.by_name[key] = words["person"]  # two people share a first name
                elif len(key) > 1 or key[0] not in _COMMON:
                    self.by_name[key] = new
                taken.setdefault(key, new)
        self.longest = max(map(len, self.by_name), default=0)

    def __call__(self, text: str) -> str:
        """The text without what names people."""
        text = _MAIL.sub(self.words["mail"], text)
        text = _LINK.sub(self.words["link"], text)
        text = _NUMBER.sub(self.words["number"], text)
        text = _HANDLE.sub(lambda m: self.by_name.get(_key(m[1] or m[2]), self.words["person"]), text)
        return _THIRD.sub(self._third, self._members(text))

    def _members(self, text: str) -> str:
        """Members' names, the longest first where several begin at one word."""
        spots = [(m.start(), m.end(), m[0].casefold()) for m in _WORD.finditer(text)] if self.by_name else []
        kept, at, n = [], 0, 0
        while n < len(spots):
            for count in range(min(self.longest, len(spots) - n), 0, -1):
                run = spots[n : n + count]
                new = self.by_name.get(tuple(word for _start, _end, word in run))
                if new is not None and all(_BETWEEN.fullmatch(text, a[1], b[0]) for a, b in pairwise(run)):
                    kept += [text[at : run[0][0]], new]
                    at, n = run[-1][1], n + count
                    break
            else:
                n += 1
        return "".join([*kept, text[at:]])

    def _third(self, found: re.Match[str]) -> str:
        """A name after a title or a relation: one word, or two that both begin large."""
        first, _space, last = found[2].partition(" ")
        word = first.casefold()
        if not first[0].isupper() or word in _NO_NAMES or word in self.kept:
            return found[0]
        gone = (
            found[2] if last and last[0].isupper() and last.casefold() not in _NO_NAMES | self.kept else first
        )
        return found[1] + self.words["person"] + found[2][len(gone) :]


def _key(name: str) -> tuple[str, ...]:
    return tuple(word.casefold() for word in _WORD.findall(name))
