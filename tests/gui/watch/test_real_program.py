"""The room Watch with real programs: its line is found, it answers while it is frozen, and it is let go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.watch.texts import ENDED, FAILED, FROZEN
from tests.support.whole_app import PATIENCE_MS

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gui.app import App
    from gui.watch.page import WatchPage
    from tests.support.whole_app import Stage

SOURCE = """
import asyncio
import time


async def main():
    await asyncio.sleep(0.3)
    for _ in range({times}): time.sleep(0.1)
    await asyncio.sleep(0.3)


asyncio.run(main())
"""
LINE = 8


def watched(app: App, folder: Path, times: int) -> WatchPage:
    """The page, which watches a server that stands still for so many tenths of a second."""
    path = folder / "server.py"
    path.write_text(SOURCE.format(times=times), encoding="utf-8")
    page = app.window.pages.watch
    page.wanted.emit()
    page.chooser.program.setText(str(path))
    page.chooser.button.click()
    return page


def test_the_line_of_a_server_is_found(stage: Stage, qtbot: QtBot, tmp_path: Path) -> None:
    with stage.app() as app:
        page = watched(app, tmp_path, 6)
        qtbot.waitUntil(lambda: app.core.listed != [], timeout=PATIENCE_MS)
        page.show_now()
        assert page.band.told.state == ENDED
        item = page.freezes.list.topLevelItem(0)
        assert item is not None
        assert item.text(0) == f"server.py:{LINE} in main"
        assert page.freezes.card is not None
        assert "Called by the task main" in page.freezes.card.accessibleName()


def test_it_answers_while_it_is_frozen_and_can_be_interrupted(
    stage: Stage, qtbot: QtBot, tmp_path: Path
) -> None:
    with stage.app() as app:
        page = watched(app, tmp_path, 600)
        try:
            qtbot.waitUntil(
                lambda: page.band.told.state == FROZEN and page.band.told.source != "", timeout=PATIENCE_MS
            )
            assert page.band.told.where == f"server.py, line {LINE}, in main"
            stage.click(page.band.dump_button)
            qtbot.waitUntil(lambda: page.tabs.currentWidget() is page.stacks, timeout=PATIENCE_MS)
            assert f"server.py:{LINE} in main" in page.stacks.toPlainText()
            said: list[str] = []
            page.said.connect(said.append)
            stage.click(page.band.interrupt_button)
            qtbot.waitUntil(lambda: app.core.listed != [], timeout=PATIENCE_MS)
        finally:
            page.leader.kill()
        page.show_now()
        assert page.band.told.state == FAILED
        assert said[0] == "It was interrupted, as by Ctrl+C."
