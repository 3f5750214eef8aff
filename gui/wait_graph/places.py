"""Where the nodes of a graph lie: on a circle, and each keeps its place. Plain numbers, no Qt widgets."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workers.reports.labs.wait_graph import Node


class Places:
    """Which place of the circle each node has. Who is there already stays; who comes gets a free one, or a new one."""

    def __init__(self) -> None:
        self._of: dict[Node, int] = {}
        self.count = 0

    def clear(self) -> None:
        self._of = {}
        self.count = 0

    def take(self, nodes: Sequence[Node]) -> None:
        """These are to have places, and no others."""
        kept = {node: at for node, at in self._of.items() if node in nodes}
        if not kept:
            self.count = 0
        free = iter([at for at in range(self.count) if at not in kept.values()])
        for node in nodes:
            if node not in kept:
                at = next(free, self.count)
                self.count = max(self.count, at + 1)
                kept[node] = at
        self._of = kept

    def angle(self, node: Node) -> float:
        """Where it stands, in radians; two of them, or four, lie beside each other."""
        return 2 * math.pi * (self._of[node] - 0.5) / max(1, self.count) - math.pi / 2


class Shape(NamedTuple):
    """A node as it is drawn: an ellipse for a task, a box for a thing.

    Attributes:
        x: of its middle.
        y: of its middle.
        wide: half of its width.
        high: half of its height.
        is_round: whether it is an ellipse.
    """

    x: float
    y: float
    wide: float
    high: float
    is_round: bool

    def edge(self, x: float, y: float) -> tuple[float, float]:
        """Where the way from its middle to a place leaves it."""
        across, down = x - self.x, y - self.y
        if not across and not down:
            return self.x, self.y
        if self.is_round:
            share = 1 / math.hypot(across / self.wide, down / self.high)
        else:
            share = 1 / max(abs(across) / self.wide, abs(down) / self.high)
        return self.x + min(share, 1.0) * across, self.y + min(share, 1.0) * down

    def has(self, x: float, y: float) -> bool:
        return abs(x - self.x) <= self.wide and abs(y - self.y) <= self.high
