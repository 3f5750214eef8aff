"""A start has all that the menu knew: nothing is read, parsed or looked for again."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

import pytest

from workers.catalog import lookup, user_functions
from workers.engine.drive_async import load_async
from workers.engine.loading import preload
from workers.engine.plan import Settings
from workers.engine.session import Session

if TYPE_CHECKING:
    from pathlib import Path

    from workers.engine.task import TaskEvent
    from workers.image_server.conditions import NetworkConditions

LOOKUPS = (
    (lookup, "entry"),
    (lookup, "read_entry"),
    (lookup, "_entries"),
    (user_functions, "entry"),
    (ast, "parse"),
)


class NoServer:
    settings: NetworkConditions

    def begin_run(self) -> str:
        raise AssertionError("no work of these tests downloads")


def forbid_lookups(monkeypatch: pytest.MonkeyPatch) -> None:
    def looked_up(*what: Any, **more: Any) -> None:
        raise AssertionError(f"a start looked for {what}")

    for module, name in LOOKUPS:
        monkeypatch.setattr(module, name, looked_up)


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text("def work(index, size: int = 2): return index * size\n\nasync def waits(): return 7\n")
    return path


@pytest.mark.parametrize("own", [True, False])
def test_a_start_looks_nothing_up(mine: Path, own: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    work = (f"{mine}:work", (("size", 3),)) if own else ("primes", (("numbers", 10),))
    settings = Settings.named("gui_thread", work[0], 3, 1, work[1])
    events: list[TaskEvent] = []
    session = Session(events.append, NoServer())
    forbid_lookups(monkeypatch)
    run = session.start(settings)
    session.fold(events)
    assert session.finish()
    assert (run.recorder.done, run.recorder.errors) == (3, {})


def test_nor_does_the_first_task_of_an_async_function_after_it_was_preloaded(
    mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings.named("asyncio_loop", f"{mine}:waits", 3, 1)
    preload(settings.runner_entry, settings.workload_entry)
    forbid_lookups(monkeypatch)
    assert load_async(settings.workload) is not None
