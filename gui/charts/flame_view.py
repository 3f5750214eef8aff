"""The flame graph of some stacks, with buttons that say what can be done with it. In the GUI thread."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gui.charts.flame import FlameChart
from gui.process.ask_file import ask_path
from gui.process.editor import try_open
from gui.widgets.elided import ElidedLabel
from gui.widgets.fields import describe
from gui.widgets.panels import fill
from workers.exports.stacks import folded, speedscope
from workers.monitors.call_tree import CallTree

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gui.theme.theme import Theme
    from workers.monitors.freeze import Line, Stack

HINT = "Click a function to look closer; double-click or press Escape to see all of them."


class FlameView(QWidget):
    """A flame graph, what is known of the chosen frame, and the buttons for it.

    Attributes:
        chart: the graph.
        whole: the button that leads back to all samples.
        open_line: the button that opens the chosen frame's line.
        export: the button with the kinds of files.

    Signals:
        said: a sentence on why a line could not be opened.
        export_requested: the pieces of a file, and its path.
    """

    said = Signal(str)
    export_requested = Signal(object, object)

    def __init__(self, theme: Theme, name: str, stacks: Sequence[Stack], guilty: Line | None = None) -> None:
        """Make one.

        Args:
            theme: the colours and the size of texts.
            name: what the samples are called in a file.
            stacks: the samples.
            guilty: the line whose frame is marked.
        """
        super().__init__()
        self._name, self._stacks = name, stacks
        self.chart = FlameChart(theme)
        self._about = ElidedLabel()
        self._about.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.whole, self.open_line, self.export = map(QPushButton, ("Show all", "Open in editor", "Export"))
        describe(self.whole, "Show all samples", "Back to all samples (Escape)")
        describe(self.open_line, "Open the line in the editor", "Open the line in your editor (Enter)")
        describe(self.export, "Export the samples", "Save the samples for other programs, or a picture of them")
        menu = QMenu(self.export)
        exports = menu.addAction("Folded stacks…"), menu.addAction("For speedscope.app…")
        exports[0].triggered.connect(self._save_folded)
        exports[1].triggered.connect(self._save_speedscope)
        separator = menu.addSeparator()
        menu.addActions([self.chart.open_line, *self.chart.picture_actions])
        self.chart.insertActions(self.chart.picture_actions[0], [*exports, separator])
        self.export.setMenu(menu)
        self.whole.clicked.connect(self.chart.show_whole)
        self.open_line.clicked.connect(self.chart.ask_to_open)
        self.chart.turned.connect(self._tell)
        self.chart.open_requested.connect(self._open)
        bar = fill(
            QHBoxLayout(),
            (self._about, 1),
            self.open_line,
            self.whole,
            self.export,
            margins=(0, 4, 0, 4),
            spacing=8,
        )
        fill(QVBoxLayout(self), bar, self.chart)
        self.chart.show_tree(CallTree((stack.calls, stack.seconds) for stack in stacks), guilty)

    @Slot()
    def _tell(self) -> None:
        chosen = self.chart.chosen
        text = self.chart.told(chosen) if chosen is not None else HINT
        self._about.setText(text)
        self._about.setToolTip("<br>".join(map(escape, (text, HINT))))  # a "<lambda>" is no tag
        self.open_line.setEnabled(self.chart.open_line.isEnabled())
        self.whole.setEnabled(self.chart.tree is not None and self.chart.top is not self.chart.tree.root)

    @Slot(str, int)
    def _open(self, file: str, line: int) -> None:
        if why_not := try_open(file, line):
            self.said.emit(why_not)

    # ---------------------------------------------------------------- files

    @Slot()
    def _save_folded(self) -> None:
        self._save("Folded stacks (*.folded)", ".folded", folded(self._stacks))

    @Slot()
    def _save_speedscope(self) -> None:
        pieces = speedscope(self._name, self._stacks)
        self._save("speedscope (*.speedscope.json)", ".speedscope.json", pieces)

    def _save(self, kind: str, suffix: str, pieces: Iterable[str]) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        path = ask_path(self, "Export the samples", Path(folder, f"freeze{suffix}"), kind, suffix)
        if path is not None:
            self.export_requested.emit(pieces, path)
