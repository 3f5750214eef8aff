"""A watched program does what it does unwatched: its output, its errors, its exit code, and what it sees of itself."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.watched import DISPLAY, LIMIT_S, WatchedProgram, outcomes
from workers.agent.messages import Bye, Hello, Loop, Trouble, Uncaught

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the listener of these tests is a socket with a name"
)

SEES = """
import os, sys, threading
print(sys.argv, sys.path, __name__, __file__, __spec__, sys.flags, sys.orig_argv)
print({name: value for name, value in os.environ.items() if name != "_"})
print(threading.enumerate(), sys.excepthook is sys.__excepthook__, "sitecustomize" in sys.modules)
sys.stderr.write("errors\\n")
def f():
    return 1 / 0
try:
    f()
finally:
    print("finally")
"""

STREAMS = """
import sys
print(sys.stdin.read())
sys.stdout.buffer.write(b"\\xff\\x00")
sys.exit("a text")
"""

SPAWNS = """
import multiprocessing, os, subprocess, sys
def work(number):
    return number, sorted(one for one in sys.modules if one.startswith("_thaw")), "THAW_WATCH" in os.environ
if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        print(pool.map(work, range(3)))
    code = "import os, sys; print(sys.path[0:1], os.environ.get('PYTHONPATH'), 'THAW_WATCH' in os.environ)"
    print(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout)
    sys.stdout.flush()
    os.system(sys.executable + ' -c "import os; print(os.environ.get(chr(80)+\\'YTHONPATH\\'))"')
"""

FORKS = """
import asyncio, multiprocessing, os, sys, time
def child(queue):
    queue.put(asyncio.run(nap()))
async def nap():
    await asyncio.sleep(0.05)
    return "napped"
async def main():
    await asyncio.sleep(0.15)
    pid = os.fork()
    if not pid:
        sys.stdout.flush()
        os._exit(7)
    print(os.waitpid(pid, 0)[1])
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    process = context.Process(target=child, args=(queue,))
    process.start()
    print(queue.get())
    process.join()
    await asyncio.sleep(0.15)
    if not (pid := os.fork()):
        sys.exit(5)  # by way of all that is called at an end
    print(os.waitpid(pid, 0)[1])
asyncio.run(main())
"""

ASYNCIO = """
import asyncio, threading
async def main():
    await asyncio.sleep(0.2)
    print(len(asyncio.all_tasks()), threading.active_count(), asyncio.get_running_loop().is_running())
    asyncio.get_running_loop().call_soon(lambda: 1 / 0)
    await asyncio.sleep(0.05)
asyncio.run(main(), debug=True)
loop = asyncio.new_event_loop()
loop.run_until_complete(asyncio.sleep(0))
del loop
"""

QT = """
import sys, threading
from PySide6.QtCore import QCoreApplication, QTimer
app = QCoreApplication(sys.argv)
def fails():
    raise KeyError("in a slot")
def leaves():
    print(app.children(), type(app), threading.active_count())
    sys.exit(4)
QTimer.singleShot(100, fails)
QTimer.singleShot(300, leaves)
try:
    app.exec()
finally:
    print("after")
"""

BROKEN = """
import PySide6.QtCore
"""

SIGNALS = """
import asyncio, os, signal, sys, threading
def stop(*_):
    print("stopped by a signal")
    sys.exit(6)
signal.signal(signal.SIGTERM, stop)
async def main():
    asyncio.get_running_loop().call_later(0.2, os.kill, os.getpid(), signal.SIG)
    await asyncio.sleep(30)
