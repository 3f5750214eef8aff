"""What the parts of the agent know of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from .messages import Message
    from .watching.watched_loop import WatchedLoop


class Sink(Protocol):
    """Who is told.

    Attributes:
        is_broken: whether nobody is there any more.
    """

    is_broken: bool

    def put(self, message: Message) -> None:
        """Take a message, in any thread."""

    def step(self, longest_s: float = ...) -> Sequence[Message]:
        """See to what was put; returns what is asked for."""

    def give_up(self) -> None:
        """In the child of a fork: nobody is to be told any more."""

    def close(self) -> None:
        """After the last message."""


class Host(Protocol):
    """The agent, as loops and teller know it.

    Attributes:
        folder: of the program; None: of what runs as `__main__`.
        over_s: which stretches are freezes.
        stacks: the file that faulthandler writes to while C holds the GIL; None for a temporary one.
        has_dumps: whether faulthandler's one timer is ours to use.
        began: when, in seconds of `time.perf_counter`.
        is_over: whether nothing is watched any more.
        at_end: what is to be called then, in any thread, the last first.
    """

    folder: Path | None
    over_s: float
    stacks: str | None
    has_dumps: bool
    began: float
    is_over: bool
    at_end: list[Callable[[], None]]

    def watch(self, kind: str, binding: str, version: str) -> WatchedLoop | None:
        """A loop of the calling thread is about to run.

        Returns:
            What is to be told its beats; None where another thread's loop is watched already.
        """

    def look_for_errors(self) -> None:
        """Any thread: see to it that an exception is told that nobody has caught since."""

    def leave(self) -> None:
        """Any thread: nobody listens any more, so all ends; the program goes on."""

    def kind_here(self) -> str:
        """Of which kind the watched loop of the calling thread is; empty where there is none."""

    def fail(self) -> None:
        """Something of ours went wrong: told, and nothing more; called while the exception is handled."""
