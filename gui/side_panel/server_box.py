"""The network conditions of the image server: how slow it is, how often it fails on purpose, and what it did.

In the GUI thread.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QTimer, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.widgets.fields import FloatBox, Grid, IntBox, Menu, describe, note, section
from gui.widgets.panels import fill
from workers.image_server.conditions import (
    PROFILES,
    FaultCounts,
    NetworkConditions,
    changed,
    fault_details,
    fault_words,
    network_words,
)

if TYPE_CHECKING:
    from collections.abc import Callable


OWN = "own"
"""The name of the network conditions that a person makes."""

MB_IN_KIB = 1e6 / 1024
LOOK_MS = 500
LAST_LOOK_MS = 900
"""After the run: by then the server has told of its last answers."""


class ServerBox(QWidget):
    """The network conditions of the image server: a profile, or a person's own. In the GUI thread.

    Attributes:
        menu: chooses the profile.
        latency: of every profile, like `bandwidth`; to change one makes the conditions a person's own.
        settings: what is chosen.
        form: the rates of a person's own conditions; None until these are chosen for the first time.
        fault_counts: what the server did so far in this run.

    Signals:
        server_changed: other NetworkConditions are chosen now.
        form_made: `form` is there now, so that the panel sizes its fields.
    """

    server_changed = Signal(object)
    form_made = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.settings = NetworkConditions()
        self._own: NetworkConditions | None = None
        self._counts: Callable[[], FaultCounts] = FaultCounts
        self.form: NetworkForm | None = None
        self.menu = Menu()
        for name in PROFILES:
            self.menu.add(name, name.capitalize())
        self.menu.add(OWN, "Custom")
        self._summary = note()
        self.fault_counts = describe(note(), "What the server did in this run")
        self.fault_counts.hide()
        self.latency = IntBox(0, 5_000)
        self.bandwidth = FloatBox(0.0, 1_000.0, digits=3)
        self.bandwidth.setSpecialValueText("unlimited")
        grid = Grid()
        about = "How slow Thaw's own image server is, and how many of its responses it makes fail"
        grid.add_wide(describe(self.menu, "Network conditions", about))
        grid.add_wide(self._summary)
        grid.add_row(
            "Latency (ms)", self.latency, "How long the server waits before it responds, 0 to 5,000 ms"
        )
        about = "The most that one connection gets; 0: as fast as the server can"
        grid.add_row("Bandwidth (MB/s)", self.bandwidth, about)
        self._column = fill(
            QVBoxLayout(self), section("Network conditions"), grid, self.fault_counts, spacing=6
        )
        self._show("fair", self.settings)
        self.menu.currentIndexChanged.connect(self._choose)
        for field in (self.latency, self.bandwidth):
            field.valueChanged.connect(self._take)
        self._looks = QTimer(self, interval=LOOK_MS)
        self._looks.timeout.connect(self._look)
        self._end = QTimer(self, interval=LAST_LOOK_MS, singleShot=True)
        self._end.timeout.connect(self._stop)

    # ---------------------------------------------------------------- the network conditions

    def apply(self, network: NetworkConditions) -> None:
        """Show network conditions, and tell of them where they are others; without a name they are a person's own."""
        names = [name for name, named in PROFILES.items() if named == network]
        self._show(names[0] if names else OWN, network)

    @property
    def kept(self) -> str:
        """The choice and a person's own conditions as a text, for the next start."""
        own = self._own._asdict() if self._own is not None else None
        return json.dumps({"weather": self.menu.currentData(), "own": own})

    def recall(self, kept: str) -> None:
        """Take up what `kept` once was; a text that says nothing any more changes nothing."""
        try:
            said = json.loads(kept or "{}")
            name, own = said.get("weather"), said.get("own")
            self._own = changed(NetworkConditions(), own) if own is not None else None
        except (ValueError, TypeError, AttributeError):
            return
        if name in PROFILES:
            self._show(name, PROFILES[name])
        elif name == OWN and self._own is not None:
            self._show(OWN, self._own)

    def _show(self, name: str, network: NetworkConditions) -> None:
        """Bring menu and fields in line with network conditions, and tell of them where they are others."""
        before, self.settings = self.settings, network
        if name == OWN:
            self._own = network
        with QSignalBlocker(self.menu), QSignalBlocker(self.latency), QSignalBlocker(self.bandwidth):
            self.menu.choose(name)
            self.latency.setValue(round(network.latency_ms))
            self.bandwidth.setValue(network.bandwidth_kib / MB_IN_KIB)
        self._summary.setText(network_words(network))
        if name == OWN and self.form is None:  # only then: most people choose a profile
            self.form = NetworkForm()
            self.form.changed.connect(self._take)
            self._column.insertWidget(self._column.indexOf(self.fault_counts), self.form)
            self.form_made.emit()
        if self.form is not None:
            self.form.fill(network)
            self.form.setVisible(name == OWN)
        if network != before:
            self.server_changed.emit(network)

    @Slot()
    def _choose(self) -> None:
        """Another entry of the menu; a person's own conditions begin with what there was before."""
        name = self.menu.currentData()
        self._show(name, PROFILES.get(name) or self._own or self.settings)

    @Slot()
    def _take(self) -> None:
        """A field was changed: from now on the conditions are a person's own."""
        rates = self.form.values() if self.form is not None and self.menu.currentData() == OWN else {}
        network = self.settings._replace(
            latency_ms=float(self.latency.value()),
            bandwidth_kib=float(round(self.bandwidth.value() * MB_IN_KIB)),
        )
        self._show(OWN, changed(network, rates))

    # ---------------------------------------------------------------- what it did

    def follow(self, counts: Callable[[], FaultCounts]) -> None:
        """A run begins that uses the server: show what it does, twice a second.

        Args:
            counts: returns what is known by now, at once.
        """
        self._counts = counts
        self._end.stop()
        self._look()
        self._looks.start()

    def forget(self) -> None:
        """Another run is about to begin: what went wrong in the last one is not shown any more."""
        self._looks.stop()
        self._end.stop()
        self.fault_counts.clear()
        self.fault_counts.setToolTip("")
        self.fault_counts.hide()

    @Slot()
    def unfollow(self) -> None:
        """The run has ended: look once more in a moment, and keep what was seen until the next one."""
        if self._looks.isActive():
            self._end.start()

    @Slot()
    def _look(self) -> None:
        counts = self._counts()
        said = fault_words(counts)
        self.fault_counts.setText(f"{said}." if said else "")
        self.fault_counts.setToolTip(fault_details(counts))
        self.fault_counts.setVisible(bool(said))

    @Slot()
    def _stop(self) -> None:
        self._looks.stop()
        self._look()


