"""What a story is made of, what it needs before it is sent, and which step leads where."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import asdict, dataclass, replace

PARTS = ("hard", "helped", "now")
TITLE_MAX, PART_MAX, BYLINE_MAX = 120, 6000, 40
LEAST_HELPED = 40  # characters: a story that many read says what helped
CHECKS = ("method", "hope", "person", "others", "true")  # what a reviewer ticks; words in texts.CHECKS
USES = ("site", "campaign", "network")
DAYS = {"90": 90, "365": 365, "730": 730}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a story."""

    title: str = ""
    hard: str = ""
    helped: str = ""
    now: str = ""
    byline: str = ""  # what the author wants to be called here; "": nothing

    def dump(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @property
    def text(self) -> str:
        """Everything, for those who look at words."""
        return "\n\n".join(p for p in (self.title, self.hard, self.helped, self.now) if p)

    def with_part(self, name: str, text: str) -> Words:
        return replace(self, **{name: text})


def load(text: str) -> Words:
    raw = json.loads(text) if text else {}
    return Words(**{k: str(v) for k, v in raw.items() if k in Words.__slots__})


def missing(words: Words) -> tuple[str, ...]:
    """Codes of what is still missing before a story can be sent."""
    found = []
    if len(words.title.strip()) < 3:
        found.append("title")
    if len(words.helped.strip()) < LEAST_HELPED:
        found.append("helped")
    if not (words.hard.strip() or words.now.strip()):
        found.append("hard")
    return tuple(found)


# state -> step -> state. "author" steps and "reviewer" steps never share a name.
STEPS: dict[tuple[str, str], str] = {
    ("draft", "send"): "review",
    ("changes", "send"): "review",
    ("agree", "send"): "review",  # the author's own answer to other words
    ("agree", "agree"): "published",
    ("review", "take_back"): "draft",
    ("review", "changes"): "changes",
    ("review", "propose"): "agree",
    ("review", "approve"): "published",
    ("review", "decline"): "declined",
    ("declined", "rewrite"): "draft",
    ("withdrawn", "rewrite"): "draft",
    ("ended", "rewrite"): "draft",
}
WRITABLE = ("draft", "changes", "agree")


def after(state: str, step: str) -> str | None:
    """The state a step leads to, None where it makes no sense."""
    return STEPS.get((state, step))


_NOT = re.compile(r"[^a-z0-9]+")


def slug(title: str, token: str) -> str:
    """An address for a story: words of its title, and a piece that makes it its own."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    stem = _NOT.sub("-", plain).strip("-")[:60].strip("-") or "story"
    return f"{stem}-{token}"
