"""Does work in each idiom as a plain script would, with no events, cancel or pause: what the runners are compared with.

    python -m tests.benchmarks.plain.idioms --idiom thread_per_task --workload primes --tasks 32 --workers 4
    python -m tests.benchmarks.plain.idioms --idiom asyncio_loop --urls FILE --folder FOLDER --workers 64

The idioms have the runners' names.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import sys
import threading
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from tests.benchmarks.plain.download import BOX, download
from tests.benchmarks.plain.work import pair
from workers.engine.loading import load_workload
from workers.engine.plan import Plan, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Job = Callable[[], Iterator[float]]

SLICE_S = 0.005


def run(job: Job) -> float:
    """One job, to its end."""
    return sum(job())


def gui_thread(jobs: Sequence[Job], workers: int) -> float:
    """One job after the other."""
    return sum(map(run, jobs))


def thread_pool(jobs: Sequence[Job], workers: int) -> float:
    """A ThreadPoolExecutor."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(workers) as pool:
        return sum(pool.map(run, jobs))


def qthread(jobs: Sequence[Job], workers: int) -> float:
    """Worker objects in QThreads, which take the next job each; their results come by a signal."""
    from PySide6.QtCore import QCoreApplication, QObject, Qt, QThread, Signal, Slot

    app = QCoreApplication([])
    waiting = iter(jobs)
    lock = threading.Lock()

    class Worker(QObject):
        done = Signal(float)
        ended = Signal()

        @Slot()
        def work(self) -> None:
            while True:
                with lock:
                    job = next(waiting, None)
                if job is None:
                    self.ended.emit()
                    return
                self.done.emit(run(job))

    class Main(QObject):
        total, left = 0.0, workers

        @Slot(float)
        def add(self, amount: float) -> None:
            self.total += amount

        @Slot()
        def end(self) -> None:
            self.left -= 1
            if not self.left:
                app.quit()

    main, threads, objects = Main(), [QThread() for _ in range(workers)], []
    for thread in threads:
        worker = Worker()
        worker.moveToThread(thread)
        worker.done.connect(main.add, Qt.ConnectionType.QueuedConnection)
        worker.ended.connect(main.end, Qt.ConnectionType.QueuedConnection)
        thread.started.connect(worker.work)
        objects.append(worker)
        thread.start()
    app.exec()
    for thread in threads:
        thread.quit()
        thread.wait()
    return main.total


def thread_per_task(jobs: Sequence[Job], workers: int) -> float:
    """A thread for each job, as many at once as there are workers."""
    free = threading.Semaphore(workers)
    amounts: list[float] = []

    def work(job: Job) -> None:
        amounts.append(run(job))
        free.release()

    threads = []
    for job in jobs:
        free.acquire()
        thread = threading.Thread(target=work, args=(job,))
        thread.start()
        threads.append(thread)
    for thread in threads:
        thread.join()
    return sum(amounts)


def q_thread_pool(jobs: Sequence[Job], workers: int) -> float:
    """A QRunnable for each job."""
    from PySide6.QtCore import QRunnable, QThreadPool

    amounts: list[float] = []

    class Runnable(QRunnable):
        def __init__(self, job: Job) -> None:
            super().__init__()
            self.setAutoDelete(False)
            self._job = job

        def run(self) -> None:
            amounts.append(run(self._job))

    pool = QThreadPool()
    pool.setMaxThreadCount(workers)
    runnables = [Runnable(job) for job in jobs]
    for runnable in runnables:
        pool.start(runnable)
    pool.waitForDone()
    return sum(amounts)


def cooperative(jobs: Sequence[Job], workers: int) -> float:
    """Slices of 5 ms of up to `workers` jobs in turn, by a timer of 0 ms."""
    from PySide6.QtCore import QCoreApplication, QTimer

    app = QCoreApplication([])
    waiting = list(reversed(jobs))
    begun: deque[Iterator[float]] = deque()
    total = 0.0

    def work() -> None:
        nonlocal total
        ends = time.perf_counter() + SLICE_S
        while time.perf_counter() < ends:
            while waiting and len(begun) < workers:
                begun.append(waiting.pop()())
            if not begun:
                app.quit()
                return
            steps = begun.popleft()
            amount = next(steps, None)
            if amount is not None:
                total += amount
                begun.append(steps)

    timer = QTimer()
    timer.timeout.connect(work)
    timer.start(0)
    app.exec()
    return total


def process_events(jobs: Sequence[Job], workers: int) -> float:
    """One job after the other, and processEvents after each step."""
    from PySide6.QtCore import QCoreApplication

    QCoreApplication([])
    total = 0.0
    for job in jobs:
        for amount in job():
            total += amount
            QCoreApplication.processEvents()
    return total


