"""The file of a run: what is saved comes back, and bytes that mean nothing are told in a sentence."""

from __future__ import annotations

import json
import math
import os
import re
import struct
import sys
import time
import zipfile
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.finished_runs import made_run
from tests.support.full_runs import STARTED, TITLES, event, full_run, run_of
from tests.support.system_words import NO_FILE
from workers.engine.plan import MAX_TASKS
from workers.engine.recorder import MAX_AMOUNT, Recorder
from workers.engine.task import Phase, TaskEvent
from workers.exports import export_run
from workers.monitors.freeze import Stack
from workers.monitors.lag import summarize_beats
from workers.reports.summary import report
from workers.reports.verdict import verdict
from workers.run_files import archive
from workers.run_files import reader as run_reader
from workers.run_files.members import (
    COLUMNS,
    COMPARED,
    FORMAT,
    MAIN_CODES,
    MAIN_EDGES,
    MAIN_NAMES,
    MAIN_TIMES,
    MAX_BYTES,
    MEMBERS,
    RESULTS,
)
from workers.run_files.reader import open_run
from workers.run_files.writer import MAX_STACK_BYTES, RunFileError, drain, save_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from workers.engine.run import Run
    from workers.monitors.freeze import Freeze


MAIN_MEMBERS = (MAIN_EDGES, MAIN_TIMES, MAIN_CODES, MAIN_NAMES)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "run.thaw"
    drain(save_run(full_run(), path))
    return path


def refused(path: Path) -> str:
    began = time.process_time()
    with pytest.raises(RunFileError) as caught:
        drain(open_run(path))
    assert time.process_time() - began < 2
    said = str(caught.value)
    assert "\n" not in said
    assert said.endswith((".", "memory."))
    return said


