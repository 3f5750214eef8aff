"""SQLite queries: C code that releases the GIL, so that reads really run side by side; writes wait for each other.

All tasks share one file, which they fill at first. A write takes the one lock that the file has: with the
write-ahead log readers go on meanwhile, without it they wait as well. Who finds the file locked tries again until the
busy timeout is over; SQLite's own wait for that could not be cancelled, so it is a short one, repeated here.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sqlite3
import tempfile
import time
from typing import TYPE_CHECKING, Any

from ..utils.errors import ThawError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

TITLE = "Database (SQLite)"
ORDER = 36
UNIT = "queries"
TASKS = 16
GIL = "releases"
LABELS = {
    "queries": "Queries per task",
    "writes": "Writes (%)",
    "wal": "Write-ahead log",
    "busy_s": "Busy timeout (s)",
}

ROWS = 30_000
A_READ = 10_000
"""Rows that a read looks at: a few milliseconds, all of them in C."""

A_FILL = 3_000
"""Rows that are added in one step."""

A_WRITE = 2_000
"""Rows that a write changes, and keeps the lock meanwhile: some milliseconds as well."""

SLICE_S = 0.02
"""The longest wait for the lock between two chances to cancel, in seconds."""

RETRY_S = 0.002

SECONDS_A_QUERY = 0.003
"""Measured with Python 3.11 on two cores of a server; a write takes as long as the disk."""

READ = "SELECT count(*), sum(amount) FROM sales WHERE id BETWEEN ? AND ? AND place LIKE '%9%'"
WRITE = "UPDATE sales SET amount = amount + 1 WHERE id BETWEEN ? AND ?"
FILL = """
WITH RECURSIVE numbers(n) AS (SELECT ? UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)
INSERT INTO sales SELECT n, 'place ' || (n % 1000), n % 97 FROM numbers
"""

_folders: list[str] = []
"""Of this program's runs; `close` takes them away when a run has ended, however that was."""


class LockedTooLong(ThawError):
    """Others kept the database locked; the message is a sentence."""


class _Client:
    """One connection to the file.

    Attributes:
        waited: how long it waited for the lock so far, in seconds.
    """

    def __init__(self, file: str, busy_s: float) -> None:
        # No transaction is begun behind our back: where one begins is what this is about.
        self.connection = sqlite3.connect(file, timeout=SLICE_S, isolation_level=None)
        self._busy_s = busy_s
        self.waited = 0.0

    def patiently(self, query: Callable[..., int], *what: Any) -> Generator[int, None, int]:
        """Make a query, again and again while others have the lock.

        It is a whole transaction, so nobody holds the lock at a yield, where a task may be paused.
        """
        waited = 0.0
        while True:
            begun = time.perf_counter()
            try:
                return query(*what)
            except sqlite3.OperationalError as error:
                with contextlib.suppress(sqlite3.OperationalError):  # there is none
                    self.connection.execute("ROLLBACK")
                if "locked" not in str(error):
                    raise
                time.sleep(RETRY_S)  # some are refused at once
            took = time.perf_counter() - begun
            waited += took
            self.waited += took
            if waited > self._busy_s:
                raise LockedTooLong(f"The database was locked for more than {self._busy_s:g} s.")
            yield 0

    def log_ahead(self) -> int:
        """Have a write-ahead log. With it a commit need not wait for the disk, and the file stays whole."""
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = NORMAL")
        return 0

    def fill(self) -> int:
        """Add a few rows to the table while it is not full; returns how many are missing."""
        with self.writing() as execute:
            execute("CREATE TABLE IF NOT EXISTS sales (id INTEGER PRIMARY KEY, place TEXT, amount INTEGER)")
            full = execute("SELECT max(id) FROM sales").fetchone()[0] or 0
            if full < ROWS:
                execute(FILL, (full + 1, min(ROWS, full + A_FILL)))
        return max(0, ROWS - full - A_FILL)

    def read(self, first: int) -> int:
        return int(self.connection.execute(READ, (first, first + A_READ - 1)).fetchone()[0])

    def write(self, first: int) -> int:
        with self.writing() as execute:
            return execute(WRITE, (first, first + A_WRITE - 1)).rowcount

    @contextlib.contextmanager
    def writing(self) -> Generator[Callable[..., sqlite3.Cursor], None, None]:
        """A transaction that takes the lock at once: one that began as a reader could be refused it half way."""
        begun = time.perf_counter()
        self.connection.execute("BEGIN IMMEDIATE")
        self.waited += time.perf_counter() - begun
        yield self.connection.execute
        self.connection.execute("COMMIT")


def database(
    index: int,
    seed: int,
    file: str,
    *,
    queries: int = 60,
    writes: int = 10,
    wal: bool = True,
    busy_s: float = 5.0,
) -> Generator[int, None, str]:
    """Read from a database and write to it; the result says how much, and how long the task waited for the lock.

    Args:
        index: which task; each makes queries of its own.
        seed: the same seed makes the same queries.
        file: the database, which all tasks of the run share.
        queries: how many queries each task makes (1 to 100,000)
        writes: how many of 100 queries write (0 to 100)
        wal: keep changes in a write-ahead log first, so that nobody who reads waits for who writes
        busy_s: busy timeout: how long a query waits while the database is locked, in seconds (0 to 600)

    Yields:
        How many queries were made since the last yield.

    Raises:
        LockedTooLong: others had the lock for longer than `busy_s`.
    """
    if queries < 1:
        raise ValueError(f"Each task must make at least 1 query, not {queries:,}.")
    chance = random.Random(f"{seed} {index}")
    client = _Client(file, busy_s)
    with contextlib.closing(client.connection):
        if wal:
            yield from client.patiently(client.log_ahead)
        # All tasks fill it: no step is long, and nobody waits.
        while (yield from client.patiently(client.fill)):
            yield 0
        wrote = rows = 0
        for _ in range(queries):
            does_write = chance.randrange(100) < writes
            first = chance.randint(1, ROWS - max(A_READ, A_WRITE))
            rows += yield from client.patiently(client.write if does_write else client.read, first)
            wrote += does_write
            yield 1
    reads = queries - wrote
    return f"{reads:,} reads, {wrote:,} writes, {rows:,} rows, {client.waited * 1e3:,.0f} ms for the lock"


def plan(tasks: int) -> list[dict[str, Any]]:
    """Choose a file in a new temporary folder: the tasks make it, for that takes longer than a frame.

    Args:
        tasks: how many tasks share it.
    """
    from ..downloads.planning import temporary_folder  # not where the tasks run, which may be another Python

    close()  # of a run that could not begin
    _folders.append(tempfile.mkdtemp(prefix="database-", dir=temporary_folder()))
    return [{"file": os.path.join(_folders[-1], "sales.sqlite")}] * tasks


def close() -> None:
    """Take the folder away, when a run has ended."""
    while _folders:
        shutil.rmtree(_folders.pop(), ignore_errors=True)


def leave() -> None:
    """The same, for an end of the program that runs no exit handlers."""
    from ..downloads.planning import leave

    leave()


def seconds(*, queries: int = 60) -> float:
    """About how long one task takes on the GUI thread, in seconds."""
    return queries * SECONDS_A_QUERY
