"""tkinter's event loop: a timer of Tcl, which is the thread's and not the program's own interpreter's.

An interpreter of our own makes it, without a window: so there is no command and no `after` in the program's that was
not there, and nothing of the program's is kept alive.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any

from ...monitors.lag import PERIOD_S

if TYPE_CHECKING:
    from ..seams import Host

PERIOD_MS = round(PERIOD_S * 1e3)
WANTS_TK = 5
"""Which argument of `_tkinter.create` says whether there is to be a window."""

_kept: dict[int, tuple[Host, Any]] = {}
"""Our own interpreters, by their thread's ident, with the agent that they beat for."""


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
    if (ident in _kept and _kept[ident][0] is agent) or (
        loop := agent.watch("tk", "tkinter", tkinter.TK_VERSION)
    ) is None:
        return
    beat = loop.beat
    ours = create(None, "", "", False, True, False, False, None)
    _kept[ident] = agent, ours

    def step() -> None:
        if agent.is_over:
            return
        ours.createtimerhandler(PERIOD_MS, step)
        beat(sys._getframe(1))

    ours.createtimerhandler(PERIOD_MS, step)
