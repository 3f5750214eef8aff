"""What every test stands on: Qt off screen, and no thread or process left behind by a test."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.support import pythons, wine
from tests.support.leaks import Before

if TYPE_CHECKING:
    from collections.abc import Iterator

os.environ["QT_QPA_PLATFORM"] = "offscreen"
# What Thaw keeps between its starts, such as the answers of interpreters, is not to be the person's.
os.environ["THAW_DATA"] = tempfile.mkdtemp(prefix="thaw-tests-")
atexit.register(shutil.rmtree, os.environ["THAW_DATA"], ignore_errors=True)
# A developer's own cluster is not to be used either.
os.environ.pop("DASK_SCHEDULER_ADDRESS", None)
# Pythons that scripts/other-pythons got are found as those are that the system has, after them.
os.environ["PATH"] = os.pathsep.join((os.environ["PATH"], *pythons.folders()))
# One process of Python's own goes with the first pool of processes and lasts as long as the program: no test's leak.
if os.name == "posix":  # Windows has none
    resource_tracker.ensure_running()
# In the suite the same few examples each time; `scripts/test --long` names the other profile, which looks for new ones.
settings.register_profile("suite", max_examples=30, deadline=None, derandomize=True, database=None)
settings.register_profile("long", max_examples=1000, deadline=None, print_blob=True)
settings.load_profile("suite")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    wine.leave_out(items)


@pytest.fixture(autouse=True)
def nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a thread, a process, a socket or a Qt timer behind."""
    before = Before("qapp" in request.fixturenames)
    yield
    before.check()
