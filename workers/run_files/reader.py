"""Opens the file of a run (`workers.run_files.writer` saves it), and believes nothing that it has not checked.

Opening is a generator whose steps take about a millisecond each, for any thread. Sizes are checked before anything is
read, and no more is inflated than the file said. The times of an opened run lie in the past of this process's
`time.perf_counter`: its end is the moment at which it was opened.

It is longer than other files, for all that is read is checked here, and a check of ours wants every line of it covered.
"""

from __future__ import annotations

import json
import math
import operator
import struct
import sys
import time
import zlib
from array import array
from functools import partial
from stat import S_ISREG
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from ..engine.plan import MAX_TASKS
from ..engine.recorder import BIN_S, MAX_TEXT_LENGTH, Recorder
from ..engine.run import Run
from ..engine.sharing import MAX_GAUGES, MAX_REASONS, Gauge, Sharing
from ..engine.task import Phase
from ..monitors.freeze import KINDS, MAX_CALLS, MAX_STACKS, Freeze, Line, Stack
from ..monitors.lag import FREEZE_OVER_S, with_freezes
from ..monitors.track.marks import FIXED, MAX_NAMES, Marks
from ..monitors.track.marks import KINDS as MAIN_KINDS
from ..reports.palette import lag_word
from .checks import (
    BIGGEST,
    check_below,
    check_range,
    gauge,
    lag_summary,
    network,
    no_number,
    or_none,
    plain_object,
    plain_text,
    real,
    reason,
    resources,
    run_settings,
    task_text,
    whole,
)
from .members import (
    BEATS,
    COLUMNS,
    COMPARED,
    ERRORS,
    FORMAT,
    FREEZES,
    GAUGE_TIMES,
    GAUGE_VALUES,
    GAUGES,
    HEAD,
    HELD_FROM,
    HELD_TO,
    MAIN_CODES,
    MAIN_EDGES,
    MAIN_NAMES,
    MAIN_TIMES,
    MAX_BYTES,
    MAX_LINE,
    MEMBERS,
    PLACES,
    REASON_OF,
    REASON_ROWS,
    REASONS,
    RESULTS,
    SHARING,
    TIMES,
    TITLES,
    VALUES_A_STEP,
    WAIT_TIMES,
    WAITS,
)
from .writer import RunFileError, SavedPlan

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    Steps = Generator[None, None, "Item"]

Item = TypeVar("Item")

LINE = partial(plain_text, what="a line")
PIECE = 64_000
MAX_HEAD = 1_000_000
MAX_DIRECTORY = 64_000
SLACK_S = 60.0
"""No time lies further than this outside of its run: the clocks of other processes may differ a little."""

EARLIEST = 100.0
"""Where an opened run begins at the earliest, so that none of its times is 0.0, which would stand for none."""

MAX_S = 1e9
_FINALS = bytes(phase for phase in Phase if phase.is_final)
_CHANGES = bytes(phase for phase in Phase if phase not in {Phase.QUEUED, Phase.PROGRESS})
_END = struct.Struct("<4s4H2IH")

DAMAGE = (
    *(BadZipFile, zlib.error, struct.error, EOFError, ValueError, TypeError, LookupError, ArithmeticError),
    *(RecursionError, NotImplementedError, RuntimeError, OSError),
)
"""What the readers of zip and JSON raise over bytes that mean nothing to them."""


