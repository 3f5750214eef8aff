"""A bare window with two pyqtgraph plots and nothing else: what a window's first frame costs at the least."""

from __future__ import annotations

import sys

import pyqtgraph as pg
from PySide6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget


def main() -> int:
    """Open it, until a signal ends the process."""
    application = QApplication(sys.argv)
    window = QMainWindow()
    middle = QWidget()
    column = QVBoxLayout(middle)
    column.addWidget(pg.PlotWidget())
    column.addWidget(pg.PlotWidget())
    window.setCentralWidget(middle)
    window.resize(1280, 800)  # as large as Thaw's
    window.show()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
