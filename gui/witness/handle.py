"""The program's side of the witness: starts its process, answers its pings, hears its Stop button.

Lives in the GUI thread, where every ping is answered: that is what is measured. `tell` may be called in any thread.
A thread of its own reads what the witness says (`link.WitnessLink`) and acts on Stop by itself.
"""

from __future__ import annotations

import os
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier, Signal, Slot

from gui.witness import protocol
from gui.witness.link import WitnessLink
from workers.utils import child

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QRect

    from workers.monitors.freeze import Freeze, Sighting

COMMAND = child.module("gui.witness")


class Witness(QObject):
    """The witness of this program's window, as often as it is started.

    It is meant to be started by the first run that may freeze the window, when its checkbox is on, and before the run's
    first task: it needs about half a second until its window is there. Off screen nobody can look at it, so there it is
    started only when somebody asks. It is closed with the program, which does not wait for it, and stays away when a
    person has closed it (`closed` with an empty text) until the next start.

    Signals:
        ready: its window is to be seen.
        stop_requested: a person pressed Stop; `cancel` has been called already. Comes when the GUI thread is free.
        on_top_changed: a person wants it on top of other windows during a freeze, or not.
        closed: it has ended though nobody called `close`: the reason, or an empty text where a person closed it.
    """

    ready = Signal()
    stop_requested = Signal()
    on_top_changed = Signal(bool)
    closed = Signal(str)

    def __init__(
        self,
        cancel: Callable[[], None],
        dump_fd: int | None = None,
        scheme: str = "light",
        text_scale: float = 1.0,
        on_top: bool = True,
        command: tuple[str, ...] | None = None,
    ) -> None:
        """Make it in the GUI thread; nothing is started yet.

        Args:
            cancel: ends the run that is going on; called in another thread.
            dump_fd: the file to which C writes stacks while it holds the GIL; handed on where that works, on POSIX.
            scheme: its colours, "light" or "dark".
            text_scale: the size of its texts.
            on_top: whether it is on top of other windows during a freeze.
            command: starts the process; the witness's own where it is None.
        """
        super().__init__()
        self._cancel, self._command = cancel, command
        self._dump_fd = dump_fd if os.name == "posix" else None
        self._scheme, self._text_scale, self._on_top = scheme, text_scale, on_top
        self._gui_thread = threading.get_ident()
        self._link: WitnessLink | None = None
        self._read_end: socket.socket | None = None
        self._notifier: QSocketNotifier | None = None
        self._by_person = False

    @property
    def is_running(self) -> bool:
        return self._link is not None and not self._link.is_over

    def start(self, beside: Sequence[QRect] = ()) -> None:
        """Start it, in a thread, and return at once. While it runs it is only told where the window is.

        Args:
            beside: where the main window is on the screen, with its frame, and then the parts of it that are read
                during a freeze and after it: it stands beside them as far as it can.
        """
        places = protocol.encoded_rectangles((one.x(), one.y(), one.width(), one.height()) for one in beside)
        if self._link is not None and self.is_running:
            if places:
                self._link.send(protocol.encoded("beside", places))
            return
        self.close()
        self._by_person = False
        self._read_end, write_end = socket.socketpair()
        self._read_end.setblocking(False)
        write_end.setblocking(False)
        self._notifier = QSocketNotifier(self._read_end.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._take)
        kept = () if self._dump_fd is None else (self._dump_fd,)
        self._link = WitnessLink(self._command_line(places), child.environment(), kept, self._cancel, write_end)
        self._link.start()

    def _command_line(self, places: str) -> list[str]:
        if self._command is not None:
            return list(self._command)
        said: dict[str, object] = {"gui-thread": self._gui_thread, "on-top": int(self._on_top)}
        said |= {"scheme": self._scheme, "text-scale": self._text_scale}
        if places:
            said["beside"] = places
        if self._dump_fd is not None:
            said["dump-fd"] = self._dump_fd
        return [*COMMAND, *(f"--{name}={value}" for name, value in said.items())]

    def set_look(self, scheme: str, text_scale: float) -> None:
        """Give it other colours ("light" or "dark") and another size of texts, now and at its next start."""
        self._scheme, self._text_scale = scheme, text_scale
        if self._link is not None:
            self._link.send(protocol.encoded("look", scheme, text_scale))

    def tell(self, sighting: Sighting) -> None:
        """Show what the watchdog has seen; may be called in any thread, and never waits for the witness."""
        link = self._link  # the GUI thread may let it go meanwhile
        if link is not None:
            link.send(protocol.encoded_sighting(sighting))

    def tell_verdict(self, freeze: Freeze) -> None:
        """Let it say of a freeze that is over what the window says; likewise."""
        link = self._link
        if link is not None:
            link.send(protocol.encoded_verdict(freeze))

    def close(self) -> None:
        """Let it go, without waiting; may be called again, and when it has ended by itself."""
        link, self._link = self._link, None
        if link is not None:
            link.close()
        if self._notifier is not None and self._read_end is not None:
            self._notifier.setEnabled(False)
            self._notifier.deleteLater()
            self._read_end.close()
            self._notifier = self._read_end = None

    @Slot()
    def _take(self) -> None:
        link = self._link
        if link is None or self._read_end is None:
            return
        with suppress(BlockingIOError):
            self._read_end.recv(64)
        if ping := link.take():
            link.send(protocol.encoded("pong", ping))
        over = link.is_over  # before the last messages are read: none comes after it
        while link.messages:
            self._pass_on(link.messages.popleft())
        if over and link is self._link:
            self.close()
            self.closed.emit("" if self._by_person else link.complaint or "It has ended.")

    def _pass_on(self, message: protocol.Message) -> None:
        if message.word == "ready":
            self.ready.emit()
        elif message.word == "stop":
            self.stop_requested.emit()
        elif message.word == "top":
            self._on_top = message.rest == "1"
            self.on_top_changed.emit(self._on_top)
        elif message.word == "closed":
            self._by_person = True
