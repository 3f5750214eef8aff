"""What a slot must not do: wait, and let others touch what belongs to its thread.

A slot runs in the GUI thread. While it waits, for a thread to end or for a lock that a thread has, the window can do
nothing: the thread that was to keep the window free is for nothing. Start the work, return, and hear of its end by a
signal: Qt calls the slot then, in the right thread.

The other way round, a thread must not touch a widget. Qt says so in a line on the terminal at best, leaves the widget
as it was, or crashes. A signal is the right way here, too. Likewise a connection of sqlite3 belongs to the thread
that made it, and says so at once: open one in each thread.

The programs with a window of their own run in a process of their own each, for they may crash.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import threading
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from ..sync import Event, Lock, sleep
from ..utils.child import private, run_child

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from ..engine.run import Run
    from ..sync.waits import Waits

TITLE = "Slot"
ORDER = 160
UNIT = "parts"
RUNNER = "thread_per_task"
TASKS = 1
WORKERS = 1
SWITCH_MS = 0.5
SHARED = "make"
VERSIONS = {
    "join_in_slot": {
        "right": False,
        "shows": "A slot waits for the end of a thread: the window is frozen.",
        "RUNNER": "gui_thread",
    },
    "lock_in_slot": {
        "right": False,
        "shows": "A slot waits for a lock that a thread has: the window is frozen.",
        "RUNNER": "gui_thread",
    },
    "signal": {"right": True, "shows": "The work is done in a thread, and the window hears of it by signals."},
    "widget": {
        "right": False,
        "shows": "A thread puts a label into a window: it is not there.",
        "REQUIRES": ("PySide6",),
    },
    "widget_by_signal": {
        "right": True,
        "shows": "A thread emits a signal, and a slot puts the label into the window.",
        "REQUIRES": ("PySide6",),
    },
    "sqlite": {"right": False, "shows": "A connection of sqlite3 is used in another thread: an error."},
    "sqlite_each": {"right": True, "shows": "Each thread opens a connection of its own."},
}


def make(waits: Waits) -> SimpleNamespace:
    shared = SimpleNamespace(picture=Lock(), done=Event(), answer={})
    waits.watch("labels in the window", lambda: shared.answer.get("labels", 0))
    waits.watch("rows", lambda: shared.answer.get("rows", 0))
    return shared


# ---------------------------------------------------------------- what freezes a window


@contextmanager
def working(work: Callable[[threading.Event], object]) -> Iterator[threading.Thread]:
    """A thread that works as long as the block lasts, at most."""
    leave = threading.Event()
    thread = threading.Thread(target=work, args=(leave,))
    thread.start()
    try:
        yield thread
    finally:
        leave.set()
        thread.join()


def join_in_slot(shared: SimpleNamespace, *, seconds: float = 0.5) -> Generator[int, None, None]:
    """Start a thread, and wait for its end.

    Args:
        seconds: how long the thread works (0 to 10)
    """

    def work(leave: threading.Event) -> None:
        leave.wait(seconds)
        shared.done.set()

    with working(work):
        shared.done.wait()  # as thread.join() does
    yield 1


def lock_in_slot(shared: SimpleNamespace, *, seconds: float = 0.5) -> Generator[int, None, None]:
    """Ask for a lock that a thread holds while it works.

    Args:
        seconds: how long the thread works (0 to 10)
    """

    def work(leave: threading.Event) -> None:
        with shared.picture:
            shared.done.set()
            leave.wait(seconds)

    with working(work):
        shared.done.wait()
        with shared.picture:
            yield 1


def signal(shared: SimpleNamespace, *, seconds: float = 0.5) -> Generator[int, None, None]:
    """Work in a thread: what it has done the window hears by signals, and no slot waits.

    Args:
        seconds: how long it works (0 to 10)
    """
    for _ in range(10):
        sleep(seconds / 10)
        yield 1


# ---------------------------------------------------------------- programs that may crash


def label_from_a_thread() -> dict[str, Any]:
    from PySide6.QtWidgets import QApplication, QLabel, QWidget

    app = QApplication([])
    window = QWidget()
    thread = threading.Thread(target=lambda: QLabel("done", window))
    thread.start()
    thread.join()
    app.processEvents()
    return {"labels": len(window.findChildren(QLabel))}


def label_by_a_signal() -> dict[str, Any]:
    from PySide6.QtCore import QObject, Qt, Signal, Slot
    from PySide6.QtWidgets import QApplication, QLabel, QWidget

    class Worker(QObject):
        found = Signal(str)

    class Window(QWidget):
        @Slot(str)
        def show_text(self, text: str) -> None:
            QLabel(text, self)

    app = QApplication([])
    window, worker = Window(), Worker()
    worker.found.connect(window.show_text, Qt.ConnectionType.QueuedConnection)
    thread = threading.Thread(target=lambda: worker.found.emit("done"))
    thread.start()
    thread.join()  # the program has nothing else to do; in a slot this would be wrong
    app.processEvents()
    return {"labels": len(window.findChildren(QLabel))}


def one_connection() -> dict[str, Any]:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE pictures (name TEXT)")
    said: list[str] = []

    def work() -> None:
        try:
            connection.execute("INSERT INTO pictures VALUES ('a')")
        except sqlite3.ProgrammingError as error:
            said.append(str(error))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    (rows,) = connection.execute("SELECT COUNT(*) FROM pictures").fetchone()
    connection.close()
    return {"rows": rows, "said": "".join(said)}


def a_connection_each() -> dict[str, Any]:
    name = "file:pictures?mode=memory&cache=shared"
    connection = sqlite3.connect(name, uri=True)
    connection.execute("CREATE TABLE pictures (name TEXT)")
    connection.commit()

    def work() -> None:
        own = sqlite3.connect(name, uri=True)
        with own:
            own.execute("INSERT INTO pictures VALUES ('a')")
        own.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    (rows,) = connection.execute("SELECT COUNT(*) FROM pictures").fetchone()
    connection.close()
    return {"rows": rows}


def run_program(name: str, shared: SimpleNamespace) -> Generator[int, None, str]:
    """Run one of them in a process of its own; what it says is the task's result."""
    code = f"import json; from _thaw.labs.slot import {name}; print(json.dumps({name}()))"
    ended = run_child(private(code, python=sys.executable), sleep, {"QT_QPA_PLATFORM": "offscreen"})
    if ended.returncode == 0:
        shared.answer = json.loads(ended.stdout.splitlines()[-1])
    yield 1
    return str(shared.answer.get("said") or ended.stderr.strip() or f"exit code {ended.returncode}")


