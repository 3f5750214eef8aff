"""Where the downloads run, and with what: settings of their own, kept for the next start. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.forms.form import Form
from gui.forms.lazy_form import LazyForm
from gui.forms.runner_box import RunnerBox
from gui.widgets.fold import Fold
from gui.widgets.panels import fill
from workers.engine.plan import BLOCKING, MAX_WORKERS, Settings

if TYPE_CHECKING:
    from gui.controllers.catalog import Catalog
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme
    from workers.catalog.entry import Entry

GIVEN = ("urls", "queue", "folder")
"""Parameters of a download that the room gives itself."""

WORKERS = 8
"""Downloads at once, where nobody has said otherwise."""

IN_SIGHT = "only_pictures"
"""The parameter that decides what is refused: its switch stands by the list of what was."""

KEPT = "download_settings"


FREEZES_HERE = "Runs on the GUI thread, as chosen here: the window freezes."


class DownloadsSettings(QWidget):
    """Runner and workers, and behind a line the parameters of a download but for one, whose place is elsewhere.

    Attributes:
        place: the runners, the GUI thread among them.
        kinds: the switch for which files are kept; its owner lays it out.
        details: the other parameters of a download.
        more: what folds away.
        fit: whether the runner can do it.

    Signals:
        changed: another runner, or another answer to that.
        chosen: the runner's Entry and the work's, where the runner may be another one.
        form_made: there are more fields.
    """

    changed = Signal()
    chosen = Signal(object, object)
    form_made = Signal()

    def __init__(self, theme: Theme, catalog: Catalog, preferences: Preferences) -> None:
        super().__init__()
        self._catalog, self._preferences = catalog, preferences
        self._work = catalog.workload("download")
        self.place = RunnerBox(theme, catalog.runners, has_gui_thread=True)
        self.fit = self.place.fit
        self.place.workers.setValue(WORKERS)
        fields = [field for field in self._work.fields if field.name not in GIVEN]
        self.kinds = Form([field for field in fields if field.name == IN_SIGHT])
        self.details = LazyForm([field for field in fields if field.name != IN_SIGHT])
        self.more = Fold("More", self.place.details, self.details)
        fill(QVBoxLayout(self), self.place, self.more, spacing=6)
        self._recall()
        self.place.changed.connect(self._look)
        self.place.form_made.connect(self.form_made)
        self.details.made.connect(self.form_made)
        self.fit.changed.connect(self._show_fit)
        theme.changed.connect(self.place.dress)
        self.place.dress()
        self._look()

    @property
    def entries(self) -> tuple[Entry, Entry]:
        """Of the runner that is chosen, and of the work."""
        return self._catalog.runner(self.place.runner), self._work

    def for_run(self, waiting: int, queue: str, folder: str) -> Settings:
        """Those of a run over so many addresses that wait in the queue's file."""
        given = dict(zip(GIVEN, ("", queue, folder), strict=True))
        chosen = {**self._params(), **given}
        return Settings(*self.entries, waiting, self.place.workers.value(), tuple(chosen.items()))

    def _params(self) -> dict[str, Any]:
        return {**self.details.values(), **self.kinds.values(), **self.place.form.values()}

    def where(self, is_switch_on: bool) -> str:
        """Where a run would be, in a sentence; `is_switch_on`: of the window's own switch, which is for Live."""
        runner, _ = self.entries
        if runner.name == BLOCKING:
            return FREEZES_HERE
        return f"Runs {runner.where}{': the switch above is for Live' if is_switch_on else ''}."

    @Slot()
    def _look(self) -> None:
        self.place.look(self._work)
        self.changed.emit()
        self.chosen.emit(*self.entries)

    @Slot()
    def _show_fit(self) -> None:
        if self.place.wants_details:
            self.more.set_open(True)
        self.changed.emit()

    # ---------------------------------------------------------------- from one start to the next

    def _recall(self) -> None:
        kept = self._preferences.read_values(KEPT)
        self.place.menu.choose(str(kept.get("runner", "")))
        workers, params = kept.get("workers"), kept.get("params")
        if isinstance(workers, int) and 1 <= workers <= MAX_WORKERS:
            self.place.workers.setValue(workers)
        if isinstance(params, dict):
            params = {self._work.new_name(name): value for name, value in params.items()}
            for form in (self.place.form, self.details, self.kinds):
                form.set_values(params)
        self.more.set_open(kept.get("more") is True)

    def remember(self) -> None:
        self._preferences.write_values(
            KEPT,
            {
                "runner": self.place.runner,
                "workers": self.place.workers.value(),
                "params": self._params(),
                "more": self.more.is_open,
            },
        )
