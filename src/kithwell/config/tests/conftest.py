"""A front on the sample pages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kithwell.config.front import Front
from kithwell.config.tests import driver, sample_urls
from kithwell.kernel import pagecache


@pytest.fixture
def chosen(settings: Any) -> Callable[..., None]:
    """chosen(name=value): settings of the installation for this test. Call it before the front is used."""

    def choose(**values: Any) -> None:
        settings.KITHWELL = settings.KITHWELL | values

    return choose


@pytest.fixture
def front(settings: Any, tmp_path: Any, chosen: Callable[..., None]) -> Iterator[Callable[[], Front]]:
    """front() -> Front, with the settings as they are then."""
    settings.ROOT_URLCONF = "kithwell.config.tests.sample_urls"
    chosen(data_dir=tmp_path)
    sample_urls.calls.clear()
    sample_urls.gate.clear()
    pagecache.cache.clear()
    made: list[Front] = []

    def make() -> Front:
        if not made:
            made.append(Front())
        return made[0]

    yield make
    sample_urls.gate.set()
    for one in made:
        for pool in (one.pages, one.streams):
            pool.stop(5)


@pytest.fixture
def ask(front: Callable[[], Front]) -> Callable[..., driver.Reply]:
    """ask(method, path, headers=, chunks=, client=) -> Reply, on an event loop of its own."""

    def once(method: str, path: str, **more: Any) -> driver.Reply:
        return asyncio.run(driver.ask(front(), method, path, **more))

    return once
