"""The settings of the image server: how slow it is to answer, and how fast it sends. In the GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.fields import FloatBox, Grid, IntBox, section

LATENCY_MS = 120
BANDWIDTH_KIB = 8192
"""Of each connection, KiB/s."""

MB_IN_KIB = 1e6 / 1024


class ServerBox(QWidget):
    """Latency and bandwidth of the image server.

    Signals:
        server_changed: latency in ms, bandwidth of each connection in KiB/s (0: as fast as it can).
    """

    server_changed = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self.latency = IntBox(0, 5_000, LATENCY_MS)
        self.bandwidth = FloatBox(0.0, 1_000.0, BANDWIDTH_KIB / MB_IN_KIB, digits=3)
        self.bandwidth.setSpecialValueText("unlimited")
        grid = Grid()
        grid.add_row("Latency (ms)", self.latency, "How long the server waits before it answers, 0 to 5,000 ms")
        grid.add_row(
            "Bandwidth (MB/s)", self.bandwidth, "What each connection gets at most; 0 is as fast as the server can"
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(section("Image server"))
        layout.addLayout(grid)
        self.latency.valueChanged.connect(self._tell)
        self.bandwidth.valueChanged.connect(self._tell)

    @property
    def settings(self) -> tuple[int, int]:
        """Latency in ms, and bandwidth of each connection in KiB/s (0: as fast as it can)."""
        return self.latency.value(), round(self.bandwidth.value() * MB_IN_KIB)

    def apply(self, latency_ms: int, bandwidth_kib: int) -> None:
        """Fill both in; `server_changed` tells each that is another now."""
        self.latency.setValue(latency_ms)
        self.bandwidth.setValue(bandwidth_kib / MB_IN_KIB)

    @Slot()
    def _tell(self) -> None:
        self.server_changed.emit(*self.settings)
