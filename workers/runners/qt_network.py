"""QNetworkAccessManager: downloads whose signals arrive in the GUI thread, with no thread of one's own."""

from __future__ import annotations

import contextlib
import inspect
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtNetwork import QNetworkReply

from ..downloads.order import Order
from ..downloads.shared import Shared
from ..downloads.transfer import HELD_BYTES
from ..engine.task import PAUSE_POLL_S, drive
from ..transport.answers import REDIRECTS, too_many_redirects
from ..transport.http.destination import destination
from ..transport.http.proxies import Proxy, proxy_for
from ..transport.qt_requests import STATUS, RequestManager, answer_of, failure_of_reply

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from ..downloads.order import Saved
    from ..engine.task import Control, Emit, Task
    from ..transport.client import Download
    from ..transport.http.destination import Destination
    from ..utils.picture import Picture

TITLE = "QNetworkAccessManager"
SHORT = "Qt net"
WHEN = "A few downloads at a time in a program that is all Qt. What is made of them is still made in the GUI thread."
ORDER = 80
KIND = "Qt's network"
GIL = "gui"
PROMISE = "Qt waits for the network, and what is made of the downloads is made on the GUI thread."
WHY_FROZEN = "The downloads needed no thread, but what is made of them is made on the GUI thread"
COLOR = "#7f7f7f"
MARKER = "◇"
REQUIRES = ("PySide6",)
ONLY = ("download",)
WHY_ONLY = "QNetworkAccessManager only downloads: there is no thread or process here that could do other work."

MAX_CONNECTIONS = 255
"""Qt's own limit for one host, where it takes 6 if nobody asks for more."""

Error = QNetworkReply.NetworkError


class QtNetworkRunner(QObject):
    """Keeps `workers` downloads going. All of it runs in the GUI thread, between other events."""

    _cancelled = Signal()

    def start(self, tasks: Iterator[Task], workers: int, emit: Emit, control: Control) -> None:
        """Ask for the first pictures; returns at once."""
        self._tasks, self._emit, self._control = tasks, emit, control
        self._manager = RequestManager(min(workers, MAX_CONNECTIONS), self)
        self._shared = Shared()
        self._begun: list[QtDownload] = []
        self._free = [f"Qt network {number}" for number in range(workers, 0, -1)]
        self._is_filling = False
        # Signals tell when something comes; a timer tells when nothing does, and when a pause is over.
        self._timer = QTimer(self, interval=round(PAUSE_POLL_S * 1e3))
        self._timer.timeout.connect(self.look_round)
        self._timer.start()
        # Queued: whoever cancels does so in another thread, or in a signal handler.
        self._cancelled.connect(self.look_round, Qt.ConnectionType.QueuedConnection)
        self._hook = contextlib.ExitStack()
        self._hook.enter_context(control.on_cancel(self._cancel_soon))
        self._fill_places()

    def _cancel_soon(self) -> None:
        with contextlib.suppress(RuntimeError):  # the program has left its window behind, and this with it
            self._cancelled.emit()

    def _fill_places(self) -> None:
        if self._is_filling:  # a download that failed at once is told of in the middle of the loop below
            return
        self._is_filling = True
        while self._free and (task := next(self._tasks, None)) is not None:
            download = QtDownload(self._manager, self._shared, self._free.pop(), self._ended)
            self._begun.append(download)
            download.begin(task, self._emit, self._control)
        self._is_filling = False
        if not self._begun:
            self._timer.stop()
            self._hook.close()

    def _ended(self, download: QtDownload) -> None:
        self._begun.remove(download)
        self._free.append(download.place)
        download.deleteLater()
        self._fill_places()

    @Slot()
    def look_round(self) -> None:
        """Let every download see whether it is late, cancelled, or paused no more."""
        for download in list(self._begun):
            download.go_on()

    def close(self, timeout: float) -> bool:
        """Cancel what is going on: nothing of it is left then."""
        self._control.cancel()
        self.look_round()
        if self._begun:
            return False
        self._shared.close()
        return True


