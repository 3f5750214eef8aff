"""A person's function is imported where it runs, and its errors and results are told so that nothing else breaks."""

from __future__ import annotations

import dataclasses
import importlib.util
import json
import os
import pickle
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from workers.benchmark import trial
from workers.benchmark.choice import Choice
from workers.benchmark.sizes import size_of
from workers.catalog import user_functions
from workers.catalog.lookup import named
from workers.engine.loading import load_workload, preload, workload_hook
from workers.engine.plan import Plan, Settings
from workers.engine.task import Control, Phase, Task, TaskEvent, drive_to_end
from workers.remote import worker
from workers.user_code import loading, results
from workers.user_code.calling import NotHere
from workers.user_code.loading import forget, made
from workers.utils.child import private

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """What was imported here goes, and what finds files beside it."""
    forget()
    modules, finders, path = set(sys.modules), sys.meta_path[:], sys.path[:]
    yield
    forget()
    assert sys.path == path
    for name in set(sys.modules) - modules:
        if not name.startswith(("workers", "tests")):
            del sys.modules[name]
    sys.meta_path[:] = finders


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    def write(source: str, name: str = "mine.py") -> str:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(source)
        return f"{path}:work"

    return write


def carry_out(name: str, **arguments: Any) -> list[TaskEvent]:
    told: list[TaskEvent] = []
    drive_to_end(Task(0, name, tuple(arguments.items())), told.append, Control(), "here")
    return told


def result(name: str, **arguments: Any) -> Any:
    last = carry_out(name, **arguments)[-1]
    assert last.phase is Phase.DONE, last.detail
    return last.detail


# ---------------------------------------------------------------- importing


def test_nothing_is_imported_before_a_task_begins(write: Callable[..., str]) -> None:
    name = write(
        "UNIT = 'x'\nraise RuntimeError('imported')\ndef seconds(): ...\ndef work(size: int = 1): ...\n"
    )
    plan = Plan(Settings.named("thread_pool", name, 3, 1, (("size", 2),)), lambda: "")
    assert (plan.count, plan.unit, plan.title(1)) == (3, "x", "work 2")
    assert plan.task(1, 8) == Task(8, name, (("size", 2),))
    preload(named("runners", "thread_pool"), named("workloads", name))
    assert workload_hook(named("workloads", name), "seconds") is None
    assert "imported" in carry_out(name)[-1].detail


def test_a_task_is_given_what_it_asks_for(write: Callable[..., str]) -> None:
    name = write(
        "def work(index, tasks, seed, control, size=1): return [index, tasks, seed, control.paused, size]"
    )
    plan = Plan(Settings.named("thread_pool", name, 3, 1, (("size", 2),), 9), lambda: "")
    told: list[TaskEvent] = []
    drive_to_end(plan.task(1, 0), told.append, Control(), "here")
    assert told[-1].detail == "[1, 3, 9, False, 2]"


def test_files_beside_it_can_be_imported_also_later(write: Callable[..., str]) -> None:
    write("value = 5\n", "beside.py")
    write("value = 6\n", "other_one.py")
    name = write(
        "import beside\ndef work():\n    import other_one\n    return [beside.value, other_one.value]\n"
    )
    assert result(name) == "[5, 6]"


def test_two_folders_may_have_files_of_the_same_name(write: Callable[..., str]) -> None:
    names = []
    for folder in ("one", "two"):
        write(f"value = {folder!r}\n", f"{folder}/beside.py")
        names.append(write("import beside\ndef work(): return beside.value\n", f"{folder}/mine.py"))
    for name in (*names, *names):
        forget()
        assert result(name) == repr(Path(name).parent.name)


def test_an_edited_file_is_read_anew_for_the_next_run(write: Callable[..., str]) -> None:
    write("value = 1\n", "beside.py")
    source = "import beside\ndef work(): return [{}, beside.value]\n"
    name = write(source.format(1))
    assert result(name) == "[1, 1]"
    path, _, _ = name.rpartition(":")
    before = os.stat(path)
    write(source.format(2))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1))  # of the same second and size
    assert result(name) == "[1, 1]", "a run sees one state of it"
    forget()
    assert result(name) == "[2, 1]"
    write("value = 123\n", "beside.py")
    forget()
    assert result(name) == "[2, 123]"


def test_the_file_is_not_main_and_leaves_no_compiled_file(write: Callable[..., str], tmp_path: Path) -> None:
    name = write('if __name__ == "__main__":\n    raise SystemExit\ndef work(): return __name__, __file__\n')
    shown = result(name)
    assert shown.startswith("('mine_")
    assert list(tmp_path.iterdir()) == [tmp_path / "mine.py"]


