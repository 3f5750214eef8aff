"""Processes share no memory; but they can talk.

What is handed to a process is pickled: it gets a copy, and what it does to that nobody else sees. So results have to
come back: by a Queue, which any number of processes may use, or by a Pipe between two.

Memory that is really shared there is as well. A Value is a number, with a lock: `value.value += 1` reads and writes,
as between threads, and loses what another process adds in between, unless one holds that lock. And shared_memory is a
block of bytes under a name, that nobody copies; somebody has to unlink it at the end.

Each program runs in a process of its own, which starts another one: so it needs a main guard. Without it the second
one would run the whole file anew, and start a third.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import time
from multiprocessing import shared_memory
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from ..sync import sleep
from ..utils.child import run_child
from ..utils.formatting import none_or

if TYPE_CHECKING:
    from collections.abc import Generator

    from ..engine.run import Run
    from ..sync.waits import Waits

TITLE = "Between processes"
ORDER = 170
UNIT = "programs"
RUNNER = "thread_per_task"
TASKS = 1
WORKERS = 1
SWITCH_MS = 0.5
SHARED = "make"
VERSIONS = {
    "copy": {"right": False, "shows": "Hands a list to a process, which fills its copy: ours stays empty."},
    "queue": {"right": True, "shows": "The process puts what it has found into a Queue."},
    "pipe": {"right": True, "shows": "The process sends what it has found through a Pipe."},
    "value": {"right": False, "shows": "Two processes add to one Value without its lock: much is lost."},
    "value_locked": {"right": True, "shows": "Two processes add to one Value, holding its lock."},
    "memory": {"right": True, "shows": "The process writes into memory that both have: nothing is copied."},
}
ITEMS = 1_000
ADDS = 50
BYTES = 8_000_000

# ---------------------------------------------------------------- what runs in the second process


def live_no_longer_than_parent() -> None:
    """End when the process that has started this one is gone, whatever ended it."""
    import os
    import threading

    def watch() -> None:
        parent = multiprocessing.parent_process()
        assert parent is not None
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def fill(found: list[int]) -> None:
    live_no_longer_than_parent()
    found.extend(range(ITEMS))


def put(queue: Any) -> None:
    live_no_longer_than_parent()
    for item in range(ITEMS):
        queue.put(item)
    queue.put((time.time(), bytes(BYTES)))


def send(end: Any) -> None:
    live_no_longer_than_parent()
    for item in range(ITEMS):
        end.send(item)
    end.send((time.time(), bytes(BYTES)))


def add(value: Any, start: Any) -> None:
    live_no_longer_than_parent()
    start.wait()
    for _ in range(ADDS):
        seen = value.value
        time.sleep(0.001)
        value.value = seen + 1


def add_locked(value: Any, start: Any) -> None:
    live_no_longer_than_parent()
    start.wait()
    for _ in range(ADDS):
        with value.get_lock():
            seen = value.value
            time.sleep(0.001)
            value.value = seen + 1


def write(name: str, end: Any) -> None:
    live_no_longer_than_parent()
    block = shared_memory.SharedMemory(name)
    assert block.buf is not None
    began = time.time()
    block.buf[:BYTES] = bytes([1]) * BYTES
    end.send(began)
    block.close()


# ---------------------------------------------------------------- and in the first one


def copy_program(context: Any) -> dict[str, float]:
    found: list[int] = []
    process = context.Process(target=fill, args=(found,))
    process.start()
    process.join()
    return {"items": len(found)}


def queue_program(context: Any) -> dict[str, float]:
    queue = context.Queue()
    process = context.Process(target=put, args=(queue,))
    process.start()
    items = [queue.get()]
    began = time.perf_counter()
    items += [queue.get() for _ in range(ITEMS - 1)]
    each_us = (time.perf_counter() - began) / len(items) * 1e6
    sent, _ = queue.get()
    took_ms = (time.time() - sent) * 1e3
    process.join()  # after all was taken: it waits until the queue has let go of everything
    return {"items": len(items), "each (µs)": each_us, "block (ms)": took_ms}


def pipe_program(context: Any) -> dict[str, float]:
    ours, theirs = context.Pipe()
    process = context.Process(target=send, args=(theirs,))
    process.start()
    items = [ours.recv()]
    began = time.perf_counter()
    items += [ours.recv() for _ in range(ITEMS - 1)]
    each_us = (time.perf_counter() - began) / len(items) * 1e6
    sent, _ = ours.recv()
    took_ms = (time.time() - sent) * 1e3
    process.join()
    return {"items": len(items), "each (µs)": each_us, "block (ms)": took_ms}


def value_program(context: Any, target: Any = add) -> dict[str, float]:
    value, start = context.Value("i", 0), context.Barrier(2)
    processes = [context.Process(target=target, args=(value, start)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return {"items": value.value}


def value_locked_program(context: Any) -> dict[str, float]:
    return value_program(context, add_locked)


def memory_program(context: Any) -> dict[str, float]:
    block = shared_memory.SharedMemory(create=True, size=BYTES)
    assert block.buf is not None
    try:
        ours, theirs = context.Pipe()
        process = context.Process(target=write, args=(block.name, theirs))
        process.start()
        began = ours.recv()
        took_ms = (time.time() - began) * 1e3
        process.join()
        return {"items": bytes(block.buf[:BYTES]).count(1), "block (ms)": took_ms}
    finally:
        block.close()
        block.unlink()


def main() -> None:
    program = globals()[f"{sys.argv[1]}_program"]
    sys.stdout.write(json.dumps(program(multiprocessing.get_context("spawn"))))


# ---------------------------------------------------------------- the versions


def make(waits: Waits) -> SimpleNamespace:
    shared = SimpleNamespace(answer={})
    waits.watch("items", lambda: shared.answer.get("items", 0))
    waits.watch("each (µs)", lambda: shared.answer.get("each (µs)", 0.0))
    waits.watch("block (ms)", lambda: shared.answer.get("block (ms)", 0.0))
    return shared


def copy(shared: SimpleNamespace) -> Generator[int, None, str]:
    """Have a process fill a list."""
    return (yield from run_program("copy", shared))


def queue(shared: SimpleNamespace) -> Generator[int, None, str]:
    """Get items from a process by a Queue."""
    return (yield from run_program("queue", shared))


def pipe(shared: SimpleNamespace) -> Generator[int, None, str]:
    """Get items from a process by a Pipe."""
    return (yield from run_program("pipe", shared))


def value(shared: SimpleNamespace) -> Generator[int, None, str]:
    """Have two processes add to one number."""
    return (yield from run_program("value", shared))


def value_locked(shared: SimpleNamespace) -> Generator[int, None, str]:
    """Have two processes add to one number, holding its lock."""
    return (yield from run_program("value_locked", shared))


def memory(shared: SimpleNamespace) -> Generator[int, None, str]:
    """Have a process write into memory that is shared."""
    return (yield from run_program("memory", shared))


def run_program(name: str, shared: SimpleNamespace) -> Generator[int, None, str]:
    """Run one of the programs in a process of its own, which starts another one."""
    ended = run_child([sys.executable, "-m", "workers.labs.sharing", name], sleep)
    if ended.returncode:
        raise RuntimeError(ended.stderr)
    shared.answer = json.loads(ended.stdout)
    yield 1
    return ended.stdout.strip()


def check(shared: SimpleNamespace) -> None:
    """What must hold in any order: all items have come, all additions count, and all bytes are there."""
    assert shared.answer["items"] in {ITEMS, 2 * ADDS, BYTES}


# ---------------------------------------------------------------- what is to be seen


def figures(run: Run) -> dict[str, float]:
    return {name: run.recorder.sharing.figure(name) for name in ("items", "each (µs)", "block (ms)")}


def is_a_copy(copy: Run) -> tuple[bool, str]:
    items = figures(copy)["items"]
    is_so = not items and copy.recorder.done == 1
    return is_so, f"The process put {ITEMS:,} items into its list, and in ours there are {none_or(items)}."


def comes_by_queue(queue: Run) -> tuple[bool, str]:
    items, each, block = figures(queue).values()
    return (
        items == ITEMS,
        f"By a Queue {items:,.0f} of {ITEMS:,} items came, each in {each:,.0f} µs, and 8 MB in {block:,.0f} ms.",
    )


def comes_by_pipe(pipe: Run) -> tuple[bool, str]:
    items, each, block = figures(pipe).values()
    return (
        items == ITEMS,
        f"By a Pipe {items:,.0f} of {ITEMS:,} items came, each in {each:,.0f} µs, and 8 MB in {block:,.0f} ms.",
    )


def is_lost(value: Run) -> tuple[bool, str]:
    found = figures(value)["items"]
    return 0 < found < 2 * ADDS, f"Without the lock the value is {found:,.0f} after {2 * ADDS:,} additions."


def keeps_all(value_locked: Run) -> tuple[bool, str]:
    found = figures(value_locked)["items"]
    return found == 2 * ADDS, f"With the lock the value is {found:,.0f} after {2 * ADDS:,} additions."


def is_the_same(memory: Run) -> tuple[bool, str]:
    found, _, block = figures(memory).values()
    return (
        found == BYTES,
        f"In shared memory {found:,.0f} of {BYTES:,} bytes are as the other process wrote them, in {block:,.0f} ms.",
    )


CLAIMS = (is_a_copy, comes_by_queue, comes_by_pipe, is_lost, keeps_all, is_the_same)

if __name__ == "__main__":
    main()
