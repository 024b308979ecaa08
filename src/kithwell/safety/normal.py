"""From text as people type it to a row of plain words, and back from a word to its place in the text.

A view is built once per text: lower case; accents and look-alike letters folded to plain ones; invisible characters
and apostrophes dropped ("don't" is "dont"); user names and links left out; digits that stand for letters undone; ends
of sentences and quotation marks kept as words of their own. Every step is linear in the length of the text.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from itertools import accumulate, islice, pairwise
from sys import intern

_LOOKALIKE = dict(
    zip("аеорсухіѕјԁһӏոսαορνικτ", "aeopcyxisjdhlnuaopvikt", strict=True)  # Cyrillic, Armenian and Greek twins
)
_SAME = {
    "’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
    "…": ".", "。": ".", "।": ".", "؟": "?", "؛": ";", "¿": " ", "¡": " ", "_": " ",
    "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ı": "i", "ł": "l", "ø": "o", "đ": "d",
}  # fmt: skip
_DROPPED = [
    *(0x00, 0xAD, 0x34F, 0x61C, 0x180E, 0x640, 0x670, 0xFEFF),
    *range(0x300, 0x370),  # combining accents
    *range(0x64B, 0x660),  # Arabic vowel marks
    *range(0x200B, 0x2010),  # zero-width
    *range(0x202A, 0x202F),  # direction marks
    *range(0x2060, 0x2070),
    *range(0xFE00, 0xFE10),  # variation selectors
]
_ENDS = ".!?;"
_PLAIN = bytes(
    code if chr(code).isalnum() or chr(code) in _ENDS + '"\n' else ord(" ") for code in range(128)
) + bytes(128)
"""What each ASCII character is read as. Work on bytes is several times as fast as on characters."""
_FEW = 40
_TOKEN = re.compile(r"[\w\u0900-\u0963](?:'*[\w\u0900-\u0963])*|[.!?;\"]|\n\n")
_DISGUISED = re.compile(r"(?<![a-z0-9@$!|*])[a-z]{0,16}[013457@$!|*][a-z0-9@$!|*]{1,20}(?![a-z0-9@$!|*])")
_SIGN = re.compile(r"[^\x00-\x7f\w\u0900-\u0963]")
_ODD = re.compile(r"[^\x00-\x7f]")
_DISGUISE_INSIDE = re.compile(r"[!|*](?=[a-z])")
_UNDISGUISE = [str.maketrans("013457@$!|*", letters) for letters in ("oieastasiiu", "oleastasllo")]
_MARKS = re.compile(
    r"(?<![a-z0-9_\u00c0-\u024f@])@[a-z0-9_\u00c0-\u024f]+|(?:https?://|www\.)[!-~]*[a-z0-9/]|&(?:#[0-9]{2,6}|#x[0-9a-f]{2,5}|[a-z]{2,6});"
)
"""User names, links and characters written as web pages write them."""
_WRITTEN = {
    "&quot;": '"', "&#34;": '"', "&#8220;": '"', "&#8221;": '"', "&apos;": "'", "&#39;": "'", "&#039;": "'",
    "&#x27;": "'", "&#8216;": "'", "&#8217;": "'", "&rsquo;": "'", "&#8230;": ".",
}  # fmt: skip
_MIXED = re.compile(r"[a-z\u0370-\u03ff\u0400-\u052f\u0561-\u0587]+")
_FOREIGN = re.compile(r"[\u0370-\u03ff\u0400-\u052f\u0561-\u0587]")
_SPACED = re.compile(r"(?: [a-z0-9]){3,16}(?= )")
_LETTERS = frozenset("bcdefghjklmnopqrstvwxyz0123456789")


@cache
def _fold_table() -> dict[int, str | None]:
    """One character in, one or none out: places move only where something is dropped."""
    table: dict[int, str | None] = {ord(a): b for a, b in _SAME.items()}
    for code in (
        *range(0xC0, 0x250),
        *range(0x1E00, 0x1F00),
        *range(0xFF01, 0xFF5F),
        *range(0x1D400, 0x1D7FF),
    ):
        plain = unicodedata.normalize("NFKD", chr(code))[:1].lower()  # the last range: letters in fancy dress
        if plain.isascii() and plain.isprintable() and code not in table:
            table[code] = plain
    table.update(dict.fromkeys(_DROPPED))
    return table


Followers = Mapping[tuple[str, str], str]
"""{(first word, second word): the pair}: known pairs, found without building all the pairs of the text."""


def followers(names: Iterable[str]) -> Followers:
    """The pairs among these words and pairs. Each word is one object however many pairs it stands in: what is looked
    up lies closer together in memory, and that is most of what a look-up costs."""
    cut = ((name.partition(" "), name) for name in names)
    return {(intern(first), intern(second)): name for (first, space, second), name in cut if space}


def pairs_in(words: Sequence[str], known: Followers) -> set[str]:
    """The known pairs of neighbours among these words. No loop of Python's own runs here: it is the hottest place."""
    return set(filter(None, map(known.get, pairwise(words))))


