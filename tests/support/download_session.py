"""A session on one runner that downloads from a misbehaving server into a folder, for the tests of faults."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

import psutil

from tests.support.misbehaving_server import MisbehavingServer
from tests.support.runner_harness import Harness
from workers.engine.plan import Settings
from workers.utils.formatting import error_line

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.misbehaving_server import Answer
    from workers.engine.run import Run

FOUR = ("gui_thread", "qthread", "thread_pool", "process_pool")
"""The runners on which every fault is injected where it applies."""

OTHERS = ("q_thread_pool", "thread_per_task", "asyncio_loop", "cooperative", "process_events", "qt_network")
"""The other places that download in this interpreter."""


ONCE: dict[str, Any] = {"tries": 1}
"""The parameter that leaves a download one try."""


def beyond_this_machine(process: psutil.Process) -> tuple[int, list[str]]:
    """Where a process and its children take connections: in how many places, and in which that others can reach."""
    found = []
    for one in (process, *process.children(recursive=True)):
        try:
            found += [each.laddr for each in one.net_connections("tcp") if each.status == psutil.CONN_LISTEN]
            found += [each.laddr for each in one.net_connections("udp") if not each.raddr]
        except psutil.NoSuchProcess:
            continue  # it has just ended
    return len(found), [f"{ip}:{port}" for ip, port in found if not ipaddress.ip_address(ip).is_loopback]


class House(Harness):
    """A harness with a server and a folder of its own.

    Attributes:
        server: answers by path.
        folder: where the files go.
    """

    def __init__(self, runner: str, folder: Path, module: str = "tests.faults.work") -> None:
        super().__init__(runner, module)
        self.server = MisbehavingServer()
        self.folder = folder / f"pictures on {runner}"
        self._list = folder / f"{runner}.txt"

    def serve(self, *answers: Answer) -> list[str]:
        """Addresses on the server, one for each answer: /0.jpg, /1.jpg and so on."""
        return [self.server.at(f"/{index}.jpg", answer) for index, answer in enumerate(answers)]

    def download(self, urls: list[str], workers: int = 2, **params: Any) -> Run:
        """Begin a run that downloads these."""
        self._list.write_text("\n".join(urls))
        given = {"urls": str(self._list), "folder": str(self.folder), **params}
        return self.session.start(
            Settings.named(self.runner, "download", len(urls), workers, tuple(given.items()))
        )

    @property
    def files(self) -> list[str]:
        """What lies in the folder."""
        return sorted(path.name for path in self.folder.iterdir())

    def error(self, index: int) -> str:
        """What the table shows of a task that failed; '' where it did not."""
        run = self.session.run
        assert run is not None
        return error_line(run.recorder.errors.get(index, ""))

    def close(self) -> None:
        """Free the runner's place, then end the server."""
        try:
            assert self.until(lambda: self.session.close(0)), "its threads or processes did not end"
        finally:
            self.server.close()
