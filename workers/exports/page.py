"""What all HTML pages have in common: head, style, sections, foot. A page is one file: no network, no scripts."""

from __future__ import annotations

from html import escape
from string import Template
from typing import TYPE_CHECKING

from ..reports.palette import BANDS, COLORS
from ..reports.summary import VERSION
from ..utils.child import RESOURCES

if TYPE_CHECKING:
    from collections.abc import Sequence

STYLE = RESOURCES / "report.css"
END = f'<p class="muted">Made by Thaw {VERSION}.</p>\n</body></html>\n'


def begin(title: str, heading: str, about: str, more: str = "") -> str:
    """The page up to its first section.

    Args:
        title: the browser's, after "Thaw: ".
        heading: the page's.
        about: a line below it.
        more: what comes below that, as HTML.
    """
    pairs = {**COLORS, **{f"band-{word}": pale for _, word, pale in BANDS}}
    light, dark = ("; ".join(f"--{name}: {pair[column]}" for name, pair in pairs.items()) for column in (0, 1))
    style = Template(STYLE.read_text(encoding="utf-8")).substitute(light=light, dark=dark)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>Thaw: {escape(title)}</title>\n<style>\n{style}</style></head>\n<body>\n"
        f'<header><h1>{escape(heading)}</h1><p class="muted">{escape(about)}</p>{more}</header>\n'
    )


def section(title: str, content: str, note: str = "") -> str:
    """A part of the page: its content is HTML, title and note are plain."""
    about = f'<p class="muted">{escape(note)}</p>' if note else ""
    return f"<section><h2>{escape(title)}</h2>{about}{content}</section>\n"


def paragraphs(texts: Sequence[str]) -> str:
    """A paragraph for each."""
    return "".join(f"<p>{escape(text)}</p>" for text in texts)


def table(rows: Sequence[Sequence[str]], headings: Sequence[str] = ()) -> str:
    """A table; one with headings is of figures."""
    body = f"<tbody>{''.join(_row(row, 'td') for row in rows)}</tbody>"
    if not headings:
        return f"<table>{body}</table>"
    return f'<table class="cells"><thead>{_row(headings, "th")}</thead>{body}</table>'


def _row(cells: Sequence[str], tag: str) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"