def test_main_is_a_plain_module(write: Callable[..., str]) -> None:
    """Where another kind of thing is `__main__`, an interpreter of Python 3.14 takes no second call."""
    name = write("import __main__\nSIZE = 3\ndef work(): return type(__main__).__name__, __main__.SIZE\n")
    assert result(name) == "('module', 3)"


def test_paths_arrive_as_paths(write: Callable[..., str]) -> None:
    name = write(
        "from __future__ import annotations\nfrom pathlib import Path\n"
        "def work(one: Path, two=Path('x'), three: str = 'y'): return [type(x).__name__ for x in (one, two, three)]\n"
    )
    shown = result(name, one="~/a", two="b", three="c")
    assert shown.count("Path") == 2
    assert shown.endswith("'str']")


def test_a_file_that_cannot_be_imported_fails_with_its_own_line(write: Callable[..., str]) -> None:
    name = write("import json\n\njson.loads('{')\ndef work(): ...\n")
    for _ in range(2):
        detail = carry_out(name)[-1].detail
        first, second, *_ = detail.splitlines()
        assert first == "Traceback (most recent call last):"
        assert second == f'  File "{name.rpartition(":")[0]}", line 3, in <module>'


def test_yields_count_as_what_they_are(write: Callable[..., str]) -> None:
    name = write("def work():\n    for x in (None, 2, 0.5, True, 'text', (1, 2), -3, float('nan')): yield x\n")
    assert carry_out(name)[-1].amount == 1 + 2 + 0.5 + 1 + 1 + 1 + 0 + 0
    name = write("def work():\n    for x in (float('inf'), -10**400, 3, 10**400): yield x\n", "more.py")
    assert carry_out(name)[-1].amount == sys.float_info.max


def test_a_generator_is_closed_on_a_cancel(write: Callable[..., str], tmp_path: Path) -> None:
    name = write(
        "def work(folder):\n    try:\n        while True: yield\n"
        "    finally:\n        open(folder + '/closed', 'w').close()\n"
    )
    control = Control()
    told: list[TaskEvent] = []
    timer = threading.Timer(0.02, control.cancel)
    timer.start()
    drive_to_end(Task(0, name, (("folder", str(tmp_path)),)), told.append, control, "here")
    timer.join()
    assert told[-1].phase is Phase.CANCELLED
    assert (tmp_path / "closed").exists()


def test_an_async_function_says_so_where_nobody_awaits(write: Callable[..., str]) -> None:
    name = write("async def work(): ...\n")
    assert "work is async: it runs in an event loop only" in carry_out(name)[-1].detail


def test_errors_begin_at_its_own_call_and_keep_their_causes(write: Callable[..., str]) -> None:
    name = write(
        "class Broken(Exception): ...\n"
        "def work():\n    try:\n        {}['a']\n    except KeyError as error:\n        raise Broken('no') from error\n"
    )
    detail = carry_out(name)[-1].detail
    assert "workers" not in detail
    assert "KeyError: 'a'\n\nThe above exception was the direct cause" in detail
    assert detail.rstrip().endswith("mine.Broken: no"), "and not the name that its file was imported as"
    assert "TypeError" in (wrong := carry_out(name, size=1)[-1].detail)
    assert "Traceback" not in wrong, "none of its lines ran"


def test_a_function_takes_turns_only_where_it_says_so(write: Callable[..., str]) -> None:
    assert load_workload(write("def work(): ...\n", "a.py")).gil == "unknown", "it is looked at"
    assert load_workload(write("GIL = 'holds'\ndef work(): ...\n", "b.py")).gil == "holds"
    assert (
        load_workload(write("GIL = 'holds'\ndef work(): ...\nwork.GIL = 'releases'\n", "c.py")).gil
        == "releases"
    )
    assert load_workload(write("GIL = object()\ndef work(control): ...\n", "d.py"))[1:3] == (True, "")


