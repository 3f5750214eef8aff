"""Event loops of every kind behind one function, for the programs beside this file. Runs on Python 3.9 and later."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Later = Callable[[float, Callable[[], object]], object]
    Leave = Callable[[], object]
    Begin = Callable[[Later, Leave], object]

QT = ("PySide6", "PyQt6", "PyQt5", "PySide2")
FIRST_S = 0.3
"""The loop has come to rest by then."""


def run(kind: str, begin: Begin) -> None:
    """Run an event loop: "PySide6" or another binding of Qt, "tkinter", "asyncio" or "uvloop".

    Args:
        kind: which.
        begin: called in it, with a function that calls another after so many seconds, and one that ends the loop.
    """
    {**dict.fromkeys(QT, _qt), "tkinter": _tk, "asyncio": _asyncio, "uvloop": _asyncio}[kind](kind, begin)


def _qt(binding: str, begin: Begin) -> None:
    core = importlib.import_module(f"{binding}.QtCore")
    widgets = importlib.import_module(f"{binding}.QtWidgets")
    application = widgets.QApplication(sys.argv[:1])
    window = widgets.QLabel(f"A window of {binding}")
    window.resize(400, 300)
    window.show()

    def later(seconds: float, call: Callable[[], object]) -> None:
        core.QTimer.singleShot(round(seconds * 1e3), call)

    later(FIRST_S, lambda: begin(later, application.quit))
    (getattr(application, "exec", None) or application.exec_)()


def _tk(kind: str, begin: Begin) -> None:
    import tkinter

    root = tkinter.Tk()

    def later(seconds: float, call: Callable[[], object]) -> None:
        root.after(round(seconds * 1e3), call)

    later(FIRST_S, lambda: begin(later, root.quit))
    root.mainloop()
    root.destroy()


def _asyncio(kind: str, begin: Begin) -> None:
    import asyncio

    async def main() -> None:
        loop, over = asyncio.get_running_loop(), asyncio.Event()

        def later(seconds: float, call: Callable[[], Any]) -> None:
            loop.call_later(seconds, call)

        later(FIRST_S, lambda: begin(later, over.set))
        await over.wait()

    if kind == "uvloop":
        import uvloop  # type: ignore[import-not-found, unused-ignore]

        uvloop.install()
    asyncio.run(main())
