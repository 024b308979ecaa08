"""Helpers of ./dev. They run inside .venv; ./dev itself needs only Python's standard library."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
