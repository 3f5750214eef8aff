"""The instruments that say why a window froze: which of them are on, and the threads and the process that they need.

Lives in the GUI thread; the instruments have threads of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.process.log import log
from workers.catalog import lookup
from workers.catalog.user_names import is_own
from workers.utils.errors import limit_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QRect

    from gui.controllers.run import Director
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme
    from gui.witness.handle import Witness
    from workers.command_line.parser import Options
    from workers.engine.plan import Settings
    from workers.engine.run import Run
    from workers.monitors.freeze import Freeze, Sighting
    from workers.monitors.probe import Instrument
    from workers.monitors.watchdog import Watchdog

NAMES = {
    "timeline": "&Timeline of the tasks",
    **{name: title for name, (_, title) in lookup.instruments().items()},
    "witness": "W&itness beside a frozen window",
}
"""An instrument's name on the command line -> its name in the menu."""

LAID_OUT_MS = 300
"""So soon after a change of what it shows the window has been laid out and painted."""

IN_SIGHT = 20
"""So many freezes of a run the witness is told of: each is longer than a quarter of a second."""


def may_freeze(settings: Settings) -> bool:
    """Whether a run may freeze the window, by what its runner and its work declare; only what is known not to is told.

    Apart from the window's GIL nothing does. In threads it depends on the work: of a person's own function nothing is
    sure, and of Thaw's own what declares nothing of the GIL only waits.
    """
    place, work = settings.runner_entry.traits, settings.workload_entry
    if place.is_apart:
        return False
    gil = work.constants.get("GIL", "")
    risky = {"keeps"} if settings.polite else {"keeps", "holds", "between"}
    return place.gil != "shared" or is_own(work.name) or gil in risky


