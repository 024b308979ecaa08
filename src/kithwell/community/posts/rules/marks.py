"""Light formatting: emphasis, lists, quotes, links. Pure text to HTML of a few known tags.

The parser is markdown-it-py with everything off but these; the writer of HTML is our own and knows no other tag. So
whatever the parser may come to understand, no other tag can come out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

_TAGS = {
    "paragraph": "p",
    "bullet_list": "ul",
    "ordered_list": "ol",
    "list_item": "li",
    "blockquote": "blockquote",
    "em": "em",
    "strong": "strong",
}
REL = "nofollow noreferrer ugc"
DEEPEST = 16
NEWLINE = "\n"


def _parser() -> MarkdownIt:
    made = MarkdownIt("zero", {"html": False, "linkify": False, "typographer": False, "maxNesting": DEEPEST})
    made.enable(["list", "blockquote", "emphasis", "link", "escape", "newline"])
    return made


_MD = _parser()


# Without any of these a text is paragraphs and line breaks: most of what people write, and ten times as fast.
_INSIDE = re.compile(r"[*_\[\]\\>\t]")
_BEGINS = re.compile(r" *(?:[-+]|\d+[.)])| {4}")


def _is_marked(text: str) -> bool:
    """Is there anything in it that the parser might understand? Asked of every text, so in the cheapest way."""
    if _INSIDE.search(text) or "\n " in text or " \n" in text:
        return True
    return any(_BEGINS.match(line) for line in text.split("\n"))


def html(text: str) -> str:
    """The HTML of a text: only the tags of this file, with every character of the text escaped."""
    text = _tidy(text)
    tokens = _parsed(text)
    return _simple(text) if tokens is None else _blocks(tokens)


def plain(text: str) -> str:
    """The words alone, one line for each paragraph: for excerpts, search, screening of what is read."""
    text = _tidy(text)
    return _plain(text, _parsed(text))


def both(text: str) -> tuple[str, str]:
    """`html` and `plain`, with one reading of the text."""
    text = _tidy(text)
    tokens = _parsed(text)
    return (_simple(text) if tokens is None else _blocks(tokens)), _plain(text, tokens)


def _parsed(text: str) -> Sequence[Token] | None:
    """None where nothing is marked, and where the parser would drop something: that is shown as it was typed."""
    if not _is_marked(text):
        return None
    tokens = _MD.parse(text)
    return tokens if _whole(tokens) else None


def _plain(text: str, tokens: Sequence[Token] | None) -> str:
    if tokens is None:
        return "\n".join(" ".join(part.split("\n")).strip() for part in _paragraphs(text))
    lines = [_words(token.children or ()) for token in tokens if token.type == "inline"]
    return "\n".join(line for line in lines if line)


def _whole(tokens: Sequence[Token]) -> bool:
    """Beyond a certain depth the parser drops what is inside."""
    return all(token.level < DEEPEST - 2 for token in tokens)


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n{2,}", text) if part.strip()]


def _simple(text: str) -> str:
    return "".join(f"<p>{escape(part).replace(NEWLINE, '<br>')}</p>" for part in _paragraphs(text))


def excerpt(text: str, most: int) -> str:
    """The beginning of the words, cut at a space, with an ellipsis where something follows."""
    return cut(plain(text), most)


def cut(words: str, most: int) -> str:
    """As `excerpt`, of words that are plain already."""
    words = " ".join(words.split())
    if len(words) <= most:
        return words
    return (words[:most].rsplit(" ", 1)[0] or words[:most]) + " …"


def hosts(text: str) -> tuple[str, ...]:
    """Where links of a text lead."""
    found: list[str] = []
    for token in _MD.parse(_tidy(text)):
        for child in token.children or ():
            host = _host(str(child.attrGet("href") or "")) if child.type == "link_open" else ""
            if host and host not in found:
                found.append(host)
    return tuple(found)


def _tidy(text: str) -> str:
    """Line ends alike; no control characters; nothing that turns the reading direction round."""
    return _HIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]")


def _host(href: str) -> str:
    """The host of an address that may be linked; "" for every other."""
    try:
        parts = urlsplit(href)
        host = parts.hostname or ""
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not host or parts.username or parts.password:
        return ""
    return host.removeprefix("www.")


def _blocks(tokens: Sequence[Token]) -> str:
    out: list[str] = []
    for token in tokens:
        if token.type == "inline":
            out.append(_inline(token.children or ()))
            continue
        name, _, way = token.type.rpartition("_")
        tag = _TAGS.get(name)
        if tag is None or (token.hidden and tag == "p"):
            continue
        if way == "open":
            out.append(f"<{tag}>")
        elif way == "close":
            out.append(f"</{tag}>")
    return "".join(out)


def _inline(tokens: Sequence[Token]) -> str:
    out: list[str] = []
    open_hosts: list[str] = []
    for token in tokens:
        kind = token.type
        if kind == "text":
            out.append(escape(token.content))
        elif kind in ("softbreak", "hardbreak"):
            out.append("<br>")
        elif kind == "link_open":
            href = str(token.attrGet("href") or "")
            host = _host(href)
            open_hosts.append(host)
            if host:
                out.append(f'<a href="{escape(href)}" rel="{REL}">')
        elif kind == "link_close":
            host = open_hosts.pop() if open_hosts else ""
            if host:
                out.append(f'</a> <span class="soft">({escape(host)})</span>')
        else:
            name, _, way = kind.rpartition("_")
            tag = _TAGS.get(name)
            if tag in ("em", "strong") and way in ("open", "close"):
                out.append(f"<{tag}>" if way == "open" else f"</{tag}>")
            elif tag is None and token.content:
                out.append(escape(token.content))
    return "".join(out)


def _words(tokens: Sequence[Token]) -> str:
    return "".join(" " if t.type.endswith("break") else t.content for t in tokens).strip()
