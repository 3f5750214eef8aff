"""A web server on the loopback interface that does what servers should not: raw sockets, a thread a connection.

What a path is answered with is bytes, or a function that is called with the connection in that connection's thread.
The server keeps the connection open after an answer of bytes, unless the answer says 'Connection: close'; after a
function it closes it.
"""

from __future__ import annotations

import io
import re
import socket
import struct
import threading
import zlib
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from PIL import Image

from workers.utils.sockets import shut_down

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Answer = bytes | Callable[["Connection"], None]

OK = "200 OK"


def picture(kind: str = "JPEG", size: tuple[int, int] = (320, 200), **options: object) -> bytes:
    """A small picture that does not compress to nothing."""
    file = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(file, kind, **options)
    return file.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and has no pixels."""
    data = b"IHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    chunk = b"\0\0\0\x0d" + data + zlib.crc32(data).to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n" + chunk + b"\0\0\0\0IEND\xaeB`\x82"


def response(body: bytes = b"", status: str = OK, *, length: object = None, **fields: str) -> bytes:
    """A response with its length, or with another `length`, or with none if that is ''."""
    lines = [f"HTTP/1.1 {status}"]
    size = len(body) if length is None else length
    if size != "":
        lines.append(f"Content-Length: {size}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def chunked(body: bytes) -> bytes:
    """A response whose body comes in chunks, without a length."""
    head = response(length="", Transfer_Encoding="chunked")
    parts = [body[at : at + 5000] for at in range(0, len(body), 5000)]
    return head + b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


class Connection:
    """One client's connection, for the functions that answer.

    Attributes:
        head: the whole head of the request.
    """

    def __init__(self, sock: socket.socket, server: MisbehavingServer, head: str = "") -> None:
        self.sock, self.server, self.head = sock, server, head

    def asked(self, field: str) -> str:
        """A field of the request's head, or ''."""
        found = re.search(rf"^{field}:[ \t]*(.*?)\r?$", self.head, re.IGNORECASE | re.MULTILINE)
        return found[1] if found else ""

    @property
    def first(self) -> int:
        """The first byte that the request wants: 0 where it asks for no range."""
        found = re.fullmatch(r"bytes=(\d+)-\d*", self.asked("Range"))
        return int(found[1]) if found else 0

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def stall(self) -> None:
        """Say nothing more until the server closes."""
        self.server.reached.set()
        self.server.closing.wait()

    def drip(self, data: bytes, every_s: float = 0.02) -> None:
        """Send a byte now and then."""
        for at in range(len(data)):
            if self.server.closing.wait(every_s):
                return
            self.send(data[at : at + 1])
        self.stall()

    def reset(self) -> None:
        """Break the connection off the hard way: what comes next at the client is ECONNRESET."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def closing(data: bytes) -> Callable[[Connection], None]:
    """An answer that sends this and closes the connection."""
    return lambda connection: connection.send(data)


def resetting(data: bytes) -> Callable[[Connection], None]:
    """An answer that sends this and breaks the connection off."""

    def answer(connection: Connection) -> None:
        connection.send(data)
        connection.reset()

    return answer


def stalling(data: bytes) -> Callable[[Connection], None]:
    """An answer that sends this and then says nothing more."""

    def answer(connection: Connection) -> None:
        connection.send(data)
        connection.stall()

    return answer


def dripping(data: bytes, drops: bytes) -> Callable[[Connection], None]:
    """An answer that sends this at once and then the drops, a byte now and then."""

    def answer(connection: Connection) -> None:
        connection.send(data)
        connection.drip(drops)

    return answer


def in_turn(*answers: Answer) -> Callable[[Connection], None]:
    """A different answer for each request; the last one for all that follow. The connection is closed after each."""
    left = list(answers)
    lock = threading.Lock()

    def answer(connection: Connection) -> None:
        with lock:
            now = left.pop(0) if len(left) > 1 else left[0]
        if callable(now):
            now(connection)
        else:
            connection.send(now)

    return answer


class MisbehavingServer:
    """Answers by `answers`, a dictionary from paths.

    Attributes:
        url: the base address.
        otherwise: the answer to all other paths.
        greeting: sent as soon as somebody connects.
        requests: the first lines of the requests so far.
        heads: their whole heads.
        connections: how many were accepted.
        reached: a `stall` has begun.
        closing: it is time to leave.
    """

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.otherwise: Answer = response(b"", "404 Not Found")
        self.greeting = b""
        self.requests: list[str] = []
        self.heads: list[str] = []
        self.connections = 0
        self.reached = threading.Event()
        self.closing = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._open: set[socket.socket] = set()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def at(self, path: str, answer: Answer) -> str:
        """Answer `path` with this from now on; returns its address."""
        self.answers[path] = answer
        return self.url + path

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            if self.closing.is_set():
                sock.close()
                return
            self.connections += 1
            self._open.add(sock)
            thread = threading.Thread(target=self._serve, args=(sock,))
            if len(self._threads) > 500:
                self._threads[1:] = [one for one in self._threads[1:] if one.is_alive()]
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket) -> None:
        with self._forgetting(sock), sock, suppress(OSError), sock.makefile("rb") as reader:
            sock.sendall(self.greeting)
            while True:
                head = b""
                while (line := reader.readline()) != b"\r\n":
                    if not line:
                        return
                    head += line
                text = head.decode("latin-1")
                request = text.partition("\r\n")[0]
                self.heads.append(text)
                self.requests.append(request)
                answer = self.answers.get(request.split()[1], self.otherwise)
                if callable(answer):
                    answer(Connection(sock, self, text))
                    return
                sock.sendall(answer)
                if b"Connection: close" in answer:
                    return

    @contextmanager
    def _forgetting(self, sock: socket.socket) -> Iterator[None]:
        try:
            yield
        finally:
            self._open.discard(sock)

    def close(self) -> None:
        """End all connections and threads."""
        self.closing.set()
        with suppress(OSError):  # wakes the accepting thread
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        self._threads[0].join()
        self._listener.close()
        for sock in list(self._open):
            shut_down(sock)
        for thread in self._threads:
            thread.join()


@contextmanager
def full_house() -> Iterator[str]:
    """The address of a listener that takes no more connections: a client's attempt is neither taken nor refused."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        fillers = []
        try:
            for _ in range(8):
                filler = socket.socket()
                fillers.append(filler)
                filler.setblocking(False)
                filler.connect_ex(listener.getsockname())
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        finally:
            for filler in fillers:
                filler.close()
