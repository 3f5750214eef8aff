"""What a benchmark found: a table of words for each kind of work, and the remarks below. In the GUI thread."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QTextEdit

from gui.widgets.code_block import SELECTABLE
from workers.benchmark.findings import HEADINGS, findings, remarks, tables

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from gui.theme.theme import Theme
    from workers.benchmark.findings import PlaceRow
    from workers.benchmark.results import Benchmark

NOT_YET = "What is found is told here after the first runs."


class FindingsView(QTextEdit):
    """Text that can be selected. It is made when it is seen: that takes some milliseconds for each kind of work."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(readOnly=True, textInteractionFlags=SELECTABLE)
        self._theme = theme
        self._benchmark: Benchmark | None = None
        self._tables: dict[str, list[PlaceRow]] = {}
        self._remarks: list[str] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        # All of it wraps; but of some widths Qt's tables take a pixel too much.
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(12)
        self.setAccessibleName("Findings of the benchmark")
        theme.changed.connect(self._render)
        self._render()

    def show_benchmark(self, benchmark: Benchmark) -> None:
        self._benchmark = benchmark
        if self.isVisible():
            self._take_in()

    @property
    def plain(self) -> str:
        """The same without tables, to be copied."""
        benchmark = self._benchmark
        return "\n\n".join(findings(benchmark)) if benchmark is not None and benchmark.done else NOT_YET

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._take_in()

    def _take_in(self) -> None:
        """Find out what is found by now; nothing is laid out again where that is the same."""
        benchmark = self._benchmark
        if benchmark is None:
            return
        found = (tables(benchmark), remarks(benchmark)) if benchmark.done else ({}, [])
        if found != (self._tables, self._remarks):
            self._tables, self._remarks = found
            self._render()

    @Slot()
    def _render(self) -> None:
        if not self._tables and not self._remarks:
            self.setPlainText(NOT_YET)
            return
        place = self.verticalScrollBar().value()
        parts = [f"<h3>{escape(title)}</h3>{self._table(rows)}" for title, rows in self._tables.items()]
        self.setHtml("".join((*parts, *(f"<p>{escape(text)}</p>" for text in self._remarks))))
        self.verticalScrollBar().setValue(place)

    def _table(self, rows: list[PlaceRow]) -> str:
        color = self._theme.color
        line = f"style='border-bottom: 1px solid {color('line').name()}'"
        titles = "".join(f"<td {line}>{_in(color('muted').name(), title)}</td>" for title in HEADINGS)
        lines = [f"<tr>{titles}</tr>"]
        for row in rows:
            cells = (
                escape(row.place),
                f"<b>{escape(row.speed)}</b>",
                _in(color(row.band or "muted").name(), row.lag),
                escape(row.verdict),
            )
            lines.append(f"<tr>{''.join(f'<td {line}>{cell}</td>' for cell in cells)}</tr>")
        return f"<table cellpadding='5' cellspacing='0'>{''.join(lines)}</table>"


def _in(color: str, text: str) -> str:
    return f"<span style='color: {color}'>{escape(text)}</span>"
