"""Programs of this machine that the tests drive: Chromium, PostgreSQL, Redis. Finds or installs them."""

from __future__ import annotations

import glob
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


def find_chromium() -> str | None:
    """Path of a Chromium that can be driven, or None."""
    if named := os.environ.get("KITHWELL_CHROMIUM"):
        return named
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if found := shutil.which(name):
            return found
    mac = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    return str(mac) if mac.exists() else None


def find_postgres(program: str = "initdb") -> str | None:
    """Path of a program of PostgreSQL's server, newest version first, or None. Debian keeps them off PATH."""
    places = ("/usr/lib/postgresql/*/bin/", "/usr/pgsql-*/bin/", "/opt/homebrew/opt/postgresql@*/bin/")
    found = [path for place in places for path in glob.glob(place + program)]
    found.sort(key=lambda path: [int(part) for part in path.replace("@", "/").split("/") if part.isdigit()])
    return found[-1] if found else shutil.which(program)


def find_redis() -> str | None:
    """Path of a Redis (or Valkey) server, or None."""
    return shutil.which("redis-server") or shutil.which("valkey-server")


@dataclass(frozen=True, slots=True)
class Need:
    """A program, how to find it, and the Debian packages that bring it."""

    name: str
    find: Callable[[], str | None]
    packages: tuple[str, ...]


# a browser without fonts draws boxes, and pictures of pages are looked at
BROWSER = Need("Chromium", find_chromium, ("chromium", "fonts-dejavu-core", "fonts-noto-color-emoji"))
POSTGRES = Need("PostgreSQL server", find_postgres, ("postgresql",))
REDIS = Need("Redis server", find_redis, ("redis-server",))


class Missing(Exception):
    """Programs are missing and could not be installed; says which, and what to do."""


def ensure(needs: tuple[Need, ...]) -> None:
    """Installs what is missing when this is root on a Debian-like system. Raises Missing."""
    missing = [need for need in needs if need.find() is None]
    if not missing:
        return
    packages = [package for need in missing for package in need.packages]
    names = ", ".join(need.name for need in missing)
    by_hand = f"The tests need: {names}. On Debian or Ubuntu: apt-get install {' '.join(packages)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Missing(f"{by_hand}\nOr run a part without them: ./dev test --fast")
    print(f"· Debian packages: {' '.join(packages)} ...", file=sys.stderr, flush=True)
    # RUNLEVEL=1: their own services are not started; the tests start their own and stop them
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive", RUNLEVEL="1", LC_ALL="C.UTF-8")
    for command in (
        ["apt-get", "update", "-q"],
        ["apt-get", "install", "-qy", "--no-install-recommends", *packages],
    ):
        done = subprocess.run(
            command,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode and command[1] == "install":
            raise Missing(f"{by_hand}\nDoing so here failed:\n{done.stdout[-3000:]}")
    still = [need.name for need in missing if need.find() is None]
    if still:
        raise Missing(f"apt-get ran, yet there is still no {', '.join(still)}.")
