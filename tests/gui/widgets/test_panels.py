"""The helpers that lay out rows, columns, stacks and splitters."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QLayoutItem, QListView, QVBoxLayout, QWidget

from gui.widgets.panels import fill, fill_panel, pile, scroll_down, split, stack

pytestmark = pytest.mark.usefixtures("qapp")


def item_at(box: QBoxLayout, place: int) -> QLayoutItem:
    item = box.itemAt(place)
    assert item is not None
    return item


def test_a_row_takes_widgets_layouts_shares_and_gaps() -> None:
    owner, first, second, inner = QWidget(), QLabel("a"), QLabel("b"), QVBoxLayout()
    row = fill(QHBoxLayout(owner), first, (second, 2), 7, inner, None, margins=(1, 2, 3, 4), spacing=5)
    assert (item_at(row, 0).widget(), item_at(row, 1).widget(), item_at(row, 3).layout()) == (
        first,
        second,
        inner,
    )
    assert [row.stretch(place) for place in range(row.count())] == [0, 2, 0, 0, 1]
    assert item_at(row, 2).sizeHint().width() == 7
    margins = row.contentsMargins()
    assert (margins.left(), margins.top(), margins.right(), margins.bottom(), row.spacing()) == (1, 2, 3, 4, 5)


def test_in_a_pile_what_scrolls_or_is_a_stack_takes_all_room() -> None:
    owner = pile(
        QWidget(), QLabel("a"), QListView(), stack(QLabel("b")), split(QLabel("c"), QLabel("d"), sizes=(1, 1))
    )
    column = owner.layout()
    assert isinstance(column, QVBoxLayout)
    assert [column.stretch(place) for place in range(column.count())] == [0, 1, 1, 1]


def test_no_part_of_a_splitter_can_be_closed_and_the_last_one_grows() -> None:
    parts = QLabel("a"), QLabel("b")
    splitter = split(*parts, sizes=(40, 160))
    splitter.resize(205, 50)
    splitter.show()
    before = splitter.sizes()
    splitter.resize(305, 50)
    after = splitter.sizes()
    assert not splitter.childrenCollapsible()
    assert (after[0], after[1]) == (before[0], before[1] + 100)


def test_a_splitter_may_stand_upright() -> None:
    splitter = split(QLabel("a"), QLabel("b"), sizes=(1, 1), shares=(1, 1), direction=Qt.Orientation.Vertical)
    assert splitter.orientation() is Qt.Orientation.Vertical


def test_a_panel_shows_its_first_page_at_first() -> None:
    panel, pages = QWidget(), (QLabel("a"), QLabel("b"))
    stacked = fill_panel(panel, "Pages", *pages)
    assert stacked.currentWidget() is pages[0]
    assert panel.accessibleName() == "Pages"


def test_what_scrolls_down_is_as_wide_as_its_panel() -> None:
    content = QLabel("a")
    area = scroll_down(content)
    assert area.widget() is content
    assert area.widgetResizable()
    assert area.horizontalScrollBarPolicy() is Qt.ScrollBarPolicy.ScrollBarAlwaysOff
