"""A few primitives for graphs in an HTML page, whose colours they have by class (resources/report.css).

A graph is an SVG that is stretched to the page's width, and words around it in HTML, which are not: so it can be read
on a phone, on a wide screen and on paper.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..reports.lane import Floats

    Marks = Iterable[tuple[float, str]]

WIDTH = 1_000
"""Of a graph, in its own units; upright they are pixels."""

EDGES = {"last": 0.955, "near": 0.87}
"""The words of a mark that is farther right than this end below it; those that are near do so on a narrow page."""


def plot(
    label: str,
    height: float,
    rows: Marks,
    columns: Marks,
    content: str,
    *,
    span_s: float = 0.0,
    scale: str = "",
    has_lines: bool = False,
    bands: str = "",
    names: Marks = (),
    above: str = "",
) -> str:
    """A graph with its marks.

    Args:
        label: tells those who do not see it what it is.
        height: in pixels.
        rows: marks on the left: shares of the height, from the foot on, and words.
        columns: marks below, likewise; on a narrow page every second one is left out.
        content: the SVG elements, WIDTH by `height`.
        span_s: how long its axis of time is; 0.0 where it has none. With `scale` it is for `resources/report.js`.
        scale: of the values: "linear TOP UNIT" or "log LOW HIGH", in ms; empty where there are only bars.
        has_lines: whether there are lines across it at the marks on the left; else these are names of lanes.
        bands: SVG elements below the lines of the marks.
        names: words on the right, where there is room for them.
        above: what lies above the graph, as HTML.
    """
    rows, columns = list(rows), list(columns)
    lines = "".join(f"M0 {height * (1 - at):.1f}h{WIDTH}" for at, _ in rows) if has_lines else ""
    lines += "".join(f"M{at * WIDTH:.1f} 0v{height:g}" for at, _ in columns)
    about = f' data-span="{span_s:g}" data-scale="{escape(scale)}"' if span_s else ""
    return (
        f'<div class="plot{"" if has_lines else " lanes"}" style="--height:{height:g}px"{about}>{above}'
        f'<div class="left">{_beside(rows)}</div><div class="area"><svg viewBox="0 0 {WIDTH} {height:g}" '
        f'preserveAspectRatio="none" role="img" aria-label="{escape(label)}">'
        f"{bands}{element('path', class_='grid', d=lines)}{content}</svg></div>"
        f'<div class="right">{_beside(names)}</div><div class="foot">{_below(columns)}</div></div>\n'
    )


def _beside(marks: Marks) -> str:
    return "".join(f'<span style="bottom:{at * 100:.2f}%">{escape(text)}</span>' for at, text in marks)


def _below(marks: Marks) -> str:
    told = ""
    for number, (at, text) in enumerate(marks):
        classes = ["odd"] * (number % 2) + [name for name, edge in EDGES.items() if at > edge]
        told += f'<span class="{" ".join(classes)}" style="left:{at * 100:.2f}%">{escape(text)}</span>'
    return told


def element(tag: str, content: str = "", /, *, inside: str = "", **attributes: float | str) -> str:
    """An element; `content` is plain text, and `inside` elements after it.

    Of an attribute's name `_` becomes `-`, and one at the end goes: class_.
    """
    pairs = ((name.rstrip("_").replace("_", "-"), value) for name, value in attributes.items())
    told = "".join(f' {name}="{value if isinstance(value, str) else _number(value)}"' for name, value in pairs)
    whole = f"{escape(content)}{inside}"
    return f"<{tag}{told}>{whole}</{tag}>" if whole else f"<{tag}{told}/>"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def curve(x: Floats, y: Floats, height: float, style: str, name: str = "") -> str:
    """A line through points by their shares; one below 0 is not known, and the line begins anew behind it."""
    points, letter = [], "M"
    for right, up in zip(x.tolist(), y.tolist(), strict=True):
        if up >= 0:
            points.append(f"{letter}{_number(right * WIDTH)},{_number((1 - min(1.0, up)) * height)}")
        letter = "L" if up >= 0 else "M"
    return element("path", class_=f"curve {style}", data_name=escape(name), d="".join(points))
