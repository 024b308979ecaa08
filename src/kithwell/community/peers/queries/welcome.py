"""The welcome: what was answered, how far one is, which groups suit."""

from __future__ import annotations

from dataclasses import dataclass

from kithwell.community.groups import queries as groups
from kithwell.community.groups.access import GroupCard
from kithwell.community.peers import words
from kithwell.community.peers.actions.welcome import answers_of
from kithwell.community.peers.rules import asking, matching
from kithwell.community.peers.rules.asking import Answers
from kithwell.kernel.principal import Principal
from kithwell.people import access

# A group about one of these is suggested to nobody who did not name it: it may be the last thing they need to read.
ONLY_WHEN_NAMED = frozenset({"suicide-loss", "self-injury", "eating", "substances", "trauma", "voices"})


@dataclass(frozen=True, slots=True)
class Mine:
    answers: Answers
    band: str
    language: str

    @property
    def side(self) -> str:
        return matching.side(self.band)


def answers(principal: Principal) -> Mine:
    """One's own answers. Two queries."""
    account = access.own_account(principal)
    return Mine(answers_of(account.pk, account.subject), account.age_band, account.language)


def progress(done: tuple[str, ...]) -> tuple[int, int]:
    """Steps done, and all of them."""
    return len(done), len(asking.STEPS)


@dataclass(frozen=True, slots=True)
class Suited:
    """A group that may suit, and why in plain words."""

    card: GroupCard
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    mine: Mine
    suited: tuple[Suited, ...]


def found(principal: Principal) -> Found:
    """Groups that suit what somebody said. Six queries at most."""
    mine = answers(principal)
    assert principal.id is not None
    said = mine.answers
    languages = said.languages or (mine.language,)
    topics = tuple(code for code in said.brings if code != "other")
    for spoken in (languages, ()):
        cards = groups.suitable(
            principal.id, languages=spoken, topics=topics, leave_out=ONLY_WHEN_NAMED, limit=9
        )
        if cards:
            break
    return Found(mine, tuple(Suited(card, _why(card, said, languages)) for card in cards))


def _why(card: GroupCard, said: Answers, languages: tuple[str, ...]) -> str:
    from django.utils.translation import gettext as _

    if card.topic in said.brings:
        return _("You named: %(names)s.") % {"names": str(words.TOPICS.get(card.topic, card.topic))}
    if card.language in languages:
        return _("People there write in %(name)s.") % {"name": words.language(card.language)}
    return _("It is open to you.")
