"""A home and a display for the program's processes."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.support.program import clean_environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A clean environment without a display; its home is a folder of the test's own."""
    home = tmp_path / "home"
    home.mkdir()
    return clean_environment(home)


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """The name of an X11 display without a window manager: scripts/test gives one, else one is started.

    Those who test side by side have one each, for the keyboard belongs to one window of a display.
    """
    given, can_start = os.environ.get("THAW_TEST_DISPLAY"), shutil.which("Xvfb") is not None
    if given and not (can_start and "PYTEST_XDIST_WORKER" in os.environ):
        yield given
        return
    if not can_start:
        pytest.skip("there is neither THAW_TEST_DISPLAY nor Xvfb: no display for a window")
    reading, writing = os.pipe()
    command = [
        "Xvfb",
        "-displayfd",
        str(writing),
        "-screen",
        "0",
        "1920x1080x24",
        "-nolisten",
        "tcp",
        "-noreset",
    ]
    server = subprocess.Popen(
        command, pass_fds=(writing,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        number = pipe.readline().decode().strip()
    try:
        if not number:
            pytest.skip("Xvfb did not start: no display for a window")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


@pytest.fixture
def windowed(environment: dict[str, str], display: str) -> dict[str, str]:
    """A clean environment with a display."""
    return {**environment, "DISPLAY": display}
