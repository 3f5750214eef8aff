"""Opens the file of a run (`workers.run_files.writer` saves it), and believes nothing that it has not checked.

Opening is a generator whose steps take about a millisecond each, for any thread. Sizes are checked before anything is
read, and no more is inflated than the file said. The times of an opened run lie in the past of this process's
`time.perf_counter`: its end is the moment at which it was opened.
"""

from __future__ import annotations

import operator
import os
import time
from functools import partial
from stat import S_ISREG
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from ..engine.plan import MAX_TASKS
from ..engine.recorder import BIN_S, MAX_TEXT_LENGTH, Recorder
from ..engine.run import Run
from ..engine.sharing import MAX_GAUGES, MAX_REASONS, Gauge, Sharing
from ..engine.task import Phase
from ..monitors.freeze import KINDS, Freeze, Line
from ..monitors.lag import FREEZE_OVER_S, with_freezes
from ..monitors.threads.history import CODES, MAX_THREADS, Threads
from ..monitors.track.marks import FIXED, MAX_NAMES, Marks
from ..monitors.track.marks import KINDS as MAIN_KINDS
from ..reports.palette import lag_word
from . import members
from .archive import DAMAGE, EARLIEST, SLACK_S, Archive, check_end
from .checks import (
    BIGGEST,
    check_below,
    check_range,
    gauge,
    lag_summary,
    network,
    or_none,
    plain_object,
    plain_text,
    real,
    reason,
    resources,
    run_settings,
    stacks,
    task_text,
    whole,
)
from .writer import RunFileError, SavedPlan

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from .archive import Steps

LINE = partial(plain_text, what="a line")
MAX_S = 1e9
_FINALS = bytes(phase for phase in Phase if phase.is_final)
_CHANGES = bytes(phase for phase in Phase if phase not in {Phase.QUEUED, Phase.PROGRESS})


def open_run(path: Path) -> Generator[None, None, Run]:
    """Open a run, step by step; the generator's result is the run, with a `SavedPlan`.

    Raises:
        RunFileError: it cannot be opened.
    """
    try:
        status = path.stat()
        if not S_ISREG(status.st_mode):
            what = "a folder" if os.path.isdir(path) else "no file"
            raise RunFileError(f"{path} is {what}: name the file of a run, which ends in .thaw.")
        file = path.open("rb")
    except (OSError, ValueError) as error:  # a ValueError is a name that no file can have
        why = getattr(error, "strerror", None) or str(error)
        raise RunFileError(
            f"{path} cannot be opened ({why}): look whether it is there and yours to read."
        ) from error
    with file:
        try:
            check_end(file, status.st_size, path.name)
            with ZipFile(file) as archive:
                run = yield from _Reader(archive, path.name).read()
                if members.COMPARED + members.HEAD in archive.namelist():
                    run.compared_with = yield from _Reader(archive, path.name, members.COMPARED).read()
        except DAMAGE as error:
            what = f"{error.args[0]} is missing" if isinstance(error, KeyError) and error.args else str(error)
            raise RunFileError(
                f"{path.name} is damaged ({what or type(error).__name__}): "
                "use another copy of it, or save the run again."
            ) from error
        except MemoryError as error:
            raise RunFileError(f"{path.name} is too large for this machine's memory.") from error
    return run


