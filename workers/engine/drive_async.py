"""Runs one task of an async workload in an event loop, by `workers.engine.task.drive`: errors have one place, not two.

A workload's async form is an async generator beside its generator function, `async def download_async` beside `def
download`. It yields amounts likewise, and last of all its result as a `workers.engine.task.Result`. All of this runs in
the event loop's thread.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import inspect
import os
from concurrent.futures import Future
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NamedTuple

from ..catalog import user_names
from ..catalog.user_functions import form
from ..sync.made import defaults
from ..user_code.loading import amount, made
from ..user_code.results import told
from .loading import workload_module
from .task import Control, Result, drive

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
    from concurrent.futures import Executor

    from ..user_code.loading import Made
    from .task import Emit, Task


class AsyncForm(NamedTuple):
    """The async form of a workload.

    Attributes:
        function: its async generator function.
        wants_control: whether that has a parameter `control`, for the run's `Control`.
        packages: what it needs besides the standard library.
        close: closes what it keeps open between tasks in an event loop; None where that is nothing.
    """

    function: Callable[..., AsyncGenerator[Any, None]]
    wants_control: bool
    packages: tuple[str, ...] = ()
    close: Callable[[], Awaitable[None]] | None = None


def load_async(name: str) -> AsyncForm | None:
    """The async form of a workload; None where it has none, or where what that needs is not installed.

    A person's own function that is async is its own async form; all others have none.

    Args:
        name: a workload's name. Its file's ASYNC_REQUIRES names packages, parted by spaces.
    """
    if not user_names.is_own(name):
        return _load(name)
    try:
        changed = os.stat(_located(name)).st_mtime_ns
    except (ValueError, OSError):
        return None  # its first call tells
    return _load_own(name, changed)


@functools.lru_cache(maxsize=64)
def _located(name: str) -> str:
    """The file of a person's own function: of a module it takes 0.3 ms."""
    return str(user_names.locate(user_names.parse(name)))


@functools.cache
def _load(name: str) -> AsyncForm | None:
    module = workload_module(name)
    function = getattr(module, f"{name.rpartition(':')[2]}_async", None)
    needed = tuple(getattr(module, "ASYNC_REQUIRES", "").split())
    if function is None or any(find_spec(package) is None for package in needed):
        return None
    wants_control = "control" in inspect.signature(function).parameters
    return AsyncForm(function, wants_control, needed, getattr(module, "close_async", None))


@functools.lru_cache(maxsize=64)
def _load_own(name: str, changed: int) -> AsyncForm | None:
    """That of a person's own function, for one state of its file, by the time of its last change.

    Its file is imported in the first task, where what that raises is told of.
    """
    kind = form(name)
    if kind == "workload":
        return _load(name)
    if not kind.startswith("async"):
        return None

    async def steps(control: Any, **arguments: Any) -> AsyncGenerator[Any, None]:
        found = made(name)
        if found.workload.make_shared is not None:
            known = {**defaults(found.function), **arguments}
            arguments["shared"] = control.waits.shared(found.workload.make_shared, known)
        if found.workload.wants_control:
            arguments["control"] = control
        value = found.call(**arguments)
        if inspect.isasyncgen(value):
            try:
                async for got in value:
                    yield amount(got)
            finally:
                await value.aclose()
        else:
            result = await value
            yield 1
            yield Result(told(result))

    return AsyncForm(steps, wants_control=True)


def import_async(name: str) -> None:
    """Import the packages that a workload's async form needs, where it has one."""
    found = load_async(name)
    for package in found.packages if found is not None else ():
        import_module(package)


async def free_async(name: str) -> None:
    """Close what a workload's async form keeps open between tasks in this event loop, by its `close_async`."""
    found = load_async(name)
    if found is not None and found.close is not None:
        await found.close()


