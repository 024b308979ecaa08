"""What a browser and a translator need made from sources: node_modules, the bundle in ui/static/dist, and *.mo files.

Each part is skipped when its inputs are what they were at the last run, so that a second start does nothing here.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from tools import ROOT, messages

UI = ROOT / "src/kithwell/ui"
DIST = UI / "static/dist"
NODE_MODULES = ROOT / "node_modules"
SAFETY = ROOT / "src/kithwell/safety"
LOADERS = (".woff2=file", ".svg=file", ".png=file", ".webp=file")


class BundleError(Exception):
    """The bundle could not be made; says why."""


def digest_of(files: Iterable[Path], *words: str) -> str:
    """One hash over names and contents of files, and over `words`."""
    digest = hashlib.sha256("\0".join(words).encode())
    for path in files:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _stamped(stamp: Path, digest: str) -> bool:
    return stamp.is_file() and stamp.read_text(encoding="utf-8").strip() == digest


def _run(command: list[str], doing: str) -> None:
    done = subprocess.run(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise BundleError(f"{doing} failed:\n{done.stdout[-6000:]}")


def ensure_node_modules() -> None:
    """`npm ci` from package-lock.json, without any package's own install script. Raises BundleError."""
    stamp = NODE_MODULES / ".kithwell-stamp"
    where = f"{sys.platform}-{platform.machine()}"
    digest = digest_of((ROOT / "package.json", ROOT / "package-lock.json"), where)
    if _stamped(stamp, digest):
        return
    began = time.monotonic()
    print("· front-end tools (npm ci) ...", file=sys.stderr, flush=True)
    _run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], "npm ci")
    stamp.write_text(digest, encoding="utf-8")
    print(f"  done in {time.monotonic() - began:.1f} s", file=sys.stderr, flush=True)


def sources() -> tuple[list[Path], list[Path]]:
    """The entry files of the bundle, and every file that may be part of it."""
    entries = [p for p in (UI / "ts").glob("*.ts") if not p.name.endswith((".d.ts", ".test.ts"))]
    entries += (UI / "css").glob("*.css")
    inside = [p for folder in ("ts", "css") for p in (UI / folder).rglob("*") if p.is_file()]
    return sorted(entries), sorted(inside)


def build(outdir: Path, entries: list[Path]) -> dict[str, str]:
    """Bundles into `outdir`. Gives {"app.js": "app-HASH.js", ...}. Raises BundleError."""
    meta = outdir / "meta.json"
    command = ["node", str(NODE_MODULES / "esbuild/bin/esbuild"), *map(str, entries)]
    command += [
        "--bundle",
        "--minify",
        "--format=esm",
        "--splitting",
        "--target=es2022",
        "--log-level=warning",
    ]
    command += ["--entry-names=[name]-[hash]", "--chunk-names=part-[hash]", "--asset-names=[name]-[hash]"]
    command += [
        "--external:/static/*",
        f"--outdir={outdir}",
        f"--metafile={meta}",
        *(f"--loader:{x}" for x in LOADERS),
    ]
    _run(command, "esbuild")
    manifest = {}
    for name, facts in json.loads(meta.read_text(encoding="utf-8"))["outputs"].items():
        made, entry = Path(name), facts.get("entryPoint")
        if entry and Path(entry).with_suffix(made.suffix).name in {
            p.with_suffix(made.suffix).name for p in entries
        }:
            manifest[Path(entry).stem + made.suffix] = made.name
    meta.unlink()
    return dict(sorted(manifest.items()))


def screening_sources() -> list[Path]:
    """What the data of the browser's screening is made from."""
    made_from = [*SAFETY.glob("*.py"), *SAFETY.glob("lexicon/*"), *SAFETY.glob("data/*")]
    return sorted(path for path in made_from if path.is_file())


def screening_data(outdir: Path) -> dict[str, str]:
    """Rules and weights for the page, written by the part that owns them. In a process of its own: it may be newer
    than what this one has loaded. Raises BundleError."""
    code = (
        "import sys, pathlib; from kithwell.safety import browser; browser.write(pathlib.Path(sys.argv[1]))"
    )
    _run([sys.executable, "-c", code, str(outdir)], "the data for screening in the browser")
    (made,) = outdir.glob("screening-*.json")
    return {"screening.json": made.name}


def ensure_bundle() -> None:
    """Makes ui/static/dist and its manifest.json when a source, a tool or this recipe changed. Raises BundleError."""
    entries, inside = sources()
    if not entries:
        return
    recipe = (Path(__file__), ROOT / "package-lock.json", ROOT / "tsconfig.json")
    digest = digest_of([*inside, *recipe, *screening_sources()])
    stamp = DIST / ".stamp"
    if _stamped(stamp, digest) and (DIST / "manifest.json").is_file():
        return
    DIST.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=DIST.parent, prefix=".dist-") as name:
        fresh = Path(name)
        manifest = build(fresh, entries) | screening_data(fresh)
        made = {path.name for path in fresh.iterdir()}
        for path in fresh.iterdir():
            os.replace(path, DIST / path.name)
        text = json.dumps(manifest, indent=1) + "\n"
        (fresh / "manifest.json").write_text(text, encoding="utf-8")
        os.replace(
            fresh / "manifest.json", DIST / "manifest.json"
        )  # last: it never names a file not yet there
    for path in DIST.iterdir():
        if path.name not in made | {"manifest.json", ".stamp"}:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    stamp.write_text(digest, encoding="utf-8")
    print(f"· front-end bundle: {', '.join(manifest)}", file=sys.stderr, flush=True)


def main() -> int:
    try:
        ensure_node_modules()
        ensure_bundle()
    except BundleError as error:
        print(error, file=sys.stderr)
        return 1
    messages.compile_all()
    return 0


if __name__ == "__main__":
    sys.exit(main())
