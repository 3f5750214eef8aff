"""The async form of a person's own function, for an event loop. Runs in the loop's thread."""

from __future__ import annotations

import functools
import inspect
import os
from typing import TYPE_CHECKING, Any

from ..catalog import user_names
from ..catalog.user_functions import is_async
from ..task import Result
from ..user_code.loading import amount, made, prepared
from ..user_code.results import told

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from ..user_code.loading import Made


def own_form(name: str) -> tuple[Callable[..., AsyncGenerator[Any, None]], bool] | None:
    """What `workers.drive_async.AsyncForm` is made of; None where the function is not async.

    Its file is imported in the first task, where what that raises is told of.
    """
    try:
        parsed = user_names.parse(name)
        path = str(user_names.locate(parsed))
        changed = os.stat(path).st_mtime_ns
    except (ValueError, OSError):
        return None  # its first call tells
    return _form(name, path if parsed.is_path else "", changed)


@functools.lru_cache(maxsize=64)
def _form(name: str, path: str, changed: int) -> tuple[Callable[..., AsyncGenerator[Any, None]], bool] | None:
    """The same for one state of the file, by the time of its last change."""
    if not is_async(name):
        return None

    async def steps(control: Any, **arguments: Any) -> AsyncGenerator[Any, None]:
        found = made(name)
        if found.wants_control:
            arguments["control"] = control
        value = prepared(found)(**arguments)
        if inspect.isasyncgen(value):
            try:
                async for got in value:
                    yield amount(got)
            finally:
                await value.aclose()
        else:
            result = await value
            yield 1
            yield Result(told(result, path))

    return steps, True


async def run_once(found: Made, arguments: dict[str, Any]) -> None:
    """One call, to its end."""
    value = prepared(found)(**arguments)
    if inspect.isasyncgen(value):
        async for _ in value:
            pass
    else:
        await value
