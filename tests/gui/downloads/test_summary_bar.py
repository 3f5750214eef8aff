"""The line below the list of downloads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gui.downloads.summary_bar import DownloadsBar
from workers.reports.palette import contrast

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.theme.theme import Theme


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_its_empty_bar_has_an_edge_that_is_seen(theme: Theme, scheme: str, qtbot: QtBot) -> None:
    theme.set_choice(scheme)
    line = DownloadsBar(theme)
    qtbot.addWidget(line)
    image = line.bar.grab().toImage()
    for x, y in ((0, 2), (image.width() // 2, 0), (image.width() - 1, 2), (5, image.height() - 1)):
        edge = image.pixelColor(x, y).name()
        assert min(contrast(edge, theme.color(ground).name()) for ground in ("window", "panel")) >= 3
