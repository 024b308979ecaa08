"""The product's own settings, in a data directory of this run's own: tests never touch a developer's `.data`."""

import atexit
import os
import shutil
import tempfile

if "KITHWELL_DATA" not in os.environ:
    os.environ["KITHWELL_DATA"] = tempfile.mkdtemp(prefix="kithwell-tests-")
    atexit.register(shutil.rmtree, os.environ["KITHWELL_DATA"], True)
if _worker := os.environ.get("PYTEST_XDIST_WORKER"):
    # Side by side, each has a folder and a Redis of its own: Redis' channels know no databases.
    os.environ["KITHWELL_DATA"] = os.path.join(os.environ["KITHWELL_DATA"], _worker)
    os.makedirs(os.environ["KITHWELL_DATA"], exist_ok=True)
    if _redis := os.environ.get("TEST_REDIS_URLS", "").split():
        os.environ["KITHWELL_REDIS_URL"] = _redis[int(_worker.removeprefix("gw")) % len(_redis)]

from kithwell.config.settings import *  # noqa: F403
