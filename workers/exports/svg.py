"""A few primitives for graphs as SVG texts in an HTML page, whose colours they have by class (resources/report.css)."""

from __future__ import annotations

from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from ..reports.palette import BANDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..reports.scales import LogScale

WIDTH = 960


def picture(height: float, label: str, parts: Iterable[str]) -> str:
    """All of a graph, as wide as the page; `label` tells those who do not see it what it is."""
    return f'<svg viewBox="0 0 {WIDTH} {height:g}" role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>\n'


def element(tag: str, content: str = "", /, **attributes: float | str) -> str:
    """An element; `content` is plain text. Of an attribute's name `_` becomes `-`, and one at the end goes: class_."""
    pairs = ((name.rstrip("_").replace("_", "-"), value) for name, value in attributes.items())
    told = "".join(f' {name}="{value if isinstance(value, str) else _number(value)}"' for name, value in pairs)
    return f"<{tag}{told}>{escape(content)}</{tag}>" if content else f"<{tag}{told}/>"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def polyline(points: Iterable[tuple[float, float]], **attributes: float | str) -> str:
    """A line through points in pixels."""
    return element("polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in points), **attributes)


class Area(NamedTuple):
    """Where a graph lies, in pixels; it places by shares: (0, 0) is its lower left corner, and (1, 1) its upper right.

    Attributes:
        left: its left edge.
        top: its upper edge; y grows downwards.
        right: its right edge.
        bottom: its lower edge.
    """

    left: float
    top: float
    right: float
    bottom: float

    def x(self, share: float) -> float:
        """How far right a share lies; one outside of 0 to 1 on the edge."""
        return self.left + (self.right - self.left) * min(1.0, max(0.0, share))

    def y(self, share: float) -> float:
        return self.bottom - (self.bottom - self.top) * min(1.0, max(0.0, share))

    def rows(self, marks: Iterable[tuple[float, str]]) -> str:
        """Lines across the graph, with their words on its left."""
        return "".join(
            element("path", class_="grid", d=f"M{self.left:g} {self.y(share):.1f}H{self.right:g}")
            + element("text", text, x=self.left - 8, y=self.y(share) + 4, text_anchor="end")
            for share, text in marks
        )

    def columns(self, marks: Iterable[tuple[float, str]]) -> str:
        """Lines from its head to its foot, with their words below."""
        return "".join(
            element("path", class_="grid", d=f"M{self.x(share):.1f} {self.top:g}V{self.bottom:g}")
            + element("text", text, x=self.x(share), y=self.bottom + 16, text_anchor="middle")
            for share, text in marks
        )

    def bands(self, scale: LogScale) -> str:
        """The bands of lag, as far as they are on a scale in ms."""
        edges = [(0.0, ""), *((scale.share(edge), word) for edge, word, _ in BANDS)]
        return "".join(
            element(
                "rect",
                class_=f"band-{word}",
                x=self.left,
                y=self.y(above),
                width=self.right - self.left,
                height=self.y(below) - self.y(above),
            )
            for (below, _), (above, word) in pairwise(edges)
            if above > below
        )

    def curve(self, points: Iterable[tuple[float, float]]) -> str:
        return polyline(((self.x(x), self.y(y)) for x, y in points), class_="curve")
