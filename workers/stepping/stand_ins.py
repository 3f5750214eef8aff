"""What a person's file imports in a stepped run in the place of modules that block, tell the time, or draw lots.

`threading` and `queue` have what is of `workers.sync`, and the rest as ever. What the standard library has in Python on
top of them (`concurrent.futures`, PriorityQueue) is its own source, run on these.
"""

from __future__ import annotations

import concurrent
import functools
import importlib.util
import logging
import os
import queue
import random
import threading
import time
from concurrent import futures
from pathlib import Path
from types import CodeType, ModuleType
from typing import TYPE_CHECKING, Any, Protocol

from .. import sync
from .stepped import TURNS
from .threads import Thread, Timer, get_ident

if TYPE_CHECKING:
    from collections.abc import Callable


class World(Protocol):
    """What one run of a file sees: a `workers.stepping.world.World`."""

    modules: dict[str, ModuleType]
    has_read_clock: bool
    is_silent: bool

    def find(self, name: str) -> ModuleType:
        """The module of a name that has a stand-in."""

    def run_source(self, name: str) -> ModuleType:
        """A module of the standard library, run anew in there."""


THREADING = ("Lock", "RLock", "Semaphore", "BoundedSemaphore", "Event", "Condition", "Barrier")
CLOCKS = ("time", "monotonic", "perf_counter", "process_time", "thread_time")


def _like(module: ModuleType, **others: Any) -> ModuleType:
    """A module with other things in it than another one."""
    made = ModuleType(module.__name__, module.__doc__)
    made.__dict__.update({name: value for name, value in vars(module).items() if name != "__loader__"})
    made.__dict__.update(others)
    return made


def _threading(world: World) -> ModuleType:
    taken = {name: getattr(sync, name) for name in THREADING}
    found = _like(threading, **taken, Thread=Thread, Timer=Timer, get_ident=get_ident)
    found.__dict__["_register_atexit"] = lambda *told: None
    return found


def _queue(world: World) -> ModuleType:
    """Its other kinds are those of the standard library, on top of our locks."""
    own = world.run_source("queue")
    simple = getattr(own, "_PySimpleQueue", sync.Queue)
    return _like(own, Queue=sync.Queue, SimpleQueue=simple, Empty=queue.Empty, Full=queue.Full)


def _time(world: World) -> ModuleType:
    def read() -> float:
        world.has_read_clock = True
        mine = TURNS.mine
        return time.perf_counter() if mine is None else mine.stepper.read_clock()

    def read_ns() -> int:
        return int(read() * 1e9)

    clocks: dict[str, Any] = dict.fromkeys(CLOCKS, read)
    return _like(time, **clocks, **dict.fromkeys([f"{name}_ns" for name in CLOCKS], read_ns), sleep=sync.sleep)


def _random(world: World) -> ModuleType:
    """The same lots in each run."""
    lots = random.Random(1)
    names = [name for name in random.__all__ if callable(getattr(lots, name, None))]
    return _like(random, **{name: getattr(lots, name) for name in names})


def _futures_base(world: World) -> ModuleType:
    found = world.run_source("concurrent.futures._base")
    if world.is_silent:
        silent = found.__dict__["LOGGER"] = logging.Logger("silent")
        silent.addHandler(logging.NullHandler())
    return found


def _futures(world: World) -> ModuleType:
    """The pool of threads, on top of ours; `concurrent.futures` as a whole with that in it."""
    base = world.find("concurrent.futures._base")
    taken = {name: getattr(base, name) for name in futures.__all__ if hasattr(base, name)}
    found = world.modules["concurrent.futures"] = _like(futures, **taken, _base=base)
    found.__dict__["ThreadPoolExecutor"] = world.run_source("concurrent.futures.thread").ThreadPoolExecutor
    return found


def _os(world: World) -> ModuleType:
    """For the source of the standard library alone: what it does at a fork is done for the program already."""
    found = _like(os)
    vars(found).pop("register_at_fork", None)
    return found


STAND_INS: dict[str, Callable[[World], ModuleType]] = {
    "threading": _threading,
    "queue": _queue,
    "time": _time,
    "random": _random,
    "concurrent": lambda world: _like(concurrent, futures=world.find("concurrent.futures")),
    "concurrent.futures": _futures,
    "concurrent.futures._base": _futures_base,
}
FOR_SOURCE = {"os": _os}


@functools.cache
def compiled(module: str) -> CodeType:
    """A module of the standard library, compiled from its source."""
    found = importlib.util.find_spec(module)
    assert found is not None
    assert found.origin is not None
    return compile(Path(found.origin).read_text(encoding="utf-8"), found.origin, "exec", dont_inherit=True)
