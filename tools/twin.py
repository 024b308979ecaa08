"""The twin of screening that runs in a browser, asked in Node: generated texts, both answers, and what differs.

The texts are made here from a fixed seed: examples and words of the rules, plain sentences, disguises, scripts; no
corpora.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kithwell.safety import browser, lexicon, screen
from tools import ROOT, front

_PLAIN = (
    "my sister called about the weekend", "I can't do this anymore", "he said he wants to die tonight",
    "I have the pills here", "nobody would miss me", "you are such a pathetic idiot", "I will kill you",
    "we walked to the lake and talked for hours", "I used to cut myself years ago", "asking for a friend",
    "I don't want to die, but I am so tired", "this exam makes me want to kill myself lol",
    "no quiero vivir más", "je ne veux plus vivre, ça suffit", "ich möchte nicht mehr leben", "não aguento mais",
    "أريد أن أموت الليلة", "मैं मरना चाहता हूँ", "mujhe nahi jeena hai", "我很累", "мне очень плохо сегодня",
    "my number is +44 7700 900123", "her mail is ann@example.org", "call the helpline on 0800 123 4567 89",
    "call me on ٠٧٧٠٠٩٠٠١٢٣٤٥", "women are great people and should be respected", "goodbye everyone, I love you",
)  # fmt: skip
_ODD = (
    "🙂", "🏳️‍🌈", "👩‍👩‍👧", "𝓘 𝔀𝓪𝓷𝓽", "𝟿", "𠀀𠀁", "𐐀𐐨", "ﬁ", "İstanbul", "ΣΑΣ", "ß", "½", "²", "①", "Ⅳ",
    "\u200b", "\u202e", "\ufeff", "e\u0301", "ｋｉｌｌ", "\0", "\ud800", "_", "__init__", "a'b''c", "'", "…", "¿¡",
    "\r\n\r\n", "\n\n", "\t", "\x1f", "\u00a0", "k1ll", "su!c1d3", "d i e", "k i l l m y s e l f", "s.u.i.c.i.d.e",
    "www.x.y/1", "5|_|icide", "x" * 300, "देवनागरी", "اَلسَّلَامُ", "дiе", "ǅ", "ŉ", "\u0345", "가나다", "12345",
    "a" * 40 + "!", "***", "@some_one", "@kill:", "@$$hole", "ann@b.org", "https://x.y/a?b=1&c=2.", "http://", "@@x @",
    "don&#8217;t", "&amp;", "&quot;so&quot;", "&#128514;", "&nosuchname;", "&#x27;", "see www.x.org, it", "&lt;3",
    "@$$", "((", '"', "“", "”",
)  # fmt: skip
_ENDS = (". ", "! ", "? ", ", ", " and ", " but ", "; ", '." ', "\n\n", "\n", " ", "... ")


def _vocabulary() -> tuple[list[str], list[str]]:
    """Examples of the rules and the words of their patterns."""
    examples, words = [], set()
    for names in (lexicon.MAIN, lexicon.TIMES, lexicon.CUES, lexicon.EXCUSES):
        for rule in lexicon.book(names).rules:
            examples += [*rule.yes, *rule.no]
            for pattern in (*rule.patterns, *rule.unless, *rule.needs):
                words.update(re.findall(r"[^\s()\[\]|<>@*]+(?: [^\s()\[\]|<>@*]+)*", pattern))
    return examples, sorted(words)


def texts(count: int, seed: int = 11) -> list[str]:
    """That many texts, the same each time for the same rules."""
    dice = random.Random(seed)
    examples, words = _vocabulary()
    out = ["", " ", "\0", "i", "I want to die", "x" * 19_000]
    while len(out) < count:
        if len(out) % 12 == 0:
            out.append(_far(dice))
            continue
        size = dice.choice((1, 1, 2, 3, 4, 6, 12)) if len(out) % 50 else 60
        out.append(_text(dice, size, examples, words)[:20_000])
    return out[:count]


def _far(dice: random.Random) -> str:
    """One sentence in which what changes the meaning stands far off, or in which the same is said over and over."""
    wish = dice.choice(
        ("i want to die", "suicide", "i am going to kill myself", "quiero morir", "my friend wants to die")
    )
    cue = dice.choice(
        ("years ago", "lol", "is not an option", "is never an option", "asking for a friend", "still")
    )
    if dice.random() < 0.3:
        rows = [wish] * dice.randint(12, 70)
        rows.insert(dice.randrange(len(rows)), cue)
        rows.insert(dice.randrange(len(rows)), dice.choice((". ", "he said", "i used to", "not", "tonight")))
        return " ".join(rows)
    far = dice.randint(400, 720) if dice.random() < 0.5 else dice.randint(0, 32)
    words = dice.choice((("so", "walk", "garden", "blue", "𐐨𐐩", "ñandú"), ("𐐨𐐩𐐪", "𐐨𐐩")))
    between = " ".join(dice.choice(words) for _ in range(far))[:far]
    return f"{wish} {between} {cue}" if dice.random() < 0.7 else f"{cue} {between} {wish}"


def _text(dice: random.Random, size: int, examples: Sequence[str], words: Sequence[str]) -> str:
    text = ""
    bare = dice.random() < 0.04  # long sentences: no ends in it
    for _ in range(size):
        roll = dice.random()
        if roll < 0.4:
            part = dice.choice(examples)
        elif roll < 0.65:
            part = dice.choice(_PLAIN)
        elif roll < 0.9:
            part = " ".join(dice.choice(words) for _ in range(dice.randint(1, 9)))
        else:
            part = " ".join(dice.choice(_ODD) for _ in range(dice.randint(1, 3)))
        text += _twisted(dice, part) + (" " if bare else dice.choice(_ENDS))
    return text


def _twisted(dice: random.Random, part: str) -> str:
    roll = dice.random()
    if roll < 0.08:
        return part.upper()
    if roll < 0.16:
        return part.translate(str.maketrans("oieast", "013457"))
    if roll < 0.22:
        return f'"{part}"' if dice.random() < 0.5 else f"she said “{part}”"
    if roll < 0.27:
        at = dice.randrange(len(part) + 1)
        return part[:at] + dice.choice(_ODD) + part[at:]
    if roll < 0.31:
        return " ".join(part[:24])
    if roll < 0.35:
        return part.translate(str.maketrans("aeopcyx", "аеорсух"))
    if roll < 0.39:
        return part.replace("a", "á").replace("o", "ö").replace("n", "ñ")
    return part


_DRIVER = """
import { createInterface } from "node:readline";
import { readFileSync } from "node:fs";
import { Screener } from "./screen.js";
const screener = new Screener(JSON.parse(readFileSync(process.argv[2], "utf8")));
for await (const line of createInterface({ input: process.stdin })) {
  const [text, context, lang] = JSON.parse(line);
  console.log(JSON.stringify(screener.screen(text, context, lang)));
}
"""


def node(rows: Sequence[tuple[str, str, str]], folder: Path) -> list[dict[str, Any]]:
    """The twin's answers to (text, context, language), from one Node process. `folder` is for files on the way."""
    command = ["node", str(front.NODE_MODULES / "esbuild/bin/esbuild"), str(front.UI / "ts/screen.ts")]
    command += ["--bundle", "--format=esm", "--target=es2022", f"--outfile={folder / 'screen.js'}"]
    subprocess.run([*command, "--log-level=warning"], cwd=ROOT, check=True)
    (folder / "driver.mjs").write_text(_DRIVER, encoding="utf-8")
    (folder / "package.json").write_text('{"type":"module"}', encoding="utf-8")
    lines = "\n".join(json.dumps(row) for row in rows)
    done = subprocess.run(
        ["node", str(folder / "driver.mjs"), str(folder / browser.write(folder))],
        input=lines.encode(), stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()]


