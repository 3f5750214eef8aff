"""Freezes its event loop in every way there is, and writes down which line was guilty each time. Python 3.9 and later.

    freezer.py LOOP COUNT FILE [LONGEST]

Each freeze lasts from 0.3 s to LONGEST, which is 0.6 s unless it is said.
It is copied beside `frozen_ways.py` and `loops.py`, as a program of somebody's own would be.
"""

from __future__ import annotations

import json
import random
import sys
import time
from typing import TYPE_CHECKING, Any

import frozen_ways  # type: ignore[import-not-found, unused-ignore]
import loops  # type: ignore[import-not-found, unused-ignore]

if TYPE_CHECKING:
    from collections.abc import Callable

SHORTEST_S = 0.3
REST_S = 0.06
"""Between two freezes the loop is well."""

MAIN = "GUI thread"


class Freezer:
    """Freezes again and again, in the event loop's thread.

    Attributes:
        told: of each freeze when it was, and who and what was guilty.
    """

    def __init__(self, count: int, longest_s: float, lines: str) -> None:
        has_gil = getattr(sys, "_is_gil_enabled", lambda: True)()
        # Without a GIL no thread holds up another one's loop.
        ways = [way for way in frozen_ways.ways() if has_gil or way.holder == MAIN]
        self._has_gil = has_gil
        self._left = [ways[index % len(ways)] for index in range(count)][::-1]
        self._random, self._longest_s = random.Random(1), longest_s
        self._lines = lines
        self.told: list[dict[str, Any]] = []

    def begin(
        self, later: Callable[[float, Callable[[], object]], object], leave: Callable[[], object]
    ) -> None:
        self._later, self._leave = later, leave
        self.freeze()

    def freeze(self) -> None:
        self._way = self._left.pop()
        self._began = time.time()
        self._thread = self._way.freeze(self._random.uniform(SHORTEST_S, self._longest_s))
        if self._thread is None:
            self.check()
        else:
            self._later(1.5 * frozen_ways.AFTER_S, self.check)

    def check(self) -> None:
        is_thread = self._thread is not None
        if is_thread:
            self._thread.join()
        way, ended = self._way, time.time()
        if ended - self._began < SHORTEST_S + is_thread * 2 * frozen_ways.AFTER_S:
            self._left.append(way)  # the machine was quicker than when its work was measured out
        else:
            kind = "c" if way.kind == "c_gil" and not self._has_gil else way.kind
            what = {"name": way.name, "line": way.line, "kind": kind, "holder": way.holder}
            self.told.append({**what, "began": self._began, "ended": ended})
            with open(self._lines, "a", encoding="utf-8") as file:  # for who kills this program
                file.write(json.dumps(self.told[-1]) + "\n")
        if self._left:
            self._later(REST_S, self.freeze)
        else:
            self._later(REST_S, self._leave)


if __name__ == "__main__":
    frozen_ways.calibrate()
    longest_s = float(sys.argv[4]) if len(sys.argv) > 4 else 0.6
    freezer = Freezer(int(sys.argv[2]), longest_s, f"{sys.argv[3]}.lines")
    loops.run(sys.argv[1], freezer.begin)
    with open(sys.argv[3], "w", encoding="utf-8") as file:
        json.dump(freezer.told, file)
