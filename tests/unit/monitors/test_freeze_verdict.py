"""From samples to the verdict on a freeze: who is blamed, for what, and what a dump says."""

from __future__ import annotations

import ctypes
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from workers.monitors.dump import DumpFile, guilty_line, parse
from workers.monitors.evidence import Sightings, StackSample, verdict
from workers.monitors.freeze import MAX_CALLS, MAX_STACKS, Stack, merged
from workers.monitors.guilt import Rank, SourceFiles, waits_for_events

ROOT = Path(__file__).parents[3]
WITH_GIL: Any = ctypes.PyDLL(None) if os.name == "posix" else None
POSIX = pytest.mark.skipif(os.name != "posix", reason="the sleep that keeps the GIL is POSIX's")

ONE, OTHER = ("/a.py", 1, "one"), ("/a.py", 2, "other")


def sample(
    moment: float, kind: str = "python", call: tuple[str, int, str] = ONE, stood_for: float = 0.1
) -> StackSample:
    return StackSample(moment, stood_for, kind, "GUI thread", (("/main.py", 9, "main"), call), 1)


# ---------------------------------------------------------------- verdict


def test_the_line_is_blamed_that_was_seen_for_the_longest_time() -> None:
    samples = [sample(0.1), sample(0.2), sample(0.9, call=OTHER, stood_for=0.7)]
    freeze = verdict(0.0, 1.0, samples, 0.0)
    assert freeze.line is not None
    assert freeze.line.number == 2
    assert freeze.samples == 3
    assert freeze.share == pytest.approx(0.7 / 0.9)


def test_threads_that_take_turns_at_a_line_are_blamed_together_and_one_is_named() -> None:
    turns = [sample(0.1 * n)._replace(holder=f"pool {n % 3}") for n in range(1, 8)]
    freeze = verdict(0.0, 1.0, [*turns, sample(0.9, call=OTHER, stood_for=0.3)], 0.0)
    assert (freeze.holder, freeze.line and freeze.line.number) == ("pool 1", 1)
    assert freeze.share == pytest.approx(0.7)
    own = [sample(0.8), sample(0.9), sample(1.0)]
    assert verdict(0.0, 1.0, [turns[0], turns[1], *own], 0.0).holder == "GUI thread", "its own wait is another"


def test_what_lies_outside_counts_for_nothing() -> None:
    freeze = verdict(
        1.0, 2.0, [sample(0.9, stood_for=0.9), sample(1.5, call=OTHER), sample(3.0, stood_for=0.5)], 0.0
    )
    assert (freeze.samples, freeze.share) == (1, 1.0)
    assert freeze.line is not None
    assert freeze.line.number == 2


def test_without_samples_nothing_is_known() -> None:
    freeze = verdict(0.0, 1.0, [], 0.0)
    assert (freeze.kind, freeze.line, freeze.samples) == ("unknown", None, 0)
    assert verdict(0.0, 1.0, [], 0.9).kind == "c_gil", "the watchdog's own gap says as much"


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        (["python"] * 8 + ["c"] * 2, "python"),
        (["c"] * 5 + ["python"] * 3 + ["unknown"] * 2, "c"),
        (["unknown"] * 7 + ["c"] * 3, "c"),
        (["unknown"] * 10, "unknown"),
        (["io"] * 6 + ["python"] * 4, "io"),
        (["c_gil"] * 6 + ["python"] * 4, "c_gil"),
    ],
)
def test_the_kind_is_what_most_of_the_time_went_into(kinds: list[str], said: str) -> None:
    samples = [sample(0.1 * number, kind) for number, kind in enumerate(kinds, 1)]
    assert verdict(0.0, 1.0, samples, 0.0).kind == said


def test_what_is_seen_for_a_moment_only_is_told_without_its_cause() -> None:
    # Between two calls that hold the GIL the window's thread runs, and waits for the GIL again.
    held = sample(3.0, "c_gil", stood_for=3.0)
    moment = sample(3.02, "python", OTHER, stood_for=0.02)
    sightings = Sightings()
    first, second = (sightings.new(0.0, one.moment, [held, moment][:n]) for n, one in ((1, held), (2, moment)))
    assert first is not None
    assert second is not None
    assert (first.kind, first.line.number) == ("c_gil", 1)
    assert (second.kind, second.line.number) == ("unknown", 2)
    assert sightings.new(0.0, 3.04, [held, moment]) is None, "it is told once"


def test_a_cause_is_told_as_soon_as_it_is_sure() -> None:
    slept = sample(2.0, "sleep", stood_for=1.9)
    computed = [sample(2.0 + 0.1 * n, "python", OTHER) for n in range(1, 8)]
    sightings = Sightings()
    told = [sightings.new(0.0, one.moment, [slept, *computed[: n + 1]]) for n, one in enumerate(computed)]
    assert [one.kind for one in told if one is not None] == ["unknown", "python"]


