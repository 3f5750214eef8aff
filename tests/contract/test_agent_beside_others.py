"""A watched program keeps what is its own, of which a process has but one: signals, files, hooks, timers, modules."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.pythons import kept
from tests.support.watched import WatchedProgram, outcomes
from workers.agent.messages import Bye, Loop, Trouble, Uncaught

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the listener of these tests is a socket with a name"
)

CTRL_C = """
import os, signal, sys, threading, time
from PySide6.QtCore import QCoreApplication, QMetaObject, Qt
app = QCoreApplication(sys.argv)
def hit():
    time.sleep(0.4)
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(0.5)
    QMetaObject.invokeMethod(app, "quit", Qt.ConnectionType.QueuedConnection)
threading.Thread(target=hit, daemon=True).start()
try:
    app.exec()
except KeyboardInterrupt:
    print("interrupted when the loop was over")
"""

CLOSES = """
import asyncio, os, threading, time
def hook(told):
    print("a thread failed", told.exc_type)
threading.excepthook = hook
async def main():
    await asyncio.sleep(0.5)
    loop = asyncio.get_running_loop()
    its = {0, 1, 2, loop._selector.fileno(), loop._ssock.fileno(), loop._csock.fileno()}
    for fd in set(range(1000)) - its:
        try:
            os.close(fd)
        except OSError:
            pass
    files = [open(f"{number}.txt", "w") for number in range(12)]
    for file in files:
        print("its own", file=file, flush=True)
    await asyncio.sleep(0.3)
    time.sleep(0.4)
    await asyncio.sleep(0.5)
    for file in files:
        print(file.fileno(), os.fstat(file.fileno()).st_size)
asyncio.run(main())
"""

DUMPS = """
import asyncio, faulthandler, os, signal, time
async def main():
    await asyncio.sleep(0.3)
    with open("later.txt", "w") as file:
        faulthandler.dump_traceback_later(0.6, file=file)
        await asyncio.sleep(1)
    print("Timeout" in open("later.txt").read())
    faulthandler.cancel_dump_traceback_later()
    crash = open("crash.txt", "w")
    faulthandler.enable(crash)
    if not (pid := os.fork()):
        os.kill(os.getpid(), signal.SIGABRT)
    print(os.waitpid(pid, 0)[1], "Aborted" in open("crash.txt").read())
asyncio.run(main())
"""

FORKED_CRASH = """
import os, signal
if not (pid := os.fork()):
    os.kill(os.getpid(), signal.SIGABRT)
os.waitpid(pid, 0)
os.kill(os.getpid(), signal.SIGSEGV)
"""

NO_ERROR = """
import asyncio, sys
async def main():
    await asyncio.sleep(0.1)
    sys.last_value = "no exception at all"
    await asyncio.sleep(0.5)
asyncio.run(main())
"""

FILES = """
import asyncio, os
async def main():
    await asyncio.sleep(0.5)
    print(open(os.devnull).fileno())
asyncio.run(main())
"""


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(CTRL_C, id="ctrl+c in Qt"),
        pytest.param(CLOSES, id="closes all files"),
        pytest.param(DUMPS, id="faulthandler"),
        pytest.param(NO_ERROR, id="no exception"),
        pytest.param(FILES, id="numbers of files"),
    ],
)
def test_what_there_is_one_of_is_the_programs(source: str, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(source)
    program, (alone, watched) = outcomes(["program.py"], tmp_path)
    assert watched == alone
    assert alone[0] == 0
    assert not program.of(Trouble, Uncaught)
    assert program.of(Loop)


def test_a_crash_of_its_child_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(FORKED_CRASH)
    program = WatchedProgram(["program.py"], cwd=tmp_path)
    program.process.wait(60)
    text = (program.folder / "crash").read_text()
    program.end()
    assert "Segmentation fault" in text
    assert "Aborted" not in text


THREADS = """
import asyncio, threading, time
async def nap():
    await asyncio.sleep(0.3)
thread = threading.Thread(target=lambda: asyncio.run(nap()))
thread.start()
thread.join()
async def main():
    await nap()
    time.sleep(0.5)  # blame
    await nap()
asyncio.run(main())
thread = threading.Thread(target=time.sleep, args=(0.6,))
thread.start()
thread.join()
"""


def test_the_loop_that_runs_is_watched_and_not_one_that_ran_once(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(THREADS)
    program = WatchedProgram(["program.py"], cwd=tmp_path)
    assert program.end() == (0, "", "")
    assert [loop.name == "MainThread" for loop in program.of(Loop)] == [False, True]
    assert [one.freeze.line.text for one in program.frozen if one.freeze.line] == ["time.sleep(0.5)  # blame"]
    assert len(program.frozen) == 1
    assert isinstance(program.messages[-1], Bye)


LAST_LOOP = """
import asyncio, threading, time
thread = threading.Thread(target=lambda: asyncio.run(asyncio.sleep(0.3)))
thread.start()
thread.join()
time.sleep(0.6)
"""


def test_a_thread_that_has_gone_with_its_loop_is_no_freeze(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(LAST_LOOP)
    program = WatchedProgram(["program.py"], cwd=tmp_path)
    assert program.end() == (0, "", "")
    assert program.of(Loop)
    assert not program.frozen


NAMES = """
import asyncio, gc, json, threading, time, weakref
gc.disable()  # any thread may begin to collect; here it is asked where the last of it is let go
class Thing:
    def __eq__(self, other):
        raise ValueError("compared by somebody")
code = compile("import time\\ndef work():\\n    time.sleep(0.4)\\n", "made.py", "exec")
gone = []
def slow():
    names = {"thing": Thing()}
    weakref.finalize(names["thing"], lambda: gone.append(threading.current_thread().name))
    exec(code, names)
    names["work"]()
async def main():
    await asyncio.sleep(0.2)
    slow()
    await asyncio.sleep(0)
    slow()
    await asyncio.sleep(0.2)
    gc.collect()
    print(json.dumps(gone))
asyncio.run(main())
"""


def test_nothing_of_the_programs_is_kept_or_compared(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(NAMES)
    program = WatchedProgram(["program.py"], cwd=tmp_path)
    code, output, errors = program.end()
    assert (code, errors) == (0, "")
    assert json.loads(output) == ["MainThread", "MainThread"]
    assert not program.of(Trouble)


TRACES = """
import asyncio, sys, threading, time
traced, profiled = set(), set()
def trace(frame, event, argument):
    traced.add(threading.get_ident())
    return trace
def profile(frame, event, argument):
    profiled.add(threading.get_ident())
async def main():
    await asyncio.sleep(0.4)
    for name, function in (("settrace", trace), ("setprofile", profile)):
        getattr(threading, name + "_all_threads", getattr(threading, name))(function)
        getattr(sys, name)(function)
    for _ in range(2):
        time.sleep(0.4)
        await asyncio.sleep(0.2)
    sys.settrace(None)
    sys.setprofile(None)
asyncio.run(main())
print(traced == {threading.get_ident()}, profiled == {threading.get_ident()})
"""


@pytest.mark.parametrize("python", [sys.executable, *map(str, kept())])
def test_no_thread_of_ours_is_traced_or_profiled(python: str, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(TRACES)
    program = WatchedProgram(["program.py"], python=python, cwd=tmp_path)
    assert program.end() == (0, "True True\n", "")
    assert program.frozen
