"""Pages: requests a second of one web process, bytes of a page, memory, time to start.

    ./dev bench page [--seconds 6] [--posts 10000] [--growth] [--no-start]

A bare Node hello on the reference machine gives 84,000 requests a second and a Node forum's group page 162; the bars
below are for that machine (two cores, shared). `--growth` compares 10,000 posts with 1,000,000.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import _site

BARS = {
    "uncached": 350.0,
    "cached": 4000.0,
    "first_view_kb": 60.0,  # the heaviest of VIEWS: HTML, styles and scripts over the wire
    "help_kb": 30.0,  # /help, in one request, unpacked
    "memory_mb": 250.0,
    "start_s": 5.0,
    "growth": 1.2,
}


VIEWS = ("/g/g-1", "/groups", "/talk", "/help", "/", "/stories", "/sign-in", "/join")


def _migrate(data: Path) -> None:
    env = os.environ | {"KITHWELL_DATA": str(data)}
    subprocess.run(
        [sys.executable, "-m", "kithwell.config.cli", "manage", "migrate", "--verbosity", "0"],
        env=env,
        check=True,
        stdout=subprocess.DEVNULL,
    )


def _fill(data: Path, posts: int) -> None:
    code = f"import bench._page_site as s; s.fill({posts})"
    subprocess.run([sys.executable, "-c", code], env=os.environ | {"KITHWELL_DATA": str(data)}, check=True)


def _first_view_kb(at: _site.Site, path: str) -> tuple[float, float]:
    """KB over the wire of the page alone and with the styles and scripts it names, packed."""
    headers, body = _site.get(at.url + path, {"Accept-Encoding": "gzip"})
    total = len(body)
    html = gzip.decompress(body).decode() if headers.get("content-encoding") == "gzip" else body.decode()
    for address in set(re.findall(r'(?:href|src)="(/static/[^"]+)"', html)):
        try:
            total += len(_site.get(at.url + address, {"Accept-Encoding": "gzip"})[1])
        except OSError as error:
            print(f"  {address} could not be read: {error}", file=sys.stderr)
    return len(body) / 1000, total / 1000


def second_start(data: Path) -> float:
    """Seconds from `kithwell run` to /readyz answering 200, on data that was there before."""
    port = _site.free_port()
    env = os.environ | {"KITHWELL_DATA": str(data), "KITHWELL_LOG_LEVEL": "error"}
    began = time.monotonic()
    command = [sys.executable, "-m", "kithwell.config.cli", "run", "--demo", "--port", str(port)]
    process = subprocess.Popen(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, process_group=0
    )
    try:
        _site.wait_for(f"http://127.0.0.1:{port}/readyz", 120)
        return time.monotonic() - began
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def main(argv: list[str]) -> int:
    """Measure, print, and say whether the bars are met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--growth", action="store_true", help="compare with 1,000,000 posts (a minute more)")
    parser.add_argument("--no-start", action="store_true", help="leave out the time to start")
    args = parser.parse_args(argv)
    result: dict[str, float | str | bool] = {}
    with tempfile.TemporaryDirectory(prefix="kithwell-bench-") as folder:
        data = Path(folder)
        _measure(data, args, result)
        if args.growth:
            _growth(data, args, result)
        if not args.no_start:
            fresh = data / "start"
            first, second = second_start(fresh), second_start(fresh)
            result["first_start_s"], result["start_s"] = round(first, 2), round(second, 2)
            print(
                f"\nstart with demonstration: first {first:.1f} s, second {second:.1f} s (bar {BARS['start_s']:g} s)"
            )
    ok = _judge(result)
    print("BENCH " + json.dumps({"name": "page", "ok": ok, **result}))
    return 0 if ok else 1


