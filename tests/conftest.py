"""What all tests share."""

import gc
import os

import compiled
import without_disk
from hypothesis import settings

settings.register_profile("ci", deadline=None, derandomize=True, max_examples=100)
settings.register_profile("thorough", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

compiled.keep()
without_disk.settle()

gc.set_threshold(100_000, 50, 100)


def pytest_collection_finish() -> None:
    """Leave what was imported out of every collection: all tests use it until the end."""
    gc.collect()
    gc.freeze()
