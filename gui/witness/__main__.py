"""The witness's process. The program starts it; by hand it only says what it is."""

from __future__ import annotations

import argparse
import sys
from typing import NoReturn

from gui.witness.lifeline import Lifeline
from gui.witness.protocol import parsed_rectangles

ABOUT = (
    "This is Thaw's witness: a small window that tells from outside whether the main window responds. "
    "Thaw starts it by itself with the first run that may freeze it; start Thaw.\n"
)
BY_HAND = 2


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise ValueError(message)


def parser() -> argparse.ArgumentParser:
    """What the program tells its witness when it starts it."""
    made = _Parser(prog="gui.witness", add_help=False, allow_abbrev=False)
    made.add_argument("--gui-thread", type=int, required=True)
    made.add_argument("--beside", type=parsed_rectangles, default=[])
    made.add_argument("--scheme", choices=("light", "dark"), default="light")
    made.add_argument("--text-scale", type=float, default=1.0)
    made.add_argument("--on-top", type=int, choices=(0, 1), default=1)
    made.add_argument("--dump-fd", type=int)
    return made


def main(arguments: list[str]) -> int:
    """Run the witness until its program ends or a person closes it; returns the exit code."""
    try:
        said = parser().parse_args(arguments)
        if sys.stdin is None or sys.stdin.isatty():
            raise ValueError("there is no program at the other end")
    except (ValueError, argparse.ArgumentError):
        sys.stderr.write(ABOUT)
        return BY_HAND
    lifeline = Lifeline()
    lifeline.start()  # before Qt is loaded: from now on this process ends with the program

    from gui.process import pyside_features

    pyside_features.assume_none()

    from PySide6.QtCore import QRect
    from PySide6.QtWidgets import QApplication

    from gui.theme.theme import Theme, app_icon
    from gui.witness.dump_reader import DumpReader
    from gui.witness.window import WitnessWindow
    from workers.monitors.dump import guilty_line

    application = QApplication(["thaw-witness"])
    application.setApplicationName("Thaw witness")
    application.setWindowIcon(app_icon())
    theme = Theme(application)
    theme.set_choice(said.scheme)
    theme.set_text_scale(said.text_scale)
    dump = DumpReader(said.dump_fd, said.gui_thread, guilty_line) if said.dump_fd is not None else None
    window = WitnessWindow(theme, lifeline, dump, bool(said.on_top))
    window.begin([QRect(*one) for one in said.beside])
    return application.exec()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
