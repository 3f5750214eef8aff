"""Fields that all forms are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gui.widgets.fields import Menu

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.theme.theme import Theme


@pytest.mark.qt_log_ignore(
    "This plugin does not support"
)  # as the offscreen platform says of a list that opens
@pytest.mark.parametrize("chosen", [0, 11])
def test_an_open_menu_cuts_none_of_its_entries_while_the_screen_has_room(
    qtbot: QtBot, theme: Theme, chosen: int
) -> None:
    menu = Menu()
    qtbot.addWidget(menu)
    for at in range(12):
        menu.add(str(at), f"Entry {at}")
    menu.setCurrentIndex(chosen)
    menu.show()
    menu.setFocus()
    qtbot.waitUntil(menu.hasFocus)
    menu.showPopup()
    view = menu.view()

    def are_in_sight() -> bool:
        first, last = (view.visualRect(menu.model().index(at, 0)) for at in (0, 11))
        return first.top() >= 0 and last.bottom() < view.viewport().height()

    qtbot.waitUntil(are_in_sight)
    menu.hidePopup()
