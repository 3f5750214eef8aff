"""The database: queries that add up, a lock that is waited for and given up on, and a folder that goes."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.support.steps import finish
from workers.workloads import database as module
from workers.workloads.database import LockedTooLong, database, plan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(module, "ROWS", 2_000)
    monkeypatch.setattr(module, "A_FILL", 600)
    monkeypatch.setattr(module, "A_READ", 500)
    monkeypatch.setattr(module, "A_WRITE", 50)
    return str(tmp_path / "sales.sqlite")


@pytest.fixture
def locked(file: str) -> Iterator[sqlite3.Connection]:
    """Somebody else has the lock."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


@pytest.mark.parametrize("wal", [True, False])
def test_all_queries_are_made_and_told(file: str, wal: bool) -> None:
    amounts, result = finish(database(0, 1, file, queries=30, writes=50, wal=wal))
    assert sum(amounts) == 30
    reads, writes, rows = [int(part.split()[0].replace(",", "")) for part in result.split(", ")[:3]]
    assert reads + writes == 30
    assert min(reads, writes) > 5
    assert writes * 50 < rows < writes * 50 + reads * 500
    with closing(sqlite3.connect(file)) as look:
        assert look.execute("PRAGMA journal_mode").fetchone()[0] == ("wal" if wal else "delete")
        [changed] = look.execute("SELECT sum(amount) - (SELECT sum(id % 97) FROM sales) FROM sales").fetchone()
    assert changed == writes * 50


def test_the_tasks_fill_the_file_together_and_once(file: str) -> None:
    one, other = database(0, 1, file, queries=1), database(1, 1, file, queries=1)
    next(one), next(other)
    finish(one), finish(other)
    with closing(sqlite3.connect(file)) as look:
        assert look.execute("SELECT count(*) FROM sales").fetchone() == (2_000,)


def test_who_finds_it_locked_waits_in_slices_and_goes_on(file: str, locked: sqlite3.Connection) -> None:
    steps = database(0, 1, file, queries=2, writes=100)
    assert [next(steps), next(steps)] == [0, 0]
    locked.execute("ROLLBACK")
    amounts, result = finish(steps)
    assert sum(amounts) == 2
    assert int(result.split(", ")[-1].split()[0]) >= 2


def test_after_the_busy_timeout_it_is_told(file: str, locked: sqlite3.Connection) -> None:
    with pytest.raises(LockedTooLong, match=r"^The database was locked for more than 0\.01 s\.$"):
        finish(database(0, 1, file, busy_s=0.01))


def test_another_error_is_no_lock(file: str) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE sales (id)")
    with pytest.raises(sqlite3.OperationalError, match="columns"):
        finish(database(0, 1, file))


def test_nobody_holds_the_lock_between_two_steps(file: str) -> None:
    """There a task may be paused, for as long as somebody likes."""
    steps = database(0, 1, file, queries=3, writes=100)
    while not next(steps):
        pass
    with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        other.execute("ROLLBACK")
    steps.close()


def test_the_folder_goes_when_the_run_has_ended() -> None:
    rows = plan(3)
    [folder] = {os.path.dirname(row["file"]) for row in rows}
    assert os.path.isdir(folder)
    module.close()
    assert not os.path.exists(folder)
