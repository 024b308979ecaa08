"""Translation catalogues: taken out of the sources, brought up to date, compiled, and counted.

One catalogue per language, src/kithwell/locale/LANG/LC_MESSAGES/django.po, holds the words of Python and templates.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools import ROOT

LOCALE = ROOT / "src/kithwell/locale"
KEYWORDS = {
    "_": None, "N_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "_l": None, "lazy": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip
METHODS = [
    ("**/tests/**", "ignore"),
    ("**/migrations/**", "ignore"),
    ("**.py", "python"),
    ("**/templates/**", "jinja2"),
]
OPTIONS = {
    "**/templates/**": {
        "trimmed": "true",
        "silent": "false",
        "extensions": "jinja2.ext.do,jinja2.ext.loopcontrols",
    }
}


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the sources' words a language has."""

    language: str
    missing: tuple[str, ...]
    total: int


def catalogues() -> dict[str, Path]:
    """Language code (as in the folder's name) to its .po file."""
    return {path.parts[-3]: path for path in sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))}


def compile_all() -> None:
    """Writes each .mo file that is older than its .po file."""
    for path in catalogues().values():
        made = path.with_suffix(".mo")
        if made.is_file() and made.stat().st_mtime >= path.stat().st_mtime:
            continue
        from babel.messages import mofile, pofile  # costly to import, seldom needed

        with path.open("rb") as source:
            catalogue = pofile.read_po(source)
        fresh = made.with_suffix(".mo.new")
        with fresh.open("wb") as target:
            mofile.write_mo(target, catalogue)
        fresh.replace(made)


def extract() -> Any:
    """A catalogue (babel) of every marked string in the sources."""
    from babel.messages.catalog import Catalog
    from babel.messages.extract import extract_from_dir

    found = Catalog(project="Kithwell", charset="utf-8")
    rows = extract_from_dir(
        str(ROOT / "src/kithwell"), METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=("Translators:",),
        strip_comment_tags=True,
    )  # fmt: skip
    for name, line, message, comments, context in sorted(rows, key=lambda row: (row[0], row[1])):
        found.add(message, None, [(name, line)], auto_comments=comments, context=context)
    return found


def coverage() -> list[Coverage]:
    """For each catalogue, what of the sources it does not say."""
    from babel.messages import pofile

    wanted = [message for message in extract() if message.id]
    rows = []
    for language, path in catalogues().items():
        with path.open("rb") as source:
            have = pofile.read_po(source)
        missing = []
        for message in wanted:
            twin = have.get(message.id, context=message.context)
            said = twin.string if twin else ""
            texts = said if isinstance(said, tuple | list) else (said,)
            if not all(texts) or (twin and twin.fuzzy):
                missing.append(str(message.id))
        rows.append(Coverage(language, tuple(missing), len(wanted)))
    return rows


def mismatches() -> list[str]:
    """Translations that lack a placeholder of their source text, or have one more."""
    from babel.messages import pofile

    problems = []
    for language, path in catalogues().items():
        with path.open("rb") as source:
            have = pofile.read_po(source)
        for message in have:
            sources = message.id if isinstance(message.id, tuple | list) else (message.id,)
            texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
            allowed = [_placeholders(text) for text in sources]
            for text in texts:
                if message.id and text and _placeholders(text) not in allowed:
                    problems.append(f"{language}: other placeholders than {sources[0][:60]!r}: {text[:60]!r}")
    return problems


def _placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)[sd]|%[sd]|\{\w*\}", text))


def update(languages: tuple[str, ...]) -> None:
    """Merges new strings into the catalogues and makes those of `languages` that are not there yet."""
    from babel.messages import pofile
    from babel.messages.catalog import Catalog

    template = extract()
    paths = catalogues()
    for language in languages:
        paths.setdefault(language, LOCALE / language / "LC_MESSAGES/django.po")
    for language, path in paths.items():
        old = Catalog(locale=language, project="Kithwell", charset="utf-8", fuzzy=False)
        if path.is_file():
            with path.open("rb") as source:
                old = pofile.read_po(source, locale=language)
        old.update(template, no_fuzzy_matching=True, update_creation_date=False)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as target:
            # without line numbers, which would change with every edit
            pofile.write_po(
                target, old, width=110, include_lineno=False, ignore_obsolete=True, sort_output=True
            )


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["update"]:
        update(tuple(arguments[1:]))
    compile_all()
    for row in coverage():
        print(f"{row.language}: {row.total - len(row.missing)} of {row.total} texts")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
