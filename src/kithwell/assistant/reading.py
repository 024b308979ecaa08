"""The little the assistant must understand of free words, in English and Spanish. Pure; everything else goes to people.

Whoever is not understood loses nothing: the words are stored and read by a person in any case.
"""

# ruff: noqa: E501  (a pattern is read best on one line)
from __future__ import annotations

import re
import unicodedata

_MOST = 2000  # characters looked at


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns))


_HUMAN = _any(
    r"^(?:a )?(?:person|human|agent|persona|humano|humana)(?: please| por favor)?$",
    r"\b(?:talk|speak|chat|write) (?:to|with) (?:a |an |some )?(?:real |actual |live )?(?:person|human|somebody|someone|one|counsellor|counselor|supporter|volunteer)\b",
    r"\b(?:want|need|get me|give me) (?:a |an )?(?:real |actual )(?:person|human)\b",
    r"\b(?:hablar|chatear|escribir) con (?:una |un )?(?:persona|humano|alguien|voluntari[oa])\b",
    r"\bquiero (?:una |un )?(?:persona|humano)\b",
)
_COMPUTER = _any(
    r"\b(?:are|r) (?:you|u) (?:a |an )?(?:real|human|person|bot|robot|ai|computer|machine|program|chatbot|automated)\b",
    r"\bis (?:this|it|that) (?:a |an )?(?:real|human|person|bot|robot|ai|computer|machine|chatbot|automated)\b",
    r"\bam i (?:talking|speaking|writing) (?:to|with) (?:a |an )?(?:real |actual )?(?:person|human|bot|robot|ai|computer|machine)\b",
    r"\beres (?:una? |el )?(?:persona|humano|humana|robot|bot|maquina|ia|programa|real)\b",
    r"\bes (?:esto )?(?:un|una) (?:robot|bot|maquina|ia|programa)\b",
    r"\b(?:who|what) are you\b|\bquien eres\b|\bque eres\b",
)
_PRIVACY = _any(
    r"\bwho (?:can|will|could|gets to) (?:read|see)\b",
    r"\bis (?:this|it|that|everything)(?: chat| conversation)? (?:private|confidential|anonymous|secret|secure|safe to write)\b",
    r"\b(?:confidential|anonymous)\?",
    r"\bquien (?:puede|podra|va a) (?:leer|ver)\b",
    r"\bes (?:esto )?(?:privad[oa]|confidencial|anonim[oa]|secret[oa])\b",
    r"^(?:privacy|privacidad)$",
)
_POLICE = _any(
    r"\b(?:call|calling|send|sending|tell) (?:the )?(?:police|cops|911|999|112|ambulance)\b.*\?",
    r"\b(?:will|would|do|are|going to) you\b.*\b(?:police|cops|ambulance|locked up|sectioned)\b",
    r"\b(?:llamar|avisar)(?:eis|as|an|a)?\b.*\b(?:policia|ambulancia)\b.*\?",
)
_DIAGNOSIS = _any(
    r"\b(?:do|could|might) i (?:have|be having) (?:\w+ ){0,2}(?:depression|bipolar|adhd|ptsd|ocd|bpd|anxiety|schizophrenia|psychosis|autism|disorder)\b",
    r"\bam i (?:\w+ )?(?:depressed|bipolar|crazy|psychotic|autistic|schizophrenic|mentally ill)\b",
    r"\b(?:diagnose|diagnosis)\b",
    r"\btengo (?:una )?(?:depresion|ansiedad|trastorno|tdah|bipolaridad)\b.*\?",
    r"\bdiagnostic(?:o|ar|ame)\b",
)
_ANGER = _any(
    r"\b(?:fuck|screw|damn) (?:you|u|off|this bot)\b",
    r"\b(?:you|u|ur|youre|you re)(?: are)? (?:a |an |so |just |fucking |bloody |such )*(?:useless|stupid|idiot|dumb|shit|crap|pathetic|worthless bot|moron|garbage|trash)\b",
    r"\b(?:stupid|useless|dumb|shitty|crap) (?:bot|robot|machine|computer|program|thing)\b",
    r"\bshut up\b",
    r"\b(?:eres|sois) (?:una? |muy |tan )*(?:inutil|estupid[oa]|idiota|mierda|basura|imbecil)\b",
    r"\b(?:vete|iros) a la mierda\b|\bcallate\b|\bque te (?:den|jodan)\b",
)
_THANKS = _any(
    r"^(?:ok(?:ay)? )?(?:thanks?|thank you|thx|ty|gracias|muchas gracias)(?: you| so much| a lot| very much)?$"
)
_YES = _any(
    r"^(?:yes|yeah|yep|yup|si|y|i am|i do|i have|sure|claro|i will|lo hare)(?: (?:i am|i do|i have|please|lo estoy|lo hago))?$"
)
_NO = _any(r"^(?:no|nope|nah|n|not really|i m not|im not|i don t|i dont|no lo estoy|para nada|i haven t)$")
_WORRIED_ABOUT = _any(
    r"\bmy (?:best |little |older |younger |step|ex |ex)?\s?(?:friend|sister|brother|mother|mum|mom|father|dad|son|daughter|child|kid|wife|husband|partner|girlfriend|boyfriend|cousin|uncle|aunt|roommate|flatmate|colleague|coworker|neighbou?r|student|pupil|teacher|classmate|nephew|niece|grand\w+)\b",
    r"\b(?:a|this|some) (?:friend|girl|boy|guy|person|colleague|student) (?:of mine|i know|at (?:school|work)|in my class|online)\b",
    r"\bmi (?:mejor )?(?:amig[oa]|herman[oa]|madre|mama|padre|papa|hij[oa]|pareja|novi[oa]|espos[oa]|mujer|marido|prim[oa]|ti[oa]|companer[oa]|vecin[oa]|alumn[oa]|sobrin[oa]|abuel[oa])\b",
    r"\b(?:un|una) (?:amig[oa] (?:mi[oa])?|conocid[oa]|companer[oa])\b",
)
_IN_DANGER = _any(
    r"\b(?:suicid\w*|kill (?:himself|herself|themsel\w+|him self|her self)|(?:end|ending|take|taking) (?:his|her|their) (?:own )?li(?:fe|ves))\b",
    r"\b(?:hurt|harm|cut|hurting|harming|cutting) (?:himself|herself|themsel\w+)\b",
    r"\b(?:he|she|they) (?:wants?|wanted|is going|are going|said \w+ wants?) to (?:die|be dead|end it)\b",
    r"\b(?:doesn t|does not|don t|do not|doesnt|dont) want to (?:live|be alive|be here)\b",
    r"\bworried (?:about|that) (?:him|her|them|my|he|she|they)\b",
    r"\b(?:matarse|quitarse la vida|suicidarse|hacerse dano|autolesion\w*|cortarse)\b",
    r"\b(?:se quiere|quiere|querria) (?:matar|morir|suicidar)\b",
    r"\bno quiere (?:vivir|seguir viviendo)\b",
)
_OWN_DANGER = _any(
    r"\b(?:i|im|i m|i ve|ive) (?:\w+ ){0,5}(?:want|wanna|going|gonna|plan|planning|thinking|thought|tried|wish|need) (?:\w+ ){0,3}(?:die|dead|kill myself|suicide|end (?:it|my life)|disappear|hurt myself|killing myself|ending)\b",
    r"\b(?:kill|hurt|harm|cut|killing|hurting|harming|cutting) (?:myself|my self)\b",
    r"\b(?:me quiero|quiero) (?:morir|matar|suicidar)(?:me)?\b|\bmatarme\b|\bquitarme la vida\b|\bhacerme dano\b",
    r"\b(?:so do i|me too|i feel the same|yo tambien)\b",
)


