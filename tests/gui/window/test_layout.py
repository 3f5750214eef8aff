"""The room Live: how graphs and tabs share its right side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.support.whole_app import Stage


def test_a_double_click_on_a_tab_gives_it_the_whole_right_side_and_back(stage: Stage, qtbot: QtBot) -> None:
    with stage.app() as app:
        window = app.window
        middle, bar = window._layout.middle, window.tabs.tabBar()
        before = middle.sizes()
        assert min(before) >= 120
        for expected in ([0, sum(before)], before):
            QTest.mouseDClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(1).center())
            assert middle.sizes() == expected
        middle.setSizes([9_000, 0])
        assert middle.sizes()[1] == 120  # the graphs cannot hide them
        middle.setSizes([0, 9_000])
        assert middle.sizes()[0] == 0
