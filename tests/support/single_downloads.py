"""Runs single downloads as `workers.engine.task.drive` would, for the tests of the download workload."""

from __future__ import annotations

import asyncio
import threading
import time
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest

from workers.engine.drive_async import drive_async, free_async, load_async
from workers.engine.task import Control, Phase, Task, TaskEvent, drive_to_end

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE_S = 10.0
FORMS = (
    pytest.param("plain"),
    pytest.param(
        "async", marks=pytest.mark.skipif(find_spec("aiohttp") is None, reason="aiohttp is not installed here")
    ),
)
"""The workload's two forms: in a thread, and in an event loop."""


class Download:
    """One download and what became of it.

    Attributes:
        form: which of the workload's FORMS is run.
        task: what is run.
        control: the run's control.
        events: what was told.
        took_s: how long it took.
    """

    form = "plain"

    def __init__(self, url: str, folder: Path, *, name: str = "a.jpg", tries: int = 1, **params: Any) -> None:
        arguments: dict[str, Any] = {"url": url, "name": name, "into": str(folder), "tries": tries, **params}
        self.folder = folder
        self.control = Control()
        self.events: list[TaskEvent] = []
        self.took_s = 0.0
        self.task = Task(0, "download", tuple(arguments.items()))
        self._thread = threading.Thread(target=self.run)

    def run(self) -> Download:
        begun = time.perf_counter()
        if self.form == "async":
            asyncio.run(self._run_async())
        else:
            drive_to_end(self.task, self.events.append, self.control, "here")
        self.took_s = time.perf_counter() - begun
        return self

    async def _run_async(self) -> None:
        async def resumed() -> None:
            await asyncio.to_thread(self.control.wait_while_paused)

        found = load_async(self.task.workload)
        assert found is not None
        driving = asyncio.ensure_future(
            drive_async(self.task, found, self.events.append, self.control, "here", resumed)
        )
        await asyncio.wait([driving])  # a cancel of the run cancels it
        await free_async("download")

    def start(self) -> None:
        """Run it in a thread of its own, to be ended by `cancelled_after`."""
        self._thread.start()

    def join(self) -> None:
        """Wait until it has ended."""
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()

    def cancelled_after(self) -> float:
        """Cancel it; the seconds until it had ended."""
        begun = time.perf_counter()
        self.control.cancel()
        self.join()
        return time.perf_counter() - begun

    @property
    def phase(self) -> Phase:
        return self.events[-1].phase

    @property
    def result(self) -> Any:
        assert self.phase == Phase.DONE, self.events[-1].detail
        return self.events[-1].detail

    @property
    def error(self) -> str:
        """The last line of the traceback, which is what the table shows."""
        assert self.phase == Phase.FAILED
        return str(self.events[-1].detail).strip().splitlines()[-1]

    @property
    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())