class QtDownload(QObject):
    """One download: a generator that yields where it has to wait, and goes on at the reply's next signal.

    So it reads like one that blocks, and `workers.engine.task.drive` runs it like any workload.

    Attributes:
        place: the name of where it runs, for its events.
    """

    def __init__(
        self, manager: RequestManager, shared: Shared, place: str, ended: Callable[[QtDownload], None]
    ) -> None:
        super().__init__(manager)
        self._manager, self._shared, self._tell_ended = manager, shared, ended
        self.place = place
        self._waits = self._is_sent = False
        self._paused_at = self._connect_end = self._heard = 0.0
        self._proxy: Proxy | None = None

    def begin(self, task: Task, emit: Emit, control: Control) -> None:
        self._driven = drive(task, emit, control, self.place, self._steps(task))
        self.go_on()

    @Slot()
    def go_on(self) -> None:
        """Something has come, or it is time to look: go on to where it has to wait again."""
        if inspect.getgeneratorstate(self._driven) in {inspect.GEN_RUNNING, inspect.GEN_CLOSED}:
            return  # our own call has brought this about, or it came after the end
        for is_paused in self._driven:
            if is_paused:
                self._paused_at = self._paused_at or time.monotonic()
                return
            if self._waits:
                self._waits = False
                return
        # Let go of the runner: were this its last reference, the two would destroy each other.
        tell_ended, self._tell_ended = self._tell_ended, _nobody
        tell_ended(self)

    @Slot()
    def note_sent(self) -> None:
        """The connection stands, and the request is on its way."""
        self._is_sent = True
        self._heard = time.monotonic()

    def _steps(self, task: Task) -> Generator[int, None, Picture | Saved]:
        with self._shared.transfer(Order(**dict(task.arguments))) as self._transfer:
            return (yield from self._transfer.steps(self._read, self._rest, held=HELD_BYTES))

    def _read(self, transfer: Download) -> Generator[bytes, None, None]:
        if transfer.is_whole:
            return  # an earlier run had all of it
        with contextlib.ExitStack() as closing:
            reply = yield from self._open(transfer, closing)
            while not transfer.is_whole:
                is_finished = reply.isFinished()  # asked first: what comes in between is read the next time
                # An error may have closed it.
                data = bytes(reply.read(transfer.piece).data()) if reply.isOpen() else b""
                if data:
                    self._heard = time.monotonic()
                    if pause_s := transfer.pause_s(len(data)):
                        yield from self._rest(pause_s)
                    yield data
                elif is_finished:
                    if reply.error() is not Error.NoError:
                        raise failure_of_reply(reply, transfer.deadlines, self._proxy)
                    break
                else:
                    yield from self._wait()

    def _open(self, transfer: Download, closing: contextlib.ExitStack) -> Generator[bytes, None, QNetworkReply]:
        """Ask, and ask again where the server sends us, until there is an answer that is to be read."""
        url: str | None = transfer.url
        for _ in range(REDIRECTS + 1):
            assert url is not None
            to = destination(url)
            while (place := transfer.enter(url)) is None:
                yield from self._rest(0.0)
            with contextlib.ExitStack() as leaving:  # a reply that nobody reads would keep the connection
                leaving.callback(place.leave)
                reply = self._get(url, to, transfer)
                leaving.callback(_drop, reply)
                while reply.attribute(STATUS) is None and not reply.isFinished():
                    yield from self._wait()
                    if not self._is_sent and time.monotonic() > self._connect_end:
                        raise transfer.deadlines.no_connection(to.host)
                if reply.attribute(STATUS) is None:
                    raise failure_of_reply(reply, transfer.deadlines, self._proxy)
                self._heard = time.monotonic()
                url = transfer.judge(answer_of(reply, url))
                if url is None:
                    closing.push(leaving.pop_all())
                    return reply
        raise too_many_redirects()

    def _get(self, url: str, to: Destination, transfer: Download) -> QNetworkReply:
        self._proxy = proxy_for(to)
        self._is_sent = False
        self._connect_end = time.monotonic() + transfer.deadlines.connect_s
        reply = self._manager.ask(to, transfer.headers(url), self._proxy, transfer.ca_file)
        reply.setReadBufferSize(2 * transfer.piece)  # a server that is faster than we may be has to wait
        reply.requestSent.connect(self.note_sent)
        for signal in (reply.metaDataChanged, reply.readyRead, reply.finished):
            # Queued: we may drop the reply, which it does not survive in the middle of its own signal.
            signal.connect(self.go_on, Qt.ConnectionType.QueuedConnection)
        return reply

    def _wait(self) -> Generator[bytes, None, None]:
        """Wait for the reply's next signal, or for the runner's timer."""
        self._waits = True
        yield b""
        if self._paused_at:  # a paused download is not late
            paused_s, self._paused_at = time.monotonic() - self._paused_at, 0.0
            self._transfer.end += paused_s
            self._connect_end += paused_s
            self._heard += paused_s
        deadlines = self._transfer.deadlines
        if self._is_sent and time.monotonic() > self._heard + deadlines.stall_s:
            raise deadlines.silence()
        if time.monotonic() > self._transfer.end:
            raise deadlines.no_end()

    def _rest(self, seconds: float) -> Generator[bytes, None, None]:
        """Wait at least so long, and for the runner's timer at least once; it does not count for the deadlines."""
        begun = time.monotonic()
        self._waits = True
        yield b""
        while time.monotonic() < begun + seconds:
            self._waits = True
            yield b""
        self._paused_at = 0.0
        self._transfer.end += time.monotonic() - begun
        self._heard = time.monotonic()


def _nobody(download: QtDownload) -> None:
    """Whom a download tells that has told of its end already."""


def _drop(reply: QNetworkReply) -> None:
    # What has an error ends by itself, soon after: Qt would take an abort for a second error, and warn of it.
    if reply.error() is Error.NoError:
        reply.abort()
    reply.deleteLater()
