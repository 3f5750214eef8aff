"""Every page obeys the protocol of gui/widgets/page.py, in the whole program; a new line in Pages is tested at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QAbstractButton

from gui.widgets.icons import LIST
from gui.widgets.page import Page
from gui.window.pages import PAGES, PageLine, Pages
from tests.support.planned_runs import make_ended

if TYPE_CHECKING:
    from tests.support.whole_app import Stage


def test_titles_and_pictures_have_names_of_their_own() -> None:
    titles = [line.title for line in PAGES]
    pictures = [name for line in PAGES for name in line.pictures]
    assert len(set(titles)) == len(titles)
    assert Pages.runs is PAGES[titles.index("Runs")]
    assert len(set(pictures)) == len(pictures)


def test_there_may_be_more_rooms_than_digits_and_free_letters(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = [
        PageLine[Page](f"{'Eel' * number}", "gui.steps.page:StepsPage", (), LIST) for number in (1, 2, 3, 4)
    ]
    monkeypatch.setattr("gui.window.pages.PAGES", (*PAGES, *more))
    with stage.app() as app:
        rooms = app.window.rail.buttons
        assert len(rooms) > 10
        rooms[-1].click()
        assert app.window.pages.current is app.window.pages.page(more[-1].title)


@pytest.mark.parametrize("line", PAGES, ids=lambda line: line.title)
def test_a_page_obeys_the_protocol(line: PageLine[Page], stage: Stage) -> None:
    with stage.app() as app:
        pages, core = app.window.pages, app.core
        page = pages.page(line.title)
        assert isinstance(page, Page)
        assert f"{type(page).__module__}:{type(page).__name__}" == line.where
        assert pages.page(line.title) is page
        tabs, rooms = app.window.tabs, app.window.rail.buttons
        assert [tabs.tabText(at) for at in range(tabs.count())] == [
            line.title for line in PAGES if not line.icon
        ]
        assert [room.text() for room in rooms] == ["Live", *(line.title for line in PAGES if line.icon)]
        pages.show_page(page)
        assert page.isVisible()
        assert pages.current is page
        [chosen] = [room.text() for room in rooms if room.isChecked()]
        assert chosen == (line.title if line.icon else "Live")

        page.show_choice(core.catalog.runners["thread_pool"], core.catalog.workloads["primes"])
        page.set_free(False)
        run = make_ended(workload="primes")
        page.show_run(run)
        page.take_results([])
        page.refresh()
        page.finish_run(run)
        page.refresh(at_once=True)
        page.set_free(True)
        for name in line.pictures:
            assert isinstance(page.picture(name), QImage)
        if not line.pictures:
            with pytest.raises(ValueError, match="no picture"):
                page.picture("the timeline")
        page.remember()
        page.shut()
        labels = [button.text() for button in page.findChildren(QAbstractButton)]
        labels += [action.text() for action in page.findChildren(QAction)]
        assert not [label for label in labels if label.endswith(" …")], "as in the menus: Save…"
