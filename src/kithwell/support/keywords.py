"""Words that work on every channel and before anything else: STOP, START, HELP, OPEN, in several languages. Pure.

Only a message that is nothing but such a word counts. "Please make it stop" is a person in pain, not a request to be
left alone, and is never matched. Words that people in distress also write on their own ("end", "quit", "cancel",
"enough") are left out on purpose.
"""

from __future__ import annotations

import unicodedata

STOP, START, HELP, OPEN = "stop", "start", "help", "open"

# In the order of rank: a word that stands in two lists belongs to the first.
_WORDS: dict[str, str] = {
    HELP: "help sos ayuda socorro aide hilfe ajuda aiuto pomoc помощь помогите مساعدة النجدة ساعدني मदद बचाओ",
    STOP: (
        "stop stopp stopall unsubscribe baja parar detener arret arrêt arreter arrêter desabonner désabonner abmelden "
        "stoppen sair stopar ferma fermati стоп توقف إيقاف ايقاف قف रोकें रोको रुको"
    ),
    START: (
        "start unstop subscribe empezar comenzar iniciar demarrer démarrer commencer starten anmelden comecar começar "
        "inizia старт ابدأ ابدا शुरू"
    ),
    OPEN: "open abrir abre ouvrir öffnen oeffnen apri открыть افتح खोलें खोलो",
}

_BY_WORD: dict[str, str] = {}
for _meaning, _line in _WORDS.items():
    for _word in _line.split():
        _BY_WORD.setdefault(unicodedata.normalize("NFKC", _word).casefold(), _meaning)

_LONGEST = 60  # characters; whatever is longer is a message, not a word


def match(text: str, language: str = "") -> str | None:
    """stop | start | help | open, or None. Case, accents of typing, punctuation and repetition do not matter.

    `language` is not needed (the lists do not clash) and is taken for callers that know it.
    """
    if len(text) > _LONGEST:
        return None
    words = {word for word in _plain(text).split() if word}
    return _BY_WORD.get(words.pop()) if len(words) == 1 else None


def _plain(text: str) -> str:
    """Letters, marks and digits in normal form; everything else (punctuation, emoji, quotes) becomes a space."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in folded)