class View:
    """The words of one text; `distinct` holds each word once, `features` each word and each pair of neighbours;
    `plain` tells whether the folded text is ASCII.

    `known` is asked before a disguise is undone: "k1ll" becomes "kill" only because "kill" is a word of
    some rule, so part numbers and user names stay as they are.
    """

    __slots__ = ("_counts", "_line", "_lower", "distinct", "plain", "text", "words")

    def __init__(self, text: str, known: Collection[str] = ()) -> None:
        self.text = text
        lower = text.lower()
        if "\0" in lower:
            lower = lower.replace("\0", "")
        if known and ("@" in lower or "&" in lower or "://" in lower or "www." in lower):
            lower = _MARKS.sub(lambda found: _blank(found.group(), known), lower)
        if not lower.isascii():
            lower = _folded(lower)
        # Are there digits or signs that stand for letters? Asked for one by one: the quickest way there is.
        if known and (
            "0" in lower or "1" in lower or "3" in lower or "4" in lower or "5" in lower or "7" in lower
            or "@" in lower or "$" in lower
            or (
                ("|" in lower or "*" in lower or lower.count("!") != lower.count("! ") + lower.endswith("!"))
                and _DISGUISE_INSIDE.search(lower)
            )
        ):  # fmt: skip
            lower = _DISGUISED.sub(lambda found: _undisguise(found.group(), known), lower)
        self._lower = lower
        self._counts: list[int] | None = None
        self._line = ""
        self.plain = lower.isascii()
        readable = lower if self.plain else _SIGN.sub(" ", lower)  # a pictogram only parts words
        if readable.isascii():
            spaced = readable.encode().translate(_PLAIN, b"'").decode("ascii")
            if "\n\n" in spaced:
                spaced = spaced.replace("\n\n", " . ")
            spaced = spaced.replace('"', ' " ').replace(".", " . ").replace("!", " ! ")
            self.words: list[str] = spaced.replace("?", " ? ").replace(";", " ; ").split()
        else:
            self.words = [
                "." if word == "\n\n" else word.replace("'", "")
                for word in _TOKEN.findall(lower.replace("_", " "))
            ]
        self.distinct = set(self.words)
        if not _LETTERS.isdisjoint(self.distinct):
            self._close_up(known)

    @property
    def line(self) -> str:
        """ " w1 w2 ... wn ": what rules match. Made when first asked for."""
        if not self._line:
            self._line = f" {' '.join(self.words)} "
        return self._line

    @property
    def features(self) -> set[str]:
        return self.distinct.union([f"{a} {b}" for a, b in pairwise(self.words)])

    def _close_up(self, known: Collection[str]) -> None:
        """Letters typed apart ("d i e") become the word, when it is a known one."""
        if not _SPACED.search(self.line):
            return
        words: list[str] = []
        counts: list[int] = []
        at = 0
        for found in _SPACED.finditer(self.line):
            first = self.line.count(" ", 0, found.start() + 1) - 1
            letters = found.group().split()
            words += self.words[at:first]
            counts += [1] * (first - at)
            runs = _joined(letters, known)
            words += [word for word, _ in runs]
            counts += [count for _, count in runs]
            at = first + len(letters)
        counts += [1] * (len(self.words) - at)
        words += self.words[at:]
        self.words, self._counts = words, counts
        self.distinct = set(words)
        self._line = ""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the words of `line[start:end]` (which begins with its space) stand in the text as given."""
        return self.spans([(start, end)])[0]

    def spans(self, pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """`span` for several places at once: the text is walked through once."""
        if self._counts is None:
            quick = [self._same_place(start, end) for start, end in pairs]
            if all(quick):
                return [
                    (self._origin(first), self._origin(last - 1) + 1) for first, last in filter(None, quick)
                ]
        line = self.line
        places = [(line.count(" ", 0, start + 1) - 1, line.count(" ", 0, end) - 1) for start, end in pairs]
        if self._counts is not None:
            sums = [0, *accumulate(self._counts)]
            places = [(sums[first], sums[last + 1] - 1) for first, last in places]
        most = max((last for _, last in places), default=0) + 1
        found = [match.span() for match in islice(_TOKEN.finditer(self._lower.replace("_", " ")), most)]
        return [
            (self._origin(found[first][0]), self._origin(found[last][1] - 1) + 1) for first, last in places
        ]

    def _same_place(self, start: int, end: int) -> tuple[int, int] | None:
        """The usual, quick case: the words stand in the text spelled as they are here, as often as they do here."""
        line, lower = self.line, self._lower
        words = line[start + 1 : end]
        at = lower.find(words)
        if at >= 0 and line.count(words) == 1 == lower.count(words):
            return None if _within_word(lower, at, at + len(words)) else (at, at + len(words))
        here = [at for at in _places(words, line) if line[at - 1] == " " == line[at + len(words)]]
        there = [at for at in _places(words, lower) if not _within_word(lower, at, at + len(words))]
        if len(here) != len(there):
            return None
        at = there[here.index(start + 1)]
        return at, at + len(words)

    def _origin(self, at: int) -> int:
        if len(self._lower) == len(self.text):
            return at
        table = _fold_table()
        starts = [0, *accumulate(len(char.lower().translate(table)) for char in self.text)]
        # A dropped character starts where the next kept one does; bisect_right lands on the kept one.
        return min(bisect_right(starts, at) - 1, len(self.text) - 1)


def _folded(lower: str) -> str:
    """Without accents and look-alikes. A few odd characters are exchanged one by one, many in one go."""
    table = _fold_table()
    if len(lower.encode("utf-8", "surrogatepass")) - len(lower) < _FEW:
        lower = _ODD.sub(lambda found: table.get(ord(found.group()), found.group()) or "", lower)
    else:
        lower = lower.translate(table)
    if not lower.isascii() and _FOREIGN.search(lower):
        return _MIXED.sub(_one_alphabet, lower)
    return lower


def _places(words: str, text: str) -> list[int]:
    """Where these words begin in the text, overlapping ones too."""
    out = []
    at = text.find(words)
    while at >= 0:
        out.append(at)
        at = text.find(words, at + 1)
    return out


def _within_word(text: str, start: int, end: int) -> bool:
    return text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()


def _one_alphabet(found: re.Match[str]) -> str:
    """A word that mixes alphabets is an English word in disguise; a word in one alphabet is left alone."""
    word = found.group()
    if _FOREIGN.search(word) and any("a" <= char <= "z" for char in word):
        return "".join(_LOOKALIKE.get(char, char) for char in word)
    return word


def _blank(mark: str, known: Collection[str]) -> str:
    """As many characters, but nothing to read: a user name is nobody's word, unless it is one that rules know."""
    if mark[0] == "@":
        return mark if mark[1:] in known or _undisguise(mark, known) != mark else " " * len(mark)
    sign = _WRITTEN.get(mark, " ") if mark[0] == "&" else " "
    return sign * len(mark) if sign == "'" else sign.ljust(len(mark))


def _undisguise(word: str, known: Collection[str]) -> str:
    if word in known:
        return word
    for table in _UNDISGUISE:
        plain = word.translate(table)
        if plain in known:
            return plain
    return word


def _joined(letters: list[str], known: Collection[str]) -> list[tuple[str, int]]:
    """The letters as known words, longest first; single letters where nothing fits. [(word, letters used)]"""
    out: list[tuple[str, int]] = []
    at = 0
    while at < len(letters):
        for size in range(len(letters) - at, 2, -1):
            word = _undisguise("".join(letters[at : at + size]), known)
            if word in known:
                out.append((word, size))
                at += size
                break
        else:
            out.append((letters[at], 1))
            at += 1
    return out
