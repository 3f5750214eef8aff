"""A timeline on the screen, for the tests of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gui.timeline.timeline import Timeline
from tests.support.bring_up import bring_up

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.theme.theme import Theme


@pytest.fixture
def timeline(qtbot: QtBot, theme: Theme) -> Timeline:
    theme.set_choice("light")
    return bring_up(qtbot, Timeline(theme, None), 1000, 320)
