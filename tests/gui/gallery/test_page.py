"""The page Gallery: what is shown, what is kept, and that it costs nothing while nobody looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel

from gui.gallery import page as module
from gui.gallery import viewer as viewer_module
from gui.gallery.chooser import PictureChooser
from gui.gallery.grid import GAP, KEPT
from gui.gallery.growing_picture import GrowingPicture
from gui.gallery.page import GalleryPage
from gui.gallery.viewer import PictureViewer
from tests.support.bring_up import bring_up
from tests.support.planned_runs import carry_out, make_run
from workers.engine.task import Phase
from workers.utils.picture import Picture

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gui.controllers.core import Core
    from gui.process.preferences import Preferences
    from gui.theme.theme import Theme

RED, BLUE = b"\x00\x00\xff\xff", b"\xff\x00\x00\xff"


@pytest.fixture
def gallery(qtbot: QtBot, core: Core, theme: Theme, preferences: Preferences) -> GalleryPage:
    found = bring_up(qtbot, GalleryPage(core, theme, preferences), 900, 400)
    found.show_run(make_run(1000))
    return found


def test_what_it_says_before_a_run_suits_what_is_chosen(
    qtbot: QtBot, core: Core, theme: Theme, preferences: Preferences
) -> None:
    gallery = GalleryPage(core, theme, preferences)
    qtbot.addWidget(gallery)
    catalog, empty = core.catalog, gallery._empty
    gallery.show_choice(catalog.runners["thread_pool"], catalog.workloads["sleep"])
    assert empty.hint.startswith("Choose a workload that makes pictures")
    gallery.show_choice(catalog.runners["thread_pool"], catalog.workloads["download"])
    assert empty.hint == "Press Start."
    gallery.await_run(make_run(3).settings)
    said = empty.title, empty.hint
    gallery.show_choice(catalog.runners["thread_pool"], catalog.workloads["mandelbrot"])
    assert (empty.title, empty.hint) == said, "now it tells of the run"
    gallery.set_free(True)  # which did not begin
    assert empty.hint == "Press Start."


def picture(number: int = 0, pixel: bytes = RED, width: int = 160, height: int = 120) -> Picture:
    return Picture(f"picture {number}", width, height, pixel * (width * height))


def tile(x: int, y: int, pixel: bytes = RED) -> Picture:
    return Picture("whole", 50, 40, pixel * 2000, x, y, 100, 80)


def grid_of(gallery: GalleryPage) -> PictureChooser:
    found = gallery.findChild(PictureChooser)
    assert isinstance(found, PictureChooser)
    return found


def test_a_picture_is_painted_in_its_own_colours(gallery: GalleryPage, qtbot: QtBot) -> None:
    gallery.take_results([picture(pixel=RED), picture(pixel=BLUE)])
    qtbot.waitUntil(lambda: gallery.count.text() == "2 pictures")
    grid = grid_of(gallery)
    image = grid.viewport().grab().toImage()
    assert image.pixelColor(grid.cell(0).topLeft() + QPoint(80, 60)) == QColor("#ff0000")
    assert image.pixelColor(grid.cell(1).topLeft() + QPoint(80, 60)) == QColor("#0000ff")


def test_a_large_picture_is_made_to_fit_its_cell(gallery: GalleryPage, qtbot: QtBot) -> None:
    gallery.take_results([picture(width=640, height=240)])
    qtbot.waitUntil(lambda: gallery.count.text() == "1 picture")
    grid = grid_of(gallery)
    image = grid.viewport().grab().toImage()
    corner = grid.cell(0).topLeft()
    assert image.pixelColor(corner + QPoint(80, 60)) == QColor("#ff0000")
    assert image.pixelColor(corner + QPoint(80, 10)) != QColor("#ff0000")  # 160 x 60, in the middle


def test_what_is_no_picture_is_passed_over(gallery: GalleryPage, qtbot: QtBot) -> None:
    gallery.take_results([None, 7, "text", picture()])
    qtbot.waitUntil(lambda: gallery.count.text() == "1 picture")


def test_only_the_newest_are_kept_and_the_count_says_so(gallery: GalleryPage, qtbot: QtBot) -> None:
    gallery.take_results([picture(number) for number in range(KEPT + 88)])
    qtbot.waitUntil(lambda: gallery.count.text() == "288 pictures, the newest 200 are kept")
    assert len(grid_of(gallery)._thumbnails) == KEPT


def test_the_newest_is_in_view_unless_somebody_scrolled_back(gallery: GalleryPage, qtbot: QtBot) -> None:
    gallery.take_results([picture(number) for number in range(60)])
    qtbot.waitUntil(lambda: gallery.count.text() == "60 pictures")
    grid = grid_of(gallery)
    assert grid.viewport().rect().contains(grid.cell(59))
    grid.verticalScrollBar().setValue(0)
    assert not grid.is_following
    before = grid.cell(0)
    gallery.take_results([picture(number) for number in range(40)])
    qtbot.waitUntil(lambda: gallery.count.text() == "100 pictures")
    assert grid.cell(0) == before
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum())
    gallery.take_results([picture()] * 20)
    qtbot.waitUntil(lambda: gallery.count.text() == "120 pictures")
    assert grid.viewport().rect().contains(grid.cell(119))


def test_what_is_painted_piece_by_piece_looks_like_what_is_painted_at_once(
    gallery: GalleryPage, qtbot: QtBot
) -> None:
    for number in range(0, 230, 23):  # the view scrolls, and the oldest are forgotten
        gallery.take_results([picture(n, bytes([n, 255 - n, n // 2, 255])) for n in range(number, number + 23)])
        qtbot.waitUntil(lambda wanted=number + 23: gallery.count.text().startswith(f"{wanted} pictures"))  # type: ignore[misc]
    grid = grid_of(gallery)
    visible = [n for n in range(230) if grid.viewport().rect().contains(grid.cell(n))]
    assert visible
    assert visible[-1] == 229
    image = grid.viewport().grab().toImage()
    for number in visible:
        colour = image.pixelColor(grid.cell(number).topLeft() + QPoint(80, 60))
        assert colour == QColor(number // 2, 255 - number, number)


def test_tiles_grow_into_one_picture(gallery: GalleryPage, qtbot: QtBot) -> None:
    gallery.take_results([tile(50, 40, BLUE)])
    qtbot.waitUntil(lambda: gallery.count.text() == "25 % of the picture")
    whole = gallery.findChild(GrowingPicture)
    assert isinstance(whole, GrowingPicture)
    image = whole.grab().toImage()
    middle = whole.rect().center()
    assert image.pixelColor(middle + QPoint(20, 15)) == QColor("#0000ff")
    assert image.pixelColor(middle - QPoint(20, 15)) not in (QColor("#0000ff"), QColor("#ff0000"))
    gallery.take_results([tile(0, 0), tile(50, 0), tile(0, 40)])
    qtbot.waitUntil(lambda: gallery.count.text() == "The whole picture")
    assert whole.grab().toImage().pixelColor(middle - QPoint(20, 15)) == QColor("#ff0000")


def test_a_new_run_begins_with_an_empty_panel(gallery: GalleryPage, qtbot: QtBot) -> None:
    gallery.take_results([picture(), tile(0, 0)])
    qtbot.waitUntil(lambda: bool(gallery.count.text()))
    gallery.show_run(make_run(10))
    label = gallery.findChild(QLabel)
    assert isinstance(label, QLabel)
    assert label.isHidden()
    gallery.take_results([picture()])
    qtbot.waitUntil(lambda: gallery.count.text() == "1 picture")


def test_a_run_without_pictures_says_so(gallery: GalleryPage) -> None:
    run = make_run(2)
    gallery.show_run(run)
    carry_out(run, 0)
    gallery.finish_run(run)
    assert gallery._empty.title == module.NO_PICTURES[0]


def test_a_workload_that_makes_no_pictures_is_not_waited_for(gallery: GalleryPage, qtbot: QtBot) -> None:
    assert gallery._empty.title == module.WAITING[0]
    run = make_run(2, workload="primes")
    gallery.show_run(run)
    assert gallery._empty.title == module.NO_PICTURES[0]
    carry_out(run, 0, Phase.FAILED)
    gallery.finish_run(run)
    assert gallery._empty.title == module.NO_PICTURES[0]
    gallery.take_results([picture()])  # what comes is shown all the same
    qtbot.waitUntil(lambda: gallery.count.text() == "1 picture")


def test_nothing_is_painted_while_hidden_and_all_is_there_afterwards(
    gallery: GalleryPage, qtbot: QtBot
) -> None:
    gallery.hide()
    gallery.take_results([picture(number) for number in range(30)])
    assert not gallery._timer.isActive()
    gallery.show()
    assert gallery.count.text() == "30 pictures"


def test_a_failed_run_says_that_no_picture_arrived(gallery: GalleryPage) -> None:
    run = make_run(1)
    gallery.show_run(run)
    carry_out(run, 0, Phase.FAILED)
    gallery.finish_run(run)
    assert gallery._empty.title == module.NONE_DONE[0]


def test_it_scrolls_by_whole_rows(gallery: GalleryPage, qtbot: QtBot) -> None:
    gallery.take_results([picture(number) for number in range(60)])
    qtbot.waitUntil(lambda: gallery.count.text() == "60 pictures")
    grid, row = grid_of(gallery), 0
    for value in range(grid.verticalScrollBar().maximum(), -1, -1):
        grid.verticalScrollBar().setValue(value)
        row = grid.at(QPoint(90, 60)) or 0
        assert grid.cell(row).top() == GAP  # none is cut at the top
    assert row == 0


def test_a_click_opens_a_picture_large_and_the_arrows_go_on(
    gallery: GalleryPage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = QImage(800, 600, QImage.Format.Format_RGB32)
    whole.fill(QColor("#00ff00"))
    path = tmp_path / "whole.png"
    assert whole.save(str(path))
    gallery.take_results([picture(0)._replace(path=str(path)), picture(1, BLUE)])
    qtbot.waitUntil(lambda: gallery.count.text() == "2 pictures")
    grid, said = grid_of(gallery), list[str]()
    gallery.said.connect(said.append)
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=grid.cell(0).center())
    viewer = grid.findChild(PictureViewer)
    assert isinstance(viewer, PictureViewer)
    assert viewer.canvas.image.size() == QSize(160, 120)  # meanwhile
    qtbot.waitUntil(lambda: viewer.canvas.image.size() == whole.size())
    with monkeypatch.context() as unread:  # it is decoded by then
        unread.setattr(viewer_module, "large", lambda picture: QImage())
        viewer.copy()
    assert QGuiApplication.clipboard().image().pixelColor(9, 9) == QColor("#00ff00")
    target = tmp_path / "kept"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *about: (str(target), ""))
    viewer.save()
    assert target.with_suffix(".png").read_bytes() == path.read_bytes()
    viewer.turn(1)
    assert viewer.windowTitle() == "picture 1"
    assert viewer.canvas.image.pixelColor(9, 9) == QColor("#0000ff")  # there is no file: its thumbnail
    viewer.save()
    assert QImage(str(target.with_suffix(".png"))).size() == QSize(160, 120)
    viewer._reader.answered.emit(MemoryError())
    assert viewer.canvas.image.pixelColor(9, 9) == QColor("#0000ff"), "what cannot be read leaves the thumbnail"
    viewer.turn(1)  # there is none
    assert viewer.at == 1
    viewer.close()
    assert said == ["Copied picture 0.", *[f"Saved {target.with_suffix('.png')}."] * 2]


def test_what_cannot_be_saved_whole_leaves_what_was_there(
    gallery: GalleryPage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resource = pytest.importorskip("resource")
    path, target = tmp_path / "photo.jpg", tmp_path / "kept.jpg"
    path.write_bytes(bytes(100_000))
    target.write_bytes(b"before")
    gallery.take_results([picture(0)._replace(path=str(path))])
    qtbot.waitUntil(lambda: gallery.count.text() == "1 picture")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *about: (str(target), ""))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limits[1]))
    try:
        with qtbot.waitSignal(gallery.said) as said:
            grid_of(gallery).save_current()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert said.args is not None
    assert "cannot be written" in said.args[0]
    assert target.read_bytes() == b"before"
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("step", [15, -15, 120, -120])
def test_small_turns_of_the_wheel_add_up_to_a_row(gallery: GalleryPage, qtbot: QtBot, step: int) -> None:
    gallery.take_results([picture(number) for number in range(60)])
    qtbot.waitUntil(lambda: gallery.count.text() == "60 pictures")
    grid = grid_of(gallery)
    bar = grid.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    rows = []
    for _ in range(240 // abs(step)):
        place, still = QPointF(50, 50), Qt.ScrollPhase.NoScrollPhase
        none, plain = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
        event = QWheelEvent(place, place, QPoint(), QPoint(0, step), none, plain, still, False)
        QApplication.sendEvent(grid.viewport(), event)
        rows.append(bar.value() - bar.maximum() // 2)
    down = -1 if step > 0 else 1
    assert rows[-1] == 2 * down
    assert rows[len(rows) // 2 - 1] == down


def test_the_keyboard_chooses_opens_and_copies(gallery: GalleryPage, qtbot: QtBot) -> None:
    gallery.take_results([picture(number) for number in range(30)])
    qtbot.waitUntil(lambda: gallery.count.text() == "30 pictures")
    grid = grid_of(gallery)
    grid.setFocus()
    for key, current in (
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_End, 29),
        (Qt.Key.Key_Left, 28),
    ):
        QTest.keyClick(grid, key)
        assert grid.current == current
        assert grid.viewport().rect().contains(grid.cell(current).center())
    assert grid.accessibleDescription() == "picture 28"
    QTest.keyClick(grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().image().size() == QSize(160, 120)
    QTest.keyClick(grid, Qt.Key.Key_Return)
    viewer = grid.findChild(PictureViewer)
    assert isinstance(viewer, PictureViewer)
    assert viewer.at == 28
    viewer.close()


def test_the_picture_that_grows_is_copied_and_saved(
    gallery: GalleryPage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gallery.take_results([tile(0, 0)])
    qtbot.waitUntil(lambda: gallery.count.text() == "25 % of the picture")
    whole = gallery.findChild(GrowingPicture)
    assert isinstance(whole, GrowingPicture)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *about: (str(tmp_path / "it"), ""))
    for action in whole.actions():
        action.trigger()
    assert QGuiApplication.clipboard().image().size() == QSize(100, 80)
    assert QImage(str(tmp_path / "it.png")).size() == QSize(100, 80)


def test_without_pictures_it_offers_work_that_makes_some(gallery: GalleryPage, qtbot: QtBot) -> None:
    button = gallery._empty.button
    assert button is not None
    assert not button.isVisible()  # some are waited for
    gallery.show_run(make_run(2, workload="primes"))
    assert button.isVisible()
    gallery.set_free(False)
    assert not button.isEnabled(), "while another run goes on it would do nothing"
    gallery.set_free(True)
    with qtbot.waitSignal(gallery.live_start_requested) as asked:
        button.click()
    assert asked.args is not None
    assert asked.args[0].constants["PICTURES"]
