"""Lock files: whoever clones gets the same packages from the public registries, whatever machine wrote the lock."""

import json
import re

from tools import ROOT
from tools.checks import supply

UV_LOCK = (ROOT / "uv.lock").read_text(encoding="utf-8")
REQUIREMENTS = (ROOT / "requirements.txt").read_text(encoding="utf-8")


def test_the_python_lock_files_name_only_the_public_registries():
    assert "https://files.pythonhosted.org/" in UV_LOCK
    assert supply.foreign_hosts(UV_LOCK) == set()
    assert supply.foreign_hosts(REQUIREMENTS) == set()


def test_a_mirror_in_a_lock_file_is_noticed():
    changed = UV_LOCK.replace("https://pypi.org/simple", "https://mirror.example/simple", 1)
    assert supply.foreign_hosts(changed) == {"mirror.example"}
    assert supply.foreign_hosts("--index-url http://user:word@10.0.0.1:8080/simple") == {"10.0.0.1"}


def test_every_pinned_requirement_carries_a_hash():
    blocks = re.split(r"\n(?=\S)", REQUIREMENTS.strip())
    assert len(blocks) > 20
    for block in blocks:
        assert re.match(r"[\w.\[\],-]+==\S+", block), block
        assert "--hash=sha256:" in block, block


def test_the_npm_lock_names_no_host_and_hashes_every_package():
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert "node_modules/esbuild" in packages
    for name, facts in packages.items():
        assert "resolved" not in facts, name
        assert not name or facts["integrity"].startswith("sha512-"), name


def test_the_lock_files_belong_to_the_wanted_dependencies():
    assert supply._stale() == []
