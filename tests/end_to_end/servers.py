"""Small web servers that misbehave as a test wants them to, and count what is asked of them."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from tests.support.program import ROOT

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

PICTURE = (ROOT / "resources" / "pictures" / "00.jpg").read_bytes()


class PictureServer(ThreadingHTTPServer):
    """Serves one picture under every path; each request has a thread of its own.

    Attributes:
        asked: how many requests have come.
        last_asked: when the last one came, in seconds of `time.monotonic`.
    """

    daemon_threads = False  # none is to outlive the test

    def __init__(self, share: float = 1.0, wait_s: float = 0.0) -> None:
        """Start it.

        Args:
            share: how much of the picture is sent before the server falls silent; below 0 there are not even headers.
            wait_s: how long each answer takes.
        """
        self.share, self.wait_s = share, wait_s
        self.asked = 0
        self.last_asked = 0.0
        self.over = threading.Event()
        super().__init__(("127.0.0.1", 0), _Handler)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,), name="picture server")
        self._thread.start()

    def __enter__(self) -> PictureServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self.shutdown()
        self._thread.join()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is what these tests are about."""

    def list_in(self, folder: Path, count: int) -> Path:
        """A file of `count` addresses on this server."""
        path = folder / "addresses.txt"
        address = f"http://127.0.0.1:{self.server_address[1]}"
        path.write_text("".join(f"{address}/{number}.jpg\n" for number in range(count)))
        return path


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: PictureServer
    timeout = 5.0

    def do_GET(self) -> None:
        server = self.server
        server.asked += 1
        server.last_asked = time.monotonic()
        server.over.wait(server.wait_s if server.share >= 0 else None)
        if server.share < 0 or server.over.is_set():
            self.close_connection = True
            return
        self.send_response(200)
        self.send_header("Content-Type", "image/jpeg")
        self.send_header("Content-Length", str(len(PICTURE)))
        self.end_headers()
        self.wfile.write(PICTURE[: round(len(PICTURE) * server.share)])
        if server.share < 1:
            server.over.wait()
            self.close_connection = True

    def log_message(self, *args: object) -> None:
        """Say nothing."""
