"""Which language a text is in: by script, then by the small words nobody writes without. Small on purpose.

Sure answers only: "unknown" is a good answer, because rules of every language are tried on every text anyway and
the language decides only whether the English scorer may speak.
"""

from __future__ import annotations

import re
from collections.abc import Collection

VALIDATED = frozenset({"en"})
"""Languages whose scores were measured (see the model card). For all others: rules and people."""

_WORDS = {
    "en": "i im ive id me my you your the a and to of is it that was for not dont cant this with have be so he she they"
    " we are do what just on in at if how want feel know like get been will would its no there about or",
    "es": "yo me mi mis que de la el los las en y es no un una por con para lo se te tu pero mas estoy tengo ya como"
    " soy voy va a al noche ahora quiero muy esta esto hay nada todo siento puedo cuando porque hoy vida",
    "fr": "je jai me ma mes que de la le les et est un une pas ne pour dans plus mais tu vous nous cest suis il elle on"
    " qui a pense suis voudrais avec sur tout bien au du ce cette veux moi rien jamais quand sais",
    "de": "ich mich mir mein meine und der das ist nicht ein eine es zu mit den von auf bin habe kann will aber so wie"
    " mehr du sie wir war auch noch nur dass keine kein fur immer nichts wenn",
    "pt": "eu me meu minha que de o os as e um uma nao com para por mas mais voce estou tenho ja muito isso como sou"
    " quero esta nada tudo sinto posso quando porque ele ela hoje vida em na ao",
}
_STOPS = {code: frozenset(words.split()) for code, words in _WORDS.items()}
_ENGLISH = _STOPS["en"]
_HINTS = {
    "es": frozenset(
        "yo y el los las lo pero estoy tengo soy quiero muy hay siento puedo hoy con una ya".split()
    ),
    "pt": frozenset(
        "eu meu minha os um uma nao voce estou tenho muito isso sou quero sinto posso ele ela em ao".split()
    ),
}
_ARABIC = re.compile("[\u0600-\u06ff]")
_HINDI = re.compile("[\u0900-\u097f]")
_LATIN = re.compile("[a-z]")
_ENOUGH = 5
_HINGLISH = frozenset(
    "mujhe nahi hai hoon hun main mera meri kya karna jeena marna chahta chahti raha rahi".split()
)


def detect(line: str, words: Collection[str]) -> str:
    """The language code of a folded text: en, es, fr, de, pt, ar, hi, or "unknown".

    `line` and `words` are those of `normal.View`; `words` should be a set.
    """
    english = len(_ENGLISH.intersection(words))
    if english >= _ENOUGH and line.isascii() and 4 * english >= len(words):
        return "en"
    if not line.isascii():
        script = _by_script(line)
        if script:
            return script
    return _by_words(words, english)


def _by_script(line: str) -> str:
    sample = line[:2000]
    latin = len(_LATIN.findall(sample))
    for code, pattern in (("ar", _ARABIC), ("hi", _HINDI)):
        if len(pattern.findall(sample)) > latin:
            return code
    others = sum(1 for char in sample if char.isalpha() and not char.isascii())
    return "unknown" if others > latin else ""


def _by_words(words: Collection[str], english: int) -> str:
    if len(_HINGLISH.intersection(words)) >= 2:
        return "hi"
    found = {code: float(len(stops.intersection(words))) for code, stops in _STOPS.items() if code != "en"}
    found["en"] = float(english)
    for code, hints in _HINTS.items():
        found[code] += 0.5 * len(hints.intersection(words))
    best = max(found, key=lambda code: (found[code], code == "en"))
    if found[best] <= 0 or found[best] < 0.12 * len(words):
        return "unknown"
    return best
