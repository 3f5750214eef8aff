"""What an empty panel shows: a title, a hint, and a button where there is a next step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.theme.theme import Theme


def test_the_next_step_is_a_button_below_the_hint_in_sight_at_every_size(theme: Theme, qtbot: QtBot) -> None:
    steps: list[str] = []
    empty = EmptyState(theme, "Nothing yet", "A hint that is broken into several lines. " * 6)
    empty.offer("Begin", lambda: steps.append("begun"))
    qtbot.addWidget(empty)
    button = empty.button
    assert button is not None
    empty.show()
    for scale in (1.0, 1.4):
        theme.set_text_scale(scale)
        for width, height in ((300, 400), (900, 300)):
            empty.resize(width, height)
            assert empty.rect().contains(button.geometry())
            assert button.geometry().top() > empty._places()[2].bottom()
    button.click()
    assert steps == ["begun"]
    empty.say("Nothing to do", "There is no next step.", offers=False)
    assert not button.isVisible()
