"""What the window knows of a page: a page is a folder, and one line in gui/window/pages.py. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QSplitter

    from workers.catalog.entry import Entry
    from workers.engine.plan import Settings
    from workers.engine.run import Run


class Page(QWidget):
    """A page takes `(core, theme, preferences)`, asks for things by signals, and hears of what happens by its methods.

    It is made when it is first looked at or needed; what has happened before it finds in the core. Every method does
    nothing unless a page has something to do there.

    Attributes:
        splitter: is remembered from one start to the next; None where there is none.
        back: what a button says that leads back here from where this page has shown the way to.
        lecture_room: what it needs at a text scale of 1 to be shown in a presentation, in pixels; None where the
            presentation shows Live in its place.
        has_file: whether a file is edited here, which Ctrl+S saves while the page is in front.

    Signals:
        wanted: it shows something new, and is to come to the front.
        said: a sentence on what was done, or why it was not.
        told: what came of a benchmark, as a sentence that stays.
        start_expected: the Entries of the runner and the workload that its own Start will need.
        code_requested: the Entry of a workload whose code is to be run, and what to call where it may be.
        start_requested: the Settings of a run that is wanted.
        sequence_requested: the Settings of several, in a list, that are to run one after the other, or none of them.
        live_start_requested: the Entry of a workload to be run as Live is set; None: the one that is chosen there.
        choice_requested: the Settings of a run that is wanted, and is to stand in the side panel as well.
        workload_chosen: the Entry of a workload that the side panel is to choose.
        tasks_requested: a Run whose tasks are to be shown.
        edit_requested: a person's own file that is to be opened in the editor, and which of its functions to choose.
        copy_requested: the Entry of a lab's version, of which a person wants a copy to change.
        trusted: the path of a file with code that the person chose themselves: it may be run.
        steps_requested: the Entry of a workload that is to be gone through step by step.
        pair_requested: two Runs that are to be compared.
        place_requested: one of `catalog.lessons.LOOKS`, the Run that is to be seen there, and what that is, in words.
        left_changed: how much there is left of what it had begun, for a person to go on with.
        save_requested: a Run that is to be saved.
        export_requested: a Run that is to be exported.
    """

    wanted = Signal()
    said = Signal(str)
    told = Signal(str)
    start_expected = Signal(object, object)
    code_requested = Signal(object, object)
    start_requested = Signal(object)
    sequence_requested = Signal(list)
    live_start_requested = Signal(object)
    choice_requested = Signal(object)
    workload_chosen = Signal(object)
    tasks_requested = Signal(object)
    edit_requested = Signal(object, str)
    copy_requested = Signal(object)
    trusted = Signal(object)
    steps_requested = Signal(object)
    pair_requested = Signal(object, object)
    place_requested = Signal(str, object, str)
    left_changed = Signal(int)
    save_requested = Signal(object)
    export_requested = Signal(object)

    splitter: QSplitter | None = None
    back = ""
    lecture_room: QSize | None = None
    has_file = False

    def sizeHint(self) -> QSize:
        """What a window of the usual size has room for, whatever is shown."""
        return QSize(900, 300)

    def await_run(self, settings: Settings) -> None:
        """A run begins in a moment, and may freeze the window: nothing of the one before is to be shown any more.

        Not called for a benchmark's runs: of these no page hears, so what is there stays.
        """

    def show_run(self, run: Run) -> None:
        """A run begins, or one from a file is to be shown; not one of a benchmark."""

    def take_results(self, results: list[Any]) -> None:
        """Tasks of the run have returned these."""

    def finish_run(self, run: Run) -> None:
        """The run has ended."""

    def show_choice(self, runner: Entry, workload: Entry) -> None:
        """These are chosen in the side panel now; only the page that is in front hears of it."""

    def refresh(self, at_once: bool = False) -> None:
        """Bring what can be seen up to date: with every frame, and `at_once` for a picture and at a run's end."""

    def set_free(self, is_free: bool) -> None:
        """Say whether anything may start: not while something goes on."""

    def set_lecture(self, is_on: bool) -> None:
        """Show only what is to be seen from the last row, or all of it again."""

    def read_parts(self) -> list[QWidget]:
        """What is read during a freeze and after it, while this is a room in front; what is hidden does not count."""
        return [self]

    def picture(self, name: str) -> QImage:
        """One of the pictures that its line names; a null one as long as there is nothing to be seen."""
        raise ValueError(f"there is no picture {name!r}")

    def save(self) -> None:
        """Save the file that is edited here."""

    def may_leave(self) -> bool:
        """Whether the program may be left: asks, where something was not saved."""
        return True

    def remember(self) -> None:
        """Keep what is to be there at the next start."""

    def shut(self) -> None:
        """Release what it holds, at the end of the program."""
