"""The agent of a process: which thread's event loop is watched, what happens at a fork, and at the end."""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from ..monitors.freeze import CARD_OVER_S
from ..monitors.process import collector, dump_timer
from .hook import Hook
from .loops import GRAPHICAL, MODULES, found
from .messages import Bye, Loop, Trouble, Uncaught
from .watching.watched_loop import WatchedLoop

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

    from .messages import Frozen
    from .protocols import Sink
    from .teller import Teller


STAYS_S = 1.0
"""A loop is watched for so long at least: a program may run one in each of a thousand short threads."""


def _ends_by_ctrl_c() -> bool:
    """Whether the program ends by a KeyboardInterrupt that it did not catch, and so by the signal.

    Python forgets that with every text that is evaluated after it, such as where a named tuple is made, unless it ends
    in the same way.
    """
    error = getattr(sys, "last_value", None)
    if not isinstance(error, KeyboardInterrupt) or error.__traceback__ is None:
        return False
    return error.__traceback__.tb_frame.f_code.co_name in {"<module>", "_run_module_as_main"}


class Agent:
    """There is one in a process; what is public of it, `protocols.Host` tells."""

    def __init__(
        self,
        sink: Sink,
        *,
        folder: Path | None = None,
        over_s: float = CARD_OVER_S,
        stacks: str | None = None,
        has_dumps: bool = True,
    ) -> None:
        self.began = time.perf_counter()
        self.folder, self.over_s, self.stacks, self.has_dumps = folder, over_s, stacks, has_dumps
        self.is_over = False
        self.at_end: list[Callable[[], None]] = []
        self._pid = os.getpid()
        self._sink = sink
        self._lock = threading.RLock()
        self._loop: WatchedLoop | None = None
        self._teller: Teller | None = None
        self._is_halted = False
        self._told_error = getattr(sys, "last_value", None)
        self._hook = Hook(MODULES, self._found)

    def install(self) -> None:
        """Look out for event loops from now on, also for those whose modules have been imported before."""
        self._hook.install()
        self.at_end.append(collector.share())
        if self.has_dumps:
            self.at_end.append(dump_timer.share())
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(
                before=self._halt, after_in_parent=self._go_on_soon, after_in_child=self._forsake
            )

    def _found(self, module: ModuleType) -> None:
        if not self.is_over:
            try:
                found(module, self)
            except Exception:
                self.fail()

    # ------------------------------------------------------------ in the loop's thread

    def kind_here(self) -> str:
        loop = self._loop
        return loop.kind if loop is not None and loop.ident == threading.get_ident() else ""

    def watch(self, kind: str, binding: str, version: str) -> WatchedLoop | None:
        with self._lock:
            ident = threading.get_ident()
            before = self._loop
            if self.is_over:
                return None
            if before is not None and before.ident != ident:
                if not self._is_better(kind, before):
                    return None
                self._end_teller()
                before.end()
                before = None
            if before is None:
                self._loop = WatchedLoop(kind)
            assert self._loop is not None
            self._loop.kind = kind
            name = threading.current_thread().name if threading.main_thread().ident != ident else "MainThread"
            if before is None:
                self._begin_teller()
            self._sink.put(Loop(kind, binding, version, ident, name, time.perf_counter()))
            return self._loop

    def _is_better(self, kind: str, before: WatchedLoop) -> bool:
        """Whether a loop of this thread is to be watched in place of another thread's."""
        if (kind in GRAPHICAL) != (before.kind in GRAPHICAL):
            return kind in GRAPHICAL
        is_main = threading.current_thread() is threading.main_thread()
        if not is_main and time.perf_counter() - before.began < STAYS_S:
            return False
        from ..monitors.stacks import stack_of

        return before.inside(stack_of(before.ident)) < 0  # which runs none any more

    def _go_on_soon(self) -> None:
        """After a fork, when Python has counted the threads, of which it warns: what forked may block next."""
        if self._is_halted and not self.is_over:
            from .watching.pending import call_soon

            call_soon(self._go_on)

    def _go_on(self) -> None:
        """After a fork, with the next beat or before."""
        with self._lock:
            if self._is_halted and self._teller is not None and not self.is_over:
                self._teller.start()
            self._is_halted = False

    def look_for_errors(self) -> None:
        """Any thread: have the loop's own tell of an exception that nobody has caught since."""
        # Only by its number: were it let go meanwhile, its frames and their objects would end here.
        if self._loop is not None and next(map(id, map(vars(sys).get, ["last_value"]))) != id(self._told_error):
            self._loop.call(self._tell_uncaught)

    def _tell_uncaught(self) -> None:
        # Kept, so that its number is nobody else's; it is let go in this thread.
        error = getattr(sys, "last_value", None)
        if error is self._told_error:
            return
        self._told_error = error
        if isinstance(error, BaseException) and not self.is_over:
            from ..monitors.syntax import error_text

            self._sink.put(Uncaught(time.perf_counter(), error_text(type(error), error, error.__traceback__)))

    # ------------------------------------------------------------ the thread that tells

    def _begin_teller(self) -> None:
        from .teller import Teller

        self._teller = Teller(self, self._loop, self._sink)
        self._teller.start()

    def _end_teller(self) -> bool:
        """Returns whether it has ended."""
        return self._teller is None or self._teller.stop()

    def fail(self) -> None:
        from ..monitors.syntax import error_text

        kind, error, trace = sys.exc_info()
        assert kind is not None
        self._sink.put(Trouble(error_text(kind, error, trace)))

    def frozen(self, start: float, end: float) -> list[Frozen]:
        """Freezes from one moment to another, judged now; see `api`."""
        teller = self._teller
        return [] if teller is None else teller.frozen(start, end)

    def wait_until_ready(self, longest_s: float) -> bool:
        """Wait until the monitors look on; returns whether they do."""
        teller = self._teller
        return teller is not None and teller.is_ready.wait(longest_s)

    # ------------------------------------------------------------ a fork, and the end

    def _halt(self) -> None:
        """Before a fork: end our threads, which the child would not have; the next beats begin them again."""
        with self._lock:
            if self._teller is not None and not self.is_over:
                self._teller.stop()
                if not self._is_halted and self._loop is not None:
                    self._loop.call(self._go_on)
                self._is_halted = True

    def _forsake(self) -> None:
        """In the child of a fork, which is not watched."""
        self._lock = threading.RLock()
        collector.forsake()
        if not self.is_over:
            self.is_over = True
            self._sink.give_up()
            self._leave()

    def leave(self) -> None:
        """Any thread: nothing is watched any more, and all of ours ends but for what was kept."""
        self.is_over = True
        self._leave()

    def _leave(self) -> None:
        self._hook.remove()
        if self._loop is not None:
            self._loop.end()
        while self.at_end:
            self.at_end.pop()()

    def end(self) -> None:
        """The program ends, or is not to be watched any more: tell the rest."""
        if os.getpid() != self._pid:
            return
        with self._lock:
            self._leave()
            if self.is_over:
                self._sink.close()
                return
            if not self._end_teller():
                self.is_over = True
                collector.forsake()
                return
            self._tell_uncaught()
            self.is_over = True
            if self._teller is None:
                self._begin_alone()
            assert self._teller is not None
            self._teller.finish(Bye(time.perf_counter()))
            if _ends_by_ctrl_c():
                with suppress(KeyboardInterrupt):
                    exec("raise KeyboardInterrupt")

    def _begin_alone(self) -> None:
        """There was no event loop: what there is to tell is told without a thread."""
        from .teller import Teller

        self._teller = Teller(self, None, self._sink)
