"""What tests of the window share: the theme, the running part of the program, and the whole program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gui.controllers.core import Core
from gui.process.preferences import Preferences
from gui.theme.theme import Theme
from tests.support.problem_log import log as log
from tests.support.whole_app import stage as stage
from workers.command_line.parser import parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    font, palette = qapp.font(), qapp.palette()
    yield Theme(qapp)
    qapp.setStyleSheet("")
    qapp.setPalette(palette)
    qapp.setFont(font)


@pytest.fixture
def preferences() -> Preferences:
    """Preferences that nobody keeps."""
    return Preferences(lasting=False)


@pytest.fixture
def core(theme: Theme, preferences: Preferences) -> Iterator[Core]:
    """The running part of a program with a window; nothing of it is started."""
    made = Core(parse(["--instruments", "timeline"]), (theme, preferences))
    yield made
    made.close()