def _measure(data: Path, args: argparse.Namespace, result: dict[str, float | str | bool]) -> None:
    _migrate(data)
    _fill(data, args.posts)
    rows: list[tuple[str, ...]] = []
    with _site.site("bench._page_site:app", data) as at:
        cases = (
            ("hello", "hello through Django", "/bench/hello", ()),
            ("uncached", "20 posts, uncached", "/bench/uncached/g-1", ()),
            ("cold", "20 posts, every word unsealed anew", "/bench/cold/g-1", ()),
            (
                "uncached_gzip",
                "20 posts, uncached, packed",
                "/bench/uncached/g-1",
                ("Accept-Encoding: gzip",),
            ),
            ("cached", "20 posts, cached", "/g/g-1", ("Accept-Encoding: gzip",)),
            ("not_modified", "20 posts, 304", "/g/g-1", ()),
            ("help", "/help", "/help", ("Accept-Encoding: gzip", "Accept-Language: en-GB")),
            ("talk", "/talk", "/talk", ("Accept-Encoding: gzip",)),
            ("static", "a style sheet", "", ("Accept-Encoding: gzip",)),
        )
        for key, name, path, headers in cases:
            if key == "not_modified":
                etag = _site.get(at.url + path)[0]["etag"]
                headers = (f"If-None-Match: {etag}",)
            if key == "static":
                found = re.search(r'href="(/static/[^"]+\.css)"', _site.get(at.url + "/")[1].decode())
                path = found[1] if found else "/static/none"
            try:
                _site.get(at.url + path, {"Accept-Language": "en-GB"} if key != "not_modified" else {})
            except OSError as error:
                print(f"  {path}: {error}", file=sys.stderr)
                continue
            _site.load(at, path, 1, headers=headers)  # warm
            seen = _site.load(at, path, args.seconds, headers=headers)
            result[key], result[key + "_cpu_us"] = round(seen.per_second), round(seen.cpu_us)
            result["tool"] = seen.tool
            if seen.errors:
                result["errors"] = int(result.get("errors", 0)) + seen.errors
            rows.append(
                (
                    name,
                    f"{seen.per_second:,.0f}",
                    f"{seen.cpu_us:,.0f}",
                    f"{seen.p99_ms:.1f}",
                    str(seen.errors),
                )
            )
        seen_views = {path: _first_view_kb(at, path) for path in VIEWS}
        heaviest = max(seen_views, key=lambda path: seen_views[path][1])
        result["page_kb"], result["group_view_kb"] = (round(kb, 1) for kb in seen_views["/g/g-1"])
        result["first_view_kb"], result["heaviest"] = round(seen_views[heaviest][1], 1), heaviest
        result["help_kb"] = round(len(_site.get(at.url + "/help", {"Accept-Language": "en-GB"})[1]) / 1000, 1)
        result["memory_mb"] = round(at.rss_mb, 1)
    print(_site.table(("one web process", "req/s", "cpu µs/req", "p99 ms", "errors"), rows))
    print(
        f"\ngroup page {result['page_kb']} KB packed, with style and script {result['group_view_kb']} KB; the heaviest "
        f"first view of {len(VIEWS)} is {heaviest}: {result['first_view_kb']} KB (bar {BARS['first_view_kb']:g} KB); "
        f"/help {result['help_kb']} KB unpacked (bar {BARS['help_kb']:g} KB)"
    )
    print(
        f"memory after the load {result['memory_mb']} MB (bar {BARS['memory_mb']:g} MB); loaded with {result['tool']}"
    )


def _growth(data: Path, args: argparse.Namespace, result: dict[str, float | str | bool]) -> None:
    large = data / "large"
    large.mkdir()
    _migrate(large)
    _fill(large, 1_000_000)
    with _site.site("bench._page_site:app", large) as at:
        _site.load(at, "/bench/uncached/g-1", 1)
        seen = _site.load(at, "/bench/uncached/g-1", args.seconds)
    result["growth"] = round(seen.cpu_us / float(result["uncached_cpu_us"]), 2)
    print(f"\nthe same page with 1,000,000 posts costs {result['growth']}x (bar {BARS['growth']}x)")


def _judge(result: dict[str, float | str | bool]) -> bool:
    faults = [
        f"{name} {result[name]} (bar {bar:g})"
        for name, bar in BARS.items()
        if name in result
        and (float(result[name]) < bar if name in ("uncached", "cached") else float(result[name]) > bar)
    ]
    if result.get("errors"):
        faults.append(f"{result['errors']} errors")
    for fault in faults:
        print(f"below the bar: {fault}", file=sys.stderr)
    return not faults


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
