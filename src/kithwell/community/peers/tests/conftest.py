"""Every test begins with full buckets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kithwell.kernel import limits


@pytest.fixture(autouse=True)
def rested() -> Iterator[None]:
    limits.forget_all()
    yield