RATES = (
    ("error_rate", "Errors (%)", "500, 502, 503 or 429: retried."),
    ("stall_rate", "Stalls (%)", "The server goes silent: timeout."),
    ("cut_rate", "Cut off (%)", "Ends halfway, then resumes there."),
    ("wrong_rate", "Not a picture (%)", "A web page, half a picture or noise."),
)
"""Of each rate its name in `NetworkConditions`, its label, and what will be seen."""

STALL = "Up to the read timeout it is a delay."


class NetworkForm(QWidget):
    """A field for each rate, in percent, and one for how long a stall lasts, each with a line of explanation.

    Signals:
        changed: a person has changed a value.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.fields = {name: FloatBox(0.0, 100.0, digits=3) for name, _, _ in RATES}
        self.stall = FloatBox(0.0, 600.0, digits=3)
        grid = Grid(self)
        for name, label, seen in RATES:
            grid.add_row(label, self.fields[name], f"How many of 100 pictures fail like this at first. {seen}")
            grid.add_wide(note(seen))
        about = "Longer than the download's read timeout it is an error, shorter a delay"
        grid.add_row("Stall length (s)", self.stall, about)
        grid.add_wide(note(STALL))
        for field in (*self.fields.values(), self.stall):
            field.valueChanged.connect(self.changed)

    def fill(self, network: NetworkConditions) -> None:
        with QSignalBlocker(self):
            for name, field in self.fields.items():
                field.setValue(100 * getattr(network, name))
            self.stall.setValue(network.stall_s)

    def values(self) -> dict[str, float]:
        """What the fields say, by the names in `NetworkConditions`."""
        rates = {name: round(field.value() / 100, 6) for name, field in self.fields.items()}
        return {**rates, "stall_s": self.stall.value()}