def asyncio_loop(jobs: Sequence[Job], workers: int) -> float:
    """Each job in a thread, awaited by an event loop."""
    from concurrent.futures import ThreadPoolExecutor

    async def main(pool: ThreadPoolExecutor) -> float:
        loop = asyncio.get_running_loop()
        return sum(await asyncio.gather(*(loop.run_in_executor(pool, run, job) for job in jobs)))

    with ThreadPoolExecutor(workers) as pool:
        return asyncio.run(main(pool))


def save(content: bytes, path: Path) -> None:
    """Write a picture to a file and make its thumbnail."""
    path.write_bytes(content)
    with Image.open(io.BytesIO(content)) as picture:
        picture.draft("RGB", BOX)
        picture.thumbnail(BOX)
        picture.convert("RGB")


def asyncio_downloads(pairs: Sequence[tuple[str, Path]], workers: int) -> int:
    """Downloads with aiohttp, `workers` at once; files and thumbnails in threads."""
    import aiohttp

    async def main() -> int:
        places = asyncio.Semaphore(workers)

        async def fetch(url: str, path: Path) -> None:
            async with places, session.get(url) as answer:
                answer.raise_for_status()
                await asyncio.to_thread(save, await answer.read(), path)

        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            await asyncio.gather(*(fetch(url, path) for url, path in pairs))
        return len(pairs)

    return asyncio.run(main())


def qt_downloads(pairs: Sequence[tuple[str, Path]], workers: int) -> int:
    """Downloads with QNetworkAccessManager, `workers` at once; files and thumbnails in the slot."""
    from PySide6.QtCore import QCoreApplication, QUrl
    from PySide6.QtNetwork import QHttp1Configuration, QNetworkAccessManager, QNetworkReply, QNetworkRequest

    app = QCoreApplication([])
    manager = QNetworkAccessManager()
    http = QHttp1Configuration()
    http.setNumberOfConnectionsPerHost(workers)
    waiting = list(reversed(pairs))
    going: dict[QNetworkReply, Path] = {}
    done = 0

    def begin() -> None:
        while waiting and len(going) < workers:
            url, path = waiting.pop()
            request = QNetworkRequest(QUrl(url))
            request.setHttp1Configuration(http)
            going[manager.get(request)] = path

    def finished(reply: QNetworkReply) -> None:
        nonlocal done
        save(bytes(reply.readAll().data()), going.pop(reply))
        reply.deleteLater()
        done += 1
        begin()
        if not going:
            app.quit()

    manager.finished.connect(finished)
    begin()
    app.exec()
    return done


NEAR = (gui_thread, thread_pool, qthread, thread_per_task, q_thread_pool, cooperative, process_events)
IDIOMS = {function.__name__: function for function in NEAR}
IDIOMS["asyncio_loop"] = asyncio_loop
DOWNLOADS = {"asyncio_loop": asyncio_downloads, "qt_network": qt_downloads}


def download_job(url: str, path: Path) -> Job:
    """A download as one step."""

    def steps() -> Iterator[float]:
        download(url, path)
        yield 1

    return steps


def work_jobs(options: argparse.Namespace) -> list[Job]:
    """The tasks of a workload, as bare generators."""
    plan = Plan(Settings.named("", options.workload, options.tasks, options.workers, tuple(options.param)), str)
    function: Callable[..., Any] = load_workload(options.workload).function

    def job(index: int) -> Job:
        return lambda: function(**dict(plan.task(index, index).arguments))

    return [job(index) for index in range(plan.count)]


def main() -> int:
    """Do it; prints {"amount": ..., "seconds": ..., "cpu_s": ...}; the amount of downloads is their number."""
    parser = argparse.ArgumentParser(description="Do work in an idiom as a plain script would.")
    add = parser.add_argument
    add("--idiom", choices=sorted(IDIOMS.keys() | DOWNLOADS.keys()), required=True, help="a runner's name")
    add("--workers", type=int, required=True, help="how many at once")
    add("--workload", help="a workload's name; without one pictures are downloaded")
    add("--tasks", type=int, default=1, help="how many tasks")
    add("--param", type=pair, action="append", default=[], help="a parameter of the workload")
    add("--urls", type=Path, help="a file with an address in each line")
    add("--folder", type=Path, help="where the pictures go")
    options = parser.parse_args()
    if options.workload is None:
        if options.urls is None or options.folder is None:
            parser.error("downloads want --urls and --folder")
        pairs = [
            (url, options.folder / f"{number:06}.jpg")
            for number, url in enumerate(options.urls.read_text().split())
        ]
        jobs = [download_job(*one) for one in pairs]
    elif options.idiom in IDIOMS:
        pairs, jobs = [], work_jobs(options)
    else:
        parser.error(f"{options.idiom} only downloads")
    began, spent = time.perf_counter(), time.process_time()
    if pairs and options.idiom in DOWNLOADS:
        amount: float = DOWNLOADS[options.idiom](pairs, options.workers)
    else:
        amount = IDIOMS[options.idiom](jobs, options.workers)
    seconds, cpu_s = time.perf_counter() - began, time.process_time() - spent
    print(json.dumps({"amount": amount, "seconds": seconds, "cpu_s": cpu_s}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
