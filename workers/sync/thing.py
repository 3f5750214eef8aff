"""Something that tasks can wait for, and one wait for it. Runs on Python 3.9.

All things of a process are changed under one lock, MUTEX. So whoever looks at one sees what is, and not what was:
nobody is called stuck who is just about to go on.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Protocol

from ..utils.errors import ThawError
from .pace import PACE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractContextManager

    from .pace import Pace
    from .samples import Samples

    Tell = Callable[[Any, Any, float], None]
    """Takes a phase, its detail, and when that was; 0.0: now."""

LOOK_S = 0.05
"""How often a wait looks whether the run was cancelled, and whether anybody is stuck."""

MUTEX = threading.RLock()
"""Whoever looks at a thing, changes it or begins to wait for it has this; what a gauge reads may be a thing, too."""

HERE = threading.local()
"""Of each thread, as `task`, the Member whose step runs there; as `maker` the Waits for which things are made there."""


class Deadlock(ThawError, RuntimeError):
    """Tasks wait for each other, and none of them can ever go on; the message names them all, and what they wait for.

    It is raised in the wait of the one that began to wait last: its `with` blocks let go, and the others finish.
    """

    __module__ = "workers.sync"  # whatever the package is called in this process


class WaitEnded(ThawError, RuntimeError):
    """A person has ended the wait."""

    __module__ = "workers.sync"


class Stopped(BaseException):
    """The run was cancelled while the task waited."""


class Watch(Protocol):
    """What a thing knows of the run that it belongs to: a `workers.sync.waits.Waits`."""

    pace: Pace
    samples: Samples

    @property
    def is_cancelled(self) -> bool:
        """Whether the run was cancelled."""

    def number(self, kind: str) -> int:
        """The number of a thing that nobody has named."""

    def add_helper(self, index: int, title: str, tell: Tell) -> Member:
        """A task is about to start a thread of its own."""

    def helper(self, member: Member) -> AbstractContextManager[None]:
        """That is the calling one, within this block."""

    def begin(self, wait: Waiting) -> None:
        """A thread begins to wait."""

    def check(self, wait: Waiting) -> None:
        """Look whether a wait is to end by an error."""

    def end(self, wait: Waiting) -> None:
        """A thread waits no more."""


class Member:
    """A task that has begun, and shares something with others.

    Attributes:
        index: which of the run's tasks it is, 0 at first.
        title: what people call it: "transfer 2".
        thread: where its steps run.
        wait: what it waits for; None while it does not.
        has_ended: whether it will do nothing more.
    """

    def __init__(self, waits: Watch, index: int, title: str, tell: Tell) -> None:
        self.waits, self.index, self.title, self.tell = waits, index, title, tell
        self.thread = threading.get_ident()
        self.wait: Waiting | None = None
        self.has_ended = False


class Waiting:
    """One wait of a thread for a thing.

    Attributes:
        member: whose; None of a thread that is no task's.
        thing: what it is for.
        what: the end of the sentence "it waits for".
        is_over: whether it has come, without taking it.
        is_sure: whether only somebody else can end it.
        since: when it began.
        error: what it is to raise.
        woken: taken while the thread is blocked.
    """

    def __init__(
        self, member: Member | None, thing: Thing, what: str, is_over: Callable[[], bool], has_timeout: bool
    ) -> None:
        self.member, self.thing, self.what, self.is_over = member, thing, what, is_over
        self._has_timeout = has_timeout
        self.since = 0.0
        self.error: Deadlock | WaitEnded | None = None
        self.told: tuple[str, tuple[int, ...]] | None = None
        self.woken = threading.Lock()
        self.woken.acquire()

    @property
    def is_sure(self) -> bool:
        return not self._has_timeout and not self.thing.is_open

    def givers(self) -> Sequence[Member] | None:
        return self.thing._givers()

    def words(self) -> str:
        """The part of a sentence that tells of it: "transfer 1 waits for lock B, held by transfer 2"."""
        assert self.member is not None
        holders = [
            f"{one.title}, which has ended" if one.has_ended else "itself" if one is self.member else one.title
            for one in self.thing._holders()
        ]
        held = f", held by {' and '.join(holders)}" if holders else ""
        return f"{self.member.title} waits for {self.what}{held}"


class Thing:
    """What tasks can wait for. Methods that begin with _ are called with MUTEX held.

    Attributes:
        name: what people call it, after its kind; where nobody has named it a number.
        is_open: whether anything but tasks of the one run has touched it: then nobody knows who may end a wait for it.
    """

    kind = "thing"

    def __init__(self) -> None:
        self.name = ""
        self.is_open = False
        self._waits: Watch | None = None
        self._waiting: list[Waiting] = []
        self._at_first: tuple[str, float] | None = None
        maker = getattr(HERE, "maker", None) or getattr(getattr(HERE, "task", None), "waits", None)
        if maker is not None:
            self._waits = maker

    @property
    def title(self) -> str:
        """What it is called as a gauge, or a lane: "lock a"."""
        if not self.name:
            if getattr(HERE, "maker", None) is not None:
                return self.kind  # its name comes when all is made
            waits = self._waits
            self.name = str(waits.number(self.kind)) if waits is not None else "?"
        return self.kind if self.name == self.kind else f"{self.kind} {self.name}"

    @property
    def phrase(self) -> str:
        """The same in a sentence: "lock a", and "the lock" where the tasks share but one."""
        return f"the {self.title}" if self.title == self.kind else self.title

    def _touch(self) -> Member | None:
        """Note who uses it; returns the task, or None where it is none of the run's."""
        member: Member | None = getattr(HERE, "task", None)
        if member is None:
            self.is_open = self.is_open or getattr(HERE, "maker", None) is None
        else:
            # It may have been made when the file was imported, or be of an earlier run.
            self._waits = member.waits
        return member

    def _givers(self) -> Sequence[Member] | None:
        """The tasks of which one has to end a wait for it; None: any task might."""
        return None

    def _holders(self) -> Sequence[Member]:
        """The tasks that hold it, as far as that is known."""
        return ()

    def call(self, name: str) -> None:
        """Give it a name, if it has none; what it showed while it was made is told by that."""
        with MUTEX:
            self.name = self.name or name
            first, self._at_first = self._at_first, None
            if first is not None:
                self._sample(*first)

    def _sample(self, kind: str, value: float) -> None:
        if getattr(HERE, "maker", None) is not None:
            self._at_first = kind, value
        elif self._waits is not None:
            self._waits.samples.add(kind, self.title, self._waits.pace.now(), value)

    def _wake(self, count: int = 1, what: str = "") -> None:
        """Let some of those who wait look again, who have waited longest; only those for `what`, where that is said."""
        waiting = [wait for wait in self._waiting if what in {"", wait.what}]
        for wait in waiting[:count]:
            self._waiting.remove(wait)
            self._pace.wake(wait.woken)

    def _wake_all(self) -> None:
        """Let all go on whose wait is over."""
        for wait in [wait for wait in self._waiting if wait.is_over()]:
            self._waiting.remove(wait)
            self._pace.wake(wait.woken)

    @property
    def _pace(self) -> Pace:
        return self._waits.pace if self._waits is not None else PACE

    def _until(
        self, is_over: Callable[[], bool], what: str, timeout: float | None = None, member: Member | None = None
    ) -> bool:
        """Wait until something is so; returns whether it is, or else the time is over.

        Args:
            is_over: tells whether it is so, without changing anything.
            what: the end of the sentence "it waits for".
            timeout: for how many seconds at most; None: for as long as it takes.
            member: the task that waits, as `_touch` found it.

        Raises:
            Deadlock: nobody can ever make it so.
            Stopped: the run was cancelled.
        """
        if is_over():
            return True
        if timeout is not None and timeout <= 0:
            return False
        pace = self._pace
        wait = Waiting(member, self, what, is_over, timeout is not None)
        wait.since = pace.now()
        ends = None if timeout is None else wait.since + timeout
        waits = self._waits
        if waits is not None:
            waits.begin(wait)
        self._waiting.append(wait)
        try:
            while True:
                if waits is not None:
                    waits.check(wait)
                now = pace.now()
                if ends is not None and now >= ends:
                    pace.expire()
                    return False
                MUTEX.release()
                try:
                    pace.block(wait.woken, LOOK_S if ends is None else min(LOOK_S, ends - now))
                finally:
                    MUTEX.acquire()
                if is_over():
                    return True
                if wait not in self._waiting:  # woken, but another one was quicker
                    wait.woken.acquire(blocking=False)
                    self._waiting.append(wait)
        finally:
            if wait in self._waiting:
                self._waiting.remove(wait)
            elif not is_over():
                self._wake(what=what)  # it was woken, and takes nothing
            if waits is not None:
                waits.end(wait)
