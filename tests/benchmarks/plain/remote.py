"""Does work outside of this interpreter as a plain script would: what the runners of far places are compared with.

    python -m tests.benchmarks.plain.remote --idiom process_pool --workload primes --tasks 64 --workers 2
    python -m tests.benchmarks.plain.remote --idiom other_python --workload primes --tasks 64 --workers 2 --python pypy3
    python -m tests.benchmarks.plain.remote --idiom process_pool --urls FILE --folder FOLDER --workers 16

The idioms have the runners' names. The time begins before the place is started and ends with the last result. Little is
imported here, for every process that is spawned imports it again.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import site
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.queues import SimpleQueue

ROOT = str(Path(__file__).parents[3])

IN_THREADS = """
import json, sys
sys.path.insert(0, sys.argv[1])
from concurrent.futures import ThreadPoolExecutor
from workers.engine.loading import load_workload
workload, workers, jobs = json.load(sys.stdin)
function = load_workload(workload).function
with ThreadPoolExecutor(workers) as pool:
    print(sum(pool.map(lambda arguments: sum(function(**arguments)), jobs)))
"""
"""What another Python is given to do; it may be 3.9."""


def work(workload: str, arguments: dict[str, Any]) -> float:
    """One task of a workload."""
    from workers.engine.loading import load_workload

    return float(sum(load_workload(workload).function(**arguments)))


def fetch(url: str, path: str) -> float:
    """One download."""
    from tests.benchmarks.plain.download import download

    download(url, Path(path))
    return 1.0


def in_pool(idiom: str, workers: int, columns: tuple[Any, ...]) -> tuple[float, float]:
    """All calls of a function, in processes or interpreters; returns the amount and how long it took, in seconds."""
    if idiom == "process_per_task":
        return in_processes(workers, columns)
    began = time.perf_counter()
    if idiom == "process_pool":
        pool: Any = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"))
    else:
        from concurrent.futures import InterpreterPoolExecutor  # type: ignore[attr-defined, unused-ignore]

        pool = InterpreterPoolExecutor(workers, initializer=site.addsitedir, initargs=(ROOT,))
    with pool:
        amount = sum(pool.map(*columns))
        return amount, time.perf_counter() - began


def answer(function: Callable[..., float], arguments: tuple[Any, ...], answers: SimpleQueue[float]) -> None:
    """What a process does that is started for one call."""
    answers.put(function(*arguments))


def in_processes(workers: int, columns: tuple[Any, ...]) -> tuple[float, float]:
    """All calls of a function, each in a process that is started for it, so many at once."""
    function, *given = columns
    context = multiprocessing.get_context("spawn")
    answers = context.SimpleQueue()
    running: list[Any] = []
    began, calls = time.perf_counter(), 0
    for arguments in zip(*given, strict=True):
        if len(running) == workers:
            ended = connection.wait([process.sentinel for process in running])
            running = [process for process in running if process.sentinel not in ended]
        running.append(context.Process(target=answer, args=(function, arguments, answers)))
        running[-1].start()
        calls += 1
    for process in running:
        process.join()
    return sum(answers.get() for _ in range(calls)), time.perf_counter() - began


def in_other_python(
    python: str, workers: int, workload: str, jobs: list[dict[str, Any]]
) -> tuple[float, float]:
    """The same in threads of another Python."""
    began = time.perf_counter()
    command = [python, "-I", "-B", "-c", IN_THREADS, ROOT]
    done = subprocess.run(
        command, input=json.dumps([workload, workers, jobs]), stdout=subprocess.PIPE, text=True, check=True
    )
    return float(done.stdout), time.perf_counter() - began


def main() -> int:
    """Do it; prints {"amount": ..., "seconds": ...}; the amount of downloads is their number."""
    parser = argparse.ArgumentParser(description="Do work outside of this interpreter as a plain script would.")
    add = parser.add_argument
    add(
        "--idiom",
        choices=("process_pool", "process_per_task", "interpreters", "other_python"),
        required=True,
        help="a runner's name",
    )
    add("--workers", type=int, required=True, help="how many at once")
    add("--workload", help="a workload's name; without one pictures are downloaded")
    add("--tasks", type=int, default=1, help="how many tasks")
    add("--param", action="append", default=[], help="a parameter of the workload")
    add("--python", default="", help="which other Python")
    add("--urls", type=Path, help="a file with an address in each line")
    add("--folder", type=Path, help="where the pictures go")
    options = parser.parse_args()
    if options.workload is None:
        if options.urls is None or options.folder is None:
            parser.error("downloads want --urls and --folder")
        urls = options.urls.read_text().split()
        paths = [str(options.folder / f"{number:06}.jpg") for number in range(len(urls))]
        amount, seconds = in_pool(options.idiom, options.workers, (fetch, urls, paths))
    else:
        from tests.benchmarks.plain.work import pair
        from workers.engine.plan import Plan, Settings

        params = tuple(pair(text) for text in options.param)
        plan = Plan(Settings.named("", options.workload, options.tasks, options.workers, params), str)
        jobs = [dict(plan.task(index, index).arguments) for index in range(plan.count)]
        if options.idiom == "other_python":
            amount, seconds = in_other_python(options.python, options.workers, options.workload, jobs)
        else:
            columns = (work, [options.workload] * len(jobs), jobs)
            amount, seconds = in_pool(options.idiom, options.workers, columns)
    print(json.dumps({"amount": amount, "seconds": seconds}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