asyncio.run(main())
"""

TK = """
import tkinter
root = tkinter.Tk()
root.after(300, root.destroy)
root.mainloop()
print(root.tk.call("info", "commands", "*thaw*"), tkinter._tkinter.create.__name__)
"""


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(SEES, id="what it sees"),
        pytest.param(STREAMS, id="streams"),
        pytest.param(SPAWNS, id="children"),
        pytest.param(FORKS, id="forks"),
        pytest.param(ASYNCIO, id="asyncio"),
        pytest.param(QT, id="qt"),
        pytest.param(SIGNALS.replace("signal.SIG)", "signal.SIGTERM)"), id="handled signal"),
        pytest.param(SIGNALS.replace("signal.SIG)", "signal.SIGINT)"), id="ctrl+c"),
        pytest.param(SIGNALS.replace("signal.SIG)", "signal.SIGKILL)"), id="killed"),
        pytest.param(SIGNALS.replace("signal.SIG)", "signal.SIGSEGV)"), id="crash"),
        pytest.param("import os; os._exit(9)", id="exit at once"),
        pytest.param("def f(:\n", id="no program"),
    ],
)
def test_it_does_the_same(source: str, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(source)
    arguments = ["-W", "always", "program.py", "--its", "--", "-m", "", "ä"]
    program, (alone, watched) = outcomes(arguments, tmp_path, b"typed")
    assert watched == alone
    assert not program.of(Trouble)
    assert not program.folder.exists()


def test_a_package_may_have_our_names(tmp_path: Path) -> None:
    for name in ("gui", "workers"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("")
        (tmp_path / name / "__main__.py").write_text(
            "import workers, gui; print(workers.__file__, gui.__file__, __spec__)"
        )
    _, (alone, watched) = outcomes(["-m", "workers", "-m"], tmp_path)
    assert alone[0] == 0
    assert watched == alone


@pytest.mark.parametrize(
    "fails", ["raise ImportError('no such library')", "import nothing_of_this_name", "x = 1 / 0"]
)
def test_a_broken_binding_fails_as_it_does(fails: str, tmp_path: Path) -> None:
    (tmp_path / "PySide6").mkdir()
    (tmp_path / "PySide6" / "__init__.py").write_text("")
    (tmp_path / "PySide6" / "QtCore.py").write_text(fails)
    (tmp_path / "program.py").write_text(BROKEN)
    program, (alone, watched) = outcomes(["program.py"], tmp_path)
    assert alone[0] == 1
    assert watched == alone
    assert isinstance(program.messages[0], Hello)


@pytest.mark.parametrize(
    "own", ["print('mine', __file__, __name__)", "raise ValueError('of mine')", "import nothing"]
)
def test_a_sitecustomize_of_ones_own_runs(own: str, tmp_path: Path) -> None:
    (tmp_path / "of_mine").mkdir()
    (tmp_path / "of_mine" / "sitecustomize.py").write_text(own)
    (tmp_path / "program.py").write_text("import os, sys; print(sys.path, os.environ['PYTHONPATH'])")
    _, (alone, watched) = outcomes(["program.py"], tmp_path, env={"PYTHONPATH": str(tmp_path / "of_mine")})
    assert watched == alone


def test_a_usercustomize_of_ones_own_runs(tmp_path: Path) -> None:
    here = tmp_path / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    here.mkdir(parents=True)
    (here / "usercustomize.py").write_text("print('mine', __name__)")
    (tmp_path / "program.py").write_text("import sys; print('usercustomize' in sys.modules)")
    base = os.path.realpath(sys.executable)  # an environment has no packages of its user's
    _, (alone, watched) = outcomes(["program.py"], tmp_path, env={"PYTHONUSERBASE": str(tmp_path)}, python=base)
    assert alone[1] == "mine usercustomize\nTrue\n"
    assert watched == alone


def test_a_python_that_puts_a_folder_first(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nPYTHONPATH=/first:$PYTHONPATH exec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    (tmp_path / "program.py").write_text("import sys, os; print(sys.path, os.environ['PYTHONPATH'])")
    env = {"PYTHONPATH": str(tmp_path / "second")}
    program, (alone, watched) = outcomes(["program.py"], tmp_path, env=env, python=str(python))
    assert watched == alone
    assert program.of(Hello)


NAMESAKES = """
import json, resource, queue
print(json.MINE, resource.MINE, queue.MINE)
import asyncio, time
async def main():
    await asyncio.sleep(0.1)
    time.sleep(0.5)
    await asyncio.sleep(0.1)
asyncio.run(main())
"""


@pytest.mark.parametrize("beside", [True, False], ids=["beside it", "on its path"])
def test_a_module_of_its_own_may_be_called_as_one_of_pythons(beside: bool, tmp_path: Path) -> None:
    folder = tmp_path / ("" if beside else "modules")
    folder.mkdir(exist_ok=True)
    for name in ("json", "resource", "queue"):
        (folder / f"{name}.py").write_text(
            f"MINE = {name!r}\nprint('imported', __name__)\nclass SimpleQueue: ..."
        )
    (tmp_path / "program.py").write_text(NAMESAKES)
    program, (alone, watched) = outcomes(
        ["program.py"], tmp_path, env={"PYTHONPATH": str(tmp_path / "modules")}
    )
    assert alone[0] == 0, alone
    assert watched == alone
    assert not program.of(Trouble)
    assert len(program.frozen) == 1


@pytest.mark.skipif(not DISPLAY, reason="tkinter needs a display")
def test_tkinter_has_nothing_of_ours(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(TK)
    program, (alone, watched) = outcomes(["program.py"], tmp_path)
    assert watched == alone
    assert program.of(Loop)[0].kind == "tk"


def test_an_exception_that_ends_it_is_told_and_the_end_too(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("raise ValueError('of the whole program')")
    program, _ = outcomes(["program.py"], tmp_path)
    assert "of the whole program" in program.of(Uncaught)[0].text
    assert isinstance(program.messages[-1], Bye)


def test_a_crash_leaves_its_stacks_and_all_that_was_told(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(SIGNALS.replace("signal.SIG)", "signal.SIGSEGV)"))
    program = WatchedProgram(["program.py"], cwd=tmp_path)
    program.process.wait(LIMIT_S)
    text = (program.folder / "crash").read_text()
    assert program.end()[0] == -signal.SIGSEGV
    assert "Segmentation fault" in text
    assert "program.py" in text
    assert program.of(Hello)
