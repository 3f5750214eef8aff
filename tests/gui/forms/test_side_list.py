"""The list at the side of a room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.forms.side_list import SideEntry, SideList

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.theme.theme import Theme


def test_what_is_chosen_before_the_list_is_seen_is_in_sight_as_a_whole(theme: Theme, qtbot: QtBot) -> None:
    found = SideList(theme, "Lessons")
    qtbot.addWidget(found)
    sentence = "A sentence that is long enough to be broken into several lines where the list is narrow."
    found.show_entries([SideEntry(f"{number}", f"Entry {number}", sentence) for number in range(20)])
    found.choose("9")
    found.resize(200, 300)
    found.show()
    item = found.currentItem()
    qtbot.waitUntil(lambda: found.viewport().rect().contains(found.visualItemRect(item)))
    found.resize(180, 250)
    qtbot.waitUntil(lambda: found.viewport().rect().contains(found.visualItemRect(item)))
