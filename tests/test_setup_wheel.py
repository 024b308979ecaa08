"""The wheel that an installation gets holds everything that the product reads at run time, and no tests."""

import os
import subprocess
import sys
import zipfile

import pytest
from tools import ROOT
from tools.checks import tree

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    uv = sorted(ROOT.glob(".tools/uv-*/uv"))
    assert uv, "./dev setup brings uv"
    command = [
        uv[-1],
        "build",
        "--wheel",
        "--no-build-isolation",
        "--offline",
        "--python",
        sys.executable,
        "--out-dir",
        folder,
    ]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    )
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(next(folder.glob("kithwell-*.whl"))) as archive:
        yield set(archive.namelist())


def test_it_holds_every_template_data_file_and_module(wheel):
    left_out = ("/tests/", "/ui/ts/", "/ui/css/")  # the last two are in the bundle
    wanted = {name.removeprefix("src/") for name in tree() if name.startswith("src/kithwell/")}
    missing = {name for name in wanted - wheel if not any(part in f"/{name}" for part in left_out)}
    assert missing == set()
    assert not [name for name in wheel if "/tests/" in name]


def test_it_holds_the_bundle_that_git_ignores_and_the_licence(wheel):
    assert "kithwell/ui/static/dist/manifest.json" in wheel
    assert any(name.startswith("kithwell/ui/static/dist/app-") for name in wheel)
    assert any(name.endswith("licenses/LICENSE") for name in wheel)
