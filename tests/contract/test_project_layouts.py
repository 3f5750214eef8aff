"""A person's project runs as it is: in processes whatever its modules are called, in ours where no name clashes."""

from __future__ import annotations

import sys
from functools import partial
from multiprocessing import forkserver
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.project_layouts import LAYOUTS, make
from tests.support.runner_harness import Harness
from workers.pythons.asking import ask
from workers.user_code.loading import forget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

APART = ("process_pool", "process_per_task", "other_python")
IN_PROCESS = ("thread_pool", "qthread", "gui_thread")


@pytest.fixture
def on(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Harness]]:
    monkeypatch.chdir(tmp_path)
    made: list[Harness] = []

    def begin(runner: str, work: str, tasks: int = 2) -> Harness:
        where, _, function = work.partition(":")
        made.append(Harness(runner, where))
        own = tmp_path / ".venv" / "bin" / "python"
        if own.exists():
            ask(str(own))  # as whoever starts a run does
        python = str(own) if own.exists() else sys.executable
        params: dict[str, Any] = {"python": python} if runner == "other_python" else {}
        made[-1].start(function, tasks=tasks, **params)
        return made[-1]

    yield begin
    for harness in made:
        assert harness.until(partial(harness.session.close, 0))
    forget()
    forkserver._forkserver._stop()  # type: ignore[attr-defined]  # it lives as long as the program


@pytest.mark.parametrize("runner", APART + IN_PROCESS)
@pytest.mark.parametrize("name", LAYOUTS)
def test_a_project_as_it_is(name: str, runner: str, on: Callable[..., Harness], tmp_path: Path) -> None:
    layout = make(name, tmp_path)
    before = set(sys.modules)
    if layout.clashes and runner in IN_PROCESS:
        with pytest.raises(
            ValueError, match=f"^work cannot run on .*, in the process of .* module {name} would be "
        ):
            on(runner, layout.work)
    else:
        harness = on(runner, layout.work)
        run = harness.finish()
        assert run.recorder.errors == {}
        assert harness.results == ["Answer 42"] * 2, "the class is one of theirs"
    if runner in APART or layout.clashes:
        assert not {
            one for one in set(sys.modules) - before if one.startswith(("run", "shop", "ns", "utils", "app"))
        }
    assert not list(tmp_path.rglob("__pycache__")), "nothing is written"


CHILDREN = """
import multiprocessing, os, sys
import helper

def double(number):
    return number * helper.NUMBER, "gui" in sys.modules, os.getppid() != os.getpid()

def spawned(method: str = "spawn"):
    with multiprocessing.get_context(method).Pool(1) as pool:
        return pool.map(double, [1, 2])
"""


@pytest.mark.parametrize("method", ["spawn", "forkserver", "fork"])
@pytest.mark.parametrize("runner", ["process_pool", "other_python", "thread_pool", "gui_thread"])
def test_processes_that_a_function_starts_itself(
    method: str, runner: str, on: Callable[..., Harness], tmp_path: Path
) -> None:
    if sys.platform == "win32" and method != "spawn":
        pytest.skip("Windows knows no other way")
    (tmp_path / "helper.py").write_text("NUMBER = 5\n")
    (tmp_path / "kids.py").write_text(CHILDREN.replace('"spawn"', repr(method)))
    harness = on(runner, "kids.py:spawned", tasks=1)
    run = harness.finish()
    if method == "fork" and runner in IN_PROCESS:
        assert "NoFork: It starts a process by fork, which in Thaw's own process" in run.recorder.errors[0]
    else:
        assert run.recorder.errors == {}
        assert harness.results == ["[(5, False, True), (10, False, True)]"]


def test_the_state_of_their_modules_is_new_for_each_run(on: Callable[..., Harness], tmp_path: Path) -> None:
    (tmp_path / "beside.py").write_text("seen = []\n")
    (tmp_path / "mine.py").write_text(
        "import beside, json\nseen = []\ndef work(index: int):\n    seen.append(index)\n    beside.seen.append(index)\n"
        "    return len(seen), len(beside.seen)\n"
    )
    for _ in range(2):
        harness = on("gui_thread", "mine.py:work", tasks=1)
        harness.finish()
        assert harness.results == ["(1, 1)"]


def test_main_is_their_file_in_their_code(on: Callable[..., Harness], tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(
        "import __main__\nimport beside\nSIZE = 3\ndef work():\n    import __main__ as again\n"
        "    return __main__.SIZE, again.SIZE, beside.size(), __main__.__file__.endswith('mine.py')\n"
    )
    (tmp_path / "beside.py").write_text("def size():\n    from __main__ import SIZE\n    return SIZE\n")
    ours = sys.modules["__main__"]
    for runner in ("thread_pool", "process_pool", "other_python"):
        harness = on(runner, "mine.py:work", tasks=1)
        assert harness.finish().recorder.errors == {}
        assert harness.results == ["(3, 3, 3, True)"]
    assert sys.modules["__main__"] is ours


KINDS = """
import dataclasses, enum
import beside

class Color(enum.Enum):
    RED = 1

@dataclasses.dataclass
class Point:
    x: int

class Wrong(Exception):
    def __init__(self, one, two):
        super().__init__(one)

def work(index: int):
    return [beside.Thing(1), Color.RED, Point(2), beside.Odd("x"), {beside.Thing(3): Color.RED}, Wrong(1, 2)][index]
"""
BESIDE = """
class Thing:
    def __init__(self, number): self.number = number
    def __repr__(self): return f"Thing {self.number}"
class Odd(list):
    def __init__(self, *items): super().__init__(items)
"""


@pytest.mark.parametrize("runner", ["process_pool", "other_python"])
def test_results_of_classes_of_any_of_their_modules(
    runner: str, on: Callable[..., Harness], tmp_path: Path
) -> None:
    (tmp_path / "beside.py").write_text(BESIDE)
    (tmp_path / "kinds.py").write_text(KINDS)
    harness = on(runner, "kinds.py:work", tasks=6)
    run = harness.finish()
    shown = {"Thing 1", "<Color.RED: 1>", "Point{'x': 2}", "['x']", "{Thing 3: <Color.RED: 1>}"}
    assert set(map(str, harness.results)) == shown
    assert run.recorder.errors == {
        5: "CannotTravel: Its result, a Wrong, cannot be read in another process: Wrong.__init__() missing 1 required "
        "positional argument: 'two'.\n"
    }
    assert "beside" not in sys.modules, "nothing of theirs is imported to read them"
