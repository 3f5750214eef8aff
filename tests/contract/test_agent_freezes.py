"""The agent finds what blocks an event loop, of whatever kind, and tells it as long as it was."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from tests.support.pythons import kept
from tests.support.watched import DISPLAY, WatchedProgram
from workers.agent.messages import (
    Beats,
    Bye,
    Dump,
    Dumped,
    Frozen,
    Hello,
    Interrupt,
    Interrupted,
    Loop,
    Seen,
    Trouble,
)

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the listener of these tests is a socket with a name"
)

PROGRAMS = Path(__file__).parents[1] / "fixtures" / "programs" / "freezes"
KINDS = {"python": "python", "regex": "c_gil", "of_another": "c_gil", "reads": "io", "lock_taken": "lock"}


@pytest.mark.parametrize(
    ("arguments", "kind", "first"),
    [
        (["with_qt.py", "PySide6"], "qt", {"paintEvent", "timerEvent", "inner", "nested"}),
        pytest.param(
            ["with_tk.py"],
            "tk",
            set(),
            marks=pytest.mark.skipif(not DISPLAY, reason="tkinter needs a display"),
        ),
        (["with_asyncio.py"], "asyncio", {"request"}),
    ],
)
def test_each_freeze_is_told_with_its_line(arguments: list[str], kind: str, first: set[str]) -> None:
    check_freezes(WatchedProgram(arguments, cwd=PROGRAMS), kind, first)


@pytest.mark.parametrize("python", kept(), ids=lambda path: path.name)
def test_each_freeze_is_told_in_other_pythons(python: Path) -> None:
    program = WatchedProgram(["with_asyncio.py"], python=str(python), cwd=PROGRAMS)
    check_freezes(program, "asyncio", {"request"})


def check_freezes(program: WatchedProgram, kind: str, first: set[str]) -> None:
    """Compare what was told with what a program of PROGRAMS has measured itself."""
    code, output, errors = program.end()
    assert (code, errors) == (0, "")
    assert not program.of(Trouble)
    assert {loop.kind for loop in program.of(Loop)} == {kind}
    spans = {name: (float(began), float(ended)) for name, began, ended in map(str.split, output.splitlines())}
    steps = {"python", "sleep", "reads", "lock_taken", "regex", "of_another"}
    assert spans.keys() == steps | first
    left = list(program.frozen)
    for name, (began, ended) in spans.items():
        found = [one for one in left if one.freeze.started < ended and began < one.freeze.ended]
        assert len(found) == 1, (name, found)
        left.remove(found[0])
        check_freeze(found[0], name, began, ended, has_gil=program.of(Hello)[0].has_gil)
    assert not left, "its own lines are no freeze"
    assert isinstance(program.messages[-1], Bye)
    moments = [moment for message in program.of(Beats) for moment in message.moments]
    assert moments == sorted(moments)
    beats = zip([0.0, *moments], moments, strict=False)
    gaps = [(before, beat) for before, beat in beats if beat - before > 0.25 and before]
    assert len(gaps) == len(spans), "what is told of beats has the same freezes, and no others"


def check_freeze(found: Frozen, name: str, began: float, ended: float, *, has_gil: bool) -> None:
    freeze = found.freeze
    # Without a GIL a thread that waits for another one's C is held up by that wait alone.
    if not has_gil and name in {"python", "regex"}:
        return  # a look stops the thread; beside others on a busy machine too few show what it did: scripts/bench watch
    kinds = KINDS if has_gil else {**KINDS, "of_another": "lock"}
    is_other = has_gil and name == "of_another"
    assert freeze.line is not None, name
    blamed = "thread.join()" if name == "of_another" and not has_gil else f"# blame: {name}"
    assert blamed in freeze.line.text, (name, freeze)
    assert freeze.kind == kinds.get(name, "sleep"), name
    assert (freeze.holder == "GUI thread") != is_other, "a thread that lived so shortly has no name"
    assert freeze.started <= began
    assert freeze.ended >= ended
    assert found.delivery.kind in {
        "paintEvent": ("event",),
        "timerEvent": ("timer",),
        "request": ("task",),
    }.get(name, ("slot", "timer", "callback"))


ENDLESS = """
import sys, time
from PySide6.QtCore import QCoreApplication, QTimer
app = QCoreApplication(sys.argv)
def slow():
    try:
        time.sleep(60)  # blame
    except KeyboardInterrupt:
        print("interrupted")
    QTimer.singleShot(100, app.quit)
QTimer.singleShot(100, slow)
app.exec()
"""


def test_a_freeze_that_lasts_is_told_dumped_and_interrupted(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(ENDLESS)
    program = WatchedProgram(["program.py"], cwd=tmp_path)
    seen = program.wait_for(lambda message: isinstance(message, Seen))
    assert isinstance(seen, Seen)
    assert "# blame" in seen.sighting.line.text
    program.ask(Dump())
    dumped = program.wait_for(lambda message: isinstance(message, Dumped))
    assert isinstance(dumped, Dumped)
    assert [(one.name, one.stack[-1].function) for one in dumped.threads] == [("MainThread", "slow")]
    program.ask(Interrupt())
    program.wait_for(lambda message: isinstance(message, Interrupted))
    assert program.end() == (0, "interrupted\n", "")
    assert program.of(Interrupted) == [Interrupted(True, "")]
    assert len(program.frozen) == 1


def test_a_program_goes_on_when_nobody_listens_any_more(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(ENDLESS.replace("time.sleep(60)", "time.sleep(0.6)"))
    program = WatchedProgram(["program.py"], cwd=tmp_path)
    program.wait_for(lambda message: isinstance(message, Beats))
    program.stop_listening()
    program.process.wait(60)
    assert not program.folder.exists(), "the side that is left removes it"
    assert program.end() == (0, "", "")


def test_a_program_that_is_killed_keeps_what_was_told(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(ENDLESS)
    program = WatchedProgram(["program.py"], cwd=tmp_path)
    program.wait_for(lambda message: isinstance(message, Seen))
    program.process.kill()
    began = time.monotonic()
    assert program.end()[0] == -9
    assert time.monotonic() - began < 5
    assert program.of(Seen)
    assert not program.of(Bye)


FORKS = """
import asyncio, os, time
def slot():
    for _ in range(3):
        if not (pid := os.fork()):
            os._exit(0)
        os.waitpid(pid, 0)
    time.sleep(1.2)
async def main():
    await asyncio.sleep(0.5)
    asyncio.get_running_loop().call_soon(slot)
    await asyncio.sleep(0.4)
asyncio.run(main())
"""


@pytest.mark.parametrize("python", [sys.executable, *map(str, kept())])
def test_what_blocks_after_a_fork_is_told_with_its_line(python: str, tmp_path: Path) -> None:
    """As a pool of processes does that a slot makes, and waits for."""
    (tmp_path / "forks.py").write_text(FORKS)
    program = WatchedProgram(["-W", "error", "forks.py"], python=python, cwd=tmp_path)
    assert program.end() == (0, "", "")
    frozen = max(program.frozen, key=lambda one: one.freeze.lag_s)  # on a busy machine it is late besides
    assert frozen.freeze.kind == "sleep"
    assert frozen.freeze.line is not None
    assert frozen.freeze.line.text == "time.sleep(1.2)"
