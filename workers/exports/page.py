"""What all HTML pages have in common: head, style, sections, foot. A page is one file that needs no network."""

from __future__ import annotations

from html import escape
from itertools import zip_longest
from string import Template
from typing import TYPE_CHECKING, NamedTuple

from ..reports.palette import BANDS, COLORS
from ..reports.summary import VERSION
from ..utils.child import RESOURCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

STYLE, SCRIPT = RESOURCES / "report.css", RESOURCES / "report.js"
END = f'<p class="muted">Made by Thaw {VERSION}.</p>\n</body></html>\n'


def begin(
    title: str, heading: str, about: str, more: str = "", colors: Mapping[str, tuple[str, str]] | None = None
) -> str:
    """The page up to its first section.

    Args:
        title: the browser's, after "Thaw: ".
        heading: the page's.
        about: a line below it.
        more: what comes below that, as HTML.
        colors: the page's own, in light and in dark, by what they are called in its style.
    """
    runs = dict.fromkeys(("run-a", "run-b"), COLORS["accent"])
    pairs = {**COLORS, **{f"band-{word}": pale for _, word, pale in BANDS}, **runs, **(colors or {})}
    light, dark = ("; ".join(f"--{name}: {pair[column]}" for name, pair in pairs.items()) for column in (0, 1))
    style = Template(STYLE.read_text(encoding="utf-8")).substitute(light=light, dark=dark)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>Thaw: {escape(title)}</title>\n<style>\n{style}</style></head>\n<body>\n"
        f'<header><h1>{escape(heading)}</h1><p class="muted">{escape(about)}</p>{more}</header>\n'
    )


def script() -> str:
    """What shows the graphs' values under the mouse; without it they can be read all the same."""
    return f"<script>\n{SCRIPT.read_text(encoding='utf-8')}</script>\n"


def section(title: str, content: str, note: str = "") -> str:
    """A part of the page: its content is HTML, title and note are plain."""
    about = f'<p class="muted">{escape(note)}</p>' if note else ""
    return f"<section><h2>{escape(title)}</h2>{about}{content}</section>\n"


def paragraphs(texts: Sequence[str]) -> str:
    """A paragraph for each."""
    return "".join(f"<p>{escape(text)}</p>" for text in texts)


def key(entries: Iterable[tuple[str, str]]) -> str:
    """What colours mean: a class in the style, or a colour of `begin` that begins with --, and what it stands for."""
    told = (f"<span><i {_paint(look)}></i>{escape(text)}</span>" for look, text in entries)
    return f'<div class="key">{"".join(told)}</div>'


class Bar(NamedTuple):
    """A bar with its words; lengths are shares of the longest that there is room for.

    Attributes:
        name: what it is called.
        look: as in `key`.
        length: how long it is.
        text: what stands behind it.
        reach: from where to where its whisker goes; None where it has none.
    """

    name: str
    look: str
    length: float
    text: str
    reach: tuple[float, float] | None = None


def bars(title: str, rows: Iterable[Bar]) -> str:
    """Level bars below a title; nothing where there are none."""
    told = "".join(map(_bar, rows))
    return f'<div class="bars"><b>{escape(title)}</b>{told}</div>' if told else ""


def _bar(bar: Bar) -> str:
    whisker = ""
    if bar.reach is not None:
        low, high = bar.reach
        whisker = f'<u style="left:{low * 100:.1f}%;width:{(high - low) * 100:.1f}%"></u>'
    drawn = f"<i {_paint(bar.look, f'width:{bar.length * 100:.1f}%')}></i>{whisker}"
    return f"<span>{escape(bar.name)}</span><div>{drawn}</div><span>{escape(bar.text)}</span>"


def _paint(look: str, style: str = "") -> str:
    if look.startswith("--"):
        return f'style="background:var({look});{style}"'
    return f'class="{look}" style="{style}"' if style else f'class="{look}"'


def table(rows: Sequence[Sequence[str]], headings: Sequence[str] = (), look: str = "cells") -> str:
    """A table; one with headings is of figures, or "cells words", and on a narrow page each row of it is a list."""
    if not headings:
        return f"<table><tbody>{''.join(f'<tr>{_cells(row)}</tr>' for row in rows)}</tbody></table>"
    head = "".join(f"<th>{escape(heading)}</th>" for heading in headings)
    of = [f' data-of="{escape(heading)}"' for heading in headings]
    body = "".join(f"<tr>{_cells(row, of)}</tr>" for row in rows)
    return f'<table class="{look}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _cells(row: Sequence[str], attributes: Sequence[str] = ()) -> str:
    return "".join(
        f"<td{more}>{escape(text)}</td>" for more, text in zip_longest(attributes, row, fillvalue="")
    )
