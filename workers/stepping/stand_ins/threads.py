"""Threads that a person's file starts itself: `threading.Thread` and what belongs to it, as a stepped run has them."""

from __future__ import annotations

import threading
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Any

from ...sync.signals import Event
from ...sync.thing import HERE, MUTEX, Thing
from .stepped import TURNS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ...sync.thing import Member
    from .stepped import Stepped


class End(Thing):
    """A thread's end, as something that others wait for."""

    kind = "thread"

    def __init__(self, stepped: Stepped, member: Member | None) -> None:
        super().__init__()
        self.name = stepped.name
        self._stepped, self._member = stepped, member

    def wait(self, timeout: float | None) -> None:
        mine = TURNS.mine
        assert mine is not None
        mine.joins = True
        try:
            with MUTEX:
                member = self._touch()
                self._until(lambda: self._stepped.has_ended, f"the end of {self.name}", timeout, member)
        finally:
            mine.joins = False

    def tell(self) -> None:
        with MUTEX:
            self._wake_all()

    def _givers(self) -> Sequence[Member] | None:
        return None if self._member is None else (self._member,)


class Thread(threading.Thread):
    """As `threading.Thread`; started in a stepped thread, it is stepped itself."""

    _stepped: Stepped | None = None
    _end: End
    _made = 0

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        mine = TURNS.mine
        if mine is None:
            return
        mine.stepper.made += 1
        self._made = mine.stepper.made
        if named.get("daemon") is None:
            self.daemon = mine.is_helper
        if not (named.get("name") or (len(arguments) > 2 and arguments[2])):
            self.name = f"Thread-{self._made}"  # Python counts all threads of the program

    def __hash__(self) -> int:
        """The same in each run, and with it the order of threads in a set."""
        return self._made or object.__hash__(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def start(self) -> None:
        mine = TURNS.mine
        if mine is None:
            super().start()
            return
        if self._stepped is not None:
            raise RuntimeError("threads can only be started once")
        stepper = mine.stepper
        stepped = self._stepped = stepper.add(self.name)
        stepped.is_helper, stepped.thread = self.daemon, self
        task: Member | None = getattr(HERE, "task", None)
        member = None if task is None else task.waits.add_helper(task.index, self.name, task.tell)
        self._end = End(stepped, member)
        self.daemon = True  # whatever becomes of it, the program can leave
        run = self.run

        def work() -> None:
            about = nullcontext() if member is None else member.waits.helper(member)
            with about, suppress(SystemExit):  # which ends a thread of Python's, and is no error of it
                run()

        self.run = lambda: stepper.carry_out(stepped, work, self._end.tell)  # type: ignore[method-assign]  # a thread runs what it finds
        super().start()

    def join(self, timeout: float | None = None) -> None:
        stepped = self._stepped
        if stepped is None or TURNS.mine is None:
            super().join(timeout)
            return
        if stepped is TURNS.mine:
            raise RuntimeError("cannot join current thread")
        self._end.wait(timeout)

    def is_alive(self) -> bool:
        return super().is_alive() if self._stepped is None else not self._stepped.has_ended


class Timer(Thread):
    """As `threading.Timer`."""

    def __init__(
        self, interval: float, function: Callable[..., Any], args: Any = None, kwargs: Any = None
    ) -> None:
        super().__init__()
        self.interval, self.function, self.args, self.kwargs = interval, function, args or (), kwargs or {}
        self.finished = Event()

    def cancel(self) -> None:
        self.finished.set()

    def run(self) -> None:
        mine = TURNS.mine
        if mine is not None:
            mine.is_timer = True
        self.finished.wait(self.interval)
        if mine is not None:
            mine.is_timer = False
        if not self.finished.is_set():
            self.function(*self.args, **self.kwargs)
        self.finished.set()


def get_ident() -> int:
    """As `threading.get_ident`, the same in each run: that one tells where a thread's memory lies."""
    mine = TURNS.mine
    return threading.get_ident() if mine is None else mine.number + 1


def task_thread(stepped: Stepped, work: Callable[[], object]) -> Thread:
    """The thread of a task; others may find it among all, and join it."""
    thread = stepped.thread = Thread(daemon=True, name=stepped.name)
    thread._stepped, thread._end = stepped, End(stepped, None)
    thread.run = lambda: stepped.stepper.carry_out(stepped, work, thread._end.tell)  # type: ignore[method-assign]
    return thread


def alive() -> list[threading.Thread]:
    """As `threading.enumerate`: the run's own threads, and none of the program's."""
    mine = TURNS.mine
    if mine is None:
        return threading.enumerate()
    return [one.thread for one in mine.stepper.threads if one.thread is not None and not one.has_ended]


def active_count() -> int:
    """As `threading.active_count`."""
    return len(alive())


def main_thread() -> threading.Thread:
    """As `threading.main_thread`: the first of the run's."""
    mine = TURNS.mine
    found = None if mine is None else mine.stepper.threads[0].thread
    return found or threading.main_thread()


def start_new_thread(function: Callable[..., Any], args: tuple[Any, ...], kwargs: Any = None) -> int:
    """As `_thread.start_new_thread`."""
    thread = Thread(target=function, args=args, kwargs=kwargs, daemon=True)
    thread.start()
    stepped = thread._stepped
    return (thread.ident or 0) if stepped is None else stepped.number + 1
