"""What the Help menu shows: the keys, how to read the graphs, and what a report of a mistake should hold. GUI thread.

It is loaded when somebody asks for it.
"""

from __future__ import annotations

import os
import platform
import re
from contextlib import suppress
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QMenu, QMenuBar, QTextBrowser, QVBoxLayout, QWidget

from gui.widgets.panels import fill
from workers.reports.palette import BANDS
from workers.reports.summary import VERSION, environment
from workers.utils.child import RESOURCES
from workers.utils.folder_files import home
from workers.utils.formatting import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QMainWindow

    from gui.process.problems import Problem
    from gui.theme.theme import Theme

DOCS = RESOURCES.parent / "docs"
MAX_PROBLEMS = 5
"""In a report; the newest."""


class HelpDialog(QDialog):
    """A text that scrolls, beside which the window can be used. It goes when it is closed."""

    def __init__(self, parent: QWidget, title: str, text: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.browser = QTextBrowser(openExternalLinks=True)
        self.browser.setAccessibleName(title)
        self.browser.setHtml(text)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        fill(QVBoxLayout(self), (self.browser, 1), buttons, margins=(12, 12, 12, 12), spacing=8)
        metrics = self.fontMetrics()
        wanted = 64 * metrics.averageCharWidth(), 32 * metrics.lineSpacing()
        room = parent.size()
        self.resize(min(wanted[0] + 48, room.width()), min(wanted[1], room.height()))


# ---------------------------------------------------------------- the keys


def shortcuts(window: QMainWindow) -> list[tuple[str, list[tuple[str, str]]]]:
    """What has a key, by menu: what it does, and its keys as the desktop writes them. Read from the actions."""
    bar = window.menuBar()
    groups = [(_plain(entry.text()), list(_with_keys(_menu(entry)))) for entry in bar.actions()]
    inside = {
        row
        for widget in window.findChildren(QWidget)
        if not isinstance(widget, QMenu | QMenuBar)
        for row in _rows(widget.actions())
    }
    groups.append(("In tables and lists", sorted(inside.difference(*(rows for _, rows in groups)))))
    return [group for group in groups if group[1]]


def _menu(entry: QAction) -> QMenu:
    menu = entry.menu()
    assert isinstance(menu, QMenu)
    return menu


def _with_keys(menu: QMenu) -> Iterator[tuple[str, str]]:
    for action in menu.actions():
        yield from _with_keys(_menu(action)) if action.menu() is not None else _rows([action])


def _rows(actions: Sequence[QAction]) -> Iterator[tuple[str, str]]:
    native = QKeySequence.SequenceFormat.NativeText
    for action in actions:
        keys = " or ".join(key.toString(native) for key in action.shortcuts())
        if keys:
            yield _plain(action.text()), keys


def _plain(text: str) -> str:
    """A menu's text without the sign before the letter that is underlined."""
    return re.sub("&(.)", r"\1", text)


def shortcuts_text(window: QMainWindow) -> str:
    """The same as a page."""
    rows = "".join(
        f"<tr><td colspan=2><h4>{escape(title)}</h4></td></tr>"
        + "".join(
            f"<tr><td>{escape(what)}&nbsp;&nbsp;&nbsp;</td><td><b>{escape(keys)}</b></td></tr>"
            for what, keys in group
        )
        for title, group in shortcuts(window)
    )
    return (
        f"<table cellpadding=3>{rows}</table><p>Tab goes from one control to the next, Shift+Tab back; Space presses a "
        "button, and the arrow keys choose in menus, tabs and lists. Alt with an underlined letter opens a menu.</p>"
    )


# ---------------------------------------------------------------- the graphs


def graphs_text() -> str:
    """How to read the live graphs; the limits are those that the window goes by."""
    (smooth, *_), (noticeable, *_), (slow, *_), _ = BANDS
    return f"""
<h3>Throughput</h3><p>How much work is done in a second: pictures, numbers, bytes. Each run has the colour of its
runner. A curve that starts late shows what the start of a pool or of processes costs.</p>
<h3>Lag of the GUI thread</h3><p>How late the window reacts. The scale is logarithmic: each step up is ten times as
late.</p>
<ul><li><b>smooth</b>, up to {number(smooth)} ms: less than a frame at 60 a second. Nobody notices.</li>
<li><b>noticeable</b>, up to {number(noticeable)} ms: a drag or an animation stutters.</li>
<li><b>slow</b>, up to {number(slow)} ms: a click is answered with a delay.</li>
<li><b>frozen</b>, from there on: the window looks dead.</li></ul>
<p>A freeze is a ramp: the longer it lasts, the later the next answer.</p>
<h3>Wait for the GIL</h3><p>How late a thread wakes that slept for 5 ms. Python lets one thread at a time run its code:
high waits say that other threads do not let go. Where a stretch is marked C, one call into C code held the GIL all the
time, and no other thread could run.</p>
<h3>What to look for</h3>
<ul><li>High throughput with a lag that stays smooth: the right place for this work.</li>
<li>High lag, low waits for the GIL: the work runs on the GUI thread itself.</li>
<li>High lag, high waits: the work runs in a thread and keeps the GIL. Turn Polite on, or use processes.</li></ul>
<p>Point at a graph to read a moment off.</p>"""


def documents() -> list[tuple[str, Path]]:
    """The pages of the documentation beside the program, by their titles; none where they were left out."""
    found = []
    for path in sorted(DOCS.glob("*.md")):
        with suppress(OSError, UnicodeError), path.open(encoding="utf-8") as file:
            found.append((file.readline().lstrip("# ").strip() or path.stem, path))
    return found


# ---------------------------------------------------------------- a report of a mistake


def information(theme: Theme, instruments: Iterable[str], problems: Sequence[Problem]) -> str:
    """What helps to find a mistake, as lines of text. It names no user, and of a file no more than its name.

    Args:
        theme: whose scheme and size of text are told.
        instruments: those that are on.
        problems: what went wrong unseen, the newest last.
    """
    about = environment()
    gil = "with the GIL" if about["gil_enabled"] else "without the GIL"
    lines = [
        f"Thaw {VERSION}",
        f"Python {about['python']} ({platform.python_implementation()}), {gil}",
        f"PySide6 {about['pyside6']}, Qt {QLibraryInfo.version().toString()}, pyqtgraph {about['pyqtgraph']}",
        f"{about['platform']}, {about['cpus']} processors, {QGuiApplication.platformName()}",
        f"Desktop: {os.environ.get('XDG_CURRENT_DESKTOP', 'not told')}",
        *(
            f"Screen: {screen.size().width()}x{screen.size().height()} at {screen.devicePixelRatio():.0%}, "
            f"{screen.refreshRate():.0f} Hz"
            for screen in QGuiApplication.screens()
        ),
        f"Theme: {theme.scheme} ({theme.choice}), text {theme.text_scale:.0%}",
        f"Instruments: {', '.join(instruments) or 'none'}",
    ]
    newest = list(problems)[-MAX_PROBLEMS:]
    lines.append(f"Problems: {len(problems)}")
    lines += [f"  {one.where}: {one.text.rstrip().rpartition(chr(10))[2]}" for one in newest]
    return "\n".join(without_paths(line) for line in lines) + "\n"


def without_paths(line: str) -> str:
    """A line without folders, which often have a person's name in them: of a path its last part is left."""
    name = home().name
    line = line.replace(str(home()), "~")
    line = re.sub(r"(?<!\w)(?:[A-Za-z]:)?(?:[/\\][^/\\\s'\":,;()]+)+[/\\]?", _last_part, line)
    return re.sub(rf"\b{re.escape(name)}\b", "USER", line) if len(name) > 1 and name != "root" else line


def _last_part(path: re.Match[str]) -> str:
    return re.split(r"[/\\]", path[0].rstrip("/\\"))[-1]
