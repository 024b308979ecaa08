"""Every word of the help page: reviewed tables for English and Spanish, the message catalogue for other languages.

Each text has an id and a row in docs/clinical/directory.md. Read on the worst evening of somebody's year: short,
warm, plain, nothing promised that we cannot keep. Words in {braces} are filled in.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from kithwell.directory.words_es import ES


def _(text: str) -> str:
    """Marks a text for the message catalogue; looked up in `table`. Django's own marker needs settings."""
    return text


EN: Mapping[str, str] = {
    "title": _("Help now"),
    "leave": _("Leave"),
    "lead": _("You do not have to get through this alone. Here is help that you can reach right now."),
    "danger_title": _("In danger right now?"),
    "danger_text": _("If you might hurt yourself, or somebody is hurt, call the emergency number."),
    "danger_near": _(
        "Go to where other people are, or ask somebody to come to you. If calling is too hard, ask them to call."
    ),
    "no_emergency": _(
        "Call your local emergency number. We do not show one here because we are not sure which is right where you "
        "are. Anybody near you can tell you, or call for you."
    ),
    "call": _("Call {number}"),
    "call_ambulance": _("Ambulance {number}"),
    "call_police": _("Police {number}"),
    "lines_title": _("People to call or write to: {country}"),
    "lines_unknown_title": _("People to call or write to"),
    "lines_unknown": _("Choose your country to see numbers that work where you are."),
    "lines_none": _(
        "We have no number for this country that has been checked well enough to show here. The "
        "emergency number, a doctor or a hospital can help, and you can write to us."
    ),
    "lines_others": _("For particular people or problems"),
    "lines_change": _("Numbers can change. If nobody answers, try another one."),
    "guessed": _("We guessed {country} from your browser's language. If that is wrong, choose your country."),
    "country": _("Country"),
    "country_unknown": _("Choose a country"),
    "show": _("Show"),
    "text_to": _("Text {number}"),
    "text_word": _("Text {word} to {number}"),
    "extension": _("Then choose extension {number}"),
    "chat": _("Chat"),
    "website": _("Website"),
    "hours_always": _("Day and night"),
    "hours": _("Open: {hours}"),
    "speaks": _("Speaks: {languages}"),
    "months": _("January February March April May June July August September October November December"),
    "date": _("{day} {month} {year}"),
    "checked": _("This number was checked against the service's own page on {date}."),
    "talk_title": _("Write to us"),
    "talk_now": _("Somebody from our team is here now. No account, no name."),
    "talk_soon": _(
        "Our team is here. It may take about {minutes} minutes until somebody is free. No account, no name."
    ),
    "talk_hours": _(
        "Our team is here. It may take about {hours} hours until somebody is free; people in danger "
        "come first. No account, no name."
    ),
    "talk_closed": _(
        "Nobody from our team is here right now. You can still write: a computer answers at once, and a "
        "person reads it when we are back."
    ),
    "talk_unknown": _(
        "You can write to us without an account and without a name. You will see there how long it may take."
    ),
    "talk_button": _("Start writing"),
    "other_title": _("Worried about somebody else?"),
    "other_text": _(
        "Ask them plainly how they are and whether they think about suicide. Asking does not put the idea into "
        "anybody's head. Listen, stay with them, and call one of these numbers together. If they are in danger right "
        "now, call the emergency number."
    ),
    "minute_title": _("For the next few minutes"),
    "minute_breathe": _("Breathe out slowly, longer than you breathe in. Do that five times."),
    "minute_look": _("Name five things you can see, four you can touch, three you can hear."),
    "minute_place": _(
        "Move to a place where you feel safer, if you can, and put distance between you and anything you could hurt "
        "yourself with."
    ),
    "minute_someone": _('Tell one person you trust: "I am not well. Can you stay with me for a while?"'),
    "plan_title": _("A plan for bad moments"),
    "plan_lead": _(
        "Write it when things are a little calmer. When it gets bad, work through it from the top. Skip what "
        "does not fit."
    ),
    "plan_1": _("How I notice that it is getting bad"),
    "plan_1_hint": _("Thoughts, moods, places, times of day"),
    "plan_2": _("What I can do by myself that has helped before"),
    "plan_2_hint": _("Walking, music, a shower, breathing"),
    "plan_3": _("People and places that take my mind off it"),
    "plan_3_hint": _("A café, a friend to watch a film with"),
    "plan_4": _("People I can tell and ask for help"),
    "plan_4_hint": _("Names and numbers"),
    "plan_5": _("Professionals and services I can call"),
    "plan_5_hint": _("Doctor, therapist, the numbers above"),
    "plan_6": _("How I make my surroundings safer"),
    "plan_6_hint": _("What I can put out of reach or ask somebody to keep for me"),
    "plan_stays": _(
        "What you write here stays on this page. It is not sent to us. Print the page to keep it."
    ),
    "plan_keep": _("Keep it on this device"),
    "plan_keep_hint": _("Anybody who uses this device and browser can then open it here."),
    "plan_print": _("Print"),
    "plan_forget": _("Delete it from this device"),
    "plan_kept": _("Kept on this device."),
    "plan_forgotten": _("Deleted from this device."),
    "history": _(
        "Leave opens a weather page at once; so does pressing Escape three times where scripts are on. Your browser's "
        "history still shows that you were here."
    ),
    "home": _("Home page"),
    "aud_children": _("children and young people"),
    "aud_women": _("women; violence at home or sexual violence"),
    "aud_violence": _("people who were hurt by violence"),
    "aud_men": _("men"),
    "aud_substance": _("alcohol and drugs"),
    "aud_lgbtq": _("LGBTQ people"),
    "aud_bereaved": _("people who lost somebody to suicide"),
    "aud_older": _("older people and people with disabilities"),
    "aud_english": _("people who speak English"),
    "aud_indigenous": _("Indigenous people"),
    "aud_muslim": _("Muslims"),
    "aud_parents": _("children, young people and parents"),
    "for": _("For {audience}"),
}

REVIEWED: Mapping[str, Mapping[str, str]] = {"en": EN, "es": ES}

AUDIENCES: Mapping[str, str] = {
    "children and youth": "aud_children",
    "children and youth; women, domestic or sexual violence": "aud_children",
    "children, youth, parents": "aud_parents",
    "women, domestic or sexual violence": "aud_women",
    "victims": "aud_violence",
    "victims of violence": "aud_violence",
    "men": "aud_men",
    "substance use": "aud_substance",
    "LGBTQ": "aud_lgbtq",
    "bereaved by suicide": "aud_bereaved",
    "older or disabled people": "aud_older",
    "English speakers": "aud_english",
    "indigenous people": "aud_indigenous",
    "muslims": "aud_muslim",
}


@lru_cache(maxsize=32)
def table(language: str) -> tuple[str, Mapping[str, str]]:
    """(language, words): the reviewed table, else the catalogue's, else English; `language` says which it really is."""
    base = language.split("-")[0]
    if base in REVIEWED:
        return base, REVIEWED[base]
    try:
        from django.utils import translation

        with translation.override(language):
            found = {key: translation.gettext(text) for key, text in EN.items()}
    except Exception:  # the help page must stand when the catalogues do not
        return "en", EN
    return ("en", EN) if found["lead"] == EN["lead"] else (base, found)
