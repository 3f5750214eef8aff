"""How fast a function is in threads and in processes, as a plain script has it: no Thaw, no window.

    python places.py FILE FUNCTION ARGUMENTS CALLS WORKERS PAIRS

ARGUMENTS is a literal, a dict. Both pools are started before, and take turns. Prints one JSON object: the calls a
second of each turn, by the kind of place.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import sys
import time
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any


def load(path: str, function: str) -> Any:
    sys.path.insert(0, str(Path(path).parent))
    spec = importlib.util.spec_from_file_location("measured", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["measured"] = module
    spec.loader.exec_module(module)
    return getattr(module, function)


loaded: Any = None


def begin(path: str, function: str) -> None:
    global loaded
    loaded = load(path, function)


def call(arguments: dict[str, Any]) -> None:
    loaded(**arguments)


def rate(pool: Executor, arguments: dict[str, Any], calls: int) -> float:
    """Calls a second; next to none where one fails, as of a function that is not thread-safe."""
    began = time.perf_counter()
    made = [pool.submit(call, arguments) for _ in range(calls)]
    failed = sum(future.exception() is not None for future in made)
    return 1e-9 if failed else calls / (time.perf_counter() - began)


def main() -> None:
    path, function, literal, *numbers = sys.argv[1:]
    calls, workers, pairs = map(int, numbers)
    arguments = ast.literal_eval(literal)
    begin(path, function)
    found: dict[str, list[float]] = {"threads": [], "processes": []}
    with (
        ThreadPoolExecutor(workers) as threads,
        ProcessPoolExecutor(workers, get_context("spawn"), begin, (path, function)) as processes,
    ):
        pools: dict[str, Executor] = {"threads": threads, "processes": processes}
        for pool in pools.values():
            rate(pool, arguments, 2 * workers)  # starts the workers, and imports what the function does
        for turn in range(pairs):
            for kind in sorted(pools, reverse=turn % 2 == 0):
                found[kind].append(rate(pools[kind], arguments, calls))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