def open_run(path: Path) -> Generator[None, None, Run]:
    """Open a run, step by step; the generator's result is the run, with a `SavedPlan`.

    Raises:
        RunFileError: it cannot be opened.
    """
    try:
        status = path.stat()
        if not S_ISREG(status.st_mode):
            what = "a folder" if path.is_dir() else "no file"
            raise RunFileError(f"{path} is {what}: name the file of a run, which ends in .thaw.")
        file = path.open("rb")
    except (OSError, ValueError) as error:  # a ValueError is a name that no file can have
        why = getattr(error, "strerror", None) or str(error)
        raise RunFileError(
            f"{path} cannot be opened ({why}): look whether it is there and yours to read."
        ) from error
    with file:
        try:
            _check_end(file, status.st_size, path.name)
            with ZipFile(file) as archive:
                run = yield from _Reader(archive, path.name).read()
                if COMPARED + HEAD in archive.namelist():
                    run.compared_with = yield from _Reader(archive, path.name, COMPARED).read()
        except DAMAGE as error:
            what = f"{error.args[0]} is missing" if isinstance(error, KeyError) and error.args else str(error)
            raise RunFileError(
                f"{path.name} is damaged ({what or type(error).__name__}): "
                "use another copy of it, or save the run again."
            ) from error
        except MemoryError as error:
            raise RunFileError(f"{path.name} is too large for this machine's memory.") from error
    return run


def _check_end(file: BinaryIO, size: int, name: str) -> None:
    """Look at the file's two ends, before zipfile reads a directory that may be of any size."""
    if file.read(4) != b"PK\x03\x04":
        raise RunFileError(f"{name} is no run of Thaw: choose a file that Thaw has saved, which ends in .thaw.")
    if size > MAX_BYTES:
        raise RunFileError(f"{name} is too large: a run's file has {MAX_BYTES / 1e6:,.0f} MB at the most.")
    file.seek(max(0, size - _END.size - 20))
    tail = file.read()
    end = tail[-_END.size :]
    if len(end) < _END.size or not end.startswith(b"PK\x05\x06"):
        raise RunFileError(f"{name} is cut short: copy or download it again.")
    *_, entries, directory, _, _ = _END.unpack(end)
    if tail.startswith(b"PK\x06\x07") or entries > 3 * len(MEMBERS) or directory > MAX_DIRECTORY:
        raise RunFileError(f"{name} is no run of Thaw: it has too many parts.")
    file.seek(0)


