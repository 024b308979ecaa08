"""The product's own settings, in a data directory of this run's own: tests never touch a developer's `.data`."""

import atexit
import os
import shutil
import tempfile

if "KITHWELL_DATA" not in os.environ:
    os.environ["KITHWELL_DATA"] = tempfile.mkdtemp(prefix="kithwell-tests-")
    atexit.register(shutil.rmtree, os.environ["KITHWELL_DATA"], True)

from kithwell.config.settings import *  # noqa: F403
