"""Text of several lines that can be selected, and plain paragraphs as HTML. In the GUI thread."""

from __future__ import annotations

import html
import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from gui.widgets.code_block import SELECTABLE


def prose() -> QLabel:
    """A label of HTML that wraps, and that the Tab key passes over: there is nothing to be done in it."""
    label = QLabel(wordWrap=True, textFormat=Qt.TextFormat.RichText, textInteractionFlags=SELECTABLE)
    label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return label


def inline(text: str) -> str:
    """A paragraph as HTML: code stands between backticks."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(" ".join(text.split())))