class _Reader(Archive):
    """Makes a run of an archive's members."""

    def read(self) -> Steps[Run]:
        head = yield from self.head()
        self.wall_s = real(head["wall_s"], 0, MAX_S, "wall_s")
        self.started = max(EARLIEST, time.perf_counter() - self.wall_s)
        count = whole(head["count"], 1, MAX_TASKS, "count")
        settings = run_settings(head["settings"])
        titles = yield from self.lines_of(members.TITLES, LINE, count)
        if len(titles) != count:
            raise ValueError(f"there are {len(titles):,} titles for {count:,} tasks")
        run = Run(SavedPlan(settings, plain_text(head["unit"], "unit"), titles), 0)
        run.control.cancel()  # nobody is to pull a task of it
        run.started, run.ended = self.started, self.started + self.wall_s
        run.began = real(head["began"], 0, 1e11, "began")
        run.idle_lag_ms = real(head["idle_lag_ms"], 0, BIGGEST, "idle_lag_ms")
        run.frames = whole(head["frames"], 0, 10**12, "frames")
        run.lag = or_none(lag_summary, head["lag"])
        run.resources = or_none(resources, head.get("resources"))
        run.network = or_none(network, head.get("weather"))
        run.notes = [plain_text(note, "a note") for note in _list(head.get("notes", []), "notes")]
        run.exit_code = or_none(lambda code: whole(code, 0, 2**32, "exit_code"), head.get("exit_code"))
        run.environment = {
            **plain_object(head["environment"], "environment"),
            "thaw": plain_text(head["thaw"], "thaw"),
        }
        run.file = self.name
        run.recorder = yield from self._recorder(count)
        run.recorder.last_final = run.ended
        if members.SHARING[0] in self:
            run.recorder.sharing = yield from self._sharing(run.recorder)
        told_deadlocks = head.get("deadlocks", [])
        run.recorder.sharing.deadlocks = [
            plain_text(one, "a deadlock") for one in _list(told_deadlocks, "deadlocks")
        ]
        run.recorder.changes.lost = whole(head["changes_lost"], 0, 10**15, "changes_lost")
        told = [whole(head["summary"][name], 0, MAX_TASKS, name) for name in ("done", "failed", "cancelled")]
        if told != [run.recorder.done, run.recorder.failed, run.recorder.cancelled]:
            raise ValueError("the summary does not fit the tasks")
        run.beats = yield from self.times_of(members.BEATS)
        gaps = [run.beats[0] - run.started, run.ended - run.beats[-1]] if run.beats else [run.wall_s]
        yield from self.check_order(run.beats, members.BEATS)
        for low in range(0, len(run.beats), members.VALUES_A_STEP):
            part = run.beats[low : low + members.VALUES_A_STEP + 1]
            gaps += [gap for gap in map(operator.sub, part[1:], part) if gap > FREEZE_OVER_S]
            yield
        if run.lag is not None:
            run.lag = with_freezes(run.lag, gaps)  # an older version took what was over 100 ms for a freeze
            if (lag_word(run.lag.max) == "frozen") != bool(run.lag.freezes):
                raise ValueError("the lag does not fit the beats")
        run.waits = yield from self.pairs_of(members.WAIT_TIMES, members.WAITS)
        run.held = yield from self.pairs_of(members.HELD_FROM, members.HELD_TO)
        if members.MAIN_EDGES in self:
            run.main_thread = yield from self._main_thread()
        if members.THREADS in self:
            run.threads = yield from self._threads()
        run.freezes = yield from self.lines_of(members.FREEZES, self._freeze, MAX_TASKS)
        return run

    # ---------------------------------------------------------------- the tasks

    def _recorder(self, count: int) -> Steps[Recorder]:
        columns: dict[str, Any] = {"places": (yield from self.lines_of(members.PLACES, LINE, count + 1))}
        for name, member in members.COLUMNS.items():
            if name in members.TIMES:
                columns[name] = yield from self.times_of(member, none_is_zero=name != "change_times")
            elif member.endswith(".u1"):
                columns[name] = yield from self.bytes_of(member)
            else:
                columns[name] = yield from self.array_of(member, "I" if member.endswith(".u4") else "d")
        for name in ("phases", "started_at", "seen_at", "ended_at", "amounts", "place_of"):
            if len(columns[name]) != count:
                raise ValueError(
                    f"{members.COLUMNS[name]} has {len(columns[name]):,} values for {count:,} tasks"
                )
        if not len(columns["change_tasks"]) == len(columns["change_phases"]) == len(columns["change_times"]):
            raise ValueError("the columns of the changes differ in length")
        for name, allowed in (("phases", _FINALS), ("change_phases", _CHANGES)):
            if columns[name].translate(None, allowed):
                raise ValueError(f"{members.COLUMNS[name]} has a state that does not exist there")
        if len(columns["bins"]) > (self.wall_s + SLACK_S) / BIN_S + 2:
            raise ValueError("the throughput is longer than the run")
        yield from check_below(columns["place_of"], len(columns["places"]), "place")
        yield from check_below(columns["change_tasks"], count, "task")
        yield from check_range(columns["amounts"], 0.0, BIGGEST, "amount")
        yield from check_range(columns["bins"], -BIGGEST, 2 * BIGGEST * count, "throughput")
        errors = dict((yield from self.lines_of(members.ERRORS, partial(task_text, "traceback", None), count)))
        result = partial(task_text, "result", MAX_TEXT_LENGTH)
        texts = (
            dict((yield from self.lines_of(members.RESULTS, result, count))) if members.RESULTS in self else {}
        )
        yield
        recorder = Recorder.of_columns(0, self.started, columns, errors, texts)
        if any(not 0 <= index < count or columns["phases"][index] != Phase.FAILED for index in errors):
            raise ValueError("an error belongs to no failed task")
        if any(not 0 <= index < count or columns["phases"][index] != Phase.DONE for index in texts):
            raise ValueError("a result belongs to no task that was done")
        return recorder

    def _sharing(self, recorder: Recorder) -> Steps[Sharing]:
        """What tasks waited for, and what gauges showed."""
        found, count, phases = Sharing(), recorder.count, recorder.changes.phases
        found.reasons = yield from self.lines_of(members.REASONS, partial(reason, count), 2 * MAX_REASONS + 1)
        found.rows = yield from self.array_of(members.REASON_ROWS, "I")
        found.reason_of = yield from self.array_of(members.REASON_OF, "H")
        if len(found.rows) != len(found.reason_of):
            raise ValueError("the columns of the reasons differ in length")
        yield from check_below(found.rows, len(phases), "change")
        yield from check_below(found.reason_of, len(found.reasons), "reason")
        yield from self.check_order(found.rows, members.REASON_ROWS)
        if any(phases[row] != Phase.WAITING for row in found.rows):
            raise ValueError("a reason belongs to no wait")
        gauges = yield from self.lines_of(members.GAUGES, gauge, MAX_GAUGES)
        times = yield from self.times_of(members.GAUGE_TIMES)
        values = yield from self.array_of(members.GAUGE_VALUES, "d")
        if not len(times) == len(values) == sum(size for *_, size in gauges):
            raise ValueError("the columns of the gauges differ in length")
        yield from check_range(values, -BIGGEST, BIGGEST, "gauges")
        low = 0
        for name, kind, size in gauges:
            made = found.gauges[name] = Gauge(kind)
            made.times, made.values = times[low : low + size], values[low : low + size]
            yield from self.check_order(made.times, members.GAUGE_TIMES)
            low += size
        return found

    def _freeze(self, item: Any) -> Freeze:
        stack = tuple(
            Line(
                plain_text(file, "stack"),
                whole(number, 0, 10**9, "stack"),
                plain_text(name, "stack"),
                plain_text(text, "stack"),
            )
            for file, number, name, text in item["stack"]
        )
        if item["kind"] not in KINDS:
            raise ValueError("a freeze is of no known kind")
        return Freeze(
            self._moment(item["from"]),
            self._moment(item["to"]),
            str(item["kind"]),
            plain_text(item["holder"], "holder"),
            stack,
            whole(item["guilty"], -1, len(stack) - 1, "guilty"),
            tuple(
                (whole(number, 0, 10**9, "source"), plain_text(text, "source"))
                for number, text in item["source"]
            ),
            whole(item["samples"], 0, 10**9, "samples"),
            real(item["share"], 0, 1, "share"),
            # Files of older versions have none.
            stacks(item.get("calls", []), item.get("stacks", []), self.wall_s + SLACK_S),
            plain_text(item.get("delivered", ""), "delivered"),
        )

    def _main_thread(self) -> Steps[Marks]:
        found = Marks()
        found.edges = yield from self.times_of(members.MAIN_EDGES)
        found.times = yield from self.times_of(members.MAIN_TIMES)
        found.codes = yield from self.array_of(members.MAIN_CODES, "H")
        found.names = yield from self.lines_of(members.MAIN_NAMES, _main_name, MAX_NAMES)
        if found.names[: len(FIXED)] != list(FIXED):
            raise ValueError(f"{members.MAIN_NAMES} does not begin with the kinds that there are")
        if len(found.edges) % 2 or len(found.times) != len(found.codes):
            raise ValueError("the columns of the GUI thread differ in length")
        yield from self.check_order(found.edges, members.MAIN_EDGES)
        yield from self.check_order(found.times, members.MAIN_TIMES)
        yield from check_below(found.codes, len(found.names), "name of what the GUI thread did")
        return found

    def _threads(self) -> Steps[Threads]:
        """What the threads of a watched program did."""
        found = Threads()
        found.names = yield from self.lines_of(members.THREADS, LINE, MAX_THREADS)
        found.leaks = yield from self.lines_of(members.LEAKS, LINE, MAX_THREADS)
        found.times = yield from self.times_of(members.THREAD_TIMES)
        found.which = yield from self.array_of(members.THREAD_OF, "H")
        found.states = bytearray((yield from self.bytes_of(members.THREAD_STATES)))
        if not len(found.times) == len(found.which) == len(found.states):
            raise ValueError("the columns of the threads differ in length")
        yield from check_below(found.which, len(found.names), "thread")
        if found.states.translate(None, bytes(CODES.values())):
            raise ValueError(f"{members.THREAD_STATES} has a state that does not exist there")
        return found

    def _moment(self, value: Any) -> float:
        return self.started + real(value, -SLACK_S, self.wall_s + SLACK_S, "the time of a freeze")


def _list(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"the {what} are no list")
    return value


def _main_name(item: Any) -> tuple[int, str]:
    return whole(item["kind"], 0, len(MAIN_KINDS) - 1, "a kind"), plain_text(item["name"], "a name")
