"""What the pages that lead a benchmark are made of: a panel that starts it on the left, tabs of results on the right.

In the GUI thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QProgressBar, QPushButton, QTabWidget, QWidget

from gui.widgets.fields import named, note
from gui.widgets.page import Page
from gui.widgets.panels import pile, set_ground, split, stack
from workers.benchmark.findings import progress_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.theme.theme import Theme
    from gui.widgets.empty_state import EmptyState
    from workers.benchmark.results import Benchmark

STEPS = 1000
"""Of a progress bar."""


class TwoSidedPage(Page):
    """A page with a panel on the left, and on the right tabs, or what will appear there.

    Attributes:
        pages: the tabs.
        stack: what will appear, then the tabs.
        splitter: between panel and stack.
    """

    def lay_out(
        self,
        name: str,
        panel: QWidget,
        empty: EmptyState,
        pages: Sequence[tuple[QWidget, str]],
        sizes: Sequence[int],
    ) -> None:
        """Fill the page; `sizes` are the widths of its two sides at first."""
        self.pages = QTabWidget(documentMode=True)
        self.pages.tabBar().setDrawBase(False)  # else a line of it would stand beside a corner's buttons
        for page, title in pages:
            self.pages.addTab(page, title)
        self.stack = stack(empty, self.pages)
        self.stack.setMinimumWidth(240)
        self.splitter = split(panel, self.stack, sizes=sizes)
        set_ground(pile(self, self.splitter), name)


class StartPanel(QWidget):
    """The left of such a page: fields, what Start would begin, a bar, and a button that starts or cancels.

    Attributes:
        fields: rest while a benchmark runs.
        button: starts one, or cancels the one that runs.
        bar: how far it is; hidden while none runs, its room kept.
        note: what Start would begin, why it cannot, or how far it is.
        is_running: whether the fields rest, as `set_running` said.
        is_free: whether anything may start, as `set_free` said.

    Signals:
        start_requested: the button was pressed while nothing ran.
        cancel_requested: it was pressed while a benchmark ran.
    """

    start_requested = Signal()
    cancel_requested = Signal()

    WIDTH, MIN_WIDTH = 320, 240
    """In pixels at a text scale of 1."""

    def __init__(self, theme: Theme, about_bar: str) -> None:
        super().__init__()
        self.theme = theme
        self.fields: tuple[QWidget, ...] = ()
        self.is_running, self.is_free = False, True
        self.note = note()
        self.button = named(QPushButton(), "primary")
        self.button.clicked.connect(self._press)
        self.bar = QProgressBar(maximum=STEPS, textVisible=False)
        self.bar.setFixedHeight(8)
        self.bar.setAccessibleName(about_bar)
        kept = self.bar.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(kept)
        self.bar.hide()
        theme.changed.connect(self.restyle)

    def show_plan(self) -> None:
        """Say what Start would begin, or why it cannot."""
        raise NotImplementedError

    def set_free(self, is_free: bool) -> None:
        """Say whether a benchmark may start: not while a run is going on."""
        self.is_free = is_free
        self.show_plan()

    def set_running(self, is_running: bool) -> None:
        """Let the fields rest while a benchmark runs."""
        self.is_running = is_running
        for field in self.fields:
            field.setEnabled(not is_running)
        self.bar.setValue(0)
        self.bar.setVisible(is_running)
        self.show_plan()

    def show_progress(self, benchmark: Benchmark, left_s: float | None, title: str) -> None:
        """Show how far a benchmark is; `title` is of the cell whose turn it is."""
        self.bar.setValue(benchmark.done * STEPS // benchmark.runs)
        self.say(progress_words(benchmark, left_s, title))

    def say(self, text: str) -> None:
        """Say it above the button, and where there is too little room in the note's tooltip."""
        self.note.setText(text)
        self.note.setToolTip(text)

    @Slot()
    def begin(self) -> None:
        """Start where that is possible; unlike the button it never cancels."""
        if not self.is_running and self.button.isEnabled():
            self.start_requested.emit()

    @Slot()
    def _press(self) -> None:
        (self.cancel_requested if self.is_running else self.start_requested).emit()

    @Slot()
    def restyle(self) -> None:
        """Take up the size of texts."""
        self.setMinimumWidth(round(self.MIN_WIDTH * self.theme.text_scale))
        # So many lines, whatever is said: else the lists above would change their size.
        lines = 2 if self.theme.text_scale <= 1.2 else 3
        self.note.setFixedHeight(lines * self.note.fontMetrics().lineSpacing() + 2)

    def sizeHint(self) -> QSize:
        return QSize(round(self.WIDTH * self.theme.text_scale), 260)
