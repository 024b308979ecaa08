"""Runs FOLDER/NAME.py (a bench) in the project's environment: `python -m tools.program FOLDER NAME ...`."""

from __future__ import annotations

import importlib.util
import sys

from tools import ROOT


def main(folder: str, name: str, rest: list[str]) -> int:
    """The exit status of the program's own `main(argv) -> int`."""
    path = ROOT / folder / f"{name}.py"
    sys.path.insert(0, str(ROOT))
    sys.argv = [str(path), *rest]
    spec = importlib.util.spec_from_file_location(f"{folder}.{name}", path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path.name} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses and multiprocessing look it up there
    spec.loader.exec_module(module)
    return int(module.main(rest) or 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
