"""Where the downloads run, and with what: settings of their own, kept for the next start. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.forms.lazy_form import LazyForm
from gui.forms.runner_box import RunnerBox
from gui.widgets.fold import Fold
from gui.widgets.panels import fill
from workers.engine.plan import MAX_WORKERS, Settings

if TYPE_CHECKING:
    from gui.controllers.catalog import Catalog
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme

GIVEN = ("urls", "queue", "folder")
"""Parameters of a download that the room gives itself."""

WORKERS = 8
"""Downloads at once, where nobody has said otherwise."""

KEPT = "download_settings"


class DownloadsSettings(QWidget):
    """Runner and workers, and behind a line the parameters of a download.

    Attributes:
        place: the runners, the GUI thread among them.
        details: the parameters of a download.
        more: what folds away.
        fit: whether the runner can do it.

    Signals:
        changed: another answer to that.
        form_made: there are more fields.
    """

    changed = Signal()
    form_made = Signal()

    def __init__(self, theme: Theme, catalog: Catalog, preferences: Preferences) -> None:
        super().__init__()
        self._catalog, self._preferences = catalog, preferences
        self._work = catalog.workload("download")
        self.place = RunnerBox(theme, catalog.runners, has_gui_thread=True)
        self.fit = self.place.fit
        self.place.workers.setValue(WORKERS)
        self.details = LazyForm([field for field in self._work.fields if field.name not in GIVEN])
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

    def for_run(self, waiting: int, queue: str, folder: str) -> Settings:
        """Those of a run over so many addresses that wait in the queue's file."""
        given = dict(zip(GIVEN, ("", queue, folder), strict=True))
        chosen = {**self.details.values(), **self.place.form.values(), **given}
        runner = self._catalog.runner(self.place.runner)
        return Settings(runner, self._work, waiting, self.place.workers.value(), tuple(chosen.items()))

    @Slot()
    def _look(self) -> None:
        self.place.look(self._work)

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
            for form in (self.place.form, self.details):
                form.set_values(params)
        self.more.set_open(kept.get("more") is True)

    def remember(self) -> None:
        params = {**self.details.values(), **self.place.form.values()}
        self._preferences.write_values(
            KEPT,
            {
                "runner": self.place.runner,
                "workers": self.place.workers.value(),
                "params": params,
                "more": self.more.is_open,
            },
        )
