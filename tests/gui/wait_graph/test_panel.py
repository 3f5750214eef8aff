"""The panel of who waits for whom: when it comes up, what it shows and says, mouse and keys, Break it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QWidget

from gui.wait_graph.panel import ELSEWHERE, WaitPanel
from gui.wait_graph.places import Places
from gui.widgets.panels import fill
from tests.support.planned_runs import make_run, tell
from workers.engine.task import Phase
from workers.reports.labs.wait_graph import LONG_S, Node, wait_graph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from gui.theme.theme import Theme
    from gui.wait_graph.view import WaitGraphView
    from workers.engine.run import Run


class Control:
    """Stands in for a run's control and its waits: its tasks wait in this process, or elsewhere."""

    def __init__(self, has_waits: bool) -> None:
        self.has_waits = has_waits
        self.ended: list[int] = []
        self.left = 0
        self.waits = self.judge = self

    def leave(self) -> None:
        self.left += 1

    def end_wait(self, index: int) -> bool:
        self.ended.append(index)
        return True


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme) -> Iterator[WaitPanel]:
    """Beside something else, as on its page."""
    theme.set_choice("light")
    made, page = WaitPanel(theme), QWidget()
    qtbot.addWidget(page)
    fill(QHBoxLayout(page), (QLabel("Lanes"), 1), made)
    page.resize(800, 260)
    with qtbot.waitExposed(page):
        page.show()
    yield made
    page.close()


def circle(count: int, ago: float = LONG_S + 0.01, lock: str = "lock") -> Run:
    """Tasks each of which has waited for the next one's lock for a while; the last for the first one's."""
    run = make_run(count)
    since = -ago - count / 1e3
    run.control = Control(has_waits=True)  # type: ignore[assignment]
    for index in range(count):
        tell(run, index, Phase.STARTED, since)
        detail = (f"{lock} {index}", ((index + 1) % count,))
        tell(run, index, Phase.WAITING, since + index / 1e3, detail=detail)
    return run


def check_apart(view: WaitGraphView) -> None:
    """Check that all nodes can be seen and none covers another."""
    shapes = view.shapes()
    for node, (shape, _) in shapes.items():
        assert 0 <= shape.x - shape.wide
        assert shape.x + shape.wide <= view.width()
        assert 0 <= shape.y - shape.high
        assert shape.y + shape.high <= view.height()
        others = [other for key, (other, _) in shapes.items() if key != node]
        assert not any(
            abs(shape.x - other.x) < shape.wide + other.wide - 1
            and abs(shape.y - other.y) < shape.high + other.high - 1
            for other in others
        )


def press(view: WaitGraphView, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(view, key)


def test_it_comes_up_when_somebody_has_waited_for_long_and_not_without(panel: WaitPanel) -> None:
    run = make_run(2)
    panel.show_run(run)
    tell(run, 0, Phase.STARTED)
    tell(run, 0, Phase.WAITING)  # for a turn
    tell(run, 1, Phase.STARTED)
    tell(run, 1, Phase.WAITING, 100.0, detail=("lock a", (0,)))
    panel.refresh(at_once=True)
    assert not panel.isVisible()
    panel.show_run(circle(2))
    assert panel.isVisible()
    panel.show_run(make_run(2))
    assert not panel.isVisible()


def test_a_circle_of_five_is_red_and_thick_and_told_in_words(panel: WaitPanel, theme: Theme) -> None:
    panel.show_run(circle(5))
    graph = panel.view.graph
    assert (len(graph.nodes), len(graph.circle), len(graph.arrows)) == (10, 10, 10)
    assert panel.sentence.text().startswith("picture 0 waits for lock 0, held by picture 1; picture 1 waits")
    assert panel.view.accessibleDescription() == graph.sentence
    image, bad = panel.view.grab().toImage(), theme.color("bad")
    reds = sum(
        image.pixelColor(x, y) == bad for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)
    )
    assert reds > 100
    check_apart(panel.view)


@pytest.mark.parametrize("count", [2, 3, 4, 5, 6])
def test_nodes_with_long_names_stand_apart_where_there_is_little_room(panel: WaitPanel, count: int) -> None:
    panel.window().resize(800, 232)  # as in a window of 1280x720
    panel.show_run(circle(count, lock="lock fork"))
    QApplication.processEvents()
    check_apart(panel.view)
    texts = [text for node, (_, text) in panel.view.shapes().items() if node.task < 0]
    assert len(set(texts)) == count, "each can be told from the others"


def test_what_has_not_changed_is_not_painted_again(panel: WaitPanel) -> None:
    class Painted(QObject):
        count = 0

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            self.count += event.type() is QEvent.Type.Paint
            return False

    panel.show_run(circle(2))
    QApplication.processEvents()
    painted = Painted()
    panel.view.installEventFilter(painted)
    before = {node: shape for node, (shape, _) in panel.view.shapes().items()}
    for _ in range(3):
        panel.refresh(at_once=True)
        QApplication.processEvents()
    assert painted.count == 0
    assert {node: shape for node, (shape, _) in panel.view.shapes().items()} == before


def test_each_node_keeps_its_place_and_a_new_one_gets_a_free_one() -> None:
    one, two, three, four = (Node(name) for name in "abcd")
    places = Places()
    places.take([one, two, three])
    before = [places.angle(node) for node in (one, three)]
    places.take([three, one])
    assert [places.angle(node) for node in (one, three)] == before
    places.take([one, three, four])
    assert [places.angle(node) for node in (one, three)] == before
    assert places.count == 3
    places.take([two])
    assert places.count == 1


