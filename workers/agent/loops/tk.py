"""tkinter's event loop: a timer of Tcl, which is the thread's and not the program's own interpreter's.

An interpreter of our own makes it, without a window: so there is no command and no `after` in the program's that was
not there, and nothing of the program's is kept alive.
"""

from __future__ import annotations

import sys
import threading
from itertools import repeat, starmap
from typing import TYPE_CHECKING, Any

from ...monitors.lag import PERIOD_S

if TYPE_CHECKING:
    from ..protocols import Host
    from ..watching.watched_loop import WatchedLoop

PERIOD_MS = round(PERIOD_S * 1e3)
NEVER_MS = 2**31 - 1
WANTS_TK = 5
"""Which argument of `_tkinter.create` says whether there is to be a window."""

_kept: dict[int, tuple[Host, WatchedLoop, Any]] = {}
"""Our own interpreters, by their thread's ident, with the agent and the loop that they beat for."""


def found(tkinter: Any, agent: Host) -> None:
    """`_tkinter` has been imported."""
    create = tkinter.create

    def watched_create(*arguments: Any, **named: Any) -> Any:
        made = create(*arguments, **named)
        if named.get("wantTk", arguments[WANTS_TK] if len(arguments) > WANTS_TK else True):
            try:
                _begin(tkinter, create, agent)
            except Exception:
                agent.fail()
        return made

    watched_create.__name__, watched_create.__doc__ = create.__name__, create.__doc__
    tkinter.create = watched_create
    agent.at_end.append(lambda: setattr(tkinter, "create", create))
    if getattr(sys.modules.get("tkinter"), "_default_root", None) is not None:
        _begin(tkinter, create, agent)


def _begin(tkinter: Any, create: Any, agent: Host) -> None:
    ident = threading.get_ident()
    kept = _kept.get(ident)
    if kept is not None and kept[0] is agent and not kept[1].is_over:
        return
    loop = agent.watch("tk", "tkinter", tkinter.TK_VERSION)
    if loop is None:
        return
    ours = create(None, "", "", False, True, False, False, None)
    _kept[ident] = agent, loop, ours
    again: list[Any] = [PERIOD_MS]
    again.append(loop.beater(0, starmap(ours.createtimerhandler, repeat(again))))
    loop.at_end(lambda: again.__setitem__(slice(None), [NEVER_MS, int]))
    ours.createtimerhandler(*again)
