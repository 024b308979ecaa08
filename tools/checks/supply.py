"""Checks of what comes from outside: licences of dependencies, hosts in lock files, and paths of one machine."""

from __future__ import annotations

import json
import re
import tomllib
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

from tools import ROOT
from tools.checks import Verdict, run, tree

PUBLIC_HOSTS = frozenset({"pypi.org", "files.pythonhosted.org"})

# Licences whose code may be combined with code under AGPL-3.0-or-later (GNU's list of compatible licences).
# Without versions: MPL-2.0 and Apache-2.0 are, older ones are not, so these two carry theirs.
ALLOWED = frozenset(
    "0BSD AGPL-3.0-or-later AGPL-3.0-only Apache-2.0 BSD-2-Clause BSD-3-Clause CC0-1.0 GPL-3.0-or-later ISC "
    "LGPL-2.1-or-later LGPL-3.0-only LGPL-3.0-or-later MIT MIT-0 MIT-CMU MPL-2.0 PSF-2.0 Python-2.0 Unlicense "
    "Zlib".split()
)  # fmt: skip
# Words of the older metadata fields, as the packages here write them.
OLD_WORDS = {
    "Apache 2.0": "Apache-2.0", "Apache License 2.0": "Apache-2.0", "Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause", "BSD License": "BSD-3-Clause", "BSD 2-Clause License": "BSD-2-Clause",
    "3-Clause BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC", "MIT License": "MIT", "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}  # fmt: skip


def _allowed_expression(text: str) -> bool:
    """Whether an SPDX expression can be met with ALLOWED licences: one of an OR, every one of an AND."""
    text = text.replace("(", " ").replace(")", " ")
    return any(
        all(part.strip().partition(" WITH ")[0] in ALLOWED for part in choice.split(" AND "))
        for choice in text.split(" OR ")
    )


def licence_problem(facts: metadata.PackageMetadata) -> str:
    """Why a distribution's licence is not allowed or not known; empty when it is fine."""
    said = [facts[field] for field in ("License-Expression", "License") if facts[field]]
    words = [text.strip().splitlines()[0] for text in said if text.strip()]
    words += [
        line.rpartition(" :: ")[2]
        for line in facts.get_all("Classifier") or []
        if line.startswith("License ::")
    ]
    if facts["License-Expression"]:
        words = words[:1]
    elif "Permission is hereby granted, free of charge, to any person obtaining a copy" in " ".join(said):
        words.append("MIT")  # the licence's own text instead of its name
    if any(_allowed_expression(OLD_WORDS.get(word, word)) for word in words):
        return ""
    return f"{facts['Name']} {facts['Version']}: {'; '.join(words)[:100] or 'no licence in its metadata'}"


def _npm_licences() -> list[str]:
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    return [
        f"{name} {facts.get('version')}: {facts.get('license', 'no licence')}"
        for name, facts in lock["packages"].items()
        if name and not _allowed_expression(str(facts.get("license", "")))
    ]


def licences() -> Verdict:
    """Every Python and npm package, those of development too, may be combined with the AGPL."""
    found = [dist.metadata for dist in metadata.distributions()]
    problems = sorted({problem for facts in found if (problem := licence_problem(facts))})
    own = (ROOT / "LICENSE").read_text(encoding="utf-8")
    if "GNU AFFERO GENERAL PUBLIC LICENSE" not in own or len(own) < 34_000:
        problems.append("LICENSE is not the whole text of the AGPL")
    return Verdict((*problems, *_npm_licences()), f"{len(found)} Python packages")


def foreign_hosts(text: str) -> set[str]:
    """Hosts of all addresses in a Python lock file, other than the public ones."""
    return {
        urlsplit(address).hostname or "" for address in re.findall(r"[a-z]+://[^\s\"'#]+", text)
    } - PUBLIC_HOSTS


def _stale() -> list[str]:
    """Lock files that do not belong to pyproject.toml and package.json any more."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    own = next(package for package in lock["package"] if package["name"] == "kithwell")
    wanted = {"": project["project"]["dependencies"], **project["dependency-groups"]}
    locked = {"": own["metadata"]["requires-dist"], **own["metadata"]["requires-dev"]}
    problems = []
    for group, lines in wanted.items():
        mine = {re.sub(r"\s", "", re.sub(r"\[.*?\]", "", line)) for line in lines}
        theirs = {
            row["name"] + row.get("specifier", "")
            for row in locked.get(group, [])
            if "extra ==" not in row.get("marker", "")
        }
        if mine != theirs:
            problems.append(f"uv.lock is older than pyproject.toml ({group or 'dependencies'}): ./dev lock")
    front = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    front_lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    if front_lock["packages"][""].get("devDependencies") != front.get("devDependencies"):
        problems.append("package-lock.json is older than package.json: ./dev lock")
    return problems


def _exported() -> list[str]:
    """requirements.txt says what uv.lock says."""
    found = sorted((ROOT / ".tools").glob("uv-*/uv"))
    if not found:
        return ["uv is not in .tools: ./dev setup"]
    command = (
        "export",
        "--frozen",
        "--all-groups",
        "--no-group",
        "train",
        "--no-group",
        "second",
        "--no-emit-project",
        "--no-header",
        "--quiet",
    )
    status, text = run(str(found[-1]), *command, env={"UV_PYTHON_DOWNLOADS": "never"})
    same = status == 0 and text.strip() == (ROOT / "requirements.txt").read_text(encoding="utf-8").strip()
    return [] if same else ["requirements.txt is not what uv.lock says: ./dev lock"]


def locks() -> Verdict:
    """The lock files are up to date, carry hashes, and name public registries only."""
    problems = _stale() + _exported()
    for name in ("uv.lock", "requirements.txt"):
        hosts = foreign_hosts((ROOT / name).read_text(encoding="utf-8"))
        problems += [f"{name} names {host}" for host in sorted(hosts)]
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for name, facts in packages.items():
        if "resolved" in facts:
            problems.append(f"package-lock.json names a host for {name}: {facts['resolved']}")
        if name and not str(facts.get("integrity", "")).startswith("sha512-"):
            problems.append(f"package-lock.json has no hash for {name}")
    return Verdict(tuple(problems))


_HOMES = "|".join(("home", "Users", "root", "work"))
MACHINE_PATH = re.compile(rf"(?<![\w./}}-])/(?:{_HOMES})/[\w.-]+/?[\w.-]*|[A-Z]:\\Users\\\w+")


def machine_paths(text: str) -> list[str]:
    """What in a text looks like a path of one person's machine."""
    return MACHINE_PATH.findall(text)


def paths() -> Verdict:
    """No file names a place on the machine of whoever wrote it."""
    problems = []
    for name in tree():
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, OSError):
            continue  # a picture or a compressed file
        found = machine_paths(text) + ([str(ROOT)] if str(ROOT) in text else [])
        problems += [f"{name}: {found[0]}"] if found and Path(name).name != "test_setup_checks.py" else []
    return Verdict(tuple(problems))