class _Reader:
    """Reads one archive. What is wrong with it raises one of DAMAGE, in most cases a ValueError that says what."""

    def __init__(self, archive: ZipFile, name: str, folder: str = "") -> None:
        self._archive, self._name = archive, name
        self._infos: dict[str, ZipInfo] = {}
        for info in archive.infolist():
            if info.filename in self._infos:
                raise ValueError(f"there are two of {info.filename}")
            if info.flag_bits & 0x1 or info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
                raise ValueError(f"{info.filename} is packed in a way that Thaw does not use")
            self._infos[info.filename] = info
        if HEAD not in self._infos:
            raise RunFileError(
                f"{name} is no run of Thaw: choose a file that Thaw has saved, which ends in .thaw."
            )
        if sum(info.file_size for info in self._infos.values()) > MAX_BYTES:
            raise RunFileError(
                f"{name} is too large: a run takes {MAX_BYTES / 1e6:,.0f} MB at the most, unpacked."
            )
        self._infos = {
            name.removeprefix(folder): info for name, info in self._infos.items() if name.startswith(folder)
        }
        self._started, self._wall_s = EARLIEST, 0.0

    def read(self) -> Steps[Run]:
        head = yield from self._head()
        self._wall_s = real(head["wall_s"], 0, MAX_S, "wall_s")
        self._started = max(EARLIEST, time.perf_counter() - self._wall_s)
        count = whole(head["count"], 1, MAX_TASKS, "count")
        settings = run_settings(head["settings"])
        titles = yield from self._lines(TITLES, LINE, count)
        if len(titles) != count:
            raise ValueError(f"there are {len(titles):,} titles for {count:,} tasks")
        run = Run(SavedPlan(settings, plain_text(head["unit"], "unit"), titles), 0)
        run.control.cancel()  # nobody is to pull a task of it
        run.started, run.ended = self._started, self._started + self._wall_s
        run.began = real(head["began"], 0, 1e11, "began")
        run.idle_lag_ms = real(head["idle_lag_ms"], 0, BIGGEST, "idle_lag_ms")
        run.frames = whole(head["frames"], 0, 10**12, "frames")
        run.lag = or_none(lag_summary, head["lag"])
        run.resources = or_none(resources, head.get("resources"))
        run.network = or_none(network, head.get("weather"))
        run.notes = [plain_text(note, "a note") for note in _list(head.get("notes", []), "notes")]
        run.environment = {
            **plain_object(head["environment"], "environment"),
            "thaw": plain_text(head["thaw"], "thaw"),
        }
        run.file = self._name
        run.recorder = yield from self._recorder(count)
        run.recorder.last_final = run.ended
        if SHARING[0] in self._infos:
            run.recorder.sharing = yield from self._sharing(run.recorder)
        told_deadlocks = head.get("deadlocks", [])
        run.recorder.sharing.deadlocks = [
            plain_text(one, "a deadlock") for one in _list(told_deadlocks, "deadlocks")
        ]
        run.recorder.changes.lost = whole(head["changes_lost"], 0, 10**15, "changes_lost")
        told = [whole(head["summary"][name], 0, MAX_TASKS, name) for name in ("done", "failed", "cancelled")]
        if told != [run.recorder.done, run.recorder.failed, run.recorder.cancelled]:
            raise ValueError("the summary does not fit the tasks")
        run.beats = yield from self._times(BEATS)
        gaps = [run.beats[0] - run.started, run.ended - run.beats[-1]] if run.beats else [run.wall_s]
        yield from self._check_order(run.beats, BEATS)
        for low in range(0, len(run.beats), VALUES_A_STEP):
            part = run.beats[low : low + VALUES_A_STEP + 1]
            gaps += [gap for gap in map(operator.sub, part[1:], part) if gap > FREEZE_OVER_S]
            yield
        if run.lag is not None:
            run.lag = with_freezes(run.lag, gaps)  # an older version took what was over 100 ms for a freeze
            if (lag_word(run.lag.max) == "frozen") != bool(run.lag.freezes):
                raise ValueError("the lag does not fit the beats")
        run.waits = yield from self._pairs(WAIT_TIMES, WAITS)
        run.held = yield from self._pairs(HELD_FROM, HELD_TO)
        if MAIN_EDGES in self._infos:
            run.main_thread = yield from self._main_thread()
        run.freezes = yield from self._lines(FREEZES, self._freeze, MAX_TASKS)
        return run

    # ---------------------------------------------------------------- the head

    def _head(self) -> Steps[dict[str, Any]]:
        if self._infos[HEAD].file_size > MAX_HEAD:
            raise ValueError(f"{HEAD} is too large")
        content = yield from self._bytes(HEAD)
        head = json.loads(content.decode(), parse_constant=no_number)
        if not isinstance(head, dict) or "thaw_run" not in head:
            raise RunFileError(f"{self._name} is no run of Thaw: choose a file that Thaw has saved.")
        version = whole(head["thaw_run"], 1, 10**9, "thaw_run")
        if version > FORMAT:
            raise RunFileError(
                f"{self._name} is of a newer Thaw (format {version:,}, and this one knows {FORMAT}): "
                "open it with that one."
            )
        missing = MEMBERS - self._infos.keys()
        if missing:
            raise ValueError(f"{min(missing)} is missing")
        return head

    # ---------------------------------------------------------------- the tasks

    def _recorder(self, count: int) -> Steps[Recorder]:
        columns: dict[str, Any] = {"places": (yield from self._lines(PLACES, LINE, count + 1))}
        for name, member in COLUMNS.items():
            if name in TIMES:
                columns[name] = yield from self._times(member, none_is_zero=name != "change_times")
            elif member.endswith(".u1"):
                columns[name] = yield from self._bytes(member)
            else:
                columns[name] = yield from self._array(member, "I" if member.endswith(".u4") else "d")
        for name in ("phases", "started_at", "seen_at", "ended_at", "amounts", "place_of"):
            if len(columns[name]) != count:
                raise ValueError(f"{COLUMNS[name]} has {len(columns[name]):,} values for {count:,} tasks")
        if not len(columns["change_tasks"]) == len(columns["change_phases"]) == len(columns["change_times"]):
            raise ValueError("the columns of the changes differ in length")
        for name, allowed in (("phases", _FINALS), ("change_phases", _CHANGES)):
            if columns[name].translate(None, allowed):
                raise ValueError(f"{COLUMNS[name]} has a state that does not exist there")
        if len(columns["bins"]) > (self._wall_s + SLACK_S) / BIN_S + 2:
            raise ValueError("the throughput is longer than the run")
        yield from check_below(columns["place_of"], len(columns["places"]), "place")
        yield from check_below(columns["change_tasks"], count, "task")
        yield from check_range(columns["amounts"], 0.0, BIGGEST, "amount")
        yield from check_range(columns["bins"], -BIGGEST, 2 * BIGGEST * count, "throughput")
        errors = dict((yield from self._lines(ERRORS, partial(task_text, "traceback", None), count)))
        result = partial(task_text, "result", MAX_TEXT_LENGTH)
        texts = dict((yield from self._lines(RESULTS, result, count))) if RESULTS in self._infos else {}
        yield
        recorder = Recorder.of_columns(0, self._started, columns, errors, texts)
        if any(not 0 <= index < count or columns["phases"][index] != Phase.FAILED for index in errors):
            raise ValueError("an error belongs to no failed task")
        if any(not 0 <= index < count or columns["phases"][index] != Phase.DONE for index in texts):
            raise ValueError("a result belongs to no task that was done")
        return recorder

    def _sharing(self, recorder: Recorder) -> Steps[Sharing]:
        """What tasks waited for, and what gauges showed."""
        found, count, phases = Sharing(), recorder.count, recorder.changes.phases
        found.reasons = yield from self._lines(REASONS, partial(reason, count), 2 * MAX_REASONS + 1)
        found.rows = yield from self._array(REASON_ROWS, "I")
        found.reason_of = yield from self._array(REASON_OF, "H")
        if len(found.rows) != len(found.reason_of):
            raise ValueError("the columns of the reasons differ in length")
        yield from check_below(found.rows, len(phases), "change")
        yield from check_below(found.reason_of, len(found.reasons), "reason")
        yield from self._check_order(found.rows, REASON_ROWS)
        if any(phases[row] != Phase.WAITING for row in found.rows):
            raise ValueError("a reason belongs to no wait")
        gauges = yield from self._lines(GAUGES, gauge, MAX_GAUGES)
        times = yield from self._times(GAUGE_TIMES)
        values = yield from self._array(GAUGE_VALUES, "d")
        if not len(times) == len(values) == sum(size for *_, size in gauges):
            raise ValueError("the columns of the gauges differ in length")
        yield from check_range(values, -BIGGEST, BIGGEST, "gauges")
        low = 0
        for name, kind, size in gauges:
            made = found.gauges[name] = Gauge(kind)
            made.times, made.values = times[low : low + size], values[low : low + size]
            yield from self._check_order(made.times, GAUGE_TIMES)
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
            self._stacks(item.get("calls", []), item.get("stacks", [])),
        )

    def _stacks(self, calls: Any, stacks: Any) -> tuple[Stack, ...]:
        known = [
            (plain_text(file, "a call"), whole(line, 0, 10**9, "a call"), plain_text(function, "a call"))
            for file, line, function in calls
        ]
        if len(stacks) > MAX_STACKS or any(len(numbers) > MAX_CALLS for *_, numbers in stacks):
            raise ValueError("a freeze has too many stacks, or one that is too deep")
        return tuple(
            Stack(
                tuple(known[whole(number, 0, len(known) - 1, "a call")] for number in numbers),
                whole(samples, 1, 10**9, "samples"),
                real(seconds, 0, self._wall_s + SLACK_S, "the time of a stack"),
            )
            for samples, seconds, numbers in stacks
        )

    def _main_thread(self) -> Steps[Marks]:
        found = Marks()
        found.edges = yield from self._times(MAIN_EDGES)
        found.times = yield from self._times(MAIN_TIMES)
        found.codes = yield from self._array(MAIN_CODES, "H")
        found.names = yield from self._lines(MAIN_NAMES, _main_name, MAX_NAMES)
        if found.names[: len(FIXED)] != list(FIXED):
            raise ValueError(f"{MAIN_NAMES} does not begin with the kinds that there are")
        if len(found.edges) % 2 or len(found.times) != len(found.codes):
            raise ValueError("the columns of the GUI thread differ in length")
        yield from self._check_order(found.edges, MAIN_EDGES)
        yield from self._check_order(found.times, MAIN_TIMES)
        yield from check_below(found.codes, len(found.names), "name of what the GUI thread did")
        return found

    def _moment(self, value: Any) -> float:
        return self._started + real(value, -SLACK_S, self._wall_s + SLACK_S, "the time of a freeze")

    # ---------------------------------------------------------------- members

    def _bytes(self, name: str) -> Steps[bytes]:
        """A whole member. zipfile inflates no more than the size that was checked, and looks at the check sum."""
        found = bytearray()
        with self._archive.open(self._infos[name]) as member:
            while piece := member.read(PIECE):
                found += piece
                yield
        if len(found) != self._infos[name].file_size:
            raise ValueError(f"{name} is cut short")
        return bytes(found)

    def _array(self, name: str, typecode: str) -> Steps[array[Any]]:
        values = array(typecode)
        values.frombytes((yield from self._bytes(name)))
        if sys.byteorder == "big":
            values.byteswap()
        return values

    def _times(self, name: str, none_is_zero: bool = False) -> Steps[array[float]]:
        """Times of the file as times of this process's clock; NaN, which stands for none, becomes 0.0."""
        values = yield from self._array(name, "d")
        start, low_s, high_s = self._started, -SLACK_S, self._wall_s + SLACK_S
        for low in range(0, len(values), VALUES_A_STEP):
            part = values[low : low + VALUES_A_STEP].tolist()
            known = [value for value in part if value == value] if none_is_zero else part
            if not all(map(math.isfinite, known)) or (
                known and not low_s <= min(known) <= max(known) <= high_s
            ):
                raise ValueError(f"{name} has a time outside of the run")
            values[low : low + VALUES_A_STEP] = array("d", [start + v if v == v else 0.0 for v in part])
            yield
        return values

    def _check_order(self, times: array[Any], name: str) -> Steps[None]:
        for low in range(0, len(times), VALUES_A_STEP):
            part = times[low : low + VALUES_A_STEP + 1]
            if not all(map(operator.le, part, part[1:])):
                raise ValueError(f"{name} is not in order")
            yield

    def _pairs(self, first: str, second: str) -> Steps[list[tuple[float, float]]]:
        """Two columns as pairs; the second one are times as well, or waits in ms."""
        firsts = yield from self._times(first)
        if second == WAITS:
            seconds = yield from self._array(second, "d")
            yield from check_range(seconds, 0.0, BIGGEST, "wait")
        else:
            seconds = yield from self._times(second)
        if len(firsts) != len(seconds):
            raise ValueError(f"{first} and {second} differ in length")
        return list(zip(firsts, seconds, strict=True))

    def _lines(self, name: str, check: Callable[[Any], Item], most: int) -> Steps[list[Item]]:
        """The items of a member with one on each line, `most` at the most."""
        found: list[Item] = []
        rest = b""
        with self._archive.open(self._infos[name]) as member:
            while piece := member.read(PIECE):
                lines, newline, rest = (rest + piece).rpartition(b"\n")
                if len(rest) > MAX_LINE:
                    raise ValueError(f"a line of {name} is too long")
                if newline:
                    text = lines.decode().replace("\n", ",")
                    found += map(check, json.loads(f"[{text}]", parse_constant=no_number))
                if len(found) > most:
                    raise ValueError(f"{name} has too many lines")
                yield
        if rest:
            raise ValueError(f"{name} is cut short")
        return found


def _list(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"the {what} are no list")
    return value


def _main_name(item: Any) -> tuple[int, str]:
    return whole(item["kind"], 0, len(MAIN_KINDS) - 1, "a kind"), plain_text(item["name"], "a name")
