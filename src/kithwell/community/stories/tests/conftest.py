"""What every test here begins with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kithwell.kernel import limits


@pytest.fixture(autouse=True)
def rested() -> Iterator[None]:
    """No test is slowed by what another one tried."""
    limits.forget_all()
    yield
    limits.forget_all()
