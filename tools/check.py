"""`./dev check`: everything that can be told without running the product. All checks run, whatever others find.

They run as many at a time as there are processors; their lines come in order.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tools import processors
from tools.checks import Verdict, code, product, supply

ALL: dict[str, Callable[[], Verdict]] = {
    "style": code.style,
    "format": code.form,
    "types": code.types,
    "scripts": code.scripts,
    "layers": code.layers,
    "size": code.size,
    "migrations": product.migrations,
    "translations": product.translations,
    "docs": product.docs,
    "licences": supply.licences,
    "locks": supply.locks,
    "paths": supply.paths,
}


def judge(name: str) -> tuple[bool, str]:
    """Runs one check. Gives whether it found no problem, and what to print: a line, and below it each problem."""
    began = time.monotonic()
    try:
        verdict = ALL[name]()
    except Exception:  # a check that breaks has not passed, and must not keep the others from running
        verdict = Verdict(tuple(traceback.format_exc().splitlines()[-6:]))
    word = "failed" if verdict.problems else "ok"
    said = f"{word:<7} {name:<13} {time.monotonic() - began:5.1f} s  {verdict.note}".rstrip()
    return not verdict.problems, "\n".join([said, *(f"          {line}" for line in verdict.problems)])


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev check", description=f"Checks: {', '.join(ALL)}.")
    parser.add_argument("--fix", action="store_true")
    parser.add_argument("names", nargs="*", metavar="NAME")
    args = parser.parse_args(arguments)
    if unknown := [name for name in args.names if name not in ALL]:
        parser.error(f"there is no check {', '.join(unknown)}; there is {', '.join(ALL)}")
    if args.fix:
        code.fix()
    failed = []
    with ThreadPoolExecutor(processors()) as pool:
        names = list(args.names or ALL)
        for name, (good, said) in zip(names, pool.map(judge, names), strict=True):
            print(said, flush=True)
            failed += [] if good else [name]
    if failed:
        print(f"\n{len(failed)} of {len(args.names or ALL)} checks failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
