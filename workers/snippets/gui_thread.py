"""A short function, called where it is needed: in the GUI thread. Right for calls of a few milliseconds at the most."""

import sys
from typing import Any

from PySide6.QtWidgets import QApplication, QPushButton

from workers.snippets.work import work

ARGUMENTS: dict[str, Any] = {}


class Window(QPushButton):
    """A button that calls the function, and shows its result."""

    def __init__(self) -> None:
        super().__init__("Start")
        self.clicked.connect(self.start)

    def start(self) -> None:
        """The window can do nothing else until the call has returned."""
        try:
            self.setText(f"Done: {work(**ARGUMENTS)}")
        except Exception as error:  # an error in a slot is printed and forgotten: tell of it
            self.setText(f"Failed: {error}")


if __name__ == "__main__":
    app = QApplication(sys.argv)
    window = Window()
    window.show()
    sys.exit(app.exec())
