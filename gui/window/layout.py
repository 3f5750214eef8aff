"""The panels of the window, how they lie beside each other, and what of that is remembered. In the GUI thread."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QTabWidget, QVBoxLayout, QWidget

from gui.frame.back_line import BackLine
from gui.frame.rail import Rail
from gui.frame.reason import Reason
from gui.live.graphs import MIN_WIDTH, LiveGraphs
from gui.live.pulse import Pulse
from gui.side_panel.panel import Controls
from gui.widgets.fields import describe
from gui.widgets.icons import LIVE
from gui.widgets.page import Page
from gui.widgets.panels import fill, pile, split, stack
from gui.window.header import Header
from gui.window.status_bar import StatusStrip

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from gui.controllers.core import Core
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme
    from workers.monitors.gil_meter import GilMeter
    from workers.monitors.watchdog import Watchdog

MIN_TABS, USUAL = 120, (340, 310)
"""Of the tabs below the graphs, and how these two share the room at first, in pixels of height."""

RAIL_ROOM = 860
"""Where a window is narrower than this at a text scale of 1, in pixels, the rail shows its icons alone."""

TEXT_ROOM = QSize(700, 440)
"""What a window needs at a text scale of 1; in one of twice that size texts may be twice as large."""

SETTLE_MS = 150
"""After a window was dragged to another size, before its texts are fitted to it."""


class WindowLayout(QWidget):
    """A header, a rail of rooms, the room Live, and a foot: what is there from the first frame on.

    Attributes:
        header: the toggle, the heartbeat and the figures.
        reason: why the window froze in the last run.
        reason_line: what holds it: it comes and goes by itself.
        rail: chooses one of the rooms.
        pulse: throughput and lag in one line, above the rooms that have no graphs.
        back: leads back to a page that has shown the way to where a person is now.
        rooms: Live, and the pages that are rooms; still without these.
        controls: what runs where.
        graphs: throughput and lag.
        strip: the foot.
        tabs: below the graphs; still without pages.
        middle: the splitter between graphs and tabs.
        sides: the room Live: the controls beside these.
        is_panel_wanted: whether the controls are to be seen.

    Signals:
        panel_turned: whether the controls are wanted now.
        fitted: the window has another size, and texts are as large as it has room for.
    """

    panel_turned = Signal(bool)
    fitted = Signal()

    def __init__(self, core: Core, theme: Theme) -> None:
        super().__init__()
        self.header = Header(theme)
        self.reason = Reason(core)
        self.reason_line = pile(QWidget(), self.reason)
        self.controls = Controls(theme, core.catalog)
        meter, watchdog = core.probes["gil"], core.probes["watchdog"]
        self.graphs = LiveGraphs(theme, core.lag, cast("GilMeter", meter), cast("Watchdog", watchdog))
        self.strip = StatusStrip(core.time_left)
        self.tabs = describe(QTabWidget(documentMode=True), "Pages of the room Live")
        # Not what the tallest of them would like: people drag the graphs larger.
        self.tabs.setMinimumSize(MIN_WIDTH, MIN_TABS)
        vertical = Qt.Orientation.Vertical
        self.middle = split(self.graphs, self.tabs, sizes=USUAL, shares=(1, 1), direction=vertical)
        self.middle.setCollapsible(0, True)
        self._shared = list(USUAL)
        self.tabs.tabBarDoubleClicked.connect(self.enlarge_tabs)
        self.tabs.tabBar().setToolTip(
            "A double click gives it all of this side, and another one half of it again"
        )
        self.sides = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        self.sides.addWidget(self.controls)
        self.sides.addWidget(self.middle)
        self.sides.setStretchFactor(1, 1)
        self._splitters = {"sides": self.sides, "middle": self.middle}
        self.rail, self.pulse = Rail(theme), Pulse(theme, self.graphs.scene)
        self.back = BackLine()
        self.rooms = stack(self.sides)
        self.rail.add("Live", LIVE)
        self.rooms.currentChanged.connect(self._follow_room)
        self._follow_room(0)
        body = fill(QHBoxLayout(), self.rail, (pile(QWidget(), self.pulse, self.back, self.rooms), 1))
        fill(QVBoxLayout(self), self.header, self.reason_line, (body, 1), self.strip)
        self._theme = theme
        self.is_panel_wanted = True
        self.rail.panel.clicked.connect(self.show_panel)
        self._resized = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._resized.timeout.connect(self._fit_text)
        theme.changed.connect(self._fit_width)
        for turned in (self.fitted, self.rooms.currentChanged):
            turned.connect(core.instruments.place_witness)

    # ---------------------------------------------------------------- what gives way in a small window

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_width()
        if self.isVisible():
            self._resized.start()  # to dress everything anew takes longer than a frame
        else:
            self._fit_text()

    def fit(self) -> None:
        """Let everything have what there is room for, at once."""
        self._fit_text()
        self._fit_width()

    @Slot()
    def _fit_text(self) -> None:
        """Keep texts as small as the window asks for."""
        scale = min(self.width() / TEXT_ROOM.width(), self.height() / TEXT_ROOM.height())
        self._theme.limit_text_scale(math.floor(scale * 10) / 10)
        self.fitted.emit()

    @Slot()
    def _fit_width(self) -> None:
        self.rail.squeeze(self.width() < RAIL_ROOM * self._theme.text_scale)

    @Slot()
    def show_panel(self) -> None:
        """Bring the side panel back, and the room that it belongs to."""
        self.rooms.setCurrentIndex(0)
        self.set_panel_wanted(True)

    @Slot(bool)
    def set_panel_wanted(self, wanted: bool) -> None:
        """Show the side panel, or fold it away behind a button of the rail."""
        self.is_panel_wanted = wanted
        self.controls.setVisible(wanted)
        self.rail.panel.setVisible(not wanted)
        self.panel_turned.emit(wanted)

    # ---------------------------------------------------------------- rooms

    @Slot(int)
    def _follow_room(self, at: int) -> None:
        self.rail.show_chosen(at)
        self.pulse.setVisible(at > 0)

    def read_parts(self) -> list[QRect]:
        """Where on the screen a person looks during a freeze and after it: all but the form and what is past."""
        children = self.header.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        parts = [*children, self.pulse, self.tabs, self.strip, self.controls.buttons, self.controls.try_it]
        room = self.rooms.currentWidget()
        parts += room.read_parts() if isinstance(room, Page) else []
        # The reason comes with the thaw, into room that is kept for it.
        parts = [self.reason, *(part for part in parts if part.isVisible())]
        found = [QRect(part.mapToGlobal(QPoint()), part.size()) for part in parts]
        if self.graphs.isVisible():
            corner = self.graphs.mapToGlobal(QPoint())
            found += [part.translated(corner) for part in self.graphs.read_parts()]
        return found

    @Slot()
    def enlarge_tabs(self) -> None:
        """Give the tabs all of the right side, or the graphs their share again."""
        graphs, tabs = self.middle.sizes()
        if graphs:
            self._shared = [graphs, tabs]
        self.middle.setSizes([0, graphs + tabs] if graphs else self._shared)

    def recall(self, preferences: Preferences) -> None:
        for name, splitter in self._splitters.items():
            splitter.restoreState(preferences.read_bytes(name))
        self.tabs.setCurrentIndex(int(preferences.read_number("live_tab", 0)))
        self.rail.set_narrow(preferences.read("rail") == "narrow")
        self.controls.more.set_open(preferences.read("more") == "open")
        self.set_panel_wanted(preferences.read("panel") != "folded")

    def remember(self, preferences: Preferences) -> None:
        for name, splitter in self._splitters.items():
            preferences.write_bytes(name, splitter.saveState())
        preferences.write("live_tab", str(self.tabs.currentIndex()))
        preferences.write("rail", "narrow" if self.rail.is_chosen_narrow else "wide")
        preferences.write("more", "open" if self.controls.more.is_open else "closed")
        preferences.write("panel", "shown" if self.is_panel_wanted else "folded")