@dataclass
class Compared:
    """How many were asked, the largest difference of any score, and the first texts that differ in kind."""

    count: int
    largest: float
    different: list[tuple[str, dict[str, Any], dict[str, Any]]]
    levels: dict[str, int]


def compare(count: int, folder: Path, seed: int = 11) -> Compared:
    """Both answers to that many texts; one in five with what was written before, one in seven with a hint."""
    front.ensure_node_modules()
    written = texts(count, seed)
    rows = [
        (text, written[i - 1][-4000:] if i % 5 == 0 and i else "", "es-ES" if i % 7 == 0 else "")
        for i, text in enumerate(written)
    ]
    result = Compared(count, 0.0, [], {})
    answers = node(rows, folder)
    if len(answers) != count:
        raise RuntimeError(f"{len(answers)} answers to {count} texts")
    for (text, context, lang), theirs in zip(rows, answers, strict=True):
        seen = screen(text, context, lang or None)
        ours = seen.as_dict() | {"guidance": list(seen.guidance), "validated": seen.validated}
        del ours["explain"]
        kind, scores = _parted(ours)
        their_kind, their_scores = _parted(theirs)
        if kind != their_kind:
            result.different.append((text, ours, theirs))
        else:
            far = max(abs(a - b) for a, b in zip(scores, their_scores, strict=True))
            result.largest = max(result.largest, far)
        result.levels[seen.crisis_level] = result.levels.get(seen.crisis_level, 0) + 1
    return result


def _parted(answer: Any) -> tuple[Any, list[float]]:
    """An answer without its scores, and the scores in order of their names."""
    scores: list[float] = []

    def strip(value: Any) -> Any:
        if isinstance(value, dict):
            out = {}
            for name in sorted(value):
                if name in ("score", "severity"):
                    scores.append(float(value[name]))
                else:
                    out[name] = strip(value[name])
            return out
        return [strip(one) for one in value] if isinstance(value, list) else value

    return strip(answer), scores
