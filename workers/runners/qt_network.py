"""QNetworkAccessManager: downloads whose signals arrive in the GUI thread, with no thread of one's own."""

from __future__ import annotations

import contextlib
import inspect
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtNetwork import (
    QHttp1Configuration,
    QNetworkAccessManager,
    QNetworkProxy,
    QNetworkProxyFactory,
    QNetworkProxyQuery,
    QNetworkReply,
    QNetworkRequest,
)

from ..downloads.order import Order
from ..downloads.transfer import HELD_BYTES, Shared
from ..engine.task import PAUSE_POLL_S, drive
from ..transport.answers import FIELDS, HEADERS, REDIRECTS, Answer, host_of, is_loopback, too_many_redirects
from ..transport.errors import NO_ANSWER, NOT_WHOLE, DownloadError, TransientError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from ..downloads.order import Saved
    from ..engine.task import Control, Emit, Task
    from ..transport.client import Download
    from ..transport.deadline_socket import Deadlines
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

REDIRECTS_BY_US = QNetworkRequest.Attribute.RedirectPolicyAttribute
STATUS = QNetworkRequest.Attribute.HttpStatusCodeAttribute
REASON = QNetworkRequest.Attribute.HttpReasonPhraseAttribute
Error = QNetworkReply.NetworkError


class QtNetworkRunner(QObject):
    """Keeps `workers` downloads going. All of it runs in the GUI thread, between other events."""

    _cancelled = Signal()

    def start(self, tasks: Iterator[Task], workers: int, emit: Emit, control: Control) -> None:
        """Ask for the first pictures; returns at once."""
        self._tasks, self._emit, self._control = tasks, emit, control
        self._manager = QNetworkAccessManager(self)
        self._shared = Shared()
        self._begun: list[QtDownload] = []
        self._free = [f"Qt network {number}" for number in range(workers, 0, -1)]
        self._connections = min(workers, MAX_CONNECTIONS)
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
            download = QtDownload(self._manager, self._shared, self._connections, self._free.pop(), self._ended)
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
        self,
        manager: QNetworkAccessManager,
        shared: Shared,
        connections: int,
        place: str,
        ended: Callable[[QtDownload], None],
    ) -> None:
        super().__init__(manager)
        self._manager, self._shared, self._connections, self._tell_ended = manager, shared, connections, ended
        self.place = place
        self._waits = self._is_sent = False
        self._paused_at = self._connect_end = 0.0

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
                data = bytes(reply.readAll().data()) if reply.isOpen() else b""  # an error may have closed it
                if data:
                    yield data
                elif is_finished:
                    if reply.error() is not Error.NoError:
                        raise _failure(reply, transfer.deadlines)
                    break
                else:
                    yield from self._wait()

    def _open(self, transfer: Download, closing: contextlib.ExitStack) -> Generator[bytes, None, QNetworkReply]:
        """Ask, and ask again where the server sends us, until there is an answer that is to be read."""
        url: str | None = transfer.url
        for _ in range(REDIRECTS + 1):
            assert url is not None
            host = host_of(url)
            while (place := transfer.enter(url)) is None:
                yield from self._rest(0.0)
            closing.callback(place.leave)
            reply = self._get(url, host, transfer)
            closing.callback(_drop, reply)
            while reply.attribute(STATUS) is None and not reply.isFinished():
                yield from self._wait()
                if not self._is_sent and time.monotonic() > self._connect_end:
                    raise TransientError(f"{host} did not answer within {transfer.deadlines.connect_s:g} s.")
            status = reply.attribute(STATUS)
            if status is None:
                raise _failure(reply, transfer.deadlines)
            headers = {
                name: bytes(reply.rawHeader(name).data()).decode("latin-1")
                for name in FIELDS
                if reply.hasRawHeader(name)
            }
            url = transfer.judge(Answer(url, status, reply.attribute(REASON) or "", headers))
            if url is None:
                return reply
            place.leave()
        raise too_many_redirects()

    def _get(self, url: str, host: str, transfer: Download) -> QNetworkReply:
        deadlines = transfer.deadlines
        address = QUrl(url)
        # Proxies from the environment are for the network. A proxy cannot know what runs on this machine.
        proxies = (
            [] if is_loopback(host) else QNetworkProxyFactory.systemProxyForQuery(QNetworkProxyQuery(address))
        )
        self._manager.setProxy(proxies[0] if proxies else QNetworkProxy(QNetworkProxy.ProxyType.NoProxy))
        request = QNetworkRequest(address)
        for name, text in {**HEADERS, **transfer.headers()}.items():
            request.setRawHeader(name.encode(), text.encode())
        request.setAttribute(REDIRECTS_BY_US, QNetworkRequest.RedirectPolicy.ManualRedirectPolicy)
        request.setTransferTimeout(round(deadlines.stall_s * 1e3))
        http = QHttp1Configuration()
        http.setNumberOfConnectionsPerHost(self._connections)
        request.setHttp1Configuration(http)
        self._is_sent = False
        self._connect_end = time.monotonic() + deadlines.connect_s
        reply = self._manager.get(request)
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
        if time.monotonic() > self._transfer.end:
            raise DownloadError(f"The download was not finished within {self._transfer.deadlines.total_s:g} s.")

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


def _nobody(download: QtDownload) -> None:
    """Whom a download tells that has told of its end already."""


def _drop(reply: QNetworkReply) -> None:
    reply.abort()
    reply.deleteLater()


def _failure(reply: QNetworkReply, deadlines: Deadlines) -> DownloadError:
    """What went wrong, for people; a TransientError where another try may do better."""
    error, host = reply.error(), reply.url().host()
    if error in {Error.TimeoutError, Error.OperationCanceledError}:
        return TransientError(f"The server sent nothing for {deadlines.stall_s:g} s.")
    if error == Error.ConnectionRefusedError:
        return TransientError(f"{host} cannot be reached: Connection refused.")
    if error == Error.RemoteHostClosedError:
        return TransientError(NO_ANSWER if reply.attribute(STATUS) is None else NOT_WHOLE)
    if error == Error.HostNotFoundError:
        return DownloadError(f"There is no host {host}, or no network.")
    if error == Error.SslHandshakeFailedError:
        return DownloadError(f"No secure connection could be made: {reply.errorString()}.")
    if Error.ProxyConnectionRefusedError.value <= error.value <= Error.UnknownProxyError.value:
        return DownloadError("The proxy that the environment names did not let us through.")
    may_pass = error in {
        Error.TemporaryNetworkFailureError,
        Error.NetworkSessionFailedError,
        Error.UnknownNetworkError,
    }
    kind = TransientError if may_pass else DownloadError
    return kind(f"The download failed: {reply.errorString().rstrip('.')}.")