def test_a_module_is_imported_by_its_name(write: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    write("", "some_pack/__init__.py")
    write("from . import tools\ndef work(): return tools.value\n", "some_pack/inner.py")
    path = write("value = 4\n", "some_pack/tools.py")
    monkeypatch.chdir(Path(path).parents[1])
    assert result("some_pack.inner:work") == "4"


def test_a_module_in_c_of_a_package_stays_and_belongs_to_it_again(
    write: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = importlib.util.find_spec("_heapq")
    if found is None or not found.has_location:
        pytest.skip("this Python has it built in")
    write("made = []\n", "pack/__init__.py")
    shutil.copy(str(found.origin), tmp_path / "pack")
    write(
        "import pack, pack._heapq\ndef work():\n    pack.made.append(pack._heapq.heappop([3]))\n    return pack.made\n",
        "pack/run.py",
    )
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        assert result("pack.run:work") == "[3]"
        forget()


def test_a_file_in_a_package_is_imported_by_its_name_in_it(write: Callable[..., str]) -> None:
    write("", "pack/__init__.py")
    write("value = 4\n", "pack/tools.py")
    name = write("from . import tools\ndef work(): return tools.value, __name__\n", "pack/run.py")
    assert result(name) == "(4, 'pack.run')"
    write("value = 5\n", "bare/tools.py")
    name = write("from .tools import value\ndef work(): return value, __name__\n", "bare/run.py")
    assert result(name) == "(5, 'bare.run')"


def test_each_run_has_its_own_state_and_an_abandoned_one_keeps_the_old(write: Callable[..., str]) -> None:
    write("seen = []\n", "beside.py")
    name = write(
        "import beside, json\nbefore = []\n"
        "def work():\n    before.append(1)\n    beside.seen.append(1)\n    return len(before), len(beside.seen)\n"
    )
    assert [result(name), result(name)] == ["(1, 1)", "(2, 2)"]
    abandoned, packages = made(name).function, json
    forget()
    assert result(name) == "(1, 1)"
    assert abandoned() == (3, 3)
    assert made(name).module.json is packages, "what is installed stays"


def test_a_workload_of_thaws_own_form_is_run_as_one() -> None:
    assert load_workload("tests.support.finished_runs:steps").function.__name__ == "steps"


# ---------------------------------------------------------------- results


class Pair(NamedTuple):
    one: int
    two: str


@dataclasses.dataclass
class Record:
    name: str
    items: list[int]


class Plain:
    pass


class Rude:
    def __repr__(self) -> str:
        raise ValueError


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "3"),
        (0.5, "0.5"),
        (True, "True"),
        ("short", "'short'"),
        (10**400, "a number of 1,329 bits"),
        (b"0123456789" * 1000, "10,000 bytes, b'012345678901' ..."),
        (list(range(100)), "[0, 1, 2, 3, 4, 5, ...]"),
        (Pair(1, "x"), "Pair(1, 'x')"),
        (Record("x", list(range(1000))), "Record{'items': [0, 1, 2, 3, 4, 5, ...], 'name': 'x'}"),
        (Plain(), "<Plain>"),
        ("two\nlines", r"'two\nlines'"),
    ],
)
def test_a_result_is_a_short_text(value: object, text: str) -> None:
    assert results.text(value) == text


def test_a_long_text_is_cut() -> None:
    assert len(results.text("x" * 10_000)) <= results.MAX_LENGTH
    assert len(results.text(dict.fromkeys(range(50), "y" * 50))) <= results.MAX_LENGTH
    assert results.text(Rude()).startswith("<Rude instance at ")
    assert results.told(None) is None


