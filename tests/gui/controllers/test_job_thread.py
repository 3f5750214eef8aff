"""Jobs in a thread of their own: one after the other, whatever becomes of one of them, until it is closed."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest
import shiboken6

from gui.controllers.job_thread import JobThread, ThreadJob
from workers.utils.errors import ThawError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from pytestqt.qtbot import QtBot

NAME = "jobs of a test"


class Refused(ThawError):
    pass


@pytest.fixture
def ends() -> list[str]:
    """The names of threads that have ended."""
    return []


@pytest.fixture
def jobs(qapp: object, ends: list[str]) -> Iterator[JobThread]:
    made = JobThread(NAME, None, lambda: ends.append(threading.current_thread().name))
    yield made
    assert made.close(5.0)


def no_thread(thread: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


def steps(result: object) -> Generator[None, None, object]:
    yield
    if isinstance(result, BaseException):
        raise result
    return result


def test_whatever_becomes_of_a_job_the_next_one_is_done(
    jobs: JobThread, qtbot: QtBot, ends: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    seen = []
    monkeypatch.setattr(threading, "excepthook", lambda about: seen.append((about.exc_type, about.thread.name)))
    jobs.progress.connect(told.append)
    jobs.failed.connect(told.append)
    with qtbot.waitSignal(jobs.idle):
        for number, result in enumerate((7, Refused("It may not be."), ZeroDivisionError(), SystemExit(), 8)):
            jobs.add(ThreadJob(partial(steps, result), told.append, f"{number} …"))
        assert jobs.is_busy
    left_off = ["2 …", "2 … This was not finished.", "3 …", "3 … This was not finished."]
    assert told == ["0 …", 7, "1 …", "It may not be.", *left_off, "4 …", 8, ""]
    assert seen == [(ZeroDivisionError, NAME), (SystemExit, NAME)]
    assert not jobs.is_busy
    assert ends == []
    assert jobs.close(5.0)
    assert ends == [NAME]


def test_without_a_thread_a_job_is_done_all_the_same(
    jobs: JobThread, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    with monkeypatch.context() as changed, qtbot.waitSignal(jobs.idle):
        changed.setattr(threading.Thread, "start", no_thread)
        jobs.add(ThreadJob(partial(steps, 7), told.append))
        jobs.add(ThreadJob(partial(steps, 8), told.append))
    assert told == [7, 8]
    with qtbot.waitSignal(jobs.idle):
        jobs.add(ThreadJob(partial(steps, 9), told.append))
    assert told == [7, 8, 9], "now there is one"


def test_its_thread_ends_with_the_window(jobs: JobThread, qtbot: QtBot, ends: list[str]) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> Generator[None, None, None]:
        begun.set()
        go_on.wait(5)
        yield

    jobs.add(ThreadJob(slow, None))
    assert begun.wait(5)
    shiboken6.delete(jobs)
    go_on.set()
    qtbot.waitUntil(lambda: ends == [NAME])
