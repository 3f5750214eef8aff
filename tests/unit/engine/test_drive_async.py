"""Async workloads: the same events as of any other, whatever is done to them; and the async download's own ways."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.misbehaving_server import MisbehavingServer, picture, response
from tests.support.single_downloads import FORMS, Download
from workers.catalog import user_names
from workers.engine import drive_async as module
from workers.engine.drive_async import AsyncForm, drive_async, free_async, import_async, load_async, run_once
from workers.engine.task import Control, Phase, Result, Task, TaskEvent
from workers.user_code.loading import made
from workers.workloads import download

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator
    from pathlib import Path

UNIT = "steps"
needs_aiohttp = FORMS[1].marks
LOG: list[str] = []
"""What the workloads below and the events noted, in their order."""


@pytest.fixture(autouse=True)
def empty_log() -> None:
    LOG.clear()


def plain() -> Generator[int, None, None]:
    yield 1


async def counts_async(*, count: int = 3) -> AsyncGenerator[Any, None]:
    for _ in range(count):
        await asyncio.sleep(0)
        yield 1
    yield Result("result")
    LOG.append("ended")


async def goes_on_after_its_result_async() -> AsyncGenerator[Any, None]:
    yield Result("result")
    yield 1


async def has_no_result_async() -> AsyncGenerator[Any, None]:
    yield 1


async def waits_async() -> AsyncGenerator[Any, None]:
    try:
        yield 1
        await asyncio.Event().wait()
    finally:
        await asyncio.sleep(0)
        LOG.append("cleaned up")


async def cleans_up_badly_async(*, control: Control) -> AsyncGenerator[Any, None]:
    try:
        await asyncio.sleep(0)
        control.cancel()
        yield 1
    finally:
        raise OSError("the part file could not be removed")


async def is_cut_short_async() -> AsyncGenerator[Any, None]:
    yield 1
    raise asyncio.CancelledError


def carry_out(
    name: str, control: Control | None = None, then: Callable[[TaskEvent], None] | None = None, **arguments: Any
) -> tuple[list[TaskEvent], bool]:
    """Drive one task; returns its events, and whether the asyncio task was cancelled by that."""
    control = control or Control()
    events: list[TaskEvent] = []

    def emit(event: TaskEvent) -> None:
        events.append(event)
        LOG.append(event.phase.name)
        if then is not None:
            then(event)

    async def main() -> bool:
        async def resumed() -> None:
            await asyncio.to_thread(control.wait_while_paused)

        task = Task(7, f"{__name__}:{name}", tuple(arguments.items()))
        found = load_async(task.workload)
        assert found is not None
        driving = asyncio.ensure_future(drive_async(task, found, emit, control, "here", resumed))
        await asyncio.wait([driving], timeout=5)
        assert driving.done()
        return driving.cancelled() or driving.result() is not None

    return events, asyncio.run(main())


def test_the_result_comes_last_and_the_rest_of_the_code_runs_before_the_final_event() -> None:
    events, cancelled = carry_out("counts")
    assert not cancelled
    assert [event.phase for event in events] == [Phase.STARTED, Phase.DONE]
    assert (events[-1].amount, events[-1].detail, events[-1].place) == (3, "result", "here")
    assert LOG == ["STARTED", "ended", "DONE"]


def test_a_result_may_be_left_out() -> None:
    events, _ = carry_out("has_no_result")
    assert (events[-1].phase, events[-1].detail) == (Phase.DONE, None)


def test_nothing_may_follow_the_result() -> None:
    events, _ = carry_out("goes_on_after_its_result")
    assert events[-1].phase is Phase.FAILED
    assert "must yield nothing after its result" in events[-1].detail


def test_wrong_arguments_fail_like_any_error() -> None:
    events, _ = carry_out("counts", wrong=1)
    assert [event.phase for event in events] == [Phase.STARTED, Phase.FAILED]
    assert "TypeError" in events[-1].detail


def test_a_cancel_ends_a_wait_and_lets_it_clean_up_first() -> None:
    control = Control()
    timer = threading.Timer(0.02, control.cancel)

    def begin(event: TaskEvent) -> None:
        if event.phase is Phase.STARTED:
            timer.start()

    events, cancelled = carry_out("waits", control, begin)
    timer.join()
    assert cancelled
    assert events[-1].phase is Phase.CANCELLED
    assert LOG == ["STARTED", "cleaned up", "CANCELLED"]
    assert not control._closers


def test_a_cancel_before_the_start_starts_nothing() -> None:
    control = Control()
    control.cancel()
    events, _ = carry_out("waits", control)
    assert [event.phase for event in events] == [Phase.CANCELLED]


def test_an_error_while_cleaning_up_is_told() -> None:
    events, _ = carry_out("cleans_up_badly")
    assert events[-1].phase is Phase.FAILED
    assert "the part file could not be removed" in events[-1].detail


def test_a_workload_that_cancels_itself_has_failed() -> None:
    events, cancelled = carry_out("is_cut_short")
    assert not cancelled
    assert events[-1].phase is Phase.FAILED
    assert "CancelledError" in events[-1].detail


def test_a_cancel_ends_a_paused_task() -> None:
    control = Control()
    control.pause()

    def cancel(event: TaskEvent) -> None:
        if event.phase is Phase.PAUSED:
            control.cancel()

    events, _ = carry_out("waits", control, cancel)
    assert [event.phase for event in events] == [Phase.STARTED, Phase.PAUSED, Phase.RESUMED, Phase.CANCELLED]


def test_a_cancel_after_the_loop_has_ended_does_no_harm() -> None:
    control = Control()
    kept: list[Callable[[], None]] = []
    carry_out("counts", control, lambda event: kept.extend(control._closers.values()))
    for close in kept:
        close()


def test_without_its_package_a_workload_has_no_async_form(monkeypatch: pytest.MonkeyPatch) -> None:
    module._load.cache_clear()
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    assert load_async("download") is None
    assert load_async(f"{__name__}:counts") == AsyncForm(counts_async, wants_control=False)
    module._load.cache_clear()
    assert load_async("sleep") is None
    assert load_async(f"{__name__}:plain") is None


# ---------------------------------------------------------------- the async download


@pytest.mark.parametrize("held", [0, 10_000])
@pytest.mark.parametrize("_", [pytest.param(0, marks=needs_aiohttp)])
def test_a_large_file_is_written_bit_by_bit(
    _: int, held: int, server: MisbehavingServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(download, "HELD_BYTES", held)
    monkeypatch.setattr(Download, "form", "async")
    body = picture("PNG", (400, 300))
    found = Download(server.at("/a.png", response(body)), tmp_path, name="a.png").run()
    assert found.result.name == "a.png"
    assert (tmp_path / "a.png").read_bytes() == body
    assert found.files == ["a.png"]


def test_a_cancel_waits_for_the_thread_that_writes() -> None:
    go = threading.Event()

    def write() -> None:
        go.wait(5)
        LOG.append("written")

    async def main() -> None:
        writing = asyncio.ensure_future(download._in_a_thread(write))
        await asyncio.sleep(0.02)
        writing.cancel()
        await asyncio.sleep(0.02)
        assert not writing.done()
        go.set()
        with pytest.raises(asyncio.CancelledError):
            await writing
        assert LOG == ["written"]

    asyncio.run(main())


def test_freeing_what_was_never_opened_does_no_harm() -> None:
    asyncio.run(free_async("sleep"))


# ---------------------------------------------------------------- a person's own functions


def run_own(source: str, folder: Path) -> TaskEvent:
    """How a task of an own function `work` ended."""
    path = folder / "mine.py"
    path.write_text(source, encoding="utf-8")
    name = f"{path}:work"
    form = load_async(name)
    assert form is not None
    events: list[TaskEvent] = []

    async def resumed() -> None:
        raise AssertionError("nobody has paused it")

    async def main() -> None:
        await drive_async(Task(7, name, ()), form, events.append, Control(), "here", resumed)

    asyncio.run(main())
    return events[-1]


@pytest.mark.parametrize(
    ("source", "amount"),
    [
        ("async def work(*, size: int = 2):\n    return size\n", 1),
        ("async def work(*, size: int = 2):\n    for _ in range(size):\n        yield 3\n", 6),
        ("async def work(control, *, size: int = 2):\n    return control.cancelled\n", 1),
    ],
)
def test_an_own_async_function_is_its_own_async_form(source: str, amount: float, tmp_path: Path) -> None:
    last = run_own(source, tmp_path)
    assert (last.phase, last.amount) == (Phase.DONE, amount), last.detail


def test_what_own_async_functions_share_is_made_of_their_defaults_too(tmp_path: Path) -> None:
    source = (
        'SHARED = "make"\ndef make(sizes, waits):\n    return sum(sizes)\n'
        "async def work(shared, *, sizes=(1, 2)):\n    return shared\n"
    )
    assert run_own(source, tmp_path).detail == "3"


def test_an_own_function_that_is_not_async_or_is_gone_has_no_async_form(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    assert load_async(f"{path}:work") is None
    path.write_text("def work(): ...\n", encoding="utf-8")
    assert load_async(f"{path}:work") is None


def test_the_file_of_a_function_is_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    load_async(f"{__name__}:counts")

    def locate(name: object) -> Path:
        raise AssertionError(f"{name} was looked for in the event loop, for each task")

    monkeypatch.setattr(user_names, "locate", locate)
    assert load_async(f"{__name__}:counts") is not None


@pytest.mark.parametrize("body", ["LOG.append(size)", "LOG.append(size)\n    yield 1"])
def test_one_call_goes_to_its_end(body: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(f"LOG = []\nasync def work(*, size: int):\n    {body}\n", encoding="utf-8")
    found = made(f"{path}:work")
    asyncio.run(run_once(found, {"size": 4}))
    assert found.function.__globals__["LOG"] == [4]


@pytest.mark.parametrize("_", [pytest.param(0, marks=needs_aiohttp)])
def test_what_an_async_form_needs_is_imported(_: int, monkeypatch: pytest.MonkeyPatch) -> None:
    imported: list[str] = []
    monkeypatch.setattr(module, "import_module", imported.append)
    import_async("download")
    import_async("sleep")
    assert imported == ["aiohttp"]
