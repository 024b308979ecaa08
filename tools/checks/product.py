"""Checks of what belongs together: models and migrations, words and translations, settings and docs."""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from tools import ROOT, machine, messages, services
from tools.checks import Verdict, run, tree

COMPLETE = ("es",)  # languages that must have every text; English is the source


def _migrated(title: str, **env: str) -> list[str]:
    """Problems of migrating an empty database and asking for missing migrations afterwards."""
    with tempfile.TemporaryDirectory(prefix="kithwell-check-") as data:
        env |= {"KITHWELL_DATA": data, "DJANGO_SETTINGS_MODULE": "kithwell.config.settings"}
        for command in (("migrate", "--verbosity=0"), ("makemigrations", "--check", "--dry-run")):
            status, output = run(sys.executable, "-m", "django", *command, env=env)
            if status:
                return [f"{title}, {command[0]}:", *output.splitlines()[-15:]]
    return []


def migrations() -> Verdict:
    """On both databases, all migrations run on an empty one, and none is missing."""
    problems = _migrated("SQLite", KITHWELL_DATABASE_URL="")
    try:
        machine.ensure((machine.POSTGRES,))
        with services.postgres() as address:
            problems += _migrated("PostgreSQL", KITHWELL_DATABASE_URL=address)
    except (machine.Missing, services.ServiceError) as error:
        problems.append(str(error))
    return Verdict(tuple(problems))


def translations() -> Verdict:
    """Languages in COMPLETE say everything; what others lack is said. Placeholders match in all."""
    rows = {row.language: row for row in messages.coverage()}
    problems = [f"{language}: there is no catalogue" for language in COMPLETE if language not in rows]
    for language in COMPLETE:
        missing = rows[language].missing if language in rows else ()
        problems += [f"{language}: not translated: {text[:90]!r}" for text in missing[:20]]
        if len(missing) > 20:
            problems.append(
                f"{language}: and {len(missing) - 20} more (./dev messages adds them to the catalogue)"
            )
    problems += messages.mismatches()
    said = [f"{row.language} {row.total - len(row.missing)}/{row.total}" for row in rows.values()]
    return Verdict(tuple(problems), ", ".join(said))


def _settings() -> list[str]:
    import dataclasses

    from kithwell.config.options import Options

    page = ROOT / "docs/settings.md"
    if not page.is_file():
        return ["docs/settings.md is missing"]
    text = page.read_text(encoding="utf-8")
    return [
        f"docs/settings.md does not describe `{item.name}`"
        for item in dataclasses.fields(Options)
        if f"`{item.name}`" not in text
    ]


def _commands() -> list[str]:
    source = (ROOT / "dev").read_text(encoding="utf-8")
    known = re.findall(r'add_parser\("(\w+)"|\("(\w+)", do_\w+\)', source)
    page = ROOT / "docs/develop.md"
    text = page.read_text(encoding="utf-8") if page.is_file() else ""
    return [
        f"docs/develop.md does not describe ./dev {name}"
        for pair in known
        for name in pair
        if name and f"./dev {name}" not in text
    ]


def _pages_of_parts() -> list[str]:
    parts = [path.parent.name for path in sorted((ROOT / "src/kithwell").glob("*/apps.py"))]
    return [f"docs/{part}.md is missing" for part in parts if not (ROOT / "docs" / f"{part}.md").is_file()]


def _links() -> list[str]:
    """Relative links in Markdown that lead nowhere."""
    problems = []
    for name in (name for name in tree() if name.endswith(".md")):
        text = re.sub(r"```.*?```|`[^`\n]*`", "", (ROOT / name).read_text(encoding="utf-8"), flags=re.S)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if re.match(r"[a-z]+:|#", target):
                continue
            if not (ROOT / Path(name).parent / target.partition("#")[0]).exists():
                problems.append(f"{name} links to {target}, which is not there")
    return problems


def docs() -> Verdict:
    """Every setting, ./dev command and part is described, and links lead somewhere."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    missing = [
        f"README.md does not show {word}" for word in ("./dev run", "./dev test") if word not in readme
    ]
    return Verdict((*missing, *_settings(), *_commands(), *_pages_of_parts(), *_links()))
