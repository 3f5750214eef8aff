"""`time` and `datetime` as a stepped run has them: they tell the order's own time, and `sleep` lets it pass."""

from __future__ import annotations

import datetime
import time
from typing import TYPE_CHECKING, Any, Protocol

from ... import sync
from .like import like
from .stepped import TURNS

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

CLOCKS = ("monotonic", "perf_counter", "process_time", "thread_time")
EPOCH = 1_700_000_000
"""It is November 2023 wherever a stepped run looks at the calendar."""

FURTHER = 40_000_000
"""By another rate of the clock it is another month, day, hour and minute, too."""


class Timed(Protocol):
    """What is told of clocks to a run of a file."""

    has_read_clock: bool
    rate: float
    at_import: float


def now(world: Timed) -> float:
    """The order's own time, in seconds; while a file is imported a little passes at each look."""
    world.has_read_clock = True
    mine = TURNS.mine
    if mine is not None:
        return mine.stepper.read_clock() * world.rate
    world.at_import += 1e-4
    return world.at_import * world.rate


def time_module(world: Timed) -> ModuleType:
    """`time`."""

    def moment() -> float:
        return EPOCH + FURTHER * (world.rate - 1) + now(world)

    def in_ns(read: Callable[[], float]) -> Callable[[], int]:
        return lambda: int(read() * 1e9)

    def of_moment(convert: Callable[..., Any]) -> Callable[..., Any]:
        return lambda secs=None: convert(moment() if secs is None else secs)

    def asctime(*t: Any) -> str:
        return time.asctime(*(t or (time.localtime(moment()),)))

    def strftime(format: str, *t: Any) -> str:
        return time.strftime(format, *(t or (time.localtime(moment()),)))

    clocks: dict[str, Any] = {**{name: lambda: now(world) for name in CLOCKS}, "time": moment}
    return like(
        time,
        **clocks,
        **{f"{name}_ns": in_ns(read) for name, read in clocks.items()},
        **{name: of_moment(getattr(time, name)) for name in ("localtime", "gmtime", "ctime")},
        asctime=asctime,
        strftime=strftime,
        sleep=sync.sleep,
    )


def datetime_module(world: Timed) -> ModuleType:
    """`datetime`."""

    def moment() -> float:
        return EPOCH + FURTHER * (world.rate - 1) + now(world)

    class Moment(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Moment:
            return cls.fromtimestamp(moment(), tz)

        @classmethod
        def today(cls) -> Moment:
            return cls.now()

        @classmethod
        def utcnow(cls) -> Moment:
            return cls.now(datetime.UTC).replace(tzinfo=None)

    class Day(datetime.date):
        @classmethod
        def today(cls) -> Day:
            return cls.fromtimestamp(moment())

    Moment.__name__, Day.__name__ = "datetime", "date"
    return like(datetime, datetime=Moment, date=Day)
