"""A person's own file, for the contract tests: it knows nothing of Thaw. It runs on Python 3.9."""

import asyncio
import threading
import time
from pathlib import Path

from beside import Thing  # type: ignore[import-not-found]

if __name__ == "__main__":
    raise SystemExit("this is for who runs the file")


class Own:
    """Is written in the file itself."""

    def __repr__(self) -> str:
        return "an Own"


def work(index: int, folder: Path, times: int = 2):  # type: ignore[no-untyped-def]
    """Do another thing in each call.

    Args:
        index: which call it is
        folder: where it looks for something
        times: how often
    """
    if index == 0:
        return [isinstance(folder, Path), folder.is_dir(), times, __name__ != "__main__"]
    if index == 1:
        return {"a": 1}["b"] + index
    if index == 2:
        return threading.Lock()
    if index == 3:
        return (None for _ in range(times))
    if index == 4:
        return Thing(times)
    if index == 5:
        return Own()
    return None


def steps(count: int = 3):  # type: ignore[no-untyped-def]
    """Yields what counts in several ways."""
    yield None
    for _ in range(count):
        yield 2.5
    yield "a word"
    return "all of them"


def naps(seconds: float = 0.01) -> None:
    time.sleep(seconds)


async def waits(index: int, seconds: float = 0.01) -> int:
    await asyncio.sleep(seconds)
    if index == 1:
        raise LookupError("the second one fails")
    return index


async def ticks(count: int = 3):  # type: ignore[no-untyped-def]
    for _ in range(count):
        await asyncio.sleep(0)
        yield


def double(number=2):  # type: ignore[no-untyped-def]
    return 2 * number


triple = lambda number=3: 3 * number  # noqa: E731
