"""Where a person's code should run: a chart, a recommendation, a snippet, and all places. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.charts.scatter import Mark, OwnChart
from gui.widgets.fields import note, section
from gui.widgets.panels import fill, scroll_down, split
from gui.your_function.places import PlaceList
from gui.your_function.snippet import SnippetBox
from workers.benchmark.results import grouped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QShowEvent

    from gui.theme.theme import Theme
    from workers.benchmark.advice import Advice, Point

SIZES = [420, 480]
STALE = "⚠ Your file has changed since this was measured: run it everywhere again."
MEASURING = "Measuring one place after the other …"


class AnswerView(QWidget):
    """Chart on the left, words and code on the right: what is chosen in one of them is chosen in all.

    Attributes:
        chart: speed against lag.
        headline: where the function should run, in a few words.
        stale: says that the function's file has changed since it was measured; hidden where it has not.
        advice: the recommendation.
        snippet: code for the chosen place.
        places: a row for each that could take the function.
        refused: the others, each with its reason.
        splitter: between chart and words.

    Signals:
        said: a sentence on what was done.
    """

    said = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.chart, self.places, self.snippet = OwnChart(theme), PlaceList(theme), SnippetBox(theme)
        self.headline, self.advice, self.refused, self.stale = note(), note(), note(), note()
        self.stale.setText(STALE)
        self.stale.hide()
        for label in (self.headline, self.advice):
            label.setForegroundRole(QPalette.ColorRole.WindowText)
        for label in (self.advice, self.refused):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._places_title, self._refused_title = section("All places"), section("Where it was not run")
        column = fill(
            QVBoxLayout(),
            fill(QVBoxLayout(), self.headline, self.stale, self.advice, spacing=6),
            self.snippet,
            fill(QVBoxLayout(), self._places_title, self.places, spacing=6),
            fill(QVBoxLayout(), self._refused_title, self.refused, spacing=6),
            None,
            margins=(12, 8, 12, 8),
            spacing=10,
        )
        inner = QWidget()
        inner.setLayout(column)
        inner.setBackgroundRole(QPalette.ColorRole.Base)
        self.column = scroll_down(inner)
        self.column.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.column.setMinimumWidth(240)
        self.column.viewport().setBackgroundRole(QPalette.ColorRole.Base)
        self.splitter = split(self.chart, self.column, sizes=SIZES, shares=SIZES)
        fill(QHBoxLayout(self), self.splitter)
        for picked in (self.chart.picked, self.places.picked, self.snippet.picked):
            picked.connect(self.choose)
        self.snippet.said.connect(self.said)
        theme.changed.connect(self.restyle)
        self.restyle()

    def show_progress(self, places: Sequence[Point], unit: str) -> None:
        """Show what is known before the end: the chart fills, and nothing is advised yet."""
        self.headline.setText(MEASURING)
        self.advice.hide()
        self.snippet.hide()
        self._show_places(places, "", unit)

    def show_answer(
        self, advice: Advice, unit: str, make: Callable[[str], str], *, is_cut: bool = False
    ) -> None:
        """Show what was found.

        Args:
            advice: the recommendation, and all places, also those that cannot take the function.
            unit: what is counted.
            make: returns the snippet for a runner's name.
            is_cut: whether the benchmark was ended before all was measured.
        """
        self.headline.setText(f"{advice.head} (as far as it was measured)" if is_cut else advice.head)
        self.advice.setText(f"{advice.rest[:1].upper()}{advice.rest[1:]}")
        self.advice.show()
        usable = self._show_places(advice.points, advice.runner, unit)
        others = [place for place in advice.points if place.is_able and make(place.runner)]
        self.snippet.show_places([*usable, *others], make, advice.runner)
        self.snippet.setVisible(bool(usable))
        self.choose(advice.runner)
        self.column.verticalScrollBar().setValue(0)

    def _show_places(self, places: Sequence[Point], best: str, unit: str) -> list[Point]:
        """Returns those that can take the function."""
        usable = [place for place in places if not place.why_not]
        marks = [
            Mark(place.runner, place.title, place.short, place.per_s, place.lag_ms)
            for place in usable
            if place.per_s is not None and place.lag_ms is not None
        ]
        self.chart.show_marks(marks, best, unit)
        self.places.show_places(sorted(usable, key=lambda place: -(place.per_s or 0.0)), best, unit)
        reasons = grouped((place.why_not, place.title) for place in places if place.why_not)
        self.refused.setText("\n".join(f"{', '.join(titles)}: {why}" for why, titles in reasons.items()))
        for widget in (self._places_title, self.places):
            widget.setVisible(bool(usable))
        for widget in (self._refused_title, self.refused):
            widget.setVisible(bool(reasons))
        return usable

    @Slot(str)
    def choose(self, runner: str) -> None:
        self.chart.choose(runner)
        self.places.choose(runner)
        self.snippet.choose(runner)

    def showEvent(self, event: QShowEvent) -> None:
        """Fonts again: with a style sheet, becoming a page of tabs takes them away."""
        self.restyle()

    @Slot()
    def restyle(self) -> None:
        bold = self._theme.numbers_font(1.1)
        bold.setWeight(QFont.Weight.DemiBold)
        self.headline.setFont(bold)
