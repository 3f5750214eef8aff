"""A log that collects, while a test runs, what would go unseen."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest

from gui.process.problems import ProblemLog

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication


@pytest.fixture
def log(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[ProblemLog]:
    for owner, name in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(owner, name, getattr(owner, name))  # so that pytest's own come back
    made = ProblemLog()
    made.install()
    yield made
    made.remove()
