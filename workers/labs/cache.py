"""Made once, says the code: a cache whose entries are made several times.

`if key not in cache: cache[key] = build(key)` is a check and an act. While one thread builds, the others do not find
the key, and build it too. That costs time, and worse: each may go on with an object of its own, of which only the last
one stays in the cache. A singleton that is made at its first use is the same with one key.

`setdefault` makes sure that all get the same object, but builds it first, and for nothing if it is there already.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from ..sync import Lock, sleep
from ..utils.formatting import none_or

if TYPE_CHECKING:
    from collections.abc import Generator

    from ..engine.run import Run
    from ..sync.waits import Waits

TITLE = "Cache"
ORDER = 30
UNIT = "look-ups"
RUNNER = "thread_per_task"
TASKS = 4
WORKERS = 4
SWITCH_MS = 0.5
SHARED = "make"
VERSIONS = {
    "broken": {
        "right": False,
        "shows": "Builds what it does not find: several build the same, and keep their own.",
    },
    "setdefault": {"right": True, "shows": "All get the same object, and most are built for nothing."},
    "fixed": {"right": True, "shows": "Holds a lock while it looks and builds: each is built once."},
}


def make(waits: Waits) -> SimpleNamespace:
    # To append to a list is one step: these may be shared without a lock.
    shared = SimpleNamespace(cache={}, built=[], used=[], lock=Lock())
    waits.watch("built", lambda: len(shared.built))
    waits.watch("strays", lambda: sum(shared.cache.get(key) is not value for key, value in shared.used))
    return shared


def build(key: int, shared: SimpleNamespace) -> list[int]:
    """What takes a while: a file is read, a connection opened."""
    sleep(0.001)
    shared.built.append(key)
    return [key]


def broken(shared: SimpleNamespace, *, keys: int = 50) -> Generator[int, None, None]:
    """Look each key up, and build what is not there.

    Args:
        keys: how many there are (1 to 2,000)
    """
    for key in range(keys):
        if key not in shared.cache:
            shared.cache[key] = value = build(key, shared)
        else:
            value = shared.cache[key]
        shared.used.append((key, value))
        yield 1


def setdefault(shared: SimpleNamespace, *, keys: int = 50) -> Generator[int, None, None]:
    """Build each, and take what is there already.

    Args:
        keys: how many there are (1 to 2,000)
    """
    for key in range(keys):
        value = shared.cache.setdefault(key, build(key, shared))
        shared.used.append((key, value))
        yield 1


def fixed(shared: SimpleNamespace, *, keys: int = 50) -> Generator[int, None, None]:
    """Look each key up, and build what is not there, holding the lock.

    Args:
        keys: how many there are (1 to 2,000)
    """
    for key in range(keys):
        with shared.lock:
            if key not in shared.cache:
                shared.cache[key] = build(key, shared)
            value = shared.cache[key]
        shared.used.append((key, value))
        yield 1


# ---------------------------------------------------------------- what is to be seen


def figures(run: Run) -> dict[str, float]:
    sharing = run.recorder.sharing
    built, strays = sharing.figure("built"), sharing.figure("strays")
    return {"keys": run.settings.param("keys"), "built": built, "strays": strays}


def builds_twice(broken: Run) -> tuple[bool, str]:
    keys, built, strays = figures(broken).values()
    return built > keys and strays > 0, (
        f"For {keys:,.0f} keys {built:,.0f} objects were built, and {strays:,.0f} times somebody went on with one that "
        "is not in the cache."
    )


def agrees(setdefault: Run) -> tuple[bool, str]:
    keys, built, strays = figures(setdefault).values()
    return built > keys and strays == 0, (
        f"With setdefault {none_or(strays)} of the objects in use is not in the cache, but {built:,.0f} were built for "
        f"{keys:,.0f} keys."
    )


def builds_once(fixed: Run) -> tuple[bool, str]:
    keys, built, strays = figures(fixed).values()
    return built == keys and strays == 0, f"With the lock {built:,.0f} objects were built for {keys:,.0f} keys."


CLAIMS = (builds_twice, agrees, builds_once)
