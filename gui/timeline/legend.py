"""The timeline's legend: each state as the shape and the colour that its bars have, and its word. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, QTimer, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.timeline.lane_image import LaneImage
from gui.timeline.shapes import MAIN_SHOWN
from gui.timeline.texts import ABOUT
from gui.widgets.panels import LEFT_SIDE
from workers.monitors.track.marks import KINDS as MAIN_KINDS
from workers.reports.lane import BLOCKED, CANCELLED, DONE, FAILED, KINDS, PAUSED, RUNNING, WAITING, Lane

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QPaintEvent

    from gui.theme.theme import Theme

FROZEN, EXPECTED = -1, -2
WORDS = {
    RUNNING: ("Running", "lower bars"),
    DONE: ("Done", "full bars"),
    FAILED: ("Failed", "a sharp edge along the top"),
    BLOCKED: ("Waiting for others", "hollow bars, for a lock or a queue, say"),
    EXPECTED: ("Expected", "a line over what a strip shows"),
    CANCELLED: ("Cancelled", "stripes along"),
    WAITING: ("Waiting for its turn", "low bars"),
    PAUSED: ("Paused", "low bars with stripes across"),
    FROZEN: ("Window slow or frozen", "a band over all lanes; the strip above them says which"),
}
"""A kind of bar, or something else -> what it is called, and what it looks like."""

WAITED_FOR = ("I/O", "Network", "Sleep", "Lock", "Events")
THREADS = {
    **{
        0: ("Python", "full bars"),
        1: ("Waits for the GIL", "stripes along"),
        2: ("In C", "lower bars, without the GIL"),
    },
    **{kind: (word, "low bars: it waits for that") for kind, word in enumerate(WAITED_FOR, 3)},
    FROZEN: WORDS[FROZEN],
}
"""The same of what a thread of a watched program does; see `reports.watched.thread_lanes.KINDS`."""

MAIN = tuple((kind, word) for kind, word in MAIN_KINDS.items() if kind in MAIN_SHOWN)
SWATCH, HEIGHT, SPACE, APART = 16, 14, 5, 14


class Legend(QWidget):
    """Paints what fits; the rest is in its tool tip."""

    def __init__(self, theme: Theme, is_main: bool = False) -> None:
        """Make it for the states of tasks, or for what the GUI thread does."""
        super().__init__()
        self._theme, self._image, self._is_main = theme, LaneImage(theme), is_main
        self._shown: tuple[bool, ...] | None = None
        self._is_threads = False
        self._swatches: dict[tuple[int, float, bool], QImage] = {}
        # Before the first run shows it: all at once beside threads that compute they took 0.1 s of its first frame.
        self._early = QTimer(self, interval=0)
        self._early.timeout.connect(self._draw_early)
        self._early.start()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        if is_main:
            self._kinds = list(MAIN)
            self.setToolTip("\n".join(f"{word}: {ABOUT[kind]}" for kind, word in MAIN))
            self.setAccessibleName("Legend of the GUI thread: " + ", ".join(word for _, word in MAIN))
            return
        self.tell(has_waits=False, has_expected=False)

    def tell(self, has_waits: bool, has_expected: bool, is_threads: bool = False) -> None:
        """Say of what not every run has any whether this one has, and whether bars are what threads did."""
        if self._shown == (has_waits, has_expected, is_threads):
            return
        self._shown = (has_waits, has_expected, is_threads)
        self._is_threads = is_threads
        left_out = {kind for kind, has in ((BLOCKED, has_waits), (EXPECTED, has_expected)) if not has}
        words = THREADS if is_threads else {kind: WORDS[kind] for kind in WORDS if kind not in left_out}
        self._kinds = [(kind, word) for kind, (word, _) in words.items()]
        self.setToolTip(" ".join(f"{word}: {words[kind][1]}." for kind, word in self._kinds))
        self.setAccessibleName("Legend: " + ", ".join(word for _, word in self._kinds))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(10, max(HEIGHT, self.fontMetrics().height()) + 4)

    def restyle(self) -> None:
        self._image.restyle()
        self._swatches.clear()
        self._early.start()
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            self.draw(painter, self.width(), self.height())

    def draw(self, painter: QPainter, width: int, height: int) -> None:
        """Paint it in some room, from the painter's origin."""
        metrics, ratio = self.fontMetrics(), self.devicePixelRatioF()
        top, left = (height - HEIGHT) / 2, 0
        painter.setPen(self._theme.color("muted"))
        for kind, word in self._kinds:
            advance = metrics.horizontalAdvance(word)
            if left + SWATCH + SPACE + advance > width:
                break
            picture = self._swatch(kind, ratio)
            painter.drawImage(QPointF(left, top), picture, QRectF(0, 0, SWATCH * ratio, HEIGHT * ratio))
            if kind == EXPECTED:
                painter.fillRect(QRectF(left, height / 2 - 1, SWATCH, 2), self._theme.color("accent"))
            left += SWATCH + SPACE
            painter.drawText(QRectF(left, 0, advance + 2, height), LEFT_SIDE, word)
            left += advance + APART

    @Slot()
    def _draw_early(self) -> None:
        """Draw one that is still to be drawn, in each turn of the event loop."""
        ratio = self.devicePixelRatioF()
        kinds = [kind for kind, _ in MAIN] if self._is_main else list(THREADS if self._is_threads else WORDS)
        missing = [kind for kind in kinds if (kind, ratio, self._is_threads) not in self._swatches]
        if missing:
            self._swatch(missing[0], ratio)
        else:
            self._early.stop()

    def _swatch(self, kind: int, ratio: float) -> QImage:
        """What stands before a word, drawn as a lane is, and once: that takes some ms."""
        picture = self._swatches.get((kind, ratio, self._is_threads))
        if picture is None:
            edges = np.linspace(0.0, 1.0, round(SWATCH * ratio) + 1)
            lane, main = Lane(""), Lane("")
            if kind >= 0:
                (main if self._is_main else lane).add(
                    np.zeros(1), np.ones(1), np.array([kind], np.uint8), np.zeros(1, np.uint32)
                )
            bands = np.full(len(edges) - 1, float(kind == FROZEN))
            # Higher than the swatch, for the gap below a lane's bars is not part of it.
            high = round((HEIGHT + 3) * ratio)
            kinds = len(THREADS) - 1 if self._is_threads else KINDS  # without the band
            drawn = self._image.lanes([lane], edges, 0.0, high, bands, main, kinds, self._is_threads)
            picture = drawn.copy()  # what is drawn next lies in the same place
            self._swatches[kind, ratio, self._is_threads] = picture
            picture.setDevicePixelRatio(ratio)
        return picture
