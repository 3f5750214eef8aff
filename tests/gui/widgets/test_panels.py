"""The helpers that lay out rows, columns, stacks and splitters."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QLayoutItem,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.widgets.fields import note
from gui.widgets.panels import SPACING, GivesWay, fill, fill_panel, pile, scroll_down, split, stack

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


def settle() -> None:
    """Let the layouts come to rest."""
    for _ in range(4):
        QCoreApplication.processEvents()


def test_notes_give_way_to_fields_and_come_back() -> None:
    first, second = note("Words that say what the field is for, and why. " * 3), note("More words. " * 9)
    field, below, content = QPushButton("a field"), QLabel("below\n" * 30), QWidget()
    fill(QVBoxLayout(content), second, field, first, below, None, spacing=SPACING)
    area = scroll_down(content)
    GivesWay(area, below, first, second)
    area.resize(300, 400)
    area.show()
    settle()
    needed = second.height() + field.height() + first.height() + 3 * SPACING
    shown = []
    for height in (needed, needed - 1, needed - first.height() - SPACING - 1, needed + SPACING):
        area.resize(300, height)
        settle()
        shown.append((not first.isHidden(), not second.isHidden()))
    assert shown == [(True, True), (False, True), (False, False), (True, True)]
    first.setText("Short.")
    settle()
    area.resize(300, needed - 1)
    settle()
    assert not first.isHidden()
