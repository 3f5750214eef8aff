"""An asyncio event loop, by whoever made it: `call_later`, again and again, from when it begins to run.

Each loop says so by `_set_running_loop`, the one name that is patched. A beat belongs to no task and keeps no loop
alive.
"""

from __future__ import annotations

import contextvars
import functools
import sys
import weakref
from typing import TYPE_CHECKING, Any

from ...monitors.lag import PERIOD_S
from . import GRAPHICAL

if TYPE_CHECKING:
    from ..protocols import Host
    from ..watching.watched_loop import WatchedLoop

_beating: weakref.WeakKeyDictionary[Any, tuple[Host, WatchedLoop]] = weakref.WeakKeyDictionary()
"""Event loops, each with what it beats for."""


def found(events: Any, agent: Host) -> None:
    """`asyncio.events` has been imported."""
    set_running_loop = events._set_running_loop

    @functools.wraps(set_running_loop)
    def watched(loop: Any) -> None:
        set_running_loop(loop)
        if loop is not None and not agent.is_over:
            try:
                _begin(loop, agent)
            except Exception:
                agent.fail()

    def put(function: Any) -> None:
        for module in (events, sys.modules.get("asyncio")):
            if hasattr(module, "_set_running_loop"):
                setattr(module, "_set_running_loop", function)  # noqa: B010 (no type knows it)

    put(watched)
    agent.at_end.append(lambda: put(set_running_loop))
    if (running := events._get_running_loop()) is not None:
        _begin(running, agent)


def _begin(loop: Any, agent: Host) -> None:
    before = _beating.get(loop)
    if before is not None and before[0] is agent and not before[1].is_over:
        return
    if agent.kind_here() in GRAPHICAL:
        return  # whose loop runs it
    watched = agent.watch("asyncio", type(loop).__module__.partition(".")[0], "")
    if watched is None:
        return
    beat = watched.beater(1, carries_out=sys.modules["asyncio.events"].Handle._run.__code__)
    there, context = weakref.ref(loop), contextvars.Context()

    def step() -> None:
        here = there()
        if here is None or watched.is_over or here.is_closed():
            return
        here.call_later(PERIOD_S, step, context=context)
        beat()

    _beating[loop] = agent, watched
    loop.call_soon(step, context=context)
