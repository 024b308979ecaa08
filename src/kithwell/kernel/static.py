"""Files of the interface: each under a name that carries its hash, kept in memory, compressed once, sent for ever.

`asset("app.js")` gives the address. A bundler's `dist/manifest.json` ({"app.js": "app-HASH.js"}) is followed; a file
that is in no manifest gets the hash of its content put into its name here.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import mimetypes
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kithwell.kernel import conf

PREFIX = "/static/"
_HASHED = re.compile(r"[-.][0-9A-Za-z_]{6,}\.[a-z0-9]+$")
_COMPRESSIBLE = (".js", ".css", ".svg", ".json", ".html", ".txt", ".map", ".webmanifest")
_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file as it is sent; `packed` is its gzip form or empty when that is not smaller."""

    body: bytes
    packed: bytes
    content_type: str
    immutable: bool


def folders() -> list[Path]:
    """Every part's `static/` folder."""
    from django.apps import apps

    return [
        p
        for config in apps.get_app_configs()
        if config.name.startswith("kithwell.")
        for p in [Path(config.path) / "static", *sorted(Path(config.path).glob("*/static"))]
        if p.is_dir()
    ]


def _load(path: Path, immutable: bool) -> StaticFile:
    body = path.read_bytes()
    packed = b""
    if path.suffix in _COMPRESSIBLE:
        packed = gzip.compress(body, 9, mtime=0)
        packed = packed if len(packed) < len(body) * 0.95 else b""
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if kind.startswith("text/") or kind.endswith(("xml", "json")):
        kind += "; charset=utf-8"
    return StaticFile(body, packed, kind, immutable)


class Library:
    """All static files of this process, by the address after PREFIX, and the way from a plain name to it."""

    def __init__(self, roots: list[Path]) -> None:
        self.files: dict[str, StaticFile] = {}
        self.names: dict[str, str] = {}
        for root in roots:
            self._read(root)

    def _read(self, root: Path) -> None:
        manifests = {}
        for manifest in root.rglob("manifest.json"):
            under = manifest.parent.relative_to(root).as_posix()
            prefix = "" if under == "." else under + "/"
            for name, hashed in json.loads(manifest.read_text(encoding="utf-8")).items():
                if isinstance(hashed, str):
                    manifests[prefix + hashed] = name
        for path in sorted(p for p in root.rglob("*") if p.is_file() and p.name != "manifest.json"):
            address = path.relative_to(root).as_posix()
            if address in manifests:
                self.files[address] = _load(path, immutable=True)
                self.names[manifests[address]] = address
            elif _HASHED.search(path.name) and address.startswith("dist/"):
                self.files[address] = _load(path, immutable=True)
            else:
                digest = hashlib.sha256(path.read_bytes()).hexdigest()[:10]
                hashed = path.relative_to(root).with_name(f"{path.stem}-{digest}{path.suffix}").as_posix()
                self.files[hashed] = _load(path, immutable=True)
                self.files[address] = _load(path, immutable=False)
                self.names.setdefault(address, hashed)
                self.names.setdefault(path.name, hashed)


@cache
def _library() -> Library:
    return Library(folders())


def library() -> Library:
    """This process's files; read anew each time when `reload_templates` is on."""
    if conf.get("reload_templates", False):
        _library.cache_clear()
    return _library()


def asset(name: str) -> str:
    """The address of the file `name`. A name that is not there keeps its plain address, so a page still renders."""
    return PREFIX + library().names.get(name, name)
