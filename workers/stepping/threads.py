"""Threads that a person's file starts itself: `threading.Thread` and what belongs to it, as a stepped run has them."""

from __future__ import annotations

import threading
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Any

from ..sync.signals import Event
from ..sync.thing import HERE, MUTEX, Thing
from .stepped import TURNS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..sync.thing import Member
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
        stepped.is_helper = self.daemon
        task: Member | None = getattr(HERE, "task", None)
        member = None if task is None else task.waits.add_helper(task.index, self.name)
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
        self.finished.wait(self.interval)
        if not self.finished.is_set():
            self.function(*self.args, **self.kwargs)
        self.finished.set()


def get_ident() -> int:
    """As `threading.get_ident`, the same in each run: that one tells where a thread's memory lies."""
    mine = TURNS.mine
    return threading.get_ident() if mine is None else mine.number + 1