def rewritten(path: Path, change: Callable[[dict[str, bytes]], Any], **how: Any) -> Path:
    """The same file with other members."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w", **how) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def with_head(path: Path, **values: Any) -> Path:
    def change(members: dict[str, bytes]) -> None:
        members["run.json"] = json.dumps({**json.loads(members["run.json"]), **values}).encode()

    return rewritten(path, change)


def since(run: Run, moments: list[float]) -> list[float]:
    return [round(moment - run.started, 6) if moment else 0.0 for moment in moments]


def check_equal(found: Run, run: Run) -> None:
    """All that a file keeps is as it was; times are so much after Start as they were."""
    assert found.settings.plain() == run.settings.plain()
    assert (found.plan.count, found.plan.unit) == (run.plan.count, run.plan.unit)
    assert [found.plan.title(n) for n in range(run.plan.count)] == [
        run.plan.title(n) for n in range(run.plan.count)
    ]
    assert (found.began, found.idle_lag_ms, found.frames) == (run.began, run.idle_lag_ms, run.frames)
    assert found.lag == (pytest.approx(run.lag, abs=2e-6) if run.lag is not None else None)
    assert (found.resources, found.notes, found.network) == (run.resources, run.notes, run.network)
    assert found.wall_s == pytest.approx(run.wall_s)
    ours, theirs = run.recorder, found.recorder
    counts = (
        "first",
        "count",
        "running",
        "done",
        "failed",
        "cancelled",
        "queued",
        "finals",
        "largest",
        "places",
    )
    assert {name: getattr(theirs, name) for name in counts} == {name: getattr(ours, name) for name in counts}
    assert theirs.amount == pytest.approx(ours.amount)
    assert theirs.last_final == found.ended
    assert theirs.texts == ours.texts
    assert (theirs.phases(), theirs.errors, theirs.changes.lost) == (
        ours.phases(),
        ours.errors,
        ours.changes.lost,
    )
    before, after = ours.columns(), theirs.columns()
    for name in before:
        if name.endswith("_at") or name == "change_times":
            assert since(found, list(after[name])) == pytest.approx(since(run, list(before[name])), abs=2e-6)
        else:
            assert after[name] == before[name]
    assert since(found, list(found.beats)) == pytest.approx(since(run, list(run.beats)), abs=2e-6)


def test_a_run_comes_back_as_it_was(file: Path) -> None:
    run, found = full_run(), drain(open_run(file))
    check_equal(found, run)
    assert found.file == "run.thaw"
    assert found.environment == run.environment
    assert [wait for _, wait in found.waits] == [wait for _, wait in run.waits]
    assert since(found, [at for at, _ in found.waits]) == since(run, [at for at, _ in run.waits])
    assert since(found, [at for pair in found.held for at in pair]) == [0.5, 0.8]
    assert len(found.freezes) == 2
    main, kept = run.main_thread, found.main_thread
    assert (kept.codes, kept.names) == (main.codes, main.names)
    assert since(found, list(kept.edges)) == since(run, list(main.edges))
    assert since(found, list(kept.times)) == since(run, list(main.times))

    def plain(freeze: Freeze, of: Run) -> Freeze:
        return freeze._replace(
            started=round(freeze.started - of.started, 6), ended=round(freeze.ended - of.started, 6)
        )

    assert [plain(each, found) for each in found.freezes] == [plain(each, run) for each in run.freezes]


def with_freeze(path: Path, **values: Any) -> Path:
    """The same file with other things said of its first freeze; None leaves one out."""

    def change(members: dict[str, bytes]) -> None:
        first, *others = members["freezes.jsonl"].splitlines(keepends=True)
        freeze = {name: value for name, value in {**json.loads(first), **values}.items() if value is not None}
        members["freezes.jsonl"] = json.dumps(freeze).encode() + b"\n" + b"".join(others)

    return rewritten(path, change)


def test_a_file_from_before_there_were_stacks_of_samples(file: Path) -> None:
    found = drain(open_run(with_freeze(file, calls=None, stacks=None)))
    assert [freeze.stacks for freeze in found.freezes] == [(), ()]
    assert [freeze.samples for freeze in found.freezes] == [9, 0]


@pytest.mark.parametrize(
    ("calls", "stacks", "words"),
    [
        ([["a.py", 1, "f"]], [[1, 0.1, [1]]], "a call is not a number from 0 to 0"),
        ([["a.py", 1, "f"]], [[1, 0.1, [-1]]], "a call is not a number"),
        ([["a.py", 1, "f"]], [[1, 0.1, [True]]], "a call is not a number"),
        ([["a.py", 1, "f"]], [[1, 0.1, [0] * 201]], "too deep"),
        ([["a.py", 1, "f"]], [[1, 0.1, [0]]] * 101, "too many stacks"),
        ([["a.py", 1, "f"]], [[0, 0.1, [0]]], "samples is not a number"),
        ([["a.py", 1, "f"]], [[1, -0.1, [0]]], "the time of a stack"),
        ([["a.py", 1, "f"]], [[1, 1e300, [0]]], "the time of a stack"),
        ([["a.py", 1, 7]], [], "a call is no text"),
        ([["a.py", 0.5, "f"]], [], "a call is not a number"),
        ([["a.py", 1]], [], "damaged"),
        ([], [[1, 0.1, [0]]], "a call is not a number"),
        ([], [[1, 0.1]], "damaged"),
        (7, [], "damaged"),
        ([], 7, "damaged"),
        ([], {"a": 1}, "damaged"),
    ],
)
def test_stacks_must_make_sense(calls: Any, stacks: Any, words: str, file: Path) -> None:
    assert words in refused(with_freeze(file, calls=calls, stacks=stacks))


PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
ANYTHING = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(ANYTHING, ANYTHING)
def test_whatever_stands_for_stacks_opens_or_is_told(file: Path, calls: Any, stacks: Any) -> None:
    with suppress(RunFileError):
        run = drain(open_run(with_freeze(file, calls=calls, stacks=stacks)))
        assert all(len(stack) == 3 for freeze in run.freezes for stack in freeze.stacks)


def test_of_very_many_calls_the_stacks_that_took_longest_are_kept(tmp_path: Path) -> None:
    run = full_run()
    stacks = tuple(
        Stack(tuple(("/a" * 400, line, f"f{at}") for line in range(100)), 1, 0.1 - at / 1000)
        for at in range(90)
    )
    run.freezes = [run.freezes[0]._replace(stacks=stacks)]
    drain(save_run(run, tmp_path / "a.thaw"))
    with zipfile.ZipFile(tmp_path / "a.thaw") as archive:
        assert archive.getinfo("freezes.jsonl").file_size < MAX_STACK_BYTES + 10_000
    [freeze] = drain(open_run(tmp_path / "a.thaw")).freezes
    assert 1 <= len(freeze.stacks) < 90
    assert freeze.stacks == stacks[: len(freeze.stacks)]


def test_a_file_from_before_there_were_resources_and_notes_and_weather(file: Path) -> None:
    def change(members: dict[str, bytes]) -> None:
        head = json.loads(members["run.json"])
        del head["resources"], head["notes"], head["weather"]
        members["run.json"] = json.dumps(head).encode()

    run = drain(open_run(rewritten(file, change)))
    assert (run.resources, run.notes, run.network) == (None, [], None)


def test_its_times_lie_in_the_past_of_this_process(file: Path) -> None:
    found = drain(open_run(file))
    assert found.ended is not None
    assert 0 < found.started < found.ended <= max(found.ended - found.started + 100, time.perf_counter())
    rows = [found.recorder.row(index) for index in range(found.plan.count)]
    assert all(found.started <= row.started <= row.ended <= found.ended for row in rows if row.started)
    assert [row.started for row in rows[5:]] == [0.0, 0.0], "queued to the end"


def test_the_lag_is_that_of_its_beats(file: Path) -> None:
    found = drain(open_run(file))
    assert found.lag is not None
    assert found.ended is not None
    assert summarize_beats(found.beats, found.started, found.ended) == pytest.approx(found.lag, abs=1e-4)


def test_freezes_of_an_older_version_are_counted_anew(file: Path) -> None:
    """It took all that was over 100 ms for one; here the longest is of 490 ms."""
    lag = full_run().lag
    assert lag is not None
    assert lag.freezes == 0
    old = with_head(file, lag={**lag._asdict(), "freezes": 2, "longest_freeze_s": 0.49})
    found = drain(open_run(old)).lag
    assert found is not None
    assert (found.freezes, found.longest_freeze_s, found.max) == (0, 0.0, lag.max)


@pytest.mark.parametrize(("beats", "worst_ms"), [(slice(None), 5000.0), (slice(50), 20.0)])
def test_a_lag_that_its_beats_cannot_have_made_is_told(beats: slice, worst_ms: float, tmp_path: Path) -> None:
    """A window that was frozen has a freeze, and one that has a freeze was frozen: sentences count on it."""
    run = full_run()
    assert run.ended is not None
    run.beats = run.beats[beats]
    run.lag = summarize_beats(run.beats, run.started, run.ended)
    path = tmp_path / "run.thaw"
    drain(save_run(run, path))
    assert drain(open_run(path)).lag == pytest.approx(run.lag, abs=2e-6)
    assert "(the lag does not fit the beats)" in refused(
        with_head(path, lag={**run.lag._asdict(), "max": worst_ms})
    )


def test_it_is_saved_again_as_it_was_opened(file: Path, tmp_path: Path) -> None:
    found = drain(open_run(file))
    drain(save_run(found, tmp_path / "again.thaw"))
    check_equal(drain(open_run(tmp_path / "again.thaw")), found)


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    drain(save_run(compared_run(), tmp_path / "pair.thaw"))
    return tmp_path / "pair.thaw"


def compared_run() -> Run:
    run, before = full_run(), made_run("gui_thread", tasks=3, wall_s=5.0)
    before.began, run.compared_with = 1_700_000_000.0, before
    return run


def test_a_comparison_comes_back_with_both_runs(pair: Path) -> None:
    found = drain(open_run(pair))
    check_equal(found, full_run())
    before, wanted = found.compared_with, compared_run().compared_with
    assert before is not None is not wanted
    check_equal(before, wanted)
    assert (before.file, before.compared_with) == ("pair.thaw", None)


def test_both_runs_of_a_comparison_are_looked_at(pair: Path) -> None:
    def shorten(members: dict[str, bytes]) -> None:
        members[f"{COMPARED}phases.u1"] = b""

    assert "phases.u1 has 0 values for 3 tasks" in refused(rewritten(pair, shorten))
    assert "titles.jsonl is missing" in refused(
        rewritten(pair, lambda members: members.pop(f"{COMPARED}titles.jsonl"))
    )


def test_who_knows_nothing_of_comparisons_reads_the_run_alone(pair: Path) -> None:
    rewritten(pair, lambda members: members.pop(f"{COMPARED}run.json"))
    found = drain(open_run(pair))
    check_equal(found, full_run())
    assert found.compared_with is None


def test_it_cannot_be_run(file: Path) -> None:
    found = drain(open_run(file))
    with pytest.raises(RuntimeError, match="opened from a file"):
        found.plan.task(0, 0)
    assert next(found.source, None) is None


def test_a_run_without_a_window_has_no_lag(tmp_path: Path) -> None:
    run = made_run(tasks=3, failed=1)
    path = tmp_path / "a.thaw"
    drain(save_run(run, path))
    found = drain(open_run(path))
    check_equal(found, run)
    assert (found.lag, len(found.beats), found.waits, found.held, found.freezes) == (None, 0, [], [], [])
    assert found.environment["thaw"]
    assert found.environment["python"]


times = st.floats(0, 50)


@pytest.mark.examples
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    tasks=st.lists(
        st.tuples(
            st.text(max_size=20),
            st.lists(
                st.tuples(st.sampled_from([Phase.WAITING, Phase.PAUSED, Phase.RESUMED]), times), max_size=4
            ),
            st.sampled_from([None, Phase.DONE, Phase.FAILED, Phase.CANCELLED]),
            st.floats(0, 1e12),
            st.text(max_size=9),
        ),
        min_size=1,
        max_size=8,
    ),
    gaps=st.lists(st.floats(0.001, 2), max_size=20),
)
def test_every_run_comes_back(tmp_path: Path, tasks: list[Any], gaps: list[float]) -> None:
    events = []
    for index, (_, changes, final, amount, text) in enumerate(tasks):
        if final is not None:
            events.append(event(index, Phase.STARTED, 0.5, place=text))
            events += [event(index, phase, 0.5 + at) for phase, at in changes]
            events.append(event(index, final, 55.0, amount, text))
    run = run_of(events, [title for title, *_ in tasks], 60.0)
    now = STARTED
    for gap in gaps:
        run.beats.append(now := now + gap)
    assert run.ended is not None
    run.lag = summarize_beats(run.beats, run.started, run.ended)
    path = tmp_path / "any.thaw"
    drain(save_run(run, path))
    check_equal(drain(open_run(path)), run)


# -------------------------------------------------------------------- what is in it


def test_it_can_be_read_without_thaw(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) == {*MEMBERS, RESULTS, *MAIN_MEMBERS}
        head = json.loads(archive.read("run.json"))
        started = struct.unpack("<7d", archive.read("started.f8"))
        titles = [json.loads(line) for line in archive.read("titles.jsonl").splitlines()]
    assert head["thaw_run"] == FORMAT
    assert (head["thaw"], head["count"], head["wall_s"]) == ("0.0.9", 7, 2.0)
    assert head["settings"]["params"] == {"numbers": 5, "urls": "a=b"}
    assert head["summary"] == {"done": 3, "failed": 1, "cancelled": 3, "amount": 51.0, "per_s": 25.5}
    assert started[:3] == pytest.approx([0.1, 0.2, 1.0])
    assert started[6] != started[6], "NaN, for it never began"
    assert titles == list(TITLES)


def test_no_pictures_are_kept(tmp_path: Path) -> None:
    run = run_of(
        [event(0, Phase.STARTED, 0.1), event(0, Phase.DONE, 0.2, 1.0, b"picture" * 1000)], ["one"], 1.0
    )
    drain(save_run(run, tmp_path / "a.thaw"))
    assert all(b"picture" not in path.read_bytes() for path in tmp_path.iterdir())
    assert (tmp_path / "a.thaw").stat().st_size < 10_000


def test_very_long_texts_lose_their_middle(tmp_path: Path) -> None:
    trace = "Traceback\n" + "x" * 2_000_000 + "\nValueError: at the end\n"
    run = run_of([event(0, Phase.STARTED, 0.1), event(0, Phase.FAILED, 0.2, 0.0, trace)], ["t" * 5000], 1.0)
    drain(save_run(run, tmp_path / "a.thaw"))
    found = drain(open_run(tmp_path / "a.thaw"))
    assert found.recorder.errors[0].startswith("Traceback\nx")
    assert found.recorder.errors[0].endswith("\nValueError: at the end\n")
    assert len(found.recorder.errors[0]) < 70_000
    assert len(found.plan.title(0)) < 1_100


# -------------------------------------------------------------------- saving


def test_a_run_that_goes_on_is_not_saved(tmp_path: Path) -> None:
    run = made_run()
    run.ended = None
    with pytest.raises(RunFileError, match="save it when it has ended"):
        drain(save_run(run, tmp_path / "a.thaw"))
    assert not list(tmp_path.iterdir())


def test_giving_up_half_way_leaves_the_file_before(tmp_path: Path) -> None:
    path = tmp_path / "a.thaw"
    path.write_text("before")
    steps = save_run(full_run(), path)
    for _ in range(5):
        next(steps)
    assert len(list(tmp_path.iterdir())) == 2
    steps.close()
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("a.thaw", "before")]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RunFileError, match="name a file in a folder that you can write to"):
        drain(save_run(full_run(), tmp_path / "nowhere" / "a.thaw"))
    (tmp_path / "b.thaw").mkdir()
    with pytest.raises(RunFileError, match="is a folder"):
        drain(save_run(full_run(), tmp_path / "b.thaw"))
    assert [path.name for path in tmp_path.iterdir()] == ["b.thaw"]


@contextmanager
def small_files() -> Iterator[None]:
    """No file may grow beyond 1,000 bytes: only within this block, for the tests' own output goes to a file as well."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_takes_no_more_leaves_the_file_before(tmp_path: Path) -> None:
    path = tmp_path / "a.thaw"
    path.write_text("before")
    with small_files(), pytest.raises(RunFileError, match="cannot be written"):
        drain(save_run(full_run(), path))
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("a.thaw", "before")]


