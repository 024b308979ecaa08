"""Topics from a Discourse forum, as its own `rake export:...` tasks write them (of categories or of topics).

JSON with `users` and `topics`; a topic has `posts` with `raw` (Markdown), `user_id`, `post_number`, `created_at`,
`reply_to_post_number`, `hidden`. E-mail addresses and real names of the file are never read.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from kithwell.community.imports.rules.lines import Found, Line, Unreadable

MOST_PARTS = 2_000_000  # objects and lists: a small file can unfold into very much
_UPLOAD = re.compile(
    r"!\[[^\]]{0,300}\]\([^)]{0,500}\)|<img[^>]{0,900}>|\[[^\]]{0,300}\|attachment\]\([^)]{0,500}\)",
    re.IGNORECASE,
)
_QUOTE = re.compile(r"\[quote(?:=[^\]\n]{0,200})?\]|(\[/quote\])", re.IGNORECASE)


def read(text: str) -> Found:
    """The forum's lines, a thread for each topic. Raises Unreadable (not-json, no-topics, too-large)."""
    if text.count("{") + text.count("[") > MOST_PARTS:
        raise Unreadable("too-large")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable("not-json") from error
    topics = data.get("topics") if isinstance(data, dict) else None
    if not isinstance(topics, list):
        raise Unreadable("no-topics")
    names = _names(data.get("users"))
    found = Found()
    for topic in topics:
        if isinstance(topic, dict) and topic.get("archetype", "regular") == "regular":
            _read_topic(topic, names, found)
        else:
            found.left["private"] += 1  # private messages are nobody's to move
    if not found.lines and not found.left:
        raise Unreadable("empty")
    return found


def _names(users: Any) -> dict[int, str]:
    rows = users if isinstance(users, list) else []
    return {
        row["id"]: str(row["username"])[:60]
        for row in rows
        if isinstance(row, dict) and isinstance(row.get("id"), int) and row.get("username")
    }


def _read_topic(topic: dict[str, Any], names: dict[int, str], found: Found) -> None:
    posts = topic.get("posts")
    rows = sorted(
        (p for p in (posts if isinstance(posts, list) else []) if isinstance(p, dict)),
        key=lambda p: _number(p.get("post_number")),
    )
    keys: dict[int, str] = {}
    title = str(topic.get("title") or "")[:140]
    thread = f"t{_number(topic.get('id'))}"
    for row in rows:
        number, at = _number(row.get("post_number")), _when(row.get("created_at"))
        raw = row.get("raw")
        if row.get("hidden"):
            found.left["hidden"] += 1
            continue
        if not isinstance(raw, str) or at is None:
            found.left["system"] += 1
            continue
        author = names.get(_number(row.get("user_id")), "")
        if not author:
            found.left["system"] += 1  # the forum's own messages, or somebody the export does not name
            continue
        words, pictures = _UPLOAD.subn("", raw)
        found.left["media"] += pictures
        words = plain(words)
        if not words:
            found.left["empty"] += 1
            continue
        keys[number] = f"{thread}p{number}"
        answers = keys.get(_number(row.get("reply_to_post_number")), "")
        found.lines.append(Line(keys[number], at, author, words, thread, answers, title))
        title = ""


def plain(raw: str) -> str:
    """Discourse's Markdown without its quotes: they are somebody else's words, and that person decides about them."""
    kept, deep, at = [], 0, 0
    for found in _QUOTE.finditer(raw):
        if deep == 0:
            kept.append(raw[at : found.start()])
        deep = max(0, deep - 1) if found[1] else deep + 1
        at = found.end()
    if deep == 0:
        kept.append(raw[at:])
    return re.sub(r"\n{3,}", "\n\n", "".join(kept)).strip()


def _number(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _when(value: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at
