"""What `./dev check` looks at. Each check is a function that gives a Verdict; `ALL` names them in order."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

from tools import ROOT


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found: no problems means ok. `note` is said either way."""

    problems: tuple[str, ...] = ()
    note: str = ""


def run(*command: str, env: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Runs a program in the checkout. Gives its exit status and what it printed."""
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    return done.returncode, done.stdout


def by_program(*command: str, env: Mapping[str, str] | None = None, keep: int = 40) -> Verdict:
    """The verdict of a program: its exit status, and the last lines that it printed when it failed."""
    status, output = run(*command, env=env)
    lines = tuple(line for line in output.splitlines() if line.strip())
    return Verdict() if status == 0 else Verdict(lines[-keep:] or (f"exit status {status}",))


def tree() -> list[str]:
    """Paths of all files of the checkout that belong in it (not those that git ignores), from the root."""
    status, output = run("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    if status == 0:
        return sorted({name for name in output.split("\0") if name and (ROOT / name).is_file()})
    skip = {".git", ".venv", ".tools", ".data", "node_modules", "dist", "__pycache__", "screenshots"}
    return sorted(
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*")
        if path.is_file() and not skip & set(path.relative_to(ROOT).parts)
    )
