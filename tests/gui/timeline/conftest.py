"""A timeline on the screen, for the tests of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gui.timeline.timeline import Timeline

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.theme.theme import Theme


@pytest.fixture
def timeline(qtbot: QtBot, theme: Theme) -> Timeline:
    theme.set_choice("light")
    made = Timeline(theme, None)
    qtbot.addWidget(made)
    made.resize(1000, 320)
    with qtbot.waitExposed(made):
        made.show()
    return made