def test_nodes_stay_in_sight_when_some_of_their_circle_have_gone(panel: WaitPanel) -> None:
    panel.show_run(circle(3))
    run = circle(2)
    panel.view.show_graph(wait_graph(run, run.recorder.waiting()))
    assert len(panel.view.graph.nodes) == 4
    for shape, _ in panel.view.shapes().values():
        assert shape.wide <= shape.x <= panel.view.width() - shape.wide
        assert shape.high <= shape.y <= panel.view.height() - shape.high


def test_keys_go_from_task_to_task_and_ask_for_one(panel: WaitPanel, qtbot: QtBot) -> None:
    panel.show_run(circle(3))
    view = panel.view
    press(view, Qt.Key.Key_Right)
    assert view.chosen == 0
    assert view.accessibleDescription() == "picture 0 waits for lock 0, held by picture 1"
    press(view, Qt.Key.Key_Left)
    assert view.chosen == 2
    with qtbot.waitSignal(panel.task_clicked) as asked:
        press(view, Qt.Key.Key_Return)
    assert asked.args == [2]
    press(view, Qt.Key.Key_Escape)
    assert view.accessibleDescription() == view.graph.sentence


def test_a_click_on_a_task_asks_for_it_and_one_on_a_lock_for_nothing(panel: WaitPanel, qtbot: QtBot) -> None:
    panel.show_run(circle(2))
    places = {node: QPoint(round(shape.x), round(shape.y)) for node, (shape, _) in panel.view.shapes().items()}
    lock, task = (next(node for node in places if (node.task < 0) is is_lock) for is_lock in (True, False))
    assert panel.view.text_for(lock) == "picture 0 waits for lock 0"
    with qtbot.assertNotEmitted(panel.task_clicked):
        QTest.mouseClick(panel.view, Qt.MouseButton.LeftButton, pos=places[lock])
    with qtbot.waitSignal(panel.task_clicked) as clicked:
        QTest.mouseClick(panel.view, Qt.MouseButton.LeftButton, pos=places[task])
    assert clicked.args == [task.task]


def test_break_it_ends_the_wait_of_the_last_or_of_the_chosen_one(panel: WaitPanel, qtbot: QtBot) -> None:
    run = circle(3)
    panel.show_run(run)
    assert "picture 2" in panel.break_button.toolTip()
    with qtbot.waitSignal(panel.said) as said:
        panel.break_button.click()
    assert said.args == ["The wait of picture 2 was ended."]
    press(panel.view, Qt.Key.Key_Right)
    assert panel.break_button.accessibleName().endswith(
        "End the wait of picture 0 by an error, so that others can go on"
    )
    panel.break_button.click()
    assert run.control.ended == [2, 0]  # type: ignore[attr-defined]


def test_waits_elsewhere_cannot_be_ended_and_it_says_why(panel: WaitPanel) -> None:
    run = circle(2)
    run.control.has_waits = False  # type: ignore[misc]
    panel.show_run(run)
    assert not panel.break_button.isEnabled()
    assert panel.break_button.toolTip() == ELSEWHERE


def test_it_keeps_what_it_showed_and_after_the_run_tells_of_the_deadlock(panel: WaitPanel) -> None:
    run = circle(2)
    panel.show_run(run)
    shown = panel.view.graph
    deadlock = ("deadlock", shown.sentence, run.started, 2.0)
    tell(run, 1, Phase.PROGRESS, detail=(deadlock,))
    tell(run, 1, Phase.FAILED, 0.5, detail="it failed")
    tell(run, 0, Phase.RESUMED, 0.5)
    panel.refresh(at_once=True)
    assert panel.view.graph == shown
    assert not panel.break_button.isVisible()
    tell(run, 0, Phase.DONE, 0.6)
    run.ended = run.started + 0.6
    panel.refresh(at_once=True)
    assert panel.view.graph.circle == shown.circle
    assert panel.sentence.text() == f"Deadlock: {shown.sentence}."
    assert panel.isVisible()


def test_who_is_stuck_is_left_so_while_it_is_refreshed(panel: WaitPanel) -> None:
    run = circle(2)
    panel.show_run(run, is_left=True)
    panel.refresh(at_once=True)
    assert run.control.left == 2  # type: ignore[attr-defined]
    panel.show_run(run)  # of a benchmark
    panel.refresh(at_once=True)
    assert run.control.left == 2  # type: ignore[attr-defined]


def test_they_are_left_so_before_the_picture_comes_up_too(panel: WaitPanel) -> None:
    """On a busy machine it may come too late: then they would have been ended already."""
    run = circle(2, ago=0.0)
    panel.show_run(run, is_left=True)
    assert not panel.isVisible()
    assert run.control.left == 1  # type: ignore[attr-defined]


def test_the_keys_go_to_the_picture_when_there_is_nothing_to_break(panel: WaitPanel) -> None:
    run = circle(2)
    panel.show_run(run)
    panel.break_button.setFocus()
    tell(run, 0, Phase.RESUMED, 0.5)
    tell(run, 1, Phase.RESUMED, 0.5)
    panel.refresh(at_once=True)
    assert not panel.break_button.isVisible()
    assert panel.view.hasFocus()
