"""Kills a program that works on a queue of downloads, again and again, and looks at what is there in the end."""

from __future__ import annotations

import hashlib
import random
import signal
import time
from typing import TYPE_CHECKING, NamedTuple
from urllib.request import ProxyHandler, build_opener

import psutil

from tests.support.program import LOOK_S, PAUSE, Program, clean_environment, wait_until
from workers.downloads.queue import DownloadQueue

if TYPE_CHECKING:
    from pathlib import Path

MAX_S = 0.25
"""It is killed within so many seconds after it has begun to download ..."""

START_UP = 0.15
"""... but so many of the lives end while it starts, ..."""

START_S = 0.5
"""... within so many seconds."""

PATIENCE_S = 60.0


class Life(NamedTuple):
    """One life of the program: where it ran, and how many items were done when it was killed."""

    runner: str
    done: int


class Killer:
    """A queue of downloads, and a program that is killed in the middle of it."""

    def __init__(self, home: Path, base: str, count: int, seed: int) -> None:
        """Fill a queue.

        Args:
            home: an empty folder.
            base: the image server's address.
            count: how many pictures.
            seed: decides when the program is killed, as far as a machine does the same twice.
        """
        self.urls = [f"{base}/pictures/{number}" for number in range(count)]
        self.folder = home / "pictures"
        self.chance = random.Random(seed)
        self._home = home
        self.queue = DownloadQueue(home / "queue.sqlite")
        self.queue.add(self.urls, str(self.folder))

    def program(self, runner: str) -> Program:
        """Start the program."""
        arguments = ["--headless", "--runner", runner, "--workload", "download", "--workers", "4"]
        return Program([*arguments, "--param", f"queue={self.queue.path}"], clean_environment(self._home))

    def live_and_die(self, runner: str, most: int, least: int = 0) -> Life:
        """Let the program live for a while, or until it has done `most` more items, at least `least`; and kill it."""
        before, started = self.queue.counts().done, time.time()

        def has_begun() -> bool:
            assert psutil.Process(program.pid).status() != psutil.STATUS_ZOMBIE, program.said()
            return self.queue.counts().done > before or any(_touched(path) > started for path in self._parts())

        with self.program(runner) as program:
            if self.chance.random() < START_UP:
                PAUSE.wait(self.chance.uniform(0.0, START_S))
            else:
                wait_until(has_begun, "the first download", PATIENCE_S)
                ends = time.monotonic() + self.chance.uniform(0.0, MAX_S)
                while (done := self.queue.counts().done - before) < most and (
                    done < least or time.monotonic() < ends
                ):
                    PAUSE.wait(LOOK_S)
            program.children()
            program.signal(signal.SIGKILL)
            program.wait()
            # Its own processes see its end, and leave without help: the next program need not wait for them.
            wait_until(lambda: not program.living_children(), "the end of its processes", PATIENCE_S)
        return Life(runner, self.queue.counts().done)

    def _parts(self) -> list[Path]:
        return list(self.folder.glob("*.part")) if self.folder.is_dir() else []

    def finish(self, runner: str) -> None:
        """Let the program come to the end of the queue."""
        with self.program(runner) as program:
            ended = program.wait(PATIENCE_S * 5)
        assert ended.code == 0, ended
        assert ended.err == ""

    def check(self) -> None:
        """Each picture is there once and whole, and there is nothing else."""
        items = self.queue.items()
        assert [(item.url, item.state) for item in items] == [(url, "done") for url in self.urls]
        names = [item.name for item in items]
        assert sorted(names) == sorted(path.name for path in self.folder.iterdir())
        assert len(set(names)) == len(names)
        fetch = build_opener(ProxyHandler({})).open
        for item in items:
            with fetch(item.url) as answer:
                expected = hashlib.sha256(answer.read()).hexdigest()
            assert hashlib.sha256((self.folder / item.name).read_bytes()).hexdigest() == expected, item
            assert item.sha256 == expected
            assert item.size == (self.folder / item.name).stat().st_size


def _touched(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0  # it has its final name by now
