"""The page Benchmark: what is to be measured, how far it is, and what came of it. In the GUI thread.

The leader runs it; everything here is brought up to date between two cells, never while one is measured.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from gui.benchmark.charts import BenchmarkBars, BenchmarkChartPage
from gui.benchmark.choice import BenchmarkChoice
from gui.benchmark.findings_view import FindingsView
from gui.benchmark.table import BenchmarkTable
from gui.charts.curves import BenchmarkCurves
from gui.charts.picture import save_picture
from gui.process.ask_file import ask_file
from gui.widgets.benchmark_page import TwoSidedPage
from gui.widgets.empty_state import EmptyState
from gui.widgets.fields import describe, named
from gui.widgets.panels import fill
from workers.benchmark.findings import cell_title, headline
from workers.utils.atomic_file import why_not_written

if TYPE_CHECKING:
    from gui.controllers.core import Core
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme
    from workers.benchmark.results import Benchmark

NOTHING_YET = "Where should this work run?"
HOW = (
    "Tick runners and workloads. Each combination runs several times in turn; the window freezes for a second now and "
    "then. At the end a table says where the work is fast, and where the window stays smooth."
)
NO_BARS = (
    "Each runner gets two bars here, its speed-up and its lag",
    "They come with the first runs of this work.",
)
NO_CURVES = (
    "Each runner gets a line here, over the number of workers",
    "It comes with the first runs of this work.",
)
ABOUT_BARS = "Bar: median; thin line: min to max. Each with its best number of workers."
ABOUT_CURVES = "Where a line stops rising, more workers do not help. Dashed: the GUI thread."
SIZES = [500, 694]
KEPT = "benchmark_settings"
OWNER = "Benchmark"
"""What its benchmarks are called among all; those that the command line wants it shows as well."""

KINDS = {
    ".csv": "Table of all combinations",
    ".json": "Figures for other programs",
    ".html": "Report with graphs",
}


class BenchmarkPage(TwoSidedPage):
    """The form on the left, the results on the right.

    Attributes:
        form: what is to be measured.
        pages: findings, table, bars and curves.
        findings: what was found, in words.
        table: every combination.
        bars: of the kind of work that its page has chosen.
        curves: likewise.
        splitter: between form and results.
    """

    def __init__(self, core: Core, theme: Theme, preferences: Preferences) -> None:
        super().__init__()
        self._core, self._preferences = core, preferences
        self._leader = leader = core.leader
        self.form = BenchmarkChoice(theme, core.catalog)
        self.form.recall(preferences.read_values(KEPT))
        self.table = BenchmarkTable(theme)
        self.bars, self.curves = BenchmarkBars(theme), BenchmarkCurves(theme)
        self.findings = FindingsView(theme)
        self._bars_page = BenchmarkChartPage(theme, self.bars, ABOUT_BARS, NO_BARS)
        self._curves_page = BenchmarkChartPage(theme, self.curves, ABOUT_CURVES, NO_CURVES)
        pages = (
            (self.findings, "Findings"),
            (self.table, "Table"),
            (self._bars_page, "Bars"),
            (self._curves_page, "Curves"),
        )
        self._empty = EmptyState(theme, NOTHING_YET, HOW)
        self._empty.offer("Start the benchmark", self.form.begin)
        self.lay_out("Benchmark", self.form, self._empty, pages, SIZES)
        self._add_corner()
        self.form.start_requested.connect(self.start)
        self.form.cancel_requested.connect(leader.cancel)
        leader.begun.connect(self._begin)
        leader.progressed.connect(self._show_progress)
        leader.finished.connect(self._end)
        leader.refused.connect(self._refuse)

    def _add_corner(self) -> None:
        self._copy, self._export_button = (
            named(QPushButton(title), "low") for title in ("Copy findings", "Export")
        )
        describe(self._copy, "Copy findings", "Copy what was found as text")
        describe(self._export_button, "Export", "Write the results to a file")
        self._copy.clicked.connect(self.copy)
        menu = QMenu(self)
        for suffix, title in KINDS.items():
            menu.addAction(f"{title}…").triggered.connect(partial(self._export, suffix))
        menu.addSeparator()
        for which in ("bars", "curves"):
            menu.addAction(f"Picture of the {which}…").triggered.connect(partial(self._save_picture, which))
        self._export_button.setMenu(menu)
        corner = QWidget()
        fill(QHBoxLayout(corner), self._copy, self._export_button, margins=(0, 2, 8, 2), spacing=8)
        self.pages.setCornerWidget(corner)

    # ---------------------------------------------------------------- what a person does

    @Slot()
    def start(self) -> None:
        chosen = self.form.choice()
        if self._core.may_start() and all(map(self._core.may_run, chosen.workloads)):
            self._leader.start(chosen, OWNER)

    @Slot()
    def copy(self) -> None:
        QGuiApplication.clipboard().setText(self.findings.plain)

    def picture(self, name: str) -> QImage:
        page, chart = (self._bars_page, self.bars) if "bars" in name else (self._curves_page, self.curves)
        return chart.image() if page.catch_up(unseen=True) else QImage()

    def remember(self) -> None:
        self._preferences.write_values(KEPT, self.form.kept)

    def set_free(self, is_free: bool) -> None:
        self.form.set_free(is_free)
        self._empty.set_free(is_free)

    def _export(self, suffix: str, checked: bool = False) -> None:
        benchmark = self._leader.benchmark
        title, name, kind = "Export the benchmark", f"thaw-benchmark{suffix}", f"{KINDS[suffix]} (*{suffix})"
        path = ask_file(self, self._preferences, title, name, kind, suffix)
        if path is None or benchmark is None:
            return
        from workers.benchmark.files import export  # 20 ms that the window's start need not pay

        try:
            export(benchmark, path)
        except OSError as error:
            self.said.emit(why_not_written(path, error))
        else:
            self.said.emit(f"Saved {path}.")

    def _save_picture(self, which: str, checked: bool = False) -> None:
        picture = self.picture(which)
        if picture.isNull():
            self.said.emit(f"There is no picture of the {which} yet: it comes with the first runs.")
            return
        title, name = f"Save a picture of the {which}", f"thaw-benchmark-{which}.png"
        path = ask_file(self, self._preferences, title, name, "Picture (*.png)", ".png")
        if path is not None:
            self.said.emit(save_picture(picture, path) or f"Saved {path}.")

    # ---------------------------------------------------------------- what happens

    @Slot(object)
    def _begin(self, benchmark: Benchmark) -> None:
        if self._leader.owner in ("", OWNER):
            self.wanted.emit()
        if not self._leader.owner:
            self.form.show_choice(benchmark.matrix.choice)
        self._show(benchmark)
        self.stack.setCurrentIndex(1)

    @Slot()
    def _show_progress(self) -> None:
        leader = self._leader
        if not leader.is_running:
            return
        if not self.form.is_running:
            self.form.set_running(True)
        benchmark, cell = leader.benchmark, leader.current
        if benchmark is None or cell is None:
            self.form.say("Preparing: finding out what can run where …")
            return
        self.form.show_progress(benchmark, leader.time_left_s, cell_title(benchmark.matrix, cell))
        if benchmark.done:
            self._show(benchmark)

    @Slot(object)
    def _end(self, benchmark: Benchmark) -> None:
        self.form.set_running(False)
        self._show(benchmark)
        if self._leader.owner in ("", OWNER):
            self.told.emit(headline(benchmark))

    @Slot(str)
    def _refuse(self, why: str) -> None:
        self.form.set_running(False)
        if self._leader.owner in ("", OWNER):
            self.said.emit(why)

    def _show(self, benchmark: Benchmark) -> None:
        self.findings.show_benchmark(benchmark)
        self.table.show_benchmark(benchmark)
        self._bars_page.show_benchmark(benchmark)
        self._curves_page.show_benchmark(benchmark)
