"""The SQLite file of a queue of downloads: opened, checked, read and written. Any thread of any process may use it.

Why it survives: each change is one transaction in SQLite's write-ahead log, with `synchronous = NORMAL`. A program that
is killed loses nothing that was committed, for the kernel has it. Power that fails may take the last moments before it
(the file stays whole): then a file may be downloaded once more, under a numbered name. Waiting for the disk at each
change (`FULL`) would close that gap and cost two waits for each picture, which is the larger loss. The log wants a
local disk: on a network drive SQLite falls back to its slower journal, or says that it cannot.

The thread that asks has a connection of its own, opened when it first asks and closed when the thread ends, or by
`close`. Runs on Python 3.9.
"""

from __future__ import annotations

import errno
import os
import secrets
import sqlite3
import stat
import threading
import weakref
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from ..utils.errors import ThawError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

APPLICATION = 0x54686177
"""SQLite's application_id of such a file: "Thaw"."""

VERSION = 1
"""SQLite's user_version of such a file. A newer one is refused."""

OURS = 0o600
"""The rights of the file: it may have passwords and signed addresses in it."""

BUSY_S = 20.0
"""How long to wait for another process that is writing. A change takes well under a millisecond."""

SCHEMA = (
    # One row. revision: goes up with each change. removed: the revision at which items were last removed.
    "CREATE TABLE queue (token TEXT NOT NULL, revision INTEGER NOT NULL, removed INTEGER NOT NULL)",
    # AUTOINCREMENT: a number is never given twice, so whoever still works on a removed item harms no other.
    """CREATE TABLE items (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        url TEXT NOT NULL,
        folder TEXT NOT NULL,
        asked_name TEXT NOT NULL,
        asked_sha256 TEXT NOT NULL,
        name TEXT NOT NULL DEFAULT '',
        state TEXT NOT NULL DEFAULT 'waiting',
        why TEXT NOT NULL DEFAULT '',
        size INTEGER NOT NULL DEFAULT 0,
        sha256 TEXT NOT NULL DEFAULT '',
        tried INTEGER NOT NULL DEFAULT 0,
        validator TEXT NOT NULL DEFAULT '',
        revision INTEGER NOT NULL
    )""",
    "CREATE INDEX by_revision ON items (revision)",
    # Every folder that may have part files of ours in it.
    "CREATE TABLE folders (folder TEXT PRIMARY KEY NOT NULL)",
)


_CLOSED = "The queue {path} cannot be opened ({why}): choose a file in a folder that you can write to."
_FOREIGN = "{path} is no queue of downloads: choose another file. This one was left as it is."
_DAMAGED = (
    "The queue {path} is damaged. It was left as it is: rename it, with the files -wal and -shm beside it if "
    "there are any, and Thaw begins a new one. What was downloaded is not touched."
)
_READ_ONLY = "The queue {path} cannot be written: choose a file in a folder that you can write to."
# What a message of SQLite's has in it; what is told then. The first that fits counts.
_SIGNS = (
    ("malformed", _DAMAGED),
    ("no such table", _DAMAGED),
    ("no such column", _DAMAGED),
    ("not a database", _FOREIGN),
    ("full", "The queue {path} cannot be written: the disk is full. Make room, then start again."),
    ("readonly", _READ_ONLY),
    ("read-only", _READ_ONLY),
    ("locked", "The queue {path} is kept busy by another program: end that one, or choose another file."),
)


class QueueProblem(ThawError, ValueError):
    """The queue cannot be used; with a sentence for people that says what to do."""


class QueueTaken(QueueProblem):
    """Another program downloads what is in the queue."""


def one(sqlite: sqlite3.Connection, statement: str, *values: Any) -> Any:
    """The one value that a statement finds; None where it finds none."""
    # All of them: PyPy keeps a statement busy that was not read to its end.
    rows = sqlite.execute(statement, values).fetchall()
    return rows[0][0] if rows else None


class _Connection:
    """One thread's connection; it is closed when the thread lets go of it, at its end."""

    def __init__(self, path: str) -> None:
        # Another thread may close it, in `QueueFile.close`, and nothing else.
        self.sqlite = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        self.is_open = True
        self.sqlite.execute("PRAGMA synchronous = NORMAL")

    def close(self) -> None:
        self.is_open = False
        with suppress(sqlite3.Error):
            self.sqlite.close()

    def __del__(self) -> None:
        if hasattr(self, "sqlite"):
            self.close()


