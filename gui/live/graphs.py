"""The live graphs: throughput, lag and waits for the GIL, each run in its runner's colour, and the runs as cards.

Runs in the GUI thread. While that is blocked nothing is painted here; the first frame afterwards shows the whole
freeze, for it is the gap between two beats. The GIL meter's own thread goes on meanwhile.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Signal, Slot
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.charts.picture import add_picture_actions, copy_picture
from gui.live.axes import GRAPHS
from gui.live.canvas import Canvas
from gui.live.run_cards import RunCards
from gui.live.scene import GraphScene
from gui.widgets.fields import describe, named, pass_focus
from gui.widgets.icons import COPY, line_icon
from gui.widgets.panels import fill

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gui.live.gil_graph import Watcher
    from gui.live.run_strip import RunStrip
    from gui.live.traces import Meter
    from gui.theme.theme import Theme
    from workers.engine.run import Run
    from workers.monitors.lag import LagMonitor

SAID = {"throughput": "throughput", "lag": "lag", "gil": "waits for the GIL"}
MIN_WIDTH = 320
PICTURE = {"throughput": 280, "lag": 280, "gil": 200}
"""How high the picture of one graph is, in pixels; it is as wide as they are on the screen, but for:"""

PICTURE_WIDTH = 640  # at least
GAP = 4


class LiveGraphs(QWidget):
    """Throughput, lag and, while it is wanted and there is room, waits for the GIL, over one axis of time.

    Attributes:
        scene: what they show.
        axes: all that stands still.
        canvas: what they are painted on.
        cards: the runs, to be clicked and laid over each other.
        live: the button that returns to the present; hidden there.

    Signals:
        freeze_clicked: a Run, and when a freeze of it began, in seconds of `time.perf_counter`.
    """

    freeze_clicked = Signal(object, float)

    def __init__(
        self,
        theme: Theme,
        lag: LagMonitor,
        gil_meter: Meter,
        watchdog: Watcher,
        names: Sequence[str] = GRAPHS,
    ) -> None:
        """Make them; nothing is painted before they are shown.

        Args:
            theme: colours and fonts.
            lag: whose beats are drawn.
            gil_meter: whose waits are drawn in the third graph.
            watchdog: knows when code in C held the GIL, which is marked in the third.
            names: those that there are.
        """
        super().__init__()
        self._theme = theme
        self._fitted: RunStrip | None = None
        self.scene = GraphScene(theme, lag, gil_meter, watchdog)
        self.axes, self.canvas = self.scene.axes, Canvas(self.scene, theme)
        self._bar = QWidget(self)  # before the canvas, as Tab goes
        self.cards = RunCards(theme)
        self.live = describe(named(QPushButton("Live"), "card"), "Live", "Back to the present (Home)")
        self.copy_button = describe(
            named(QPushButton(), "card"), "Copy picture", "Copy the graphs as a picture"
        )
        self.live.hide()
        fill(QHBoxLayout(self._bar), (self.cards, 1), self.live, self.copy_button, spacing=GAP)
        fill(QVBoxLayout(self), self.canvas)
        self._bar.raise_()
        self._names, self._is_gil_wanted = names, True
        self._only = ""
        self._connect()
        self._show_graphs()

    def _connect(self) -> None:
        canvas = self.canvas
        canvas.moved.connect(self._follow_moves)
        canvas.laid_out.connect(self._place_bar)
        canvas.live_asked.connect(self.go_live)
        canvas.fit_asked.connect(self.fit_run)
        canvas.freeze_clicked.connect(self.freeze_clicked)
        self.cards.chosen.connect(self.show_run)
        self.cards.laid.connect(self.lay_over)
        self.live.clicked.connect(self.go_live)
        self.copy_button.clicked.connect(self.copy)
        add_picture_actions(canvas, self.image, "live graphs")
        for text, slot in (("Back to live", self.go_live), ("Fit the run", self.fit_run)):
            action = QAction(text, canvas)
            action.triggered.connect(slot)
            canvas.addAction(action)
        self._theme.changed.connect(self.restyle)

    # ---------------------------------------------------------------- what is shown

    @property
    def strips(self) -> list[RunStrip]:
        """The runs of the last hour; see `GraphScene`."""
        return self.scene.strips

    @property
    def frames(self) -> int:
        return self.canvas.frames

    def refresh(self) -> None:
        """Paint a frame if it would differ from the last one; called by the window's timer."""
        self.canvas.refresh()

    def set_awaiting(self, on: bool) -> None:
        """Say that a run is about to begin, from now on, or that none will."""
        self.scene.is_awaiting = on
        self.scene.take_in(time.perf_counter())
        self.refresh()

    def set_gil_visible(self, on: bool) -> None:
        """Show the graph of waits for the GIL where there is room, or give its place to the others."""
        if on != self._is_gil_wanted:
            self._is_gil_wanted = on
            self._show_graphs()
            self._repaint()

    def show_only(self, name: str | None) -> None:
        """Show one of `axes.GRAPHS` alone, without the bar above; None to show all that are wanted."""
        self._only = name or ""
        self._bar.setVisible(not name)
        self._show_graphs()
        self._repaint()

    def _show_graphs(self) -> None:
        wanted = [name for name in self._names if self._is_gil_wanted or name != "gil"]
        self.axes.wanted = (self._only,) if self._only else tuple(wanted)
        *others, last = (SAID[name] for name in self.axes.wanted)
        said = f"s of {', '.join(others)} and {last}" if others else f" of {last}"
        self.canvas.setAccessibleName(f"Live graph{said}")
        self._fit_bar()

    def add_run(self, run: Run, title: str, unit: str, number: int = 0) -> None:
        """Show a run.

        Args:
            run: just begun.
            title: its runner's name for people.
            unit: what its amounts count; "bytes" are shown as MB.
            number: what it is called among all runs; 0 for one of many in a benchmark, which gets no card.
        """
        self.scene.add_run(run, title, unit, number)
        if number:
            self.cards.add(self.strips[-1])
        self.canvas.update()

    # ---------------------------------------------------------------- moving

    @Slot()
    def go_live(self) -> None:
        """Show the present again."""
        self.scene.go_live()
        self._follow_moves()

    @Slot(object)
    def show_run(self, strip: RunStrip) -> None:
        """Show a run as a whole."""
        self._fitted = strip
        self.scene.show_run(strip, time.perf_counter())
        self._follow_moves()

    @Slot()
    def fit_run(self) -> None:
        """Show the newest run in sight as a whole, or else the last one."""
        runs = self.scene.seen(time.perf_counter()) or self.strips
        if runs:
            self.show_run(runs[-1])

    @Slot(object, object)
    def lay_over(self, over: RunStrip, under: RunStrip) -> None:
        """Show two runs over each other, aligned at their starts, if both have ended."""
        if None not in (over.run.ended, under.run.ended):
            self.scene.lay_over(over, under)
            self._follow_moves()

    @Slot()
    def _follow_moves(self) -> None:
        scene = self.scene
        if scene.sight.origin is None:
            self._fitted = scene.pair = None
        self.cards.mark(scene.pair or [each for each in (self._fitted,) if each is not None])
        if scene.sight.is_live:
            pass_focus(self.canvas, self.live)
        self.live.setVisible(not scene.sight.is_live)
        self._repaint()

    def _repaint(self) -> None:
        self.scene.forget_pictures()
        self.canvas.update()

    # ---------------------------------------------------------------- pictures

    def pictures(self) -> dict[str, Callable[[], QImage]]:
        """What can be saved as a picture, by its name in the menu."""
        return {
            "all live graphs": self.image,
            "the throughput": partial(self.image, "throughput"),
            "the lag": partial(self.image, "lag"),
            "the wait for the GIL": partial(self.image, "gil"),
        }

    def image(self, which: str = "all") -> QImage:
        """Graphs as they are now, with titles, axes and a legend of the runners.

        Args:
            which: "all" that are shown, as they are on the screen, or one of `axes.GRAPHS` by itself.

        Raises:
            ValueError: there is no such graph.
        """
        if which == "all":
            return self.canvas.image()
        if which not in GRAPHS:
            raise ValueError(f"there is no graph {which!r}")
        wanted = self.axes.wanted
        size = QSize(max(PICTURE_WIDTH, self.canvas.width()), PICTURE[which])
        self.axes.wanted = (which,)
        try:
            return self.scene.image(size, self.canvas.devicePixelRatioF(), self.canvas.weight)
        finally:
            self.axes.wanted = wanted
            self._repaint()

    @Slot()
    def copy(self) -> None:
        copy_picture(self.image)

    def read_parts(self) -> list[QRect]:
        """Where titles, scales and the names of runs stand, and the newest half of the curves, within this widget."""
        if self.scene.still is None:
            return [self.rect()]
        at, middle = self.axes.geometry, self.width() // 2
        edges = [0, *(edge for area in at.areas for edge in area), self.height()]
        edges[1] += at.label_height
        rows = [QRect(0, top, middle, low - top) for top, low in zip(edges[::2], edges[1::2], strict=True)]
        parts = [*rows, QRect(0, 0, at.left, self.height()), QRect(middle, 0, middle + 1, self.height())]
        # Where a graph stands alone all of it is read, and these parts most.
        return [*parts, self.rect()] if self._only else parts

    # ---------------------------------------------------------------- looks and sizes

    @Slot()
    def restyle(self) -> None:
        self.scene.restyle()
        self.cards.restyle()
        self._fit_bar()
        self.canvas.restyle()

    def _fit_bar(self) -> None:
        """Fit the buttons to the size of texts, and the graphs to what is shown."""
        side = self.axes.title_height - 6
        self.copy_button.setIcon(line_icon(COPY, self._theme.color("text"), side, self.devicePixelRatioF()))
        self.copy_button.setIconSize(QSize(side, side))
        self.axes.reserved = self.live.sizeHint().width() + self.copy_button.sizeHint().width() + 2 * GAP
        self.setMinimumSize(MIN_WIDTH, self.axes.least_height)
        self._place_bar()

    @Slot()
    def _place_bar(self) -> None:
        """Put cards and buttons behind the first title."""
        left = self.axes.title_end(self.size())
        self._bar.setGeometry(left, 2, max(0, self.width() - left - GAP), self.axes.title_height + 2)
