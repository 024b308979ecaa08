"""`kithwell scan`: JSON lines in, JSON lines out, one answer per line as it comes; a bad line never stops the rest.

In:  {"id": ..., "text": "...", "context": "...", "lang": "es"}   (the last two optional; id any JSON value)
Out: {"id", "lang", "crisis", "distress", "harm", "conduct", "explain", "version"}
`crisis` holds level, score, flag and severity (0..6).
Bad lines are named on stderr by number and reason, never with their text. Exit 0 when the input was read to its end.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from typing import IO, Any

from kithwell.safety.screening import screen, warm
from kithwell.safety.stages import STAGES, full

MOST_BYTES = 64 * 1024 * 1024
"""Longest line read; a longer one is reported and skipped without being held in memory."""

BOM = b"\xef\xbb\xbf"


class BadLine(ValueError):
    """A line that cannot be screened; the message says why, without its text."""


def lines(source: IO[bytes]) -> Iterator[tuple[int, bytes | None]]:
    """(line number from 1, line without its end, or None when it is too long)."""
    number = 0
    while line := source.readline(MOST_BYTES + 1):
        number += 1
        if len(line) > MOST_BYTES and not line.endswith(b"\n"):
            while (rest := source.readline(MOST_BYTES)) and not rest.endswith(b"\n"):
                pass
            yield number, None
        else:
            yield number, line.strip()


def request(line: bytes | None) -> dict[str, Any]:
    """The parsed line. Raises BadLine."""
    if line is None:
        raise BadLine(f"longer than {MOST_BYTES} bytes")
    try:
        row = json.loads(line.removeprefix(BOM).decode("utf-8"), parse_constant=_refused)
    except UnicodeDecodeError:
        raise BadLine("not UTF-8") from None
    except (ValueError, RecursionError):
        raise BadLine("not JSON") from None
    if not isinstance(row, dict):
        raise BadLine("not a JSON object")
    if not isinstance(row.get("text"), str):
        raise BadLine("text is missing or not a string")
    for name in ("context", "lang"):
        if not isinstance(row.get(name, ""), str) and row[name] is not None:
            raise BadLine(f"{name} is not a string")
    return row


def _refused(name: str) -> None:
    """NaN and the infinities are no JSON: what came back with one as its id could not be read."""
    raise ValueError(name)


def answer(row: dict[str, Any], stage: str = "first") -> dict[str, object]:
    """What is written for one request."""
    screening = full if stage == "full" else screen
    seen = screening(row["text"], row.get("context") or "", row.get("lang") or None)
    return {"id": row.get("id"), **seen.as_dict()}


def run(source: IO[bytes], out: IO[str], errors: IO[str], stage: str = "first") -> int:
    """Screen every line of `source`. Returns how many were bad."""
    bad = 0
    for number, line in lines(source):
        if line == b"":
            continue
        try:
            written = json.dumps(answer(request(line), stage), ensure_ascii=True)
        except (BadLine, RecursionError) as error:  # an id may be nested too deep to be written again
            bad += 1
            reason = error if isinstance(error, BadLine) else "not JSON"
            print(f"line {number}: {reason}", file=errors, flush=True)
            continue
        out.write(written + "\n")
        out.flush()
    return bad


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", nargs="?", default="-", help="JSON lines to read; - or nothing for standard input"
    )
    parser.add_argument(
        "--stage",
        choices=STAGES,
        default="first",
        help="first: rules and words, fast; full: also the second stage, where it is installed",
    )


def main(args: argparse.Namespace) -> int:
    """0 when the input was read to its end, 2 when it could not be opened."""
    warm()
    try:
        if args.file == "-":
            run(sys.stdin.buffer, sys.stdout, sys.stderr, args.stage)
        else:
            with open(args.file, "rb") as source:
                run(source, sys.stdout, sys.stderr, args.stage)
    except BrokenPipeError:
        sys.stderr.close()  # the reader went away: nothing left to say to it
    except OSError as error:
        print(f"cannot read {args.file}: {error.strerror}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    own = argparse.ArgumentParser(prog="kithwell scan", description="Screen JSON lines.")
    add_arguments(own)
    sys.exit(main(own.parse_args()))
