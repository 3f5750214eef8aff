"""Watches one program from its start to its end. Without Qt: terminal and page have one each, and callbacks.

Threads of its own: "watch" waits for the program's end, and that of the listener folds what it tells.
"""

from __future__ import annotations

import signal
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from ..agent import invitation, messages
from ..utils.formatting import error_line, plural, seconds
from . import attach, process
from .listener import Listener
from .watched import Watched

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    from ..engine.run import Run
    from .program import Program

LOOK_S = 0.5
NO_AGENT = (
    "{} could not be watched: nothing of ours came to run in it. So it is where Python is started with -I, -E or -S, "
    "or where what was named only starts another program."
)

UNTOLD_END = (
    "{} could not be watched to its end: nothing was told any more before it ended. So it is where it starts another "
    "program in its own place, or closes all of its files."
)


class Watcher:
    """One program that is watched, once.

    Attributes:
        program: what is watched.
        watched: what is known of it: its run, its loops, what is seen of a freeze that lasts.
    """

    def __init__(
        self,
        program: Program,
        told: Callable[[messages.Message], None] = lambda message: None,
        ended: Callable[[Run], None] = lambda run: None,
    ) -> None:
        """Make it; nothing is started yet.

        Args:
            program: what to watch.
            told: called in a thread of ours with each message, after the run has it.
            ended: likewise with the finished run, once, after the last message: it has ended, or is watched no more.
        """
        self.program = program
        self.watched = Watched(program, time.perf_counter())
        self._told, self._ended = told, ended
        self._listener: Listener | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._asked_to_end = False
        self._news, self._over = threading.Event(), threading.Event()

    @property
    def run(self) -> Run:
        """What is known of it; it grows, and has ended once `ended` was called."""
        return self.watched.run

    @property
    def pid(self) -> int:
        """Its process; 0 before the start."""
        return self.program.pid or (self._process.pid if self._process is not None else 0)

    @property
    def is_over(self) -> bool:
        return self._over.is_set()

    @property
    def is_linked(self) -> bool:
        """Whether its agent tells just now: asks are answered."""
        return self._listener is not None and self._listener.is_linked

    @property
    def is_ours(self) -> bool:
        """Whether we have started it."""
        return not self.program.pid

    @property
    def stacks(self) -> str:
        """What faulthandler has written while C held the GIL, for `monitors.dump.parse`; empty where it has not."""
        return self._listener.text_of(invitation.STACKS) if self._listener is not None else ""

    def start(self) -> None:
        """Start the program, or begin to watch what runs already.

        Raises:
            BadInput: that cannot be done, with a sentence.
            OSError: this system gives no socket or folder.
        """
        self._listener = listener = Listener(self._take)
        try:
            self.watched = Watched(self.program, time.perf_counter())
            if self.is_ours:
                self._process = process.start(self.program, listener.invite)
            else:
                attach.attach(self.program.pid, listener.invite)
        except BaseException:
            listener.close()
            raise
        threading.Thread(target=self._watch, name="watch", daemon=True).start()

    def dump(self) -> bool:
        """Ask for the stacks of all threads, which come as a `Dumped`; returns whether there is an agent to ask."""
        return self._listener is not None and self._listener.ask(messages.Dump())

    def interrupt(self) -> bool:
        """Ask for a KeyboardInterrupt in the main thread while it is frozen; an `Interrupted` comes back."""
        return self._listener is not None and self._listener.ask(messages.Interrupt())

    def send_signal(self, number: int) -> None:
        """Pass a signal on to a program that we have started; without effect once it has ended."""
        if self._process is not None:
            self._asked_to_end = True
            with suppress(OSError, ValueError):  # a ValueError: Windows knows few signals
                self._process.send_signal(number)

    def stop(self) -> None:
        """Ask a program that we have started to end; one that ran already is left alone."""
        if self.is_ours:
            self.send_signal(signal.SIGTERM)
        else:
            self.leave()

    def kill(self) -> None:
        """End a program that we have started, whatever it does."""
        if self._process is not None:
            self._asked_to_end = True
            with suppress(OSError):
                self._process.kill()

    def leave(self) -> None:
        """Watch no more: the run ends now, and the program goes on by itself."""
        self._news.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the end of the run; returns whether it has come."""
        return self._over.wait(timeout)

    # ------------------------------------------------------------ threads of ours

    def _take(self, message: messages.Message) -> None:
        self.watched.take(message)
        self._told(message)

    def _reap(self, child: subprocess.Popen[bytes]) -> None:
        """Wait for the end of the program, in a thread of its own: it may go on when it is watched no more."""
        child.wait()
        self._news.set()

    def _watch(self) -> None:
        listener, child = self._listener, self._process
        assert listener is not None
        if child is not None:
            threading.Thread(target=self._reap, args=(child,), name="watch program", daemon=True).start()
        else:
            listener.when_lost(self._news.set)
        while not self._news.wait(LOOK_S if child is None else None) and attach.runs(self.program.pid):
            pass  # nobody tells that a program has ended which is not ours and was not linked yet
        try:
            self._finish(listener, child)
        finally:
            self._over.set()

    def _finish(self, listener: Listener, child: subprocess.Popen[bytes] | None) -> None:
        moment = time.perf_counter()
        listener.finish()  # what was told last comes before the end
        code = None if child is None or child.returncode is None else process.exit_code(child.returncode)
        watched = self.watched
        why = self._why(code)
        self._note(listener, code)
        dump = self.stacks
        listener.close()
        watched.end(
            moment,
            code,
            why,
            cancelled=bool(why) and self._asked_to_end,
            heard_until=listener.heard_until,
            dump=dump,
        )
        self._ended(watched.run)

    def _why(self, code: int | None) -> str:
        """What went wrong with the program, as a traceback or a sentence; empty where nothing did."""
        if not code:
            return ""
        name = process.signal_name(code)
        if name:
            crash = self._listener.text_of(invitation.CRASH) if self._listener is not None else ""
            return f"Ended by {name}.\n\n{crash}".strip()
        uncaught = self.watched.uncaught
        return uncaught[-1] if uncaught and code == 1 else f"Ended with exit code {code}."

    def _note(self, listener: Listener, code: int | None) -> None:
        """Say what the figures do not."""
        watched, name = self.watched, self.program.name
        if listener.trouble:
            watched.note(listener.trouble)
        if watched.hello is None:
            if trouble := listener.text_of(invitation.TROUBLE):
                watched.take(messages.Trouble(trouble))
            elif code is not None:
                watched.note(NO_AGENT.format(name))
        elif not watched.loops:
            watched.note(self._without_loop())
        elif code is not None and not watched.said_bye and not process.signal_name(code):
            watched.note(UNTOLD_END.format(name))
        if watched.uncaught and not code:
            last = error_line(watched.uncaught[-1])
            watched.note(
                f"{plural(watched.uncaught_count, 'exception')} that nobody caught, the last one: {last}."
            )

    def _without_loop(self) -> str:
        """What a program did that ran no event loop."""
        run = self.run
        took, used = time.perf_counter() - run.started, self.watched.cpu_s
        return (
            f"{self.program.name} ran no event loop that Thaw knows (Qt, tkinter, asyncio), so there was nothing that "
            f"could freeze: it ran for {seconds(took)} and used {seconds(used)} of processor time."
        )
