"""The screening of the browser against that of the server: the same answers? `./dev bench twin`.

10,000 generated texts (fixed seed) go through Python and, in one Node process, through the TypeScript that pages load.
Language, level, flags and categories must be the same, every score within 1e-6.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tools import twin

from kithwell.safety import browser

BAR = 1e-6


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev bench twin", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=11)
    args = parser.parse_args(list(argv))
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        found = twin.compare(args.count, Path(name), args.seed)
        packed = len(gzip.compress((Path(name) / browser.write(Path(name))).read_bytes(), 9))
        script = len(gzip.compress((Path(name) / "screen.js").read_bytes(), 9))
    for text, ours, theirs in found.different[:5]:
        print(f"different: {text[:300]!r}\n  server  {ours}\n  browser {theirs}")
    figures = {
        "texts": found.count, "different": len(found.different), "largest_difference": found.largest,
        "levels": dict(sorted(found.levels.items())), "data_gzip_bytes": packed,
        "script_gzip_bytes_unminified": script, "seconds": round(time.monotonic() - began, 1),
    }  # fmt: skip
    for key, value in figures.items():
        print(f"{key:<30} {value}")
    print("BENCH " + json.dumps({"name": "twin", **figures}))
    return 1 if found.different or found.largest > BAR else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
