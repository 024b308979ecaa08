"""`kithwell help-pages`: the help page for every country and language, as files."""

from __future__ import annotations

import argparse
from typing import Any


def _run(args: argparse.Namespace) -> int:
    from kithwell.directory import static

    count = static.write_all()
    print(f"{count} pages in {static.folder()}")
    return 0


def register(subparsers: Any) -> None:
    """Called by config/cli.py."""
    parser = subparsers.add_parser(
        "help-pages", help="write the help page for every country, to serve when all is down"
    )
    parser.set_defaults(run=_run, needs_django=True)