def test_in_a_remote_worker_a_result_is_sent_and_read(
    write: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_workers", [object()])
    name = write("class Thing:\n    def __repr__(self): return 'a thing'\ndef work(): return Thing()\n")
    sent = made(name).workload.function()
    next(sent)
    with pytest.raises(StopIteration) as ended:
        next(sent)
    data = pickle.dumps(ended.value.value)
    for key in [key for key in sys.modules if key.startswith("mine_")]:
        del sys.modules[key]  # as in the program, which has not imported it
    assert pickle.loads(data) == "a thing"
    with pytest.raises(results.CannotTravel, match="Its result, a lock, cannot be sent to another process: "):
        results.told(threading.Lock())


def test_in_a_remote_worker_a_function_that_cannot_be_pickled_is_told(
    write: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = write("def wrong(f):\n    def inner(): return f()\n    return inner\n@wrong\ndef work(): return 1\n")
    assert result(name) == "1"
    loading._made.clear()
    monkeypatch.setattr(worker, "_workers", [object()])
    with pytest.raises(NotHere, match="work cannot be pickled, and so cannot be sent to another process: "):
        made(name)


def test_it_runs_on_the_oldest_python_that_we_know(write: Callable[..., str]) -> None:
    """Whatever the oldest one here is: the remote worker's code knows no later words."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from workers.engine.task import Task, Control, drive_to_end; "
        "told = []; drive_to_end(Task(0, sys.argv[2], ()), told.append, Control(), 'x'); print(told[-1].detail)"
    )
    name = write("def work(): return 41 + 1\n")
    oldest = next(
        (path for path in map(Path, ("/usr/bin/pypy3", sys.executable)) if path.exists()), sys.executable
    )
    ended = subprocess.run(
        [oldest, "-I", "-B", "-c", code, ROOT, name], capture_output=True, text=True, check=False
    )
    assert ended.stdout.strip() == "42", ended.stderr


# ---------------------------------------------------------------- how long a call takes


@pytest.mark.parametrize(
    ("each_s", "workers", "count"),
    [(1e-7, 4, 50_000), (0.001, 4, 2500), (0.01, 8, 248), (0.5, 4, 4), (1.0, 4, 3), (9.0, 4, 2), (None, 4, 8)],
)
def test_calls_of_a_run_take_two_and_a_half_seconds(each_s: float | None, workers: int, count: int) -> None:
    assert trial.calls(each_s, workers) == count


def test_a_call_is_timed_in_a_process_of_its_own(
    write: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(sys.modules)
    name = write("import time\nprint('loud')\ndef work(size: float = 1): time.sleep(size); print('louder')\n")
    took = trial.try_calls(user_functions.entry(name), {"size": 0.35})
    assert took is not None
    assert 0.34 < took.each_s < 5
    assert took.call_s == 0, "what a task costs is nothing beside it"
    short = trial.try_calls(user_functions.entry(write("def work(): ...\n")), {})
    assert short is not None
    assert 0 < short.call_s < short.each_s / 5
    assert not [key for key in set(sys.modules) - before if key.startswith("mine")]
    assert trial.try_calls(user_functions.entry(write("def work(): raise OSError\n")), {}) is None
    gui = user_functions.entry(write("NEEDS_GUI_THREAD = True\ndef work(): ...\n"))
    assert trial.try_calls(gui, {}) is None, "it is not tried where it may not run"
    shares = (
        'SHARED = "make"\ndef make(size): return size\ndef work(shared, size: int = 1): return shared + 1\n'
    )
    assert trial.try_calls(user_functions.entry(write(shares)), {}) is not None
    meets = user_functions.entry(write(f"MEETS = True\n{shares}"))
    assert trial.try_calls(meets, {}) is None, "alone it would wait for ever"
    monkeypatch.setattr(trial, "PATIENCE_S", 0.4)
    endless = user_functions.entry(write("import time\ndef work(): time.sleep(60)\n"))
    assert trial.try_calls(endless, {}) == trial.Trial(0.4)
    choice = Choice(("thread_pool",), (endless.name,), (2,), 1)
    with pytest.raises(
        ValueError, match=r"^work was tried, and one call had not ended after 0\.4 s: give it less"
    ):
        size_of(endless, choice)
    assert size_of(endless, choice._replace(tasks=3)).tasks == 3, "who says how many knows how long they take"


def test_a_short_call_with_large_arguments_is_timed_soon(
    write: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each call gets a list of its own, which takes a thousand times as long as the call."""
    monkeypatch.setattr(trial, "PATIENCE_S", 5.0)
    entry = user_functions.entry(write("def work(items: list): ...\n"))
    took = trial.try_calls(entry, {"items": list(range(100_000))})
    assert took is not None
    assert took.each_s < 0.1


def test_the_trials_answer_is_two_numbers(write: Callable[..., str]) -> None:
    name = write("async def work(index, seed): return [index, seed]\n")
    line = json.dumps([name, ["index", "seed"], {}, 5, []])
    command = private(trial.BEGIN)
    ended = subprocess.run(command, input=line, capture_output=True, text=True, check=True)
    each_s, call_s = json.loads(ended.stdout)
    assert 0 < each_s < 2
    assert call_s == 0, "an async function is not called by itself"


@pytest.mark.parametrize("error", ["StopIteration", "GeneratorExit"])
def test_what_means_an_end_to_generators_is_an_error_of_a_function(
    write: Callable[..., str], error: str
) -> None:
    last = carry_out(write(f"def work():\n    raise {error}('mine')\n"))[-1]
    assert last.phase is Phase.FAILED
    assert 'mine.py", line 2, in work' in last.detail
    assert last.detail.rstrip().endswith(f"{error}: mine")


def test_it_sees_no_options_that_are_meant_for_thaw(write: Callable[..., str]) -> None:
    before = sys.argv
    name = write("import argparse, sys\nargparse.ArgumentParser().parse_args()\ndef work(): return sys.argv\n")
    assert "--" not in result(name)
    forget()
    assert sys.argv is before


def test_a_class_is_told_by_its_name() -> None:
    @dataclasses.dataclass
    class Point:
        x: int = 0

    assert results.text(Point).startswith("<class ")