class QueueFile:
    """A queue's file, and the connections to it.

    Attributes:
        path: the file, as an absolute path.
        token: this queue's own part of the names of its part files.
    """

    def __init__(self, path: Path | str) -> None:
        """Open it; where there is none, or an empty one, it is made.

        Raises:
            QueueProblem: it cannot be made or read, or is no queue. It is left as it was.
        """
        self.path = os.path.abspath(path)
        self._mine = threading.local()
        self._guard = threading.Lock()
        self._all: weakref.WeakSet[_Connection] = weakref.WeakSet()
        # SQLite lets one write at a time, and whoever waits for another sleeps for milliseconds between looks. So the
        # threads of one process wait for each other here instead, where each is woken at once.
        self._writing = threading.Lock()
        self._look_at_file()
        try:
            with self._words():
                self._open()
            self._keep_to_us()
            with self.read() as rows:
                self.token = str(one(rows, "SELECT token FROM queue"))
        except BaseException:
            self.close()
            raise

    def _look_at_file(self) -> None:
        """Refuse what cannot be a queue by its kind alone.

        It is not opened for that: when a process closes a file, POSIX takes away all locks that it holds there, also
        those of its other connections. Another process that closes the queue then takes itself for the last one, and
        removes the log that this one goes on writing to.
        """
        try:
            os.makedirs(os.path.dirname(self.path), exist_ok=True)
            kind = os.stat(self.path).st_mode
        except FileNotFoundError:
            with suppress(OSError):  # SQLite says it, and takes the rights of this one for its log
                os.close(os.open(self.path, os.O_CREAT | os.O_EXCL, OURS))
            return
        except OSError as error:
            raise QueueProblem(_CLOSED.format(path=self.path, why=error.strerror or error)) from error
        if not stat.S_ISREG(kind):
            raise QueueProblem(_CLOSED.format(path=self.path, why="it is no file"))
        if not os.access(self.path, os.R_OK):
            raise QueueProblem(_CLOSED.format(path=self.path, why=os.strerror(errno.EACCES)))

    def _keep_to_us(self) -> None:
        """Let nobody else read addresses that may be signed, also where an older version has made the file."""
        for path in (self.path, f"{self.path}-wal", f"{self.path}-shm"):
            with suppress(OSError):  # there is none, or it is another person's
                os.chmod(path, stat.S_IMODE(os.stat(path).st_mode) & OURS)

    def _open(self) -> None:
        sqlite = self._connection().sqlite
        if not self._is_ours(sqlite):
            sqlite.execute("BEGIN EXCLUSIVE")
            try:
                if not self._is_ours(sqlite):  # nobody else has made it meanwhile
                    for statement in SCHEMA:
                        sqlite.execute(statement)
                    sqlite.execute("INSERT INTO queue VALUES (?, 0, 0)", (secrets.token_hex(4),))
                    sqlite.execute(f"PRAGMA application_id = {APPLICATION}")
                    sqlite.execute(f"PRAGMA user_version = {VERSION}")
            except BaseException:
                sqlite.execute("ROLLBACK")
                raise
            sqlite.execute("COMMIT")
        with suppress(sqlite3.OperationalError):  # others have it open: then it is set already, or soon will be
            one(sqlite, "PRAGMA journal_mode = WAL")

    def _is_ours(self, sqlite: sqlite3.Connection) -> bool:
        """Whether it is a queue; False where there is nothing in it yet. Raises QueueProblem where it is another's."""
        application, version = one(sqlite, "PRAGMA application_id"), one(sqlite, "PRAGMA user_version")
        tables = one(sqlite, "SELECT count(*) FROM sqlite_master")
        if application == APPLICATION and tables:
            if version > VERSION:
                raise QueueProblem(
                    f"The queue {self.path} was made by a newer Thaw: update this one, or choose another file."
                )
            return True
        if application or version or tables:
            raise QueueProblem(_FOREIGN.format(path=self.path))
        return False

    def _connection(self) -> _Connection:
        mine: _Connection | None = getattr(self._mine, "connection", None)
        if mine is None or not mine.is_open:
            mine = self._mine.connection = _Connection(self.path)
            with self._guard:
                self._all.add(mine)
        return mine

    @contextmanager
    def _words(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.OperationalError, sqlite3.DatabaseError) as error:
            if isinstance(error, (sqlite3.ProgrammingError, sqlite3.InterfaceError, sqlite3.IntegrityError)):
                raise  # a mistake of ours
            raise QueueProblem(_sentence(self.path, error)) from error

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A block that reads; all that it reads is of one moment. It waits for nobody.

        Raises:
            QueueProblem: the file cannot be read.
        """
        with self._words():
            sqlite = self._connection().sqlite
            sqlite.execute("BEGIN")
            try:
                yield sqlite
            finally:
                if sqlite.in_transaction:
                    sqlite.execute("ROLLBACK")

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A block that writes: all of it counts once it has ended, or nothing. One at a time, in all processes.

        Raises:
            QueueProblem: the file cannot be written.
        """
        with self._words(), self._writing:
            sqlite = self._connection().sqlite
            sqlite.execute("BEGIN IMMEDIATE")
            try:
                sqlite.execute("UPDATE queue SET revision = revision + 1")
                yield sqlite
                sqlite.execute("COMMIT")
            except BaseException:
                if sqlite.in_transaction:  # a full disk may have ended it already
                    sqlite.execute("ROLLBACK")
                raise

    def check(self) -> None:
        """Raise QueueProblem where the file is damaged. It reads all of it: 20 ms for 10,000 items."""
        with self.read() as rows:
            found = one(rows, "PRAGMA quick_check(1)")
        if found != "ok":
            raise QueueProblem(_DAMAGED.format(path=self.path))

    def close(self) -> None:
        """Close the connections of all threads. Called when nobody uses them; the next use opens one again."""
        with self._guard:
            connections = list(self._all)
            self._all.clear()
        for connection in connections:
            connection.close()


def _sentence(path: str, error: sqlite3.Error) -> str:
    """What went wrong, for people: SQLite has no finer kinds of error before Python 3.11 than its words."""
    text = str(error)
    known = (words for sign, words in _SIGNS if sign in text)
    otherwise = "The queue {path} cannot be used ({why}): look at its disk, or choose another file."
    return next(known, otherwise).format(path=path, why=text)
