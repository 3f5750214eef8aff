"""Stops threads before each line of a file, or each instruction that others could notice, by a trace function."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from ..sync.made import Made
from ..sync.waits import Waits
from .stand_ins.stepped import TURNS, stops

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from types import FrameType

    from .stand_ins.stepped import Stepped

QUIET = frozenset({Made.get.__code__, Waits._tell_samples.__code__})
"""What these call others wait for, unseen: it is not stepped."""

CLEANING_UP = 1_000
"""So many calls a thread may make after the error that is to end it: what stands in its `finally` is done."""


class Tracer:
    """Traces threads.

    Attributes:
        files: whose functions are stepped.
    """

    def __init__(self, files: Collection[str], opcodes: bool, stop: Callable[[Stepped], None]) -> None:
        """Make it; `stop` is called where a thread stops, in it, and may end it by an error."""
        self.files, self._opcodes, self._stop = files, opcodes, stop

    def begin(self) -> None:
        """Trace the calling thread from its next call on."""
        sys.settrace(self._trace)

    def end(self) -> None:
        sys.settrace(None)
        sys.setprofile(None)

    def watch(self) -> None:
        """Look whether the calling thread goes on, which is about to be ended by an error."""
        sys.setprofile(self._again)

    def _trace(self, frame: FrameType, event: str, argument: Any) -> Any:
        code = frame.f_code
        if code.co_filename not in self.files or code.co_name in {"<module>", "__del__"} or TURNS.mine is None:
            return None
        back = frame.f_back
        if back is not None:
            outer = back.f_code
            if outer in QUIET or (outer.co_filename in self.files and back.f_trace is None):
                return None
        if self._opcodes:
            frame.f_trace_opcodes = True
        return self._step

    def _step(self, frame: FrameType, event: str, argument: Any) -> Any:
        me = TURNS.mine
        if me is None:
            return self._step
        if event == "line":
            me.line, me.function, me.frame = frame.f_lineno, frame.f_code.co_name, frame
            if not self._opcodes:
                self._stop(me)
        elif event == "opcode":
            if frame.f_lasti in stops(frame.f_code):
                me.line, me.function, me.frame = frame.f_lineno, frame.f_code.co_name, frame
                self._stop(me)
        elif event == "return":
            back = frame.f_back
            me.frame = back if back is not None and back.f_code.co_filename in self.files else None
        return self._step

    def _again(self, frame: FrameType, event: str, argument: Any) -> None:
        """Python traces a thread no more where its trace function has raised an error, which somebody may catch."""
        me = TURNS.mine
        if me is None or frame.f_code.co_filename not in self.files:
            return
        me.calls += 1
        if me.calls > CLEANING_UP:
            sys.settrace(self._trace)
            frame.f_trace = self._step
