"""In a small window, with large texts: nothing is cut, and what gives way comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QLabel, QWidget

from gui.widgets.elided import ElidedLabel, ShortLabel
from gui.widgets.toggle import Part
from gui.witness.answers import Answers
from gui.witness.face import Face
from gui.witness.placement import place_beside
from tests.support.whole_app import TINY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from gui.app import App
    from tests.support.whole_app import Stage

SIZES = {
    (760, 480): (0.8, 2.0),
    (1024, 700): (1.0, 1.4),
    (1280, 720): (1.4, 2.0),
    (1920, 1080): (0.8, 2.0),
}
"""Windows, with the sizes of texts that are chosen in each: what fits is not tried again in a larger one."""

USUAL = ((760, 480), (1920, 1080))
"""The smallest and the largest; what lies between is for the long tests."""

EDGE = 1  # a pixel, of rounding


def scrolls(widget: QWidget, window: QWidget) -> bool:
    above = widget.parentWidget()
    while above is not None and above is not window and not isinstance(above, QAbstractScrollArea):
        above = above.parentWidget()
    return above is not window


def why_cut(widget: QLabel | QAbstractButton, window: QWidget) -> str:
    """What is not to be seen of a button or a label; empty where all is."""
    parent = widget.parentWidget()
    assert parent is not None
    if not parent.rect().adjusted(-EDGE, -EDGE, EDGE, EDGE).contains(widget.geometry()):
        return "outside its parent"
    place = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
    if not scrolls(widget, window) and not window.rect().contains(place):
        return "outside the window"
    if not widget.text():
        return ""
    if isinstance(widget, ElidedLabel | ShortLabel | Part):
        return (
            "" if widget.shown_text == widget.text() or widget.toolTip() else "cut, and no tooltip has it all"
        )
    if widget.toolTip() == widget.text():
        return ""
    has, need = widget.size(), widget.sizeHint()
    if widget.hasHeightForWidth():
        high = widget.heightForWidth(has.width())
        return f"{high} high, has {has.height()}" if high > has.height() + EDGE else ""
    fits = has.width() + EDGE >= need.width() and has.height() + EDGE >= need.height()
    return "" if fits else f"needs {need.toTuple()}, has {has.toTuple()}"


def cut_in(app: App) -> dict[str, str]:
    window = app.window
    every: list[QLabel | QAbstractButton] = [
        *window.findChildren(QLabel),
        *window.findChildren(QAbstractButton),
    ]
    shown = [each for each in every if each.isVisible() and each.window() is window]
    found = {f"{type(each).__name__} {each.text()[:40]!r}": why_cut(each, window) for each in shown}
    return {name: why for name, why in found.items() if why}


def pages(app: App) -> Iterator[str]:
    """Bring each to the front, laid out."""
    for room, title in enumerate(app.window.pages.titles):
        app.window.pages.show_room(room)
        for tab in range(app.window.tabs.count()) if room == 0 else [0]:
            if room == 0:
                app.window.tabs.setCurrentIndex(tab)
            QCoreApplication.processEvents()
            QCoreApplication.processEvents()  # what was laid out may have asked for another place
            yield f"{title} {tab}"


@pytest.mark.parametrize(
    "size", [size if size in USUAL else pytest.param(size, marks=pytest.mark.long) for size in SIZES]
)
def test_nothing_is_cut(stage: Stage, size: tuple[int, int]) -> None:
    with stage.app([*TINY, "--runner", "thread_pool"]) as app:
        window = app.window
        window.start()
        stage.wait_for_runs(app, 1)
        window.resize(*size)
        cut: dict[tuple[float, str, str], str] = {}
        for scale in SIZES[size]:
            app.theme.set_text_scale(scale)
            window._layout.fit()
            for page in pages(app):
                cut |= {(scale, page, name): why for name, why in cut_in(app).items()}
                assert window.size().toTuple() == size
                if page.startswith("Live"):
                    bar = window.tabs.tabBar()
                    assert bar.isVisible()
                    assert bar.sizeHint().width() <= window.tabs.width()  # no tab is behind an arrow
        assert cut == {}


def test_texts_are_no_larger_than_there_is_room_for_and_grow_with_the_window(
    stage: Stage, qtbot: QtBot
) -> None:
    with stage.app() as app:
        app.window.resize(760, 480)
        app.theme.set_text_scale(2.0)
        qtbot.waitUntil(lambda: app.theme.text_scale == 1.0)
        assert app.theme.chosen_scale == 2.0
        app.window.resize(1920, 1080)
        qtbot.waitUntil(lambda: app.theme.text_scale == 2.0)
        app.window.resize(760, 480)
        qtbot.waitUntil(lambda: app.theme.text_scale == 1.0)
        app.window.menus._scale(0.1)
        assert "as large as this window has room for" in app.window.strip.verdict.text()
        assert app.theme.chosen_scale == 2.0, "who wants larger texts gets no smaller ones in a larger window"
        app.window.menus._scale(-0.1)
        assert app.theme.text_scale == pytest.approx(0.9), "each step is seen"


def test_the_rail_narrows_by_itself(stage: Stage) -> None:
    with stage.app() as app:
        app.window.resize(760, 480)
        assert app.window.rail.is_narrow
        app.window.resize(1280, 800)
        assert not app.window.rail.is_narrow


def test_a_person_can_fold_the_side_panel_and_that_is_remembered(stage: Stage) -> None:
    with stage.app() as app:
        app.window.menus.panel.trigger()
        assert not app.window.controls.isVisible()
        assert app.window.rail.panel.isVisible()
        app.window.close()
    with stage.app() as app:
        assert not app.window.controls.isVisible()
        assert not app.window.menus.panel.isChecked()
        app.window.pages.show_room(2)
        app.window.rail.panel.click()
        assert app.window.controls.isVisible()
        assert app.window.menus.panel.isChecked()


def test_figures_leave_out_their_captions_in_a_narrow_header(stage: Stage) -> None:
    with stage.app() as app:
        header = app.window.header
        app.theme.set_text_scale(1.0)
        header.resize(header.minimumSizeHint().width() + 4, header.height())
        assert header.worst.is_short
        header.resize(1280, header.height())
        assert not header.worst.is_short


def test_a_long_verdict_ends_in_dots_and_the_tooltip_has_all_of_it(stage: Stage) -> None:
    with stage.app() as app:
        app.window.resize(760, 480)
        verdict = app.window.strip.verdict
        sentence = "The window never lagged. " * 40
        app.window.strip.say(sentence)
        QCoreApplication.processEvents()
        assert verdict.shown_text.endswith(" …")
        assert verdict.shown_text.count("lagged") > 3
        assert verdict.height() <= 3 * verdict.fontMetrics().lineSpacing() + EDGE
        assert (verdict.text(), verdict.toolTip()) == (sentence, sentence)
        app.window.strip.say("Short.")
        assert verdict.shown_text == "Short."


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_a_witness_without_room_beside_the_window_hides_nothing_that_is_read_in_live(
    stage: Stage, size: tuple[int, int]
) -> None:
    with stage.app() as app:
        app.window.resize(*size)
        QCoreApplication.processEvents()
        screen, read = app.window.frameGeometry(), app.window._layout.read_parts()
        witness = QRect(QPoint(), Face(app.theme, Answers()).sizeHint())
        witness.moveTo(place_beside(screen, screen, witness.size(), read))
        assert not [part.getRect() for part in read if witness.intersects(part)]


def test_the_line_of_the_live_curves_is_read_where_it_is_seen(stage: Stage) -> None:
    with stage.app() as app:
        layout = app.window._layout
        for room in (0, 1):
            app.window.pages.show_room(room)
            QCoreApplication.processEvents()
            line = QRect(layout.pulse.mapToGlobal(QPoint()), layout.pulse.size())
            assert (line in layout.read_parts()) == (room == 1)
