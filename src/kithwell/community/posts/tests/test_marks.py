"""Light formatting: whatever comes in, only a few harmless tags go out, and no word is lost."""

# ruff: noqa: E501  (tables of rows are read best on one line)

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

from hypothesis import example, given
from hypothesis import strategies as st

from kithwell.community.posts.rules import folding, marks

ALLOWED = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "a", "span"}
PIECES = st.sampled_from(
    ["*", "**", "_", "[", "](", ")", "<", ">", "\n", "\n\n", "> ", "- ", "1. ", "`", "![", "javascript:alert(1)", "&#106;avascript:",
     "https://example.org/a", "http://a.b/\"onclick=1", "<script>", "</p>", "<img src=x onerror=1>", "data:text/html,x", "//evil.example",
     "[x](javascript:alert(1))", "[x](JaVaScRiPt&colon;alert(1))", "<https://a.b>", "tel:+441", "+44 7700 900123", "    ", "\t", "\x00",
     "\u202e", "word", "\\", "|", "# ", "---", "&lt;", "[a]: http://x.y", "http://user:pw@host.example/"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map("".join))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.open: list[str] = []
        self.hrefs: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag != "br":
            self.open.append(tag)
        if tag == "a":
            assert dict(attrs).keys() == {"href", "rel"} and dict(attrs)["rel"] == marks.REL
            self.hrefs.append(dict(attrs)["href"] or "")
        else:
            assert attrs == ([("class", "soft")] if tag == "span" else [])

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment came out")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError("a declaration came out")


def read(text: str) -> _Reader:
    reader = _Reader()
    reader.feed(marks.html(text))
    reader.close()
    return reader


@given(TEXTS)
@example("[x](javascript:alert(1))")
@example("> " * 60 + "deep")
@example("<script>alert(1)</script>")
@example("- " * 50 + "x")
def test_no_input_yields_another_tag_or_a_bad_address(text: str) -> None:
    seen = read(text)
    assert set(seen.tags) <= ALLOWED
    assert not seen.open
    assert all(re.match(r"https?://[^@]*$", href, re.I) for href in seen.hrefs)


@given(TEXTS)
@example("> " * 60 + "deep")
@example("1. " * 60 + "deep")
def test_no_word_is_lost(text: str) -> None:
    wanted = set(
        re.findall(r"[a-zA-Z]{4,}", re.sub(r"\]\([^)]*\)|\[[^\]]*\]:.*|&\w*;?|&#\d*;?|\\.", " ", text))
    )
    shown = read(text).words
    assert all(word in shown for word in wanted), (wanted, shown)


@given(st.text(alphabet=st.sampled_from(list("abc .,\n'\"<&!?é-+1)")), max_size=120))
@example("- a\nb")
@example("a\n12) b")
@example("a \n b")
@example("    a")
def test_plain_words_take_the_short_way_to_the_same_html(text: str) -> None:
    assert marks.html(text) == marks._blocks(marks._MD.parse(marks._tidy(text)))


@given(TEXTS)
@example("> " * 60 + "deep")
def test_one_reading_gives_the_same_html_and_words_as_two(text: str) -> None:
    assert marks.both(text) == (marks.html(text), marks.plain(text))


@given(st.text(max_size=60))
def test_nothing_that_hides_or_turns_words_round_comes_through(text: str) -> None:
    shown = marks.plain(text)
    assert not [
        c
        for c in shown
        if c != "\n" and ((unicodedata.category(c) == "Cc" and c != "\t") or c in "\u202e\u2066\ufeff")
    ]


def test_what_the_subset_knows() -> None:
    assert marks.html("*a* **b**") == "<p><em>a</em> <strong>b</strong></p>"
    assert marks.html("- a\n- b") == "<ul><li>a</li><li>b</li></ul>"
    assert marks.html("> q") == "<blockquote><p>q</p></blockquote>"
    link = marks.html("[go](https://www.example.org/x)")
    assert link == (
        '<p><a href="https://www.example.org/x" rel="nofollow noreferrer ugc">go</a> '
        '<span class="soft">(example.org)</span></p>'
    )
    assert "<a" not in marks.html("call 0116 123 or https://example.org")
    assert "<img" not in marks.html("![x](https://example.org/a.png)")


@given(TEXTS)
def test_an_excerpt_is_never_longer_than_asked(text: str) -> None:
    assert len(marks.excerpt(text, 40)) <= 42


@given(st.text(max_size=80))
@example("𝕊𝕝𝕖𝕖𝕡")
def test_words_for_search_are_folded_and_few(text: str) -> None:
    found = folding.words(text)
    assert len(found) == len(set(found)) <= folding.MOST
    assert all(word == folding.fold(word) for word in found)


def test_search_finds_without_accents_and_case() -> None:
    assert folding.words("Mañana, MAÑANA! the Café’s") == ["manana", "cafe's"]
