"""The workloads of the contract tests in their async forms, named as `tests.contract.async_work:NAME`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from tests.contract.work import (
    cannot_begin,
    cleans_up,
    crowd,
    endless,
    fails_with_a_result,
    note,
    second_exits,
    silent_read,
    steps,
    stuck,
    third_fails,
)
from workers.engine.task import Result

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

UNIT = "steps"
__all__ = [
    "cannot_begin",
    "cleans_up",
    "crowd",
    "endless",
    "fails_with_a_result",
    "second_exits",
    "silent_read",
    "steps",
    "stuck",
    "third_fails",
]


async def steps_async(index: int, *, count: int = 3) -> AsyncGenerator[Any, None]:
    for _ in range(count):
        await asyncio.sleep(0)
        yield 1
    yield Result(index)


async def endless_async(index: int) -> AsyncGenerator[Any, None]:
    while True:
        await asyncio.sleep(0.001)
        yield 1


async def third_fails_async(index: int) -> AsyncGenerator[Any, None]:
    """Named in tracebacks as third_fails is, for its name begins so."""
    steps = third_fails(index)
    for amount in steps:
        await asyncio.sleep(0)
        yield amount


async def second_exits_async(index: int) -> AsyncGenerator[Any, None]:
    yield 1
    await asyncio.sleep(0)
    if index == 1:
        raise SystemExit(3)


async def cannot_begin_async(index: int, wrong: int) -> AsyncGenerator[Any, None]:
    yield 1


async def silent_read_async(index: int) -> AsyncGenerator[Any, None]:
    """Reads from a stream that never says anything."""
    reader = asyncio.StreamReader()
    yield 0
    await reader.read(1)
    yield 1


async def stuck_async(index: int, *, folder: str) -> AsyncGenerator[Any, None]:
    """Heeds no cancel before there is a file `release` in the folder, and lets nobody else in the loop."""
    yield 0
    for _ in stuck(index, folder=folder):
        pass
    yield 1


async def cleans_up_async(index: int, *, folder: str) -> AsyncGenerator[Any, None]:
    try:
        while True:
            await asyncio.sleep(0.001)
            yield 1
    finally:
        await asyncio.sleep(0.005)
        note(folder, str(index))


async def crowd_async(index: int, *, folder: str) -> AsyncGenerator[Any, None]:
    """Notes how many of its kind run at this moment."""
    steps = crowd(index, folder=folder)
    for amount in steps:
        await asyncio.sleep(0)
        yield amount


async def fails_with_a_result_async(index: int) -> AsyncGenerator[Any, None]:
    yield 1
    if index % 2:
        raise ValueError("this one has no result")
    yield Result(f"result {index}")