def test_all_samples_are_kept_and_equal_ones_counted() -> None:
    freeze = verdict(0.0, 1.0, [sample(0.1), sample(0.5, call=OTHER, stood_for=0.4), sample(0.6)], 0.0)
    main = ("/main.py", 9, "main")
    assert [stack[:2] for stack in freeze.stacks] == [((main, OTHER), 1), ((main, ONE), 2)]
    assert [stack.seconds for stack in freeze.stacks] == pytest.approx([0.4, 0.2])
    assert sum(stack.samples for stack in freeze.stacks) == freeze.samples


def test_of_many_stacks_those_are_kept_that_took_longest_and_of_deep_ones_both_ends() -> None:
    many = [Stack((("/a.py", line, "one"),), 1, line / 10) for line in range(1, MAX_STACKS + 20)]
    assert merged(many) == tuple(many[: -MAX_STACKS - 1 : -1])
    deep = tuple(("/a.py", line, "one") for line in range(5_000))
    [kept] = merged([Stack(deep, 1, 0.1), Stack(deep, 2, 0.3)])
    assert kept[:2] == (deep[: MAX_CALLS // 2] + deep[-MAX_CALLS // 2 :], 3)
    assert merged([]) == ()


# ---------------------------------------------------------------- files


@pytest.mark.parametrize(
    ("file", "rank"),
    [
        (threading.__file__, Rank.LIBRARY),
        (pytest.__file__, Rank.LIBRARY),
        ("<frozen importlib._bootstrap>", Rank.LIBRARY),
        ("<string>", Rank.LIBRARY),
        (str(ROOT / "main.py"), Rank.MACHINERY),
        (str(ROOT / "gui" / "app.py"), Rank.MACHINERY),
        (str(ROOT / "workers" / "engine" / "task.py"), Rank.MACHINERY),
        (str(ROOT / "workers" / "runners" / "gui_thread.py"), Rank.MACHINERY),
        (str(ROOT / "workers" / "workloads" / "primes.py"), Rank.WORK),
        (str(ROOT / "workers" / "labs" / "slot.py"), Rank.WORK),
        (str(ROOT / "workers" / "sync" / "pace.py"), Rank.MACHINERY),
        (str(ROOT / "workers" / "transport" / "deadline_socket.py"), Rank.WORK),
        (str(ROOT / "workers" / "utils" / "decoding" / "whole_pictures.py"), Rank.WORK),
        ("/home/somebody/program.py", Rank.WORK),
        (__file__, Rank.WORK),
    ],
)
def test_files_are_told_apart(file: str, rank: Rank) -> None:
    assert SourceFiles().rank(file) == rank


@pytest.mark.parametrize("root", [Path("/lib/python3.12/site-packages"), Path("/home/somebody/.venv/lib")])
def test_an_installed_thaw_tells_its_own_files_from_libraries(root: Path) -> None:
    files = SourceFiles(root / "thaw")
    assert files.rank(str(root / "thaw" / "workers" / "workloads" / "primes.py")) == Rank.WORK
    assert files.rank(str(root / "thaw" / "workers" / "engine" / "task.py")) == Rank.MACHINERY
    assert files.rank("/lib/python3.12/site-packages/numpy/core.py") == Rank.LIBRARY


@pytest.mark.parametrize(
    ("root", "file", "rank"),
    [
        ("/home/my", "/home/my/gui/main.py", Rank.WORK),
        ("/home/my", "/home/my/workers/monitors/lag.py", Rank.WORK),
        ("/home/my", "/home/my/.venv/lib/python3.9/site-packages/numpy/core.py", Rank.LIBRARY),
        ("/home/my", "/home/my/conda/lib/python3.9/json/decoder.py", Rank.LIBRARY),
        ("/home/my", "/home/other/editable.py", Rank.WORK),
        ("/lib/python3.9/site-packages/tool", "/lib/python3.9/site-packages/tool/window.py", Rank.WORK),
        ("/lib/python3.9/site-packages/tool.py", "/lib/python3.9/site-packages/tool.py", Rank.WORK),
        ("/lib/python3.9/site-packages/tool", "/lib/python3.9/site-packages/toolbox/window.py", Rank.LIBRARY),
        ("/usr/lib/python3.9/idlelib", "/usr/lib/python3.9/idlelib/idle.py", Rank.WORK),
        ("/usr/lib/python3.9/idlelib", "/usr/lib/python3.9/tkinter/__init__.py", Rank.LIBRARY),
        ("/home/my", str(ROOT / "workers" / "agent" / "beat.py"), Rank.MACHINERY),
        ("/home/my", str(ROOT / "workers" / "monitors" / "lag.py"), Rank.MACHINERY),
        (str(ROOT), str(ROOT / "gui" / "app.py"), Rank.WORK),
        ("/home/my", "<frozen runpy>", Rank.LIBRARY),
    ],
)
def test_of_a_watched_program_its_own_files_are_the_work(root: str, file: str, rank: Rank) -> None:
    libraries = ["/usr/lib/python3.9", "/home/my/conda/lib/python3.9"]
    assert SourceFiles(Path(root), watched=True, libraries=libraries).rank(file) == rank


def test_every_file_that_counts_as_work_is_there() -> None:
    from workers.monitors.guilt import MACHINERY, WORK

    assert [name for name in WORK + MACHINERY if not (ROOT / name).exists()] == []


def test_the_innermost_line_of_the_work_is_guilty() -> None:
    main, task, work = str(ROOT / "main.py"), str(ROOT / "workers" / "engine" / "task.py"), "/work.py"
    files = SourceFiles()
    assert files.guilty([main, task, work, work, threading.__file__]) == 3
    assert files.guilty([main, work, task, threading.__file__]) == 1
    assert files.guilty([main, task, threading.__file__]) == 1, "without work, the machinery"
    assert files.guilty([threading.__file__, threading.__file__]) == 1
    assert files.guilty([]) == -1


# ---------------------------------------------------------------- dumps

DUMP = """Timeout (0:00:00.200000)!
Thread 0x00000000000000ab (most recent call first):
  File "{there}", line {hold} in hold
  File "/x.py", line 2 in run

Thread 0x00000000000000cd [named] (most recent call first):
  File "{gui}", line 3 in wait
  File "/y.py", line 4 in <module>
"""


def written(tmp_path: Path, gui: str) -> str:
    there, waiting = tmp_path / "there.py", tmp_path / "gui.py"
    there.write_text("\nre.search(text)\n")
    waiting.write_text(f"\n\n{gui}\n")
    return DUMP.format(there=there, hold=2, gui=waiting)


def test_a_dump_is_read_with_the_outermost_call_first(tmp_path: Path) -> None:
    found = parse(written(tmp_path, "work()"))
    assert list(found) == [0xAB, 0xCD]
    assert [call[2] for call in found[0xAB]] == ["run", "hold"]
    assert parse("Thread 0x12 (most rec") == {}
    assert parse(written(tmp_path, "work()")[:-40]).keys() >= {0xAB}, (
        "one that is cut off is read as far as it goes"
    )


def test_the_gui_threads_line_is_guilty_when_it_works(tmp_path: Path) -> None:
    found = guilty_line(written(tmp_path, "work()"), 0xCD)
    assert found is not None
    line, is_gui = found
    assert is_gui
    assert (Path(line.file).name, line.number, line.text) == ("gui.py", 3, "work()")


@pytest.mark.parametrize("waits", ["code = application.exec()", "event.wait(timeout)", "lock.acquire()"])
def test_another_threads_line_is_guilty_when_the_gui_thread_waits(tmp_path: Path, waits: str) -> None:
    found = guilty_line(written(tmp_path, waits), 0xCD)
    assert found is not None
    line, is_gui = found
    assert not is_gui
    assert (Path(line.file).name, line.text, line.function) == ("there.py", "re.search(text)", "hold")


def test_an_empty_dump_names_nobody() -> None:
    assert guilty_line("", 1) is None


def test_a_query_is_no_event_loop(tmp_path: Path) -> None:
    from workers.monitors.freeze import Line

    assert waits_for_events(Line("/a.py", 1, "run", "sys.exit(app.exec())"))
    assert not waits_for_events(Line("/a.py", 1, "run", 'query.exec("SELECT 1")'))


@POSIX
def test_a_dump_is_written_while_c_keeps_the_gil_and_is_taken_once() -> None:
    dumps = DumpFile()
    try:
        dumps.arm(0.05)
        WITH_GIL.usleep(200_000)
        outside = os.pread(dumps.fd, 100_000, 0).decode()
        text = dumps.take()
        assert text == outside
        found = guilty_line(text, threading.get_ident())
        assert found is not None
        line, is_gui = found
        assert is_gui
        assert line.text == "WITH_GIL.usleep(200_000)"
        assert dumps.take() == ""
        dumps.arm(0.05)
        WITH_GIL.usleep(200_000)
        assert dumps.take().startswith("Timeout"), "and the file begins anew"
    finally:
        dumps.close()
        dumps.close()
