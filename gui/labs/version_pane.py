"""One version of a lab: its source, the button that runs it, and what came of it. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.forms.two_lines import MARGIN, NAME_ROLE, SENTENCE_ROLE, TwoLines
from gui.labs.listing import Listing
from gui.labs.result_text import NOT_RUN, progress, result
from gui.widgets.code_block import SELECTABLE
from gui.widgets.elided import ElidedLabel
from gui.widgets.fields import Menu, describe, named, note, pass_focus
from gui.widgets.panels import fill, set_text_color

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.theme.theme import Theme
    from workers.catalog.labs import Lab, Version
    from workers.engine.run import Run


class VersionPane(QObject):
    """A version, chosen by a menu where a lab has more than two.

    It is no widget: its parts are laid out in rows with those of the other version, each as high as its neighbour.

    Attributes:
        parts: what it is and does, its source, and what came of its run.
        version: the one that is shown.
        run: its last run, which may still go on; None before the first.
        menu: the versions.
        listing: the source.
        run_button: runs it, or cancels its run.
        change_button: makes a copy of one's own.
        timeline_button: shows the tasks of its run; hidden before there is one. `steps_button` likewise.
        result: what came of the run.

    Signals:
        chosen: another version was chosen.
        run_requested: it is to be run.
        cancel_requested: its run is to be cancelled.
        change_requested: a copy of it is wanted.
        timeline_requested: its run is to be seen in the timeline.
        steps_requested: it is to be gone through step by step.
    """

    version: Version

    chosen = Signal()
    run_requested = Signal()
    cancel_requested = Signal()
    change_requested = Signal()
    timeline_requested = Signal()
    steps_requested = Signal()

    def __init__(self, theme: Theme, side: str, parent: QObject) -> None:
        """Make it; `side` tells it from the other one for people who hear its name."""
        super().__init__(parent)
        self._theme = theme
        self.run: Run | None = None
        self._is_free, self._is_waiting, self._why_not = True, False, ""
        self._versions: tuple[Version, ...] = ()
        self.verdict = QLabel()
        self.name = ElidedLabel()
        self.menu = _VersionMenu(theme)
        describe(self.menu, f"Version on the {side}", f"Which version stands on the {side}")
        self.run_button = named(QPushButton("Run"), "primary")
        self.change_button = QPushButton("Change it")
        self.shows = note()
        self.listing = Listing(theme)
        self.result = QLabel(wordWrap=True, textInteractionFlags=SELECTABLE)
        self.result.setTextFormat(Qt.TextFormat.RichText)
        self.result.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.timeline_button = named(QPushButton("See it in the timeline"), "low")
        self.steps_button = named(QPushButton("Step through it"), "low")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        head = fill(
            QHBoxLayout(),
            self.verdict,
            self.name,
            (self.menu, 4),
            None,
            self.change_button,
            self.run_button,
            spacing=8,
        )
        above, below = QWidget(), QWidget()
        fill(QVBoxLayout(above), head, self.shows, None, spacing=6)
        buttons = fill(QHBoxLayout(), self.timeline_button, self.steps_button, None, spacing=8)
        fill(QVBoxLayout(below), self.result, buttons, None, spacing=6)
        self.parts: tuple[QWidget, ...] = above, self.listing, below

    def _connect(self) -> None:
        self.menu.activated.connect(self._choose)
        self.run_button.clicked.connect(self._press)
        self.change_button.clicked.connect(self.change_requested)
        self.timeline_button.clicked.connect(self.timeline_requested)
        self.steps_button.clicked.connect(self.steps_requested)
        self._theme.changed.connect(self.dress)

    # ---------------------------------------------------------------- what is shown

    def show_lab(self, lab: Lab, chosen: Version) -> None:
        """Offer the versions of a lab, one of which is chosen."""
        self._versions = lab.versions
        self.menu.fill(lab.versions)
        self.menu.choose(chosen.function)
        has_choice = len(lab.versions) > 2
        self.menu.setVisible(has_choice)
        self.name.setVisible(not has_choice)
        self.show_version(chosen)

    def show_version(self, version: Version) -> None:
        self.version = version
        self.name.setText(version.function)
        self.verdict.setText("✓ Right" if version.is_right else "✕ Wrong")
        self.shows.setText(version.shows)
        for button, words, tip in (
            (
                self.change_button,
                "Change",
                "Make a copy of this lab that is yours, and open it in Your function",
            ),
            (
                self.timeline_button,
                "See in the timeline:",
                "Show the tasks of its last run on the page Timeline",
            ),
            (self.steps_button, "Step through", "Let one thread after the other make a step"),
        ):
            describe(button, f"{words} {version.function}", tip)
        self.dress()

    def show_run(self, run: Run | None) -> None:
        """Show what came of a run, or how far it is."""
        self.run, self._is_waiting = run, False
        self.refresh()
        self.show_state()

    def await_run(self) -> None:
        """A run of it begins in a moment."""
        self.run, self._is_waiting = None, True
        self._say("Starting …")
        self.show_state()

    def refresh(self) -> None:
        """Bring the result up to date."""
        if self._is_waiting:
            return
        run = self.run
        role = QPalette.ColorRole
        self.result.setForegroundRole(role.PlaceholderText if run is None else role.WindowText)
        self._say(NOT_RUN if run is None else progress(run) if run.ended is None else result(run))

    def _say(self, text: str) -> None:
        if text != self.result.text():
            self.result.setText(text)

    @property
    def is_running(self) -> bool:
        return self._is_waiting or (self.run is not None and self.run.ended is None)

    def set_free(self, is_free: bool, why_not: str = "") -> None:
        """Say whether a run may start, and why this version cannot be run where it is to run."""
        self._is_free, self._why_not = is_free, why_not
        self.show_state()

    def show_state(self) -> None:
        """Let the buttons offer what can be done now."""
        is_running, has_ended = self.is_running, self.run is not None and self.run.ended is not None
        name = self.version.function
        self.run_button.setText("Cancel" if is_running else "Run")
        tip = "End this run" if is_running else self._why_not or "Run it with the settings of the lab"
        describe(self.run_button, f"{self.run_button.text()} {name}", tip)
        self.run_button.setEnabled(is_running or (self._is_free and not self._why_not))
        self.menu.setEnabled(not is_running)
        going = [button for button in (self.timeline_button, self.steps_button) if not has_ended]
        pass_focus(self.run_button, *going)
        self.timeline_button.setVisible(has_ended)
        self.steps_button.setVisible(has_ended)
        for button in (self.timeline_button, self.steps_button):
            button.setEnabled(self._is_free)

    # ---------------------------------------------------------------- what a person does

    @Slot()
    def _choose(self) -> None:
        self.show_version(self._versions[self.menu.currentIndex()])
        self.chosen.emit()

    @Slot()
    def _press(self) -> None:
        (self.cancel_requested if self.is_running else self.run_requested).emit()

    @Slot()
    def dress(self) -> None:
        """Take up colours and fonts: with a style sheet, becoming a page takes them away."""
        bold = QFont(self.result.font())
        bold.setWeight(QFont.Weight.DemiBold)
        self.verdict.setFont(bold)
        self.name.setFont(bold)
        color = self._theme.color("good" if self.version.is_right else "bad")
        set_text_color(self.verdict, color)


class _VersionMenu(Menu):
    """Versions with what each of them shows."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._lines = TwoLines(theme)
        self.setItemDelegate(self._lines)

    def fill(self, versions: Sequence[Version]) -> None:
        self.clear()
        for at, version in enumerate(versions):
            word = "✓ right" if version.is_right else "✕ wrong"
            self.add(version.function, version.function)
            self.setItemData(at, f"{version.function}: {word}", NAME_ROLE)
            for role in (SENTENCE_ROLE, Qt.ItemDataRole.AccessibleDescriptionRole):
                self.setItemData(at, version.shows, role)

    def showPopup(self) -> None:
        self.view().setMinimumWidth(self._lines.width + 2 * MARGIN)
        super().showPopup()