# -------------------------------------------------------------------- opening what is no run


def test_paths_that_are_no_files(tmp_path: Path) -> None:
    assert re.search(rf"cannot be opened \({NO_FILE}\)", refused(tmp_path / "nowhere.thaw"))
    assert "is a folder: name the file" in refused(tmp_path)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        assert "is no file" in refused(tmp_path / "pipe")
    assert "cannot be opened" in refused(tmp_path / "null\0byte")


@pytest.mark.parametrize("content", [b"", b"PK", b"hello", b"\0" * 5000, b"PK\x05\x06" + b"\0" * 18])
def test_files_that_are_no_runs(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.thaw"
    path.write_bytes(content)
    assert "a.thaw is no run of Thaw: choose a file that Thaw has saved" in refused(path)


def test_an_archive_of_something_else(tmp_path: Path) -> None:
    path = tmp_path / "a.thaw"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("letter.txt", "Dear")
    assert "is no run of Thaw" in refused(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("run.json", "{}")
    assert "is no run of Thaw" in refused(path)
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(200):
            archive.writestr(f"{number}", "")
    assert "too many parts" in refused(path)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_file_that_is_cut_short(share: float, file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: int(share * len(content))])
    assert "run.thaw is cut short: copy or download it again." in refused(file)


def test_a_file_of_a_newer_version(file: Path) -> None:
    assert "is of a newer Thaw (format 2, and this one knows 1)" in refused(with_head(file, thaw_run=2))


@pytest.mark.parametrize("name", sorted(MEMBERS - {"run.json"}))
def test_each_member_is_needed(name: str, file: Path) -> None:
    rewritten(file, lambda members: members.pop(name))
    assert f"run.thaw is damaged ({name} is missing)" in refused(file)


def test_a_file_of_an_older_version_has_no_results(file: Path) -> None:
    rewritten(file, lambda members: members.pop(RESULTS))
    assert not drain(open_run(file)).recorder.texts


def test_a_file_of_an_older_version_tells_nothing_of_the_gui_thread(file: Path) -> None:
    def older(members: dict[str, bytes]) -> None:
        for name in MAIN_MEMBERS:
            del members[name]

    assert len(drain(open_run(rewritten(file, older))).main_thread) == 0


@pytest.mark.parametrize("member", sorted(COLUMNS.values()))
def test_columns_must_be_of_one_length(member: str, file: Path) -> None:
    if member == "bins.f8":
        rewritten(file, lambda members: members.update({member: bytes(8 * 10_000)}))
        assert "the throughput is longer than the run" in refused(file)
        return
    size = int(member[-1])
    rewritten(file, lambda members: members.update({member: members[member][:-size]}))
    assert "run.thaw is damaged (" in refused(file)


@pytest.mark.parametrize(
    ("member", "content", "words"),
    [
        ("phases.u1", bytes([6, 7, 8, 6, 6, 8, 99]), "a state that does not exist"),
        ("phases.u1", bytes([6, 7, 8, 6, 6, 8, 1]), "a state that does not exist"),
        ("phases.u1", bytes([6, 7, 6, 6, 6, 8, 8]), "the summary does not fit"),
        ("started.f8", struct.pack("<7d", *[float("inf")] * 7), "started.f8 has a time outside of the run"),
        ("started.f8", struct.pack("<7d", *[1e6] * 7), "started.f8 has a time outside of the run"),
        ("started.f8", bytes(9), "damaged"),
        ("amounts.f8", struct.pack("<7d", *[float("nan")] * 7), "amount"),
        ("amounts.f8", struct.pack("<7d", *[-1.0] * 7), "amount"),
        ("place.u4", struct.pack("<7I", *[9] * 7), "no place of that number"),
        ("change_tasks.u4", struct.pack("<14I", *[7] * 14), "no task of that number"),
        ("change_phases.u1", bytes([5] * 14), "a state that does not exist"),
        ("change_times.f8", struct.pack("<14d", *[float("nan")] * 14), "outside of the run"),
        ("beats.f8", struct.pack("<2d", 1.0, 0.5), "beats.f8 is not in order"),
        ("beats.f8", struct.pack("<2d", 1.0, float("nan")), "outside of the run"),
        ("main_edges.f8", struct.pack("<2d", 1.0, 0.5), "main_edges.f8 is not in order"),
        ("main_edges.f8", struct.pack("<1d", 1.0), "differ in length"),
        ("main_times.f8", struct.pack("<2d", 1.0, 1e6), "outside of the run"),
        ("main_times.f8", struct.pack("<2d", 1.0, 0.5), "main_times.f8 is not in order"),
        ("main_codes.u2", struct.pack("<1H", 1), "differ in length"),
        ("main_codes.u2", struct.pack("<2H", 1, 99), "no name of what the GUI thread did of that number"),
        ("main_names.jsonl", b'{"kind": 0, "name": ""}\n', "does not begin with the kinds"),
        ("main_names.jsonl", b'{"kind": 77, "name": ""}\n', "a kind"),
        ("main_names.jsonl", b'{"kind": 0, "name": 5}\n', "is no text"),
        ("wait_ms.f8", bytes(8), "differ in length"),
        ("held_to.f8", bytes(16), "differ in length"),
        ("titles.jsonl", b'"one"\n', "1 titles for 7 tasks"),
        ("titles.jsonl", b'"a"\n' * 8, "too many lines"),
        ("titles.jsonl", b"1\n" * 7, "is no text"),
        ("titles.jsonl", b'"a"\n' * 6 + b'"a"', "cut short"),
        ("titles.jsonl", b"\xff\xfe\n" * 7, "damaged"),
        ("titles.jsonl", b"[" * 500_000 + b"\n", "damaged"),
        ("titles.jsonl", b'"' + b"x" * 5_000_000, "a line of titles.jsonl is too long"),
        ("places.jsonl", b"", "no place of that number"),
        ("errors.jsonl", b'{"task": 0, "traceback": "x"}\n', "no failed task"),
        ("errors.jsonl", b'{"task": 9, "traceback": "x"}\n', "no failed task"),
        ("errors.jsonl", b'{"task": 1}\n', "traceback is missing"),
        ("errors.jsonl", b'{"task": 1.5, "traceback": "x"}\n', "damaged"),
        ("errors.jsonl", b"7\n", "damaged"),
        ("results.jsonl", b'{"task": 1, "result": "x"}\n', "no task that was done"),
        ("results.jsonl", b'{"task": 9, "result": "x"}\n', "no task that was done"),
        ("results.jsonl", b'{"task": 0, "result": 7}\n', "damaged"),
        ("freezes.jsonl", b'{"from": 0.1, "to": 0.5, "kind": "magic", "stack": []}\n', "no known kind"),
        ("freezes.jsonl", b'{"from": NaN, "to": 0.5, "kind": "io", "stack": []}\n', "NaN is no number"),
        ("run.json", b"not json", "damaged"),
        ("run.json", b" " * 2_000_000, "run.json is too large"),
        ("run.json", b'{"thaw_run": 1}', "wall_s is missing"),
        ("run.json", b'{"thaw_run": "1"}', "thaw_run is not a number"),
    ],
)
def test_what_is_in_a_member_must_make_sense(member: str, content: bytes, words: str, file: Path) -> None:
    rewritten(file, lambda members: members.update({member: content}))
    assert words in refused(file)


@pytest.mark.parametrize(
    "head",
    [
        {"count": MAX_TASKS + 1},
        {"count": 8},
        {"count": 0},
        {"count": True},
        {"wall_s": -1},
        {"wall_s": "2"},
        {"began": 1e300},
        {"frames": -1},
        {"settings": {}},
        {"settings": []},
        {"lag": {"p50": 1}},
        {"lag": 7},
        {"environment": {"python": []}},
        {"environment": []},
        {"unit": None},
        {"summary": None},
        {"changes_lost": 10**30},
        {"thaw": 1},
        {"resources": {"cpu_s": -1, "peak_memory_mib": 1, "startup_s": 1}},
        {"resources": {"cpu_s": None, "peak_memory_mib": 1, "startup_s": 1}},
        {"resources": {"cpu_s": 1}},
        {"resources": 7},
        {"notes": "text"},
        {"notes": [1]},
        {"notes": None},
        {"weather": {"error_rate": 2}},
        {"weather": {"latency_ms": "x"}},
        {"weather": []},
    ],
)
def test_the_head_must_make_sense(head: dict[str, Any], file: Path) -> None:
    assert "run.thaw is damaged (" in refused(with_head(file, **head))


def test_a_check_sum_that_is_wrong(file: Path) -> None:
    rewritten(file, lambda members: None)  # stored as they are, so that a byte can be found
    content = file.read_bytes()
    at = content.index(b"plain")
    file.write_bytes(content[:at] + b"p1ain" + content[at + 5 :])
    assert "Bad CRC-32 for file 'titles.jsonl'" in refused(file)


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_only_what_thaw_writes_is_unpacked(how: int, file: Path) -> None:
    rewritten(file, lambda members: None, compression=how)
    assert "packed in a way that Thaw does not use" in refused(file)


def resized(file: Path, size: int, told: int, *, count: int) -> None:
    """Let it tell another size than members have, before them and in its directory."""
    content, packed = file.read_bytes(), struct.pack("<I", size)
    assert content.count(packed) == count
    file.write_bytes(content.replace(packed, struct.pack("<I", told)))


def test_a_bomb_is_not_unpacked(file: Path) -> None:
    """By its directory it is 300 MB twice over."""
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        for name in ("one", "two"):
            archive.writestr(name, bytes(300_000))
    resized(file, 300_000, 300_000_000, count=4)
    assert f"too large: a run takes {MAX_BYTES / 1e6:,.0f} MB at the most, unpacked" in refused(file)


def test_a_bomb_that_lies_about_its_size_is_unpacked_no_further(file: Path) -> None:
    rewritten(file, lambda members: members.update({"titles.jsonl": b'"a"\n' * 5_000_000}), compression=8)
    resized(file, 20_000_000, 28, count=2)
    assert "run.thaw is damaged (" in refused(file)


def test_two_members_of_one_name(file: Path) -> None:
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("run.json", "{}")
    assert "there are two of run.json" in refused(file)


@pytest.mark.examples
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_random_damage_is_told_or_does_no_harm(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "any.thaw"
    if not path.exists():
        drain(save_run(full_run(), path))
    content = bytearray(path.read_bytes())
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=6)):
        content[at] = data.draw(st.integers(0, 255))
    damaged = tmp_path / "damaged.thaw"
    damaged.write_bytes(content[: data.draw(st.integers(0, len(content)) | st.just(len(content)))])
    began = time.process_time()
    try:
        found = drain(open_run(damaged))
    except RunFileError:
        pass
    else:
        assert found.recorder.finals == found.plan.count
    assert time.process_time() - began < 2