def plain(text: str) -> str:
    """Lower case, no accents, everything but letters, digits and "?" as single spaces."""
    folded = unicodedata.normalize("NFKD", text[:_MOST].casefold())
    kept = "".join(c for c in folded if not unicodedata.combining(c))
    return re.sub(r" +", " ", re.sub(r"[^\w?]+", " ", kept.replace("?", " ? "))).strip().replace(" ?", "?")


def _bare(said: str) -> str:
    return said.rstrip("?").strip()


def wish(text: str) -> str:
    """ "human", "computer", "privacy", "police", "diagnosis", "anger", "thanks" or "": the first that fits."""
    said = plain(text)
    bare = _bare(said)
    for name, pattern, whole in (
        ("human", _HUMAN, True),
        ("computer", _COMPUTER, False),
        ("police", _POLICE, False),
        ("privacy", _PRIVACY, False),
        ("diagnosis", _DIAGNOSIS, False),
        ("anger", _ANGER, False),
        ("thanks", _THANKS, True),
    ):
        if pattern.search(bare if whole else said):
            return name
    return ""


def yes_or_no(text: str) -> bool | None:
    """True, False, or None when it is neither."""
    bare = _bare(plain(text))
    if _YES.search(bare):
        return True
    return False if _NO.search(bare) else None


def number(text: str) -> int | None:
    """0 to 10 when the message is nothing but such a number ("7", "7/10", "about 7 out of 10"), else None."""
    found = re.fullmatch(
        r"(?:(?:about|maybe|like|i d say|its|it s|un|una|como|unos|a|an) )*(\d{1,2})(?: ?(?:of|out of|de|sobre) ?10| 10)?",
        _bare(plain(text)),
    )
    value = int(found.group(1)) if found else -1
    return value if 0 <= value <= 10 else None


def about_another(text: str) -> bool:
    """Worried about somebody else, and not speaking of their own danger as well (doubt counts as their own)."""
    said = plain(text)
    return bool(_WORRIED_ABOUT.search(said) and _IN_DANGER.search(said) and not _OWN_DANGER.search(said))
