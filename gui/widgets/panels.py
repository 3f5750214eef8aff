"""Lays widgets out: rows, columns, stacks, splitters, and panels on their own ground. In the GUI thread."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QBoxLayout,
    QFrame,
    QLayout,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtGui import QColor

    from gui.widgets.fields import AnyWidget

Box = TypeVar("Box", bound=QBoxLayout)
Item = QWidget | QLayout

LEFT_SIDE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
MIDDLE = Qt.AlignmentFlag.AlignCenter
RIGHT_SIDE = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def fill(
    box: Box,
    *items: Item | tuple[Item, int] | int | None,
    margins: tuple[int, int, int, int] = (0, 0, 0, 0),
    spacing: int = 0,
) -> Box:
    """Put things into a row or a column, one after the other; returns it.

    Args:
        box: new, and empty.
        items: widgets and layouts; in a pair with the share that it gets of the room that is left. A number is a gap
            of so many pixels more, None one that takes the room that is left.
        margins: left, top, right and bottom, in pixels.
        spacing: between two of them.
    """
    box.setContentsMargins(*margins)
    box.setSpacing(spacing)
    for each in items:
        item, stretch = each if isinstance(each, tuple) else (each, 0)
        if item is None:
            box.addStretch(1)
        elif isinstance(item, int):
            box.addSpacing(item)
        elif isinstance(item, QLayout):
            box.addLayout(item, stretch)
        else:
            box.addWidget(item, stretch)
    return box


def pile(owner: AnyWidget, *parts: Item | tuple[Item, int]) -> AnyWidget:
    """Lay parts out in a widget, one above the other; what scrolls, a splitter and a stack take all room."""
    greedy = (QAbstractScrollArea, QSplitter, QStackedWidget)
    shared = (part if isinstance(part, tuple) else (part, int(isinstance(part, greedy))) for part in parts)
    fill(QVBoxLayout(owner), *shared)
    return owner


def stack(*pages: QWidget) -> QStackedWidget:
    """Show one of these pages, the first at first."""
    stacked = QStackedWidget()
    for page in pages:
        stacked.addWidget(page)
    return stacked


def split(
    *parts: QWidget,
    sizes: Sequence[int],
    shares: Sequence[int] = (0, 1),
    direction: Qt.Orientation = Qt.Orientation.Horizontal,
) -> QSplitter:
    """Put parts beside each other with a handle between them, none of which can be closed by it.

    Args:
        parts: from the left, or from the top.
        sizes: of each at first, in pixels, or in proportion.
        shares: what each gets of the room that a larger window has.
        direction: whether they stand side by side, or one above the other.
    """
    splitter = QSplitter(direction)
    splitter.setChildrenCollapsible(False)
    for place, (part, share) in enumerate(zip(parts, shares, strict=True)):
        splitter.addWidget(part)
        splitter.setStretchFactor(place, share)
    splitter.setSizes(sizes)
    return splitter


def scroll_down(content: QWidget | None = None) -> QScrollArea:
    """Let something scroll that is as wide as the panel."""
    area = QScrollArea(widgetResizable=True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    if content is not None:
        area.setWidget(content)
    return area


class GivesWay(QObject):
    """Lets notes of a panel that scrolls give way where there is too little room for the fields, and come back."""

    def __init__(self, area: QScrollArea, below: QWidget, *notes: QWidget) -> None:
        """Watch a panel.

        Args:
            area: the panel.
            below: the last part of it, which may be scrolled out of sight.
            notes: what gives way, the first one first; their owners leave it to this whether they are seen.
        """
        super().__init__(area)
        self._area, self._below, self._notes = area, below, notes
        # Never in the middle of a layout: that would have a part less than it counted.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._fit)
        for watched in (area.viewport(), self._content):
            watched.installEventFilter(self)

    @property
    def _content(self) -> QWidget:
        content = self._area.widget()
        assert content is not None
        return content

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._soon.start()
        return False

    @Slot()
    def _fit(self) -> None:
        # As if there were a scroll bar: what decides whether there is one must not hang on it.
        width = self._area.width() - self._area.verticalScrollBar().sizeHint().width()
        layout = self._content.layout()
        assert layout is not None
        margins = layout.contentsMargins()
        inner = width - margins.left() - margins.right()
        excess = _height(self._content, width) - _height(self._below, inner) - self._area.viewport().height()
        heights = {note: _height(note, inner) + SPACING for note in self._notes}
        excess += sum(height for note, height in heights.items() if note.isHidden())
        for note, height in heights.items():
            # What is hidden wants a little more to come back: nothing may come and go all the time.
            is_shown = excess <= (-SPACING if note.isHidden() else 0)
            note.setVisible(is_shown)
            excess -= 0 if is_shown else height


SPACING = 6
"""Between the fields of a panel, in pixels."""


def _height(part: QWidget, width: int) -> int:
    return part.heightForWidth(width) if part.hasHeightForWidth() else part.sizeHint().height()


def order_tabs(*parts: Item) -> None:
    """Let the Tab key go through these as their layouts lie; by itself Qt's order is that in which they were made."""
    for before, after in pairwise(field for part in parts for field in _fields(part)):
        QWidget.setTabOrder(before, after)


def _fields(part: QWidget | QLayout | None) -> Iterator[QWidget]:
    """What the Tab key can reach in a part of a panel, in the order of its layouts."""
    if isinstance(part, QLayout):
        for item in map(part.itemAt, range(part.count())):
            yield from _fields((item.layout() or item.widget()) if item is not None else None)
    elif part is not None and part.focusPolicy() & Qt.FocusPolicy.TabFocus:
        yield part
    elif isinstance(part, QScrollArea):
        yield from _fields(part.widget())
    elif part is not None:
        yield from _fields(part.layout())


def line() -> QFrame:
    """A thin line across the panel."""
    found = QFrame(frameShape=QFrame.Shape.HLine, frameShadow=QFrame.Shadow.Plain)
    found.setForegroundRole(QPalette.ColorRole.Mid)
    return found


def set_ground(panel: QWidget, name: str) -> None:
    """Give a panel its accessible name and its own ground."""
    # The panel's own colour, in every state of it; it follows the application's palette by itself.
    panel.setBackgroundRole(QPalette.ColorRole.Base)
    panel.setAutoFillBackground(True)
    panel.setAccessibleName(name)


def fill_panel(panel: QWidget, name: str, *pages: QWidget) -> QStackedWidget:
    """Let a panel show one of these pages, the first at first; returns their stack."""
    stacked = stack(*pages)
    pile(panel, stacked)
    set_ground(panel, name)
    return stacked


def set_text_color(widget: QWidget, color: QColor) -> None:
    """Give a widget's text another colour."""
    palette = widget.palette()
    palette.setColor(widget.foregroundRole(), color)
    widget.setPalette(palette)
