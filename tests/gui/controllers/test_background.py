"""Questions that are answered in a thread: the newest answer is told, in the GUI thread, and no thread stays."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, QThread

from gui.controllers.background import Asker
from workers.utils.errors import NO_THREADS

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Owner(QObject):
    """Owns an asker, and notes what it is told and where."""

    def __init__(self) -> None:
        super().__init__()
        self.asker = Asker("asker of a test", self)
        self.told: list[object] = []
        self.asker.answered.connect(self.take)

    def take(self, answer: object) -> None:
        assert QThread.currentThread() is self.thread()
        self.told.append(answer)


@pytest.fixture
def owner(qtbot: QtBot) -> Owner:
    return Owner()


def test_an_answer_comes_from_another_thread(owner: Owner, qtbot: QtBot) -> None:
    owner.asker.ask(lambda: threading.current_thread().name)
    qtbot.waitUntil(lambda: owner.told == ["asker of a test"])
    qtbot.waitUntil(lambda: owner.asker._thread is None)
    owner.asker.ask(lambda: 7)
    qtbot.waitUntil(lambda: owner.told[1:] == [7])


def test_without_a_thread_that_is_told_and_the_next_question_is_answered(
    owner: Owner, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_thread(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as changed:
        changed.setattr(threading.Thread, "start", no_thread)
        owner.asker.ask(lambda: 1)
        qtbot.waitUntil(lambda: len(owner.told) == 1)
        assert str(owner.told.pop()) == NO_THREADS
    owner.asker.ask(lambda: 2)
    qtbot.waitUntil(lambda: owner.told == [2])


def test_only_the_newest_answer_is_told(owner: Owner, qtbot: QtBot) -> None:
    go_on, begun = threading.Event(), threading.Event()
    asked: list[int] = []

    def slow() -> str:
        begun.set()
        go_on.wait(5)
        return "slow"

    owner.asker.ask(slow)
    assert begun.wait(5)

    def quick(number: int) -> int:
        asked.append(number)
        return number

    for number in range(5):
        owner.asker.ask(partial(quick, number))
    go_on.set()
    qtbot.waitUntil(lambda: owner.told == [4])
    assert asked == [4]


def test_what_nobody_wants_to_know_any_more_is_not_told(owner: Owner, qtbot: QtBot) -> None:
    go_on = threading.Event()
    owner.asker.ask(lambda: go_on.wait(5))
    owner.asker.forget()
    go_on.set()
    qtbot.waitUntil(lambda: owner.asker._thread is None)
    owner.asker.ask(lambda: "new")
    qtbot.waitUntil(lambda: owner.told != [])
    assert owner.told == ["new"]


def test_an_error_is_an_answer(owner: Owner, qtbot: QtBot) -> None:
    owner.asker.ask(lambda: 1 // 0)
    qtbot.waitUntil(lambda: len(owner.told) == 1)
    assert isinstance(owner.told[0], ZeroDivisionError)


def test_after_its_end_nothing_is_asked_and_nothing_told(owner: Owner, qtbot: QtBot) -> None:
    go_on = threading.Event()
    owner.asker.ask(lambda: go_on.wait(5))
    owner.asker.close()
    owner.asker.ask(lambda: "more")
    go_on.set()
    qtbot.waitUntil(lambda: owner.asker._thread is None)
    assert owner.told == []


def test_its_thread_survives_its_owner(qtbot: QtBot) -> None:
    go_on = threading.Event()
    owner = Owner()
    asker = owner.asker
    asker.ask(lambda: go_on.wait(5))
    del owner  # and with it Qt's part of the asker
    go_on.set()
    qtbot.waitUntil(lambda: "asker of a test" not in {thread.name for thread in threading.enumerate()})
    assert asker is not None