async def drive_async(
    task: Task,
    found: AsyncForm,
    emit: Emit,
    control: Control,
    place: str,
    resumed: Callable[[], Awaitable[None]],
) -> None:
    """Run one task to its end; the events are those of `workers.engine.task.drive`.

    A cancel of the run cancels the asyncio task that awaits this.

    Args:
        task: what to run.
        found: the async form of its workload.
        emit: takes the events, in the event loop's thread; must neither block nor raise.
        control: cancel and pause of the run.
        place: the name of where this runs, for the events.
        resumed: returns when the task is no longer paused, was cancelled, or when it is time to look again.

    Raises:
        asyncio.CancelledError: the asyncio task was cancelled; the final event has been emitted all the same.
    """
    me = asyncio.current_task()
    assert me is not None
    loop = asyncio.get_running_loop()
    seen = _Seen(control)
    feed = _Feed(task, found, control)

    def interrupt() -> None:
        if not seen.cancelled and not me.cancelling():  # once: what cleans up is to be left in peace
            me.cancel()

    def interrupt_soon() -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended, and this task with it
            loop.call_soon_threadsafe(interrupt)

    with control.on_cancel(interrupt_soon):
        for is_paused in drive(task, emit, seen, place, feed.steps()):
            try:
                await (resumed() if is_paused else feed.fetch())
            except asyncio.CancelledError:
                pass  # while it was paused
            if control.cancelled or me.cancelling():
                seen.cancelled = True
                await feed.close()
    if me.cancelling():
        raise asyncio.CancelledError


class _Seen(Control):
    """The run's control as `drive` sees it: cancelled only once the async generator has cleaned up."""

    def __init__(self, control: Control) -> None:  # without Control's own: nobody pauses or cancels this one
        self.scheduler, self.cancelled, self.held = control.scheduler, control.cancelled, control.held


class _Feed:
    """Awaits the amounts of an async generator, and hands them to `drive` as a generator that never waits."""

    def __init__(self, task: Task, found: AsyncForm, control: Control) -> None:
        self._task, self._found, self._control = task, found, control
        self._steps: AsyncGenerator[Any, None] | None = None
        self._amount: float = 0
        self._result: Any = None
        self._ended = False
        self._error: BaseException | None = None

    def steps(self) -> Generator[float, None, Any]:
        """What `drive` runs: each step gives what was awaited before it."""
        control = {"control": self._control} if self._found.wants_control else {}
        self._steps = self._found.function(**dict(self._task.arguments), **control)
        try:
            while not self._ended:
                yield self._amount
                self._raise_error()
        finally:
            self._raise_error()  # of cleaning up, where `drive` closes this
        return self._result

    def _raise_error(self) -> None:
        error, self._error = self._error, None
        try:
            if error is not None:
                raise error
        finally:
            del error  # its traceback holds this frame

    async def fetch(self) -> None:
        """Await the next amount, or the end, or an error."""
        assert self._steps is not None
        try:
            got = await anext(self._steps)
            if isinstance(got, Result):
                self._result = got.value
                await anext(self._steps)
                raise RuntimeError("an async workload must yield nothing after its result")
            self._amount = got
        except StopAsyncIteration:
            self._ended = True
        except BaseException as error:
            self._error = error

    async def close(self) -> None:
        """Let the async generator clean up; what a cut-short wait raised does not matter."""
        self._error = None
        try:
            if self._steps is not None:
                await self._steps.aclose()
        except BaseException as error:
            self._error = error


async def in_a_thread(executor: Executor | None, function: Callable[..., Any], *arguments: Any) -> Any:
    """Like `loop.run_in_executor`, but where the system gives no more threads it is called here.

    An executor that cannot start a thread raises, and has put the call into its queue all the same: one of its threads
    may make it later, while whoever asked for it does something else.
    """
    call: Future[Any] = Future()
    call.set_running_or_notify_cancel()  # nobody can take it back
    turn = [function]

    def work() -> None:
        try:
            mine = turn.pop()
        except IndexError:
            return  # it was called already
        try:
            call.set_result(mine(*arguments))
        except BaseException as error:
            call.set_exception(error)

    done = asyncio.wrap_future(call)
    try:
        asyncio.get_running_loop().run_in_executor(executor, work)
    except RuntimeError:
        work()
    return await done


async def run_once(found: Made, arguments: dict[str, Any]) -> None:
    """One call, to its end."""
    value = found.call(**arguments)
    if inspect.isasyncgen(value):
        async for _ in value:
            pass
    else:
        await value
