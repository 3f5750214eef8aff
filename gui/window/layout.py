"""The panels of the window, how they lie beside each other, and what of that is remembered. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QTabWidget, QVBoxLayout, QWidget

from gui.live.graphs import LiveGraphs
from gui.live.pulse import Pulse
from gui.side_panel.panel import Controls
from gui.widgets.icons import LIVE
from gui.widgets.panels import fill, pile, split, stack
from gui.window.header import Header
from gui.window.rail import Rail
from gui.window.reason import Reason
from gui.window.status_bar import StatusStrip

if TYPE_CHECKING:
    from gui.controllers.core import Core
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme
    from workers.monitors.gil_meter import GilMeter
    from workers.monitors.watchdog import Watchdog

MIN_TABS, USUAL = 120, (340, 310)
"""Of the tabs below the graphs, and how these two share the room at first, in pixels of height."""


class WindowLayout(QWidget):
    """A header, a rail of rooms, the room Live, and a foot: what is there from the first frame on.

    Attributes:
        header: the toggle, the heartbeat and the figures.
        reason: why the window froze in the last run.
        rail: chooses one of the rooms.
        pulse: throughput and lag in one line, above the rooms that have no graphs.
        rooms: Live, and the pages that are rooms; still without these.
        controls: what runs where.
        graphs: throughput and lag.
        strip: the foot.
        tabs: below the graphs; still without pages.
        middle: the splitter between graphs and tabs.
        sides: the room Live: the controls beside these.
    """

    def __init__(self, core: Core, theme: Theme) -> None:
        super().__init__()
        self.header = Header(theme)
        self.reason = Reason(core)
        self.controls = Controls(theme, core.catalog)
        meter, watchdog = core.probes["gil"], core.probes["watchdog"]
        self.graphs = LiveGraphs(theme, core.lag, cast("GilMeter", meter), cast("Watchdog", watchdog))
        self.strip = StatusStrip()
        self.tabs = QTabWidget(documentMode=True)
        # Not what the tallest of them would like: people drag the graphs larger.
        self.tabs.setMinimumHeight(MIN_TABS)
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
        self.rooms = stack(self.sides)
        self.rail.add("Live", LIVE)
        self.rooms.currentChanged.connect(self._follow_room)
        self._follow_room(0)
        body = fill(QHBoxLayout(), self.rail, (pile(QWidget(), self.pulse, self.rooms), 1))
        fill(QVBoxLayout(self), self.header, self.reason, (body, 1), self.strip)

    @Slot(int)
    def _follow_room(self, at: int) -> None:
        self.rail.show_chosen(at)
        self.pulse.setVisible(at > 0)

    def read_parts(self) -> list[QRect]:
        """Where on the screen a person looks during a freeze and after it: all but the form and what is past."""
        children = self.header.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        parts = [*children, self.reason, self.tabs, self.strip, self.controls.buttons, self.controls.try_it]
        found = [QRect(part.mapToGlobal(QPoint()), part.size()) for part in parts if part.isVisible()]
        # The newest half of the graphs.
        middle = QPoint(self.graphs.width() // 2, 0)
        return [*found, QRect(self.graphs.mapToGlobal(middle), self.graphs.size() - QSize(middle.x(), 0))]

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

    def remember(self, preferences: Preferences) -> None:
        for name, splitter in self._splitters.items():
            preferences.write_bytes(name, splitter.saveState())
        preferences.write("live_tab", str(self.tabs.currentIndex()))
        preferences.write("rail", "narrow" if self.rail.is_narrow else "wide")
        preferences.write("more", "open" if self.controls.more.is_open else "closed")
