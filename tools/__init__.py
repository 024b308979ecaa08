"""Helpers of ./dev. They run inside .venv; ./dev itself needs only Python's standard library."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
