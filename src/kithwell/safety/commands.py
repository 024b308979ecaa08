"""Operator commands of this part: `kithwell scan`."""

from __future__ import annotations

import argparse
from typing import Any


def register(subparsers: Any) -> None:
    """Add `scan` to the subparsers of `kithwell`. The handler is `args.run(args) -> exit code`."""
    parser = subparsers.add_parser("scan", help="screen JSON lines: text in, levels, scores and reasons out")
    _arguments(parser)
    parser.set_defaults(run=_scan, func=_scan)


def _arguments(parser: argparse.ArgumentParser) -> None:
    from kithwell.safety import scan

    scan.add_arguments(parser)


def _scan(args: argparse.Namespace) -> int:
    from kithwell.safety import scan

    return scan.main(args)
