"""Checks of the sources themselves: style, types, layers, size."""

from __future__ import annotations

import ast
import sys
import tempfile
from pathlib import Path

from tools import ROOT
from tools.checks import Verdict, by_program, run, tree

PLACES = ("src", "tests", "bench", "tools", "conftest.py", "dev")
LONGEST_MODULE = 450


def places() -> list[str]:
    return [place for place in PLACES if (ROOT / place).exists()]


def fix() -> None:
    """Mends what ruff can mend."""
    run("ruff", "check", "--fix", "--quiet", *places())
    run("ruff", "format", "--quiet", *places())


def style() -> Verdict:
    return by_program("ruff", "check", "--output-format=concise", "--quiet", *places())


def form() -> Verdict:
    return by_program("ruff", "format", "--check", "--output-format=concise", *places())


def types() -> Verdict:
    """mypy: strict for kernel, safety and every rules module, plain for the rest (pyproject.toml)."""
    with tempfile.TemporaryDirectory(prefix="kithwell-check-") as data:  # django-stubs loads the settings
        return by_program("mypy", "--no-error-summary", "src/kithwell", "tools", env={"KITHWELL_DATA": data})


def scripts() -> Verdict:
    """TypeScript's own check of the browser sources."""
    if not list((ROOT / "src/kithwell/ui/ts").rglob("*.ts")):
        return Verdict(("there is no TypeScript in src/kithwell/ui/ts",))
    return by_program(
        "node", "node_modules/typescript/bin/tsc", "--project", "tsconfig.json", "--pretty", "false"
    )


# what a pure decision has no use for: everything that reads the world or changes it
WORLDLY = frozenset(
    "asyncio http io logging os pathlib secrets shutil socket sqlite3 ssl subprocess sys tempfile threading time "
    "urllib".split()
)


PURE_LIBRARIES = frozenset({"markdown_it"})  # text in, text out


def impurities(source: str, part: str) -> list[str]:
    """What in a rules module of `part` is not pure: foreign imports, the clock, the disk."""
    problems = []
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        elif isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Attribute) and called.attr in ("now", "today", "utcnow"):
                problems.append(f"line {node.lineno} asks the clock: .{called.attr}()")
            elif isinstance(called, ast.Name) and called.id in ("open", "print", "input"):
                problems.append(f"line {node.lineno} reaches outside: {called.id}()")
        elif (
            isinstance(node, ast.Attribute) and ast.unparse(node.value) == "random" and node.attr != "Random"
        ):
            # a generator that the caller seeded (random.Random) is an argument like any other
            problems.append(f"line {node.lineno} draws by itself: random.{node.attr}")
        for name in names:
            top = name.partition(".")[0]
            own = name == f"kithwell.{part}" or name.startswith(f"kithwell.{part}.")
            # the screening is pure as a whole (the contract "rules" in .importlinter holds it so)
            pure = own or name == "urllib.parse" or name.startswith("kithwell.safety.")
            if (
                not pure
                and top not in PURE_LIBRARIES
                and (top not in sys.stdlib_module_names or top in WORLDLY)
            ):
                problems.append(f"line {getattr(node, 'lineno', 0)} imports {name}")
    return problems


def _impure_rules() -> list[str]:
    base = ROOT / "src/kithwell"
    rooms = [*base.glob("**/rules.py"), *base.glob("**/rules/**/*.py")]
    return [
        f"{path.relative_to(ROOT)} {problem}"
        for path in sorted(rooms)
        for problem in impurities(path.read_text(encoding="utf-8"), path.relative_to(base).parts[0])
    ]


def layers() -> Verdict:
    """import-linter's contracts in .importlinter, no part that they do not name, and pure rules."""
    text = (ROOT / ".importlinter").read_text(encoding="utf-8")
    parts = [path.parent.name for path in sorted((ROOT / "src/kithwell").glob("*/__init__.py"))]
    unnamed = [
        f"kithwell.{part} stands in no layer of .importlinter"
        for part in parts
        if f"kithwell.{part}" not in text
    ]
    found = by_program("lint-imports", "--no-logo", "--no-cache", keep=60)
    broken = tuple(line for line in found.problems if " -> " in line or "BROKEN" in line or "rror" in line)
    return Verdict((*unnamed, *_impure_rules(), *(broken or found.problems)))


def size() -> Verdict:
    """No module has outgrown one room."""
    counts = {
        name: len((ROOT / name).read_text(encoding="utf-8").splitlines())
        for name in tree()
        if name.startswith("src/")
        and Path(name).suffix in (".py", ".ts", ".css")
        and not {"migrations", "tests"} & set(Path(name).parts)
    }
    return Verdict(
        tuple(
            f"{name}: {n} lines, more than {LONGEST_MODULE}"
            for name, n in counts.items()
            if n > LONGEST_MODULE
        )
    )
