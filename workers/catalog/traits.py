"""What is true of a runner, read from the literals of its file: nobody else need know it by its name. For any thread.

    KIND = "threads"             what it is one of: findings have a row for each kind; without it the TITLE
    PLACE = "in a thread pool"   where that is: "Run it in a thread pool"; without it "on" and the TITLE
    GIL = "shared"               "gui": it runs in the GUI thread; "shared": in threads, which share the window's GIL;
                                 "own": apart, with GILs of its own, and what goes there is pickled; "other": as "own",
                                 but in another Python, faster or slower; without it nothing is assumed
    RUNS_ASYNC = True            it has an event loop, and so takes async functions
    ADVISE = 10                  of places that do as well the one with the lowest number is advised, for it is the
                                 least to write and to go wrong; 0: never; without it the last
    MAX_CALL_S = 0.005           a plain call that is longer is not advised there, in seconds; without it any may be
    START_S = 0.1                what it takes to begin each task there, in seconds; without it next to nothing
    WHERE = "in slices"          where a run was, in a sentence; without it "on" and the TITLE
    PROMISE = "The window ..."   what to expect of the window while work runs there, in a sentence
    WHY_FROZEN = "It ran ..."    how a sentence begins on a freeze while it ran in the GUI thread
    FILES = 1                    open files that each worker keeps; of a workload what each task has open
    THREADS = 1                  threads of this process that each worker needs
    COLOR = "#009e73"            the same in every chart, darker on light ground where it has to be; without it one
                                 that no other has
    MARKER = "●"                 tells it apart without its colour; without it one that no other has

A file may leave out any of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

SPARE_MARKERS = "▣▽◉◈▤◐▥◑▦◒▧◓"
SPARE_COLORS = ("#f471f4", "#ec1313", "#f48771", "#85e094", "#a39cc9", "#b3f471")
"""What our own runners leave free, the one first that is farthest from all of theirs."""

UNKNOWN_COLOR = "#8f8f8f"
GILS = {"", "gui", "shared", "own", "other"}
_COLOR = re.compile("#[0-9a-fA-F]{6}")


class Traits(NamedTuple):
    """What is true of a runner; the module's docstring says what each means."""

    kind: str = ""
    place: str = ""
    gil: str = ""
    runs_async: bool = False
    advise: int = 1000
    max_call_s: float = 0.0
    start_s: float = 0.0
    where: str = ""
    promise: str = ""
    why_frozen: str = ""
    color: str = UNKNOWN_COLOR
    marker: str = ""

    @property
    def is_apart(self) -> bool:
        """Whether it shares neither GIL nor objects with the window: what goes there is pickled."""
        return self.gil in {"own", "other"}


def read_traits(constants: Mapping[str, Any]) -> Traits:
    """The traits of a runner by the literals of its file, of which TITLE is one.

    Raises:
        ValueError: one of them means nothing, with what is wrong.
    """
    title = constants["TITLE"]
    usual = Traits(title, f"on {title}", why_frozen=f"It ran {constants.get('PLACE', f'on {title}')}")
    found = {name: constants[name.upper()] for name in Traits._fields if name.upper() in constants}
    for name, value in found.items():
        wanted = type(getattr(usual, name))
        is_wrong = (name == "gil" and value not in GILS) or (
            name == "color" and not _COLOR.fullmatch(str(value))
        )
        if type(value) is not wanted or is_wrong:
            raise ValueError(f"{name.upper()} cannot be {value!r}")
    return usual._replace(**found)
