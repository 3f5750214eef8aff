"""A person's own weather: how often each kind of trouble comes, and what will be seen. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QWidget

from gui.widgets.fields import FloatBox, Grid, note

if TYPE_CHECKING:
    from workers.image_server.conditions import Weather

RATES = (
    ("error_rate", "Errors (%)", "500, 502, 503 or 429: asked again."),
    ("stall_rate", "Stalls (%)", "Nothing more comes: a time-out."),
    ("cut_rate", "Broken off (%)", "Ends half way: it goes on from there."),
    ("wrong_rate", "No picture (%)", "A web page, half a picture or noise."),
)
"""Of each rate its name in `Weather`, its label, and what will be seen."""

STALL = "The download gives up sooner, or waits."


class WeatherForm(QWidget):
    """A field for each rate, in percent, and one for how long a stall lasts, each with a line of explanation.

    Signals:
        changed: a value is another now; once for `fill`, too.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._quiet = False
        self.fields = {name: FloatBox(0.0, 100.0, digits=3) for name, _, _ in RATES}
        self.stall = FloatBox(0.0, 600.0, digits=3)
        grid = Grid(self)
        for name, label, seen in RATES:
            grid.add_row(label, self.fields[name], f"Of 100 pictures so many go wrong like this at first. {seen}")
            grid.add_wide(_line(seen))
        grid.add_row(
            "A stall lasts (s)", self.stall, "Over the download's own time-out it is an error, below it a delay"
        )
        grid.add_wide(_line(STALL))
        for field in (*self.fields.values(), self.stall):
            field.valueChanged.connect(self._tell)

    def fill(self, weather: Weather) -> None:
        """Show a weather's rates."""
        self._quiet = True
        for name, field in self.fields.items():
            field.setValue(100 * getattr(weather, name))
        self.stall.setValue(weather.stall_s)
        self._quiet = False

    def values(self) -> dict[str, float]:
        """What the fields say, by the names in `Weather`."""
        rates = {name: round(field.value() / 100, 6) for name, field in self.fields.items()}
        return {**rates, "stall_s": self.stall.value()}

    @Slot()
    def _tell(self) -> None:
        if not self._quiet:
            self.changed.emit()


def _line(text: str) -> QLabel:
    label = note()
    label.setText(text)
    return label