def test_a_large_run_stays_small_and_quick(tmp_path: Path) -> None:
    """A tenth of what the benchmark does, and steps that are short."""
    count = 10_000
    events = []
    for index in range(count):
        at = index * 1e-3 + index % 7 * 1.3e-5
        events += [event(index, Phase.STARTED, at), event(index, Phase.DONE, at + 0.002, index * 1.7)]
    run = run_of(events, [f"primes {index + 1:,}" for index in range(count)], 11.0)
    path = tmp_path / "a.thaw"
    assert sum(1 for _ in save_run(run, path)) > 50
    assert path.stat().st_size < 2_000_000
    assert sum(1 for _ in open_run(path)) > 30


def test_a_file_is_the_same_where_the_high_byte_comes_first(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "byteorder", "big")
    path = tmp_path / "big.thaw"
    drain(save_run(full_run(), path))
    found = drain(open_run(path))
    monkeypatch.undo()
    check_equal(found, full_run())


def test_a_member_that_is_shorter_than_its_directory_says(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        size = archive.getinfo("started.f8").file_size
    rewritten(file, lambda members: members.update({"started.f8": members["started.f8"][:-8]}))
    content = bytearray(file.read_bytes())
    at = content.rindex(b"started.f8") - 46  # its line in the directory at the end
    assert content[at : at + 4] == b"PK\x01\x02"
    content[at + 24 : at + 28] = struct.pack("<I", size)
    file.write_bytes(content)
    assert "run.thaw is damaged (started.f8 is cut short)" in refused(file)


def test_a_file_that_is_larger_than_any_run(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_BYTES", 100)
    assert "run.thaw is too large: a run's file has" in refused(file)


def test_a_file_that_the_memory_cannot_hold(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*about: object) -> None:
        raise MemoryError

    monkeypatch.setattr(run_reader, "ZipFile", refuse)
    assert refused(file) == "run.thaw is too large for this machine's memory."


@pytest.mark.parametrize("amount", [1e308, math.inf, 10**400, math.nan, -math.inf], ids=str)
def test_whatever_somebody_yields_the_run_is_told_kept_and_exported(amount: float, tmp_path: Path) -> None:
    run = made_run(tasks=3)
    run.recorder = Recorder(0, 3, run.started)
    assert run.ended is not None
    for number in range(3):
        moments = (run.started, run.started + 0.4, run.started + 0.8, run.ended)
        phases = (Phase.STARTED, Phase.PROGRESS, Phase.PROGRESS, Phase.DONE)
        amounts = (0.0, amount / 2 if amount < sys.float_info.max else amount, amount, amount)
        run.recorder.fold(map(TaskEvent, [number] * 4, phases, moments, amounts, ["here"] * 4))
    text = json.dumps(report(run), allow_nan=False)  # JSON has no other numbers, and most readers refuse them
    assert json.loads(text)["amount"]["total"] in {0.0, 3 * MAX_AMOUNT}
    drain(save_run(run, tmp_path / "run.thaw"))
    assert drain(open_run(tmp_path / "run.thaw")).recorder.amount == run.recorder.amount
    for suffix in (".html", ".csv", ".trace.json"):
        drain(export_run(run, tmp_path / f"run{suffix}"))
        assert not re.search(r"\b(nan|inf|infinity)\b", (tmp_path / f"run{suffix}").read_text(), re.IGNORECASE)
    assert verdict(run)