class Instruments(QObject):
    """Timeline, watchdog, GIL meter and witness.

    Attributes:
        frame: where the window is on the screen; the witness stands beside it.
        read: what is read in the window during a freeze and after it; the witness hides none of that if it can.

    Signals:
        changed: one was turned on or off.
        judged: a Freeze that is over, in a run or not.
    """

    changed = Signal()
    judged = Signal(object)

    def __init__(
        self,
        probes: dict[str, Instrument[Any]],
        director: Director,
        options: Options,
        look: tuple[Theme, Preferences],
    ) -> None:
        """Make them in the GUI thread; nothing is started yet.

        Args:
            probes: the instruments that are probes, by their names; the watchdog tells the witness what it sees.
            director: announces runs; the witness's Stop cancels them.
            options: which are to be on, as the command line says.
            look: what the witness looks like, and which were on when the program was last left.
        """
        super().__init__()
        self._probes, self._director = probes, director
        self._watchdog = cast("Watchdog", probes["watchdog"])
        self._theme, self._preferences = look
        self._asked = options.instruments
        self._interactive = not options.exit_after_run
        self._on = {name: self._wanted(name) for name in NAMES}
        self._begun = False
        # A person has asked for the witness, and so it comes with every run.
        self._always = self._asked is not None and "witness" in self._asked
        self._witness: Witness | None = None
        self._said: tuple[Freeze, ...] = ()  # of the last run
        self._dumps: int | None = None
        self._watchdog.told, self._watchdog.judged = self._tell, self._judge
        self.frame: Callable[[], QRect] | None = None
        self.read: Callable[[], list[QRect]] = list
        self._placing = QTimer(self, singleShot=True, interval=LAID_OUT_MS)
        self._placing.timeout.connect(self._place_witness)
        director.announced.connect(self.run_announced)
        director.finished.connect(self.run_finished)
        self._theme.changed.connect(self.restyle)

    def _wanted(self, name: str) -> bool:
        if self._asked is not None:
            return name in self._asked
        if name == "witness" and not self._interactive:
            return False
        return self._preferences.read(f"instrument_{name}", "yes") == "yes"

    def is_on(self, name: str) -> bool:
        return self._on[name]

    def set_on(self, name: str, on: bool) -> None:
        if on == self._on[name]:
            return
        self._on[name] = on
        self._preferences.write(f"instrument_{name}", "yes" if on else "no")
        if name == "witness":
            self._always = on
        self._follow()
        self.changed.emit()

    def begin(self) -> None:
        """Start those that are on; called when the window has been painted."""
        self._begun = True
        self._follow()

    def _follow(self) -> None:
        for name, probe in self._probes.items():
            if self._begun and self._on[name]:
                try:
                    probe.start()
                    continue
                except (RuntimeError, OSError) as error:  # there is no thread or no file left for it
                    log.warning("%s is off. %s", name, limit_of(error) or error)
                    self._on[name] = False
            probe.close()
        # A witness reads the dumps of the watchdog that it was started with.
        if self._witness is not None and not (self._on["witness"] and self._dumps == self._watchdog.dump_fd):
            self._close_witness()
        if self._begun and self._always and self._on["witness"]:
            self._start_witness()  # now, so that its own start falls into no run

    @Slot(object)
    def run_announced(self, settings: Settings) -> None:
        """A run will begin in a moment: the first that may freeze the window starts the witness."""
        if self._on["witness"] and (self._always or may_freeze(settings)):
            try:
                self._start_witness()
            except (RuntimeError, OSError) as error:
                log.warning("There is no witness. %s", limit_of(error) or error)
                self._close_witness()

    @Slot(object)
    def run_finished(self, run: Run) -> None:
        """The witness says of the run's freezes what the window says; of the newest, for it has no others in sight."""
        self._said = tuple(run.freezes[-IN_SIGHT:])
        if self._witness is not None:
            for freeze in self._said:
                self._witness.tell_verdict(freeze)

    @Slot()
    def restyle(self) -> None:
        if self._witness is not None:
            self._witness.set_look(self._theme.scheme, self._theme.text_scale)

    @Slot()
    def place_witness(self) -> None:
        """The window looks different now; where that lies is known when it has been laid out."""
        self._placing.start()

    @Slot()
    def _place_witness(self) -> None:
        if self._witness is not None and self._witness.is_running:
            self._witness.start(self._beside())

    def _beside(self) -> list[QRect]:
        return [self.frame(), *self.read()] if self.frame is not None else []

    def _start_witness(self) -> None:
        from gui.witness.handle import Witness  # needed late, if at all

        if self._witness is not None and self._witness.is_running:
            self._place_witness()
            return
        self._close_witness()
        self._dumps = self._watchdog.dump_fd
        self._witness = witness = Witness(
            self._director.session.cancel,
            self._dumps,
            self._theme.scheme,
            self._theme.text_scale,
            self._preferences.read("witness_on_top", "yes") == "yes",
        )
        witness.stop_requested.connect(self._director.cancel)
        witness.on_top_changed.connect(self._keep_on_top)
        witness.closed.connect(self._witness_closed)
        witness.start(self._beside())

    @Slot(bool)
    def _keep_on_top(self, on: bool) -> None:
        self._preferences.write("witness_on_top", "yes" if on else "no")

    @Slot(str)
    def _witness_closed(self, why: str) -> None:
        """Whoever closes the witness does not want to see it come back with every run."""
        if not why:
            self.set_on("witness", False)

    def _tell(self, sighting: Sighting) -> None:
        """Called in the watchdog's thread."""
        witness = self._witness
        if witness is not None:
            witness.tell(sighting)

    def _judge(self, freeze: Freeze) -> None:
        """Called in the watchdog's thread."""
        witness = self._witness
        # A run that ends in a freeze is over before that is: the window says how long it was in the run.
        is_said = any(one.started < freeze.ended and freeze.started < one.ended for one in self._said)
        if witness is not None and not is_said:
            witness.tell_verdict(freeze)
        self.judged.emit(freeze)

    def _close_witness(self) -> None:
        witness, self._witness = self._witness, None
        if witness is not None:
            witness.close()

    def close(self) -> None:
        self._begun = False
        self._close_witness()
        for probe in self._probes.values():
            probe.close()
