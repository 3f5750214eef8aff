"""What a person's file imports in a stepped run in the place of modules that block, tell the time, or draw lots.

`threading` and `queue` have what is of `workers.sync`, and the rest as ever. What the standard library has in Python on
top of them (`concurrent.futures`, PriorityQueue) is its own source, run on these.
"""

from __future__ import annotations

import _thread
import asyncio
import concurrent
import functools
import importlib.util
import logging
import os
import queue
import random
import re
import signal
import threading
from concurrent import futures
from pathlib import Path
from types import CodeType, CoroutineType, ModuleType
from typing import TYPE_CHECKING, Any, Protocol

from ... import sync
from .clocks import datetime_module, time_module
from .like import like
from .stepped import NotStepped
from .threads import Thread, Timer, active_count, alive, get_ident, main_thread, start_new_thread

if TYPE_CHECKING:
    from collections.abc import Callable


class World(Protocol):
    """What one run of a file sees: a `workers.stepping.world.World`."""

    modules: dict[str, ModuleType]
    has_read_clock: bool
    rate: float
    at_import: float
    is_silent: bool
    cannot: str
    source: str

    def find(self, name: str) -> ModuleType:
        """The module of a name that has a stand-in."""

    def run_source(self, name: str) -> ModuleType:
        """A module of the standard library, run anew in there."""


THREADING = ("Lock", "RLock", "Semaphore", "BoundedSemaphore", "Event", "Condition", "Barrier")
INSIDE = re.compile(
    r"\.(mutex|unfinished_tasks|not_empty|not_full|all_tasks_done|is_shutdown|queue\.(append|clear|copy|count|extend|index|insert|pop|remove)[a-z]*)\b"
    r"|ShutDown\b|\.queue[\[)]|in [\w.]+\.queue\b|\(([\w.]+\.)?Queue\):"
)
"""How a file looks that uses a queue's inside, or makes a kind of its own: it gets the standard library's."""


def _threading(world: World) -> ModuleType:
    taken: dict[str, Any] = {name: getattr(sync, name) for name in THREADING}
    taken |= {"Thread": Thread, "Timer": Timer, "get_ident": get_ident, "active_count": active_count}
    taken |= {"enumerate": alive, "main_thread": main_thread, "activeCount": active_count}
    found = like(threading, **taken)
    found.__dict__["_register_atexit"] = lambda *told: None
    return found


def _queue(world: World) -> ModuleType:
    """Its other kinds are those of the standard library, on top of our locks."""
    own = world.run_source("queue")
    simple = getattr(own, "_PySimpleQueue", sync.Queue)
    taken = {"SimpleQueue": simple, "Empty": queue.Empty, "Full": queue.Full}
    if not INSIDE.search(world.source):
        taken["Queue"] = sync.Queue  # whose waits are told in its own words
    return like(own, **taken)


def _random(world: World) -> ModuleType:
    """The same lots in each run."""
    lots = random.Random(1)
    names = [name for name in random.__all__ if callable(getattr(lots, name, None))]
    return like(random, **{name: getattr(lots, name) for name in names})


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
    found = world.modules["concurrent.futures"] = like(futures, **taken, _base=base)
    found.__dict__["ThreadPoolExecutor"] = world.run_source("concurrent.futures.thread").ThreadPoolExecutor
    return found


def refuse(world: World, why: str) -> Callable[..., Any]:
    """What stands in for a function that cannot be stepped: who calls it cannot be judged, for a reason, a sentence."""

    def called(*given: Any, **named: Any) -> Any:
        for one in given:
            if isinstance(one, CoroutineType):
                one.close()
        world.cannot = world.cannot or why
        raise NotStepped(why)

    return called


def _asyncio(world: World) -> ModuleType:
    if not world.is_silent:
        return asyncio
    why = "It runs an asyncio loop: all of that is in one thread, which is not stepped."
    return like(
        asyncio, **dict.fromkeys(("run", "Runner", "new_event_loop", "get_event_loop"), refuse(world, why))
    )


def _signal(world: World) -> ModuleType:
    """Signals are of the main thread, and none comes while orders are tried."""
    return like(signal, signal=lambda *given: signal.SIG_DFL) if world.is_silent else signal


def _thread_module(world: World) -> ModuleType:
    locks = dict.fromkeys(("allocate_lock", "allocate", "LockType"), sync.Lock)
    return like(_thread, **locks, RLock=sync.RLock, get_ident=get_ident, start_new_thread=start_new_thread)


def _os(world: World) -> ModuleType:
    """For the source of the standard library alone: what it does at a fork is done for the program already."""
    found = like(os)
    vars(found).pop("register_at_fork", None)
    return found


STAND_INS: dict[str, Callable[[World], ModuleType]] = {
    "_thread": _thread_module,
    "asyncio": _asyncio,
    "datetime": datetime_module,
    "queue": _queue,
    "random": _random,
    "signal": _signal,
    "threading": _threading,
    "time": time_module,
    "concurrent": lambda world: like(concurrent, futures=world.find("concurrent.futures")),
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