def widget(shared: SimpleNamespace) -> Generator[int, None, str]:
    """Put a label into a window, in a thread."""
    return (yield from run_program("label_from_a_thread", shared))


def widget_by_signal(shared: SimpleNamespace) -> Generator[int, None, str]:
    """Emit a signal in a thread, and put the label into the window in a slot."""
    return (yield from run_program("label_by_a_signal", shared))


def sqlite(shared: SimpleNamespace) -> Generator[int, None, str]:
    """Write by a connection that another thread has opened."""
    return (yield from run_program("one_connection", shared))


def sqlite_each(shared: SimpleNamespace) -> Generator[int, None, str]:
    """Write by a connection of the thread's own."""
    return (yield from run_program("a_connection_each", shared))


# ---------------------------------------------------------------- what is to be seen


def figures(run: Run) -> dict[str, float]:
    sharing = run.recorder.sharing
    return {
        "took (ms)": run.wall_s * 1e3,
        "labels": sharing.figure("labels in the window"),
        "rows": sharing.figure("rows"),
    }


def _is_frozen_for(run: Run, what: str) -> tuple[bool, str]:
    waited_for = [reason.what for reason in run.recorder.sharing.reasons]
    return what in waited_for and run.wall_s > 0.8 * run.settings.param("seconds"), (
        f"A slot waited for {what if what in waited_for else 'nothing'}: the window stood still for {run.wall_s:.2f} s."
    )


def freezes_by_join(join_in_slot: Run) -> tuple[bool, str]:
    return _is_frozen_for(join_in_slot, "event done")


def freezes_by_a_lock(lock_in_slot: Run) -> tuple[bool, str]:
    return _is_frozen_for(lock_in_slot, "lock picture")


def stays_free(signal: Run) -> tuple[bool, str]:
    return not signal.recorder.sharing.reasons and signal.recorder.done == 1, (
        f"In a thread the work took {signal.wall_s:.2f} s, and no slot waited for it."
    )


def is_not_there(widget: Run) -> tuple[bool, str]:
    labels, said = figures(widget)["labels"], widget.recorder.texts.get(0, "")
    is_so = not labels and ("different thread" in said or "exit code" in said)
    return (
        is_so,
        f"From a thread {'a' if labels else 'no'} label came into the window. It said: {said or 'nothing'}",
    )


def is_there(widget_by_signal: Run) -> tuple[bool, str]:
    labels = figures(widget_by_signal)["labels"]
    return labels == 1, f"By a signal: {labels:,.0f} label is in the window."


def is_refused(sqlite: Run) -> tuple[bool, str]:
    rows, said = figures(sqlite)["rows"], sqlite.recorder.texts.get(0, "")
    is_so = not rows and "created in a thread" in said
    return is_so, f"In another thread {'a' if rows else 'no'} row was written. {said}"


def is_written(sqlite_each: Run) -> tuple[bool, str]:
    rows = figures(sqlite_each)["rows"]
    return rows == 1, f"With a connection of its own: {rows:,.0f} row was written."


CLAIMS = (freezes_by_join, freezes_by_a_lock, stays_free, is_not_there, is_there, is_refused, is_written)
