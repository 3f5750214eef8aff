"""What stepped threads share, after the steps that were seen. In the GUI thread."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

if TYPE_CHECKING:
    from gui.theme.theme import Theme
    from workers.stepping.played import Played


class SharedValues(QLabel):
    """Names and values; what the last step has changed stands out."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(wordWrap=True, textFormat=Qt.TextFormat.RichText, alignment=Qt.AlignmentFlag.AlignTop)
        self._theme = theme

    def show_values(self, played: Played, at: int) -> None:
        """Show them as they are after `at` steps."""
        values = dict(played.before)
        for step in played.steps[:at]:
            values.update(step.changed)
        latest = dict(played.steps[at - 1].changed) if 0 < at <= len(played.steps) else {}
        color = self._theme.color("accent").name()
        parts = []
        for name, said in values.items():
            words = html.escape(f"{name} = {said}")
            parts.append(f"<b style='color:{color}'>{words}</b>" if name in latest else words)
        self.setText(" &nbsp;·&nbsp; ".join(parts) or "They share nothing that can be shown.")
