"""Pure decisions about names, passwords, devices, codes and addresses to return to."""

from __future__ import annotations

import enum
import hashlib
import random
import re
import unicodedata
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from kithwell.people import words

NAME_MIN, NAME_MAX = 2, 40  # characters
PASSWORD_MIN, PASSWORD_MAX = (
    10,
    500,
)  # characters; NIST SP 800-63B-4 asks for length, not for kinds of characters
EMAIL_MAX = 254  # RFC 5321, section 4.5.3.1


class Reason(enum.StrEnum):
    """Why a name was not taken. The kind words for each are in `people/texts.py`."""

    EMPTY = "empty"
    LONG = "long"
    CHARACTERS = "characters"
    EMAIL = "email"
    LINK = "link"
    HANDLE = "handle"
    PHONE = "phone"
    YEAR = "year"
    STAFF = "staff"
    FULL_NAME = "full-name"


# Letters of other scripts, and digits, that pass for a Latin letter. A small part of Unicode's confusables
# (UTS #39): those that read the same in ordinary type. Applied after case folding. Capital I, small l and 1 look
# alike, so all of them become l.
_LOOKALIKES = str.maketrans(
    {
        "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "і": "l", "ј": "j", "ѕ": "s",
        "ԁ": "d", "һ": "h", "к": "k", "м": "m", "т": "t", "в": "b", "н": "h", "г": "r", "ո": "n", "ս": "u",
        "օ": "o", "α": "a", "ο": "o", "ν": "v", "ρ": "p", "τ": "t", "υ": "u", "ι": "l", "κ": "k", "ε": "e",
        "χ": "x", "η": "n", "0": "o", "1": "l", "i": "l", "ı": "l", "|": "l", "3": "e", "4": "a", "5": "s",
        "7": "t", "8": "b", "$": "s", "@": "a", "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "æ": "ae", "œ": "oe",
    }
)  # fmt: skip


