"""`./dev` on machines that lack something: it starts with an old Python, and says in words what is wrong."""

import ast
import hashlib
import http.server
import importlib.machinery
import importlib.util
import io
import os
import re
import subprocess
import sys
import threading
import zipfile

import pytest
from tools import ROOT

pytestmark = pytest.mark.once

SOURCE = (ROOT / "dev").read_text(encoding="utf-8")
VERSION = re.search(r'UV_VERSION = "([^"]+)"', SOURCE)[1]


@pytest.fixture
def dev():
    """The file `dev` as a module of its own."""
    loader = importlib.machinery.SourceFileLoader("kithwell_dev", str(ROOT / "dev"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("kithwell_dev", loader))
    loader.exec_module(module)
    return module


def checkout(tmp_path, **changes):
    """A folder with `dev` in it, words replaced, and the files that set-up reads."""
    text = SOURCE
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "dev").write_text(text, encoding="utf-8")
    for name in ("pyproject.toml", "uv.lock"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    return tmp_path / "dev"


def run(dev, *arguments, **env):
    home = str(dev.parent)
    clean = {
        "PATH": os.environ["PATH"],
        "HOME": home,
        "LC_ALL": "C.UTF-8",
        "PIP_CONFIG_FILE": os.devnull,
        **env,
    }
    return subprocess.run(
        [sys.executable, str(dev), *arguments],
        env=clean,
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )


class Index(http.server.BaseHTTPRequestHandler):
    """A package index that serves one uv wheel, with whatever content it is given."""

    wheel = b""
    seen: list = []

    def do_GET(self):
        type(self).seen.append((self.path, self.headers.get("Authorization")))
        names = re.findall(r'^ +"((?:many|musl|macos)[^"]+)",$', SOURCE, re.M)
        links = "".join(
            f'<a href="../../f/uv-{VERSION}-py3-none-{name}.whl#sha256=00">uv</a>' for name in names
        )
        body = self.wheel if self.path.startswith("/f/") else f"<html><body>{links}</body></html>".encode()
        self.send_response(200 if self.path.startswith(("/f/", "/simple/uv/")) else 404)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def index():
    Index.wheel, Index.seen = b"", []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Index)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def test_it_is_python_3_9_syntax_and_imports_only_the_standard_library():
    tree = ast.parse(SOURCE, feature_version=(3, 9))
    used = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    used |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert used and {name.partition(".")[0] for name in used} <= sys.stdlib_module_names


def test_an_old_python_is_told_what_to_install(tmp_path):
    old = checkout(tmp_path, too_new=("OLDEST_PYTHON = (3, 11)", "OLDEST_PYTHON = (3, 99)"))
    done = run(old, "setup")
    assert done.returncode == 1
    assert "needs Python 3.99 or newer" in done.stderr and "apt-get install python3" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_network_it_names_the_indexes_it_tried_and_how_to_name_another(tmp_path):
    alone = checkout(
        tmp_path, pypi=('PYPI = "https://pypi.org/simple"', 'PYPI = "http://127.0.0.1:9/simple"')
    )
    done = run(alone, "setup", PIP_INDEX_URL="http://me:secret@127.0.0.1:1/simple")
    assert done.returncode == 1
    assert "http://127.0.0.1:1/simple: " in done.stderr and "http://127.0.0.1:9/simple: " in done.stderr
    assert "UV_DEFAULT_INDEX" in done.stderr
    assert "secret" not in done.stderr and "Traceback" not in done.stderr


def test_a_uv_that_is_not_the_pinned_one_is_not_kept_and_not_run(tmp_path, index):
    Index.wheel = b"something else"
    done = run(checkout(tmp_path), "setup", UV_DEFAULT_INDEX=f"http://127.0.0.1:{index}/simple")
    assert done.returncode == 1
    assert "is not the file that was pinned" in done.stderr
    assert hashlib.sha256(b"something else").hexdigest() in done.stderr
    assert not list(tmp_path.glob(".tools/uv-*/*"))


def test_the_pinned_uv_comes_from_the_index_this_machine_is_set_up_for(tmp_path, index, dev, monkeypatch):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(f"uv-{VERSION}.data/scripts/uv", "#!/bin/sh\necho it runs\n")
    Index.wheel = packed.getvalue()
    tag = dev.UV_WHEELS[dev.this_platform()][0]
    monkeypatch.setattr(dev, "TOOLS", tmp_path)
    monkeypatch.setattr(
        dev, "UV_WHEELS", {dev.this_platform(): (tag, hashlib.sha256(Index.wheel).hexdigest())}
    )
    monkeypatch.setenv("UV_DEFAULT_INDEX", f"http://some%40one:word@127.0.0.1:{index}/simple")
    path = dev.ensure_uv()
    assert subprocess.run([str(path)], capture_output=True, text=True).stdout == "it runs\n"
    assert [word for _, word in Index.seen] == ["Basic c29tZUBvbmU6d29yZA=="] * 2
    assert dev.ensure_uv() == path and len(Index.seen) == 2  # the second time nothing is fetched


def test_a_mirror_in_pips_configuration_is_asked_before_pypi(tmp_path, dev, monkeypatch):
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "pip.conf").write_text("[global]\nindex-url = https://mirror.example/simple/\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    assert dev.package_indexes()[:2] == ["https://mirror.example/simple", "https://pypi.org/simple"]


def test_paths_of_tests_may_be_given_from_any_folder(dev):
    assert (
        dev.from_root("test_setup_dev.py::test_x", str(ROOT / "tests")) == "tests/test_setup_dev.py::test_x"
    )
    assert dev.from_root("-k", str(ROOT)) == "-k"
    assert dev.from_root("/", str(ROOT)) == "/"


def test_an_unknown_bench_is_told_which_there_are(dev):
    done = subprocess.run(
        [sys.executable, str(ROOT / "dev"), "bench", "nosuch"], capture_output=True, text=True
    )
    assert done.returncode == 1 and "There is no bench called nosuch" in done.stderr