def _plain(text: str) -> str:
    """Case, accents and look-alike letters taken out; what is not a letter stays. Marks of Indic scripts
    stay.
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(ch for ch in folded if not "\u0300" <= ch <= "\u036f")
    return unicodedata.normalize("NFC", bare).translate(_LOOKALIKES)


def name_key(name: str) -> str:
    """What two names that read the same have in common: `Qu1et Herón`, `QUIET_HERON` -> `quletheron`.

    Idempotent; letters and marks only. Empty when nothing of the name is a letter or digit.
    """
    kept = [ch for ch in _plain(name) if unicodedata.category(ch)[0] in "LMN"]
    return "".join(kept)


def _tokens(name: str) -> list[str]:
    """Words of a name, camel case taken apart, in the plain form without digits: `MariaLopez_92` -> maria,
    lopez.
    """
    spaced = re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])", " ", name)
    # Not \w: a regular expression takes the vowel signs of Devanagari for a word's end.
    letters = "".join(ch if unicodedata.category(ch)[0] in "LM" else " " for ch in spaced)
    return [key for part in letters.split() if (key := name_key(part))]


def _keys(lists: Iterable[str]) -> frozenset[str]:
    return frozenset(name_key(word) for group in lists for word in group.split())


_FRIENDLY = _keys(
    group
    for lists in words.FRIENDLY.values()
    for group in (*lists.nouns.values(), *lists.adjectives.values())
)
_STAFF, _GIVEN, _FAMILY = _keys(words.STAFF), _keys(words.GIVEN), _keys(words.FAMILY)
_STAFF_STARTS = tuple(name_key(word) for word in ("admin", "moderator", "kithwell", "doctor"))
_EMAIL = re.compile(r"[^\s@]+\s*(@|\(at\)|\[at\])\s*[^\s@]+\.[a-z]{2,}", re.I)
_LINK = re.compile(
    r"(https?:|www\.|://)|\b[\w-]{2,}\.(com|net|org|io|me|tv|info|app|de|fr|es|uk|br|in|eu|link)\b", re.I
)
_HANDLE = re.compile(
    r"(^|\s)@\w|#\d{3,}|\b(insta(gram)?|ig|snap(chat)?|tik\s?tok|whatsapp|telegram|discord|facebook|fb|twitter)\b",
    re.I,
)
_YEAR = re.compile(r"(?<!\d)(19[2-9]\d|20[0-3]\d)(?!\d)")
_DATE = re.compile(r"(?<!\d)\d{1,2}[./-]\d{1,2}[./-](\d{2}|\d{4})(?!\d)")
_MANY_DIGITS = 5  # of one name: more could be a number to call, an address, a matriculation number


def looks_identifying(name: str) -> Reason | None:
    """Why `name` may point at a real person or pass for one of the staff; None when it may be used.

    Heuristic and kind: it is there to catch what people do from habit, not to prove that a name is anonymous.
    """
    name = unicodedata.normalize("NFKC", name).strip()
    shape = _wrong_shape(name)
    if shape:
        return shape
    if _EMAIL.search(name):
        return Reason.EMAIL
    if _LINK.search(name):
        return Reason.LINK
    if _HANDLE.search(name):
        return Reason.HANDLE
    if _YEAR.search(name) or _DATE.search(name):
        return Reason.YEAR
    if sum(ch.isdigit() for ch in name) >= _MANY_DIGITS:
        return Reason.PHONE
    return _wrong_words(name)


def _wrong_shape(name: str) -> Reason | None:
    if len(name) > NAME_MAX:
        return Reason.LONG
    letters = sum(unicodedata.category(ch)[0] in "LM" for ch in name)
    digits = sum(ch.isdigit() for ch in name)
    if not letters and digits >= _MANY_DIGITS:
        return Reason.PHONE
    if letters < NAME_MIN:
        return Reason.EMPTY
    if any(unicodedata.category(ch)[0] not in "LMNZPS" or ch in "<>{}\\" for ch in name):
        return Reason.CHARACTERS
    return None


def _wrong_words(name: str) -> Reason | None:
    tokens = _tokens(name)
    joined = name_key(name)
    if not _STAFF.isdisjoint(tokens) or joined in _STAFF or joined.startswith(_STAFF_STARTS):
        return Reason.STAFF
    given = [t for t in tokens if t in _GIVEN]
    others = [t for t in tokens if t not in _GIVEN and t not in _FRIENDLY]
    # `Maria Lopez`, `Maria L`, `Maria Luisa`: a given name and something more that is not one of our own words.
    if (given and others) or len(given) > 1 or (given and len(tokens) > 1 and not _FAMILY.isdisjoint(tokens)):
        return Reason.FULL_NAME
    if len(others) > 1 and not _FAMILY.isdisjoint(others):
        return Reason.FULL_NAME
    return None


def propose(language: str, count: int, taken: Collection[str], rng: random.Random) -> list[str]:
    """`count` different names in `language` (English where we have no words) whose keys are not in `taken`.

    Two words; a small number is added only when most pairs are gone. Every name passes `looks_identifying`.
    """
    lists = words.FRIENDLY.get(language.split("-")[0].lower(), words.FRIENDLY["en"])
    found: list[str] = []
    keys = set(taken)
    for attempt in range(200 * count):
        gender = rng.choice(sorted(lists.nouns))
        noun = rng.choice(lists.nouns[gender].split())
        adjective = rng.choice(lists.adjectives[gender].split())
        name = f"{noun} {adjective}" if lists.noun_first else f"{adjective} {noun}"
        if attempt > 40 * count:
            name += f" {rng.randint(2, 9999)}"
        key = name_key(name)
        if key not in keys and looks_identifying(name) is None:
            keys.add(key)
            found.append(name)
        if len(found) == count:
            break
    return found


class Weak(enum.StrEnum):
    """Why a password was not taken."""

    SHORT = "short"
    LONG = "long"
    COMMON = "common"
    NAME = "name"


# The most used long passwords in any public list have these as their core; short ones fail by length anyway.
_COMMON = re.compile(
    r"^(.)\1*$|^(password|passwort|contrasena|motdepasse|senha|qwerty|qwertz|azerty|letmein|iloveyou|welcome|admin|"
    r"abc|dragon|monkey|football|sunshine|princess)*[\W\d_]*$|^(0?123456789?0?|987654321)+\d*$",
    re.I,
)


def weak_password(password: str, name: str = "") -> Weak | None:
    """Why `password` is too easy to guess, or None. Length first; no rules about kinds of characters."""
    if len(password) < PASSWORD_MIN:
        return Weak.SHORT
    if len(password) > PASSWORD_MAX:
        return Weak.LONG
    if _COMMON.match(password) or len(set(password)) < 4:
        return Weak.COMMON
    key, own = name_key(password), name_key(name)
    if own and len(own) >= 4 and own in key and len(key) - len(own) < 4:
        return Weak.NAME
    return None


_BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "CrOS": "Chromebook",
    "Mac OS": "Mac",
    "Linux": "Linux",
}


def device_words(user_agent: str) -> str:
    """A device in two coarse words, `Firefox · Android`; empty when unknown. Versions and models are not
    kept.
    """
    browser = next((word for mark, word in _BROWSERS.items() if mark in user_agent), "")
    system = next((word for mark, word in _SYSTEMS.items() if mark in user_agent), "")
    return " · ".join(part for part in (browser, system) if part)


_CODE_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # no i, l, o, 0, 1: read aloud, written by hand
CODE_COUNT, CODE_GROUPS, CODE_GROUP = 8, 3, 4  # 12 characters of 31: 59 bits each


def recovery_code(rng: random.Random) -> str:
    """One code, `k7mp-x2qa-9trd`; `rng` must be a system generator outside tests."""
    groups = ["".join(rng.choice(_CODE_ALPHABET) for _ in range(CODE_GROUP)) for _ in range(CODE_GROUPS)]
    return "-".join(groups)


def normal_code(typed: str) -> str:
    """A code as typed by a person, without spaces, dashes and case."""
    return "".join(ch for ch in typed.casefold() if ch in _CODE_ALPHABET)


def digest(secret: str) -> str:
    """SHA-256 in hex: enough for secrets of 59 random bits and more that are only recognised again."""
    return hashlib.sha256(secret.encode()).hexdigest()


def safe_next(target: str, default: str) -> str:
    """`target` when it is a path on this site, else `default`. Never another host, scheme or a control
    character.
    """
    if not target or len(target) > 500 or not target.startswith("/") or target.startswith(("//", "/\\")):
        return default
    if "\\" in target or any(unicodedata.category(ch)[0] in "CZ" for ch in target):
        return default
    try:
        parts = urlsplit(target)
    except ValueError:
        return default
    return default if parts.scheme or parts.netloc else target


_EMAIL_FORM = re.compile(r"[^\s@<>\"(),:;\[\]\\]{1,64}@[^\s@<>\"(),:;\[\]\\]+\.[^\s@.<>\"(),:;\[\]\\]{2,}")


def normal_email(typed: str) -> str | None:
    """The address with its domain in lower case, or None when it cannot be one."""
    typed = typed.strip()
    if len(typed) > EMAIL_MAX or ".." in typed or not _EMAIL_FORM.fullmatch(typed):
        return None
    local, _, domain = typed.rpartition("@")
    return f"{local}@{domain.lower()}"


def quarter(moment: datetime) -> datetime:
    """`moment` cut to the quarter of an hour."""
    return moment.replace(minute=moment.minute - moment.minute % 15, second=0, microsecond=0)


def proof_holds(
    proved: datetime | None, seen: datetime | None, now: datetime, *, life: timedelta, idle: timedelta
) -> bool:
    """Does a proof of who one is still hold? Not older than `life`, and not unused for longer than `idle`."""
    if proved is None or proved > now + timedelta(minutes=1):
        return False
    last = max(proved, seen or proved)
    return now - proved <= life and now - last <= idle
