"""The plugin of `thaw-watch` in suites of other people: what fails, what does not, and what the failure says."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.support.watch_wheel import unpack

if TYPE_CHECKING:
    from pathlib import Path

pytest_plugins = ["pytester"]

SLOW = """
import functools
import time

import pytest
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget


def block():
    time.sleep(0.4)


def later(slot=block):
    QTimer.singleShot(0, slot)


def test_wait(qtbot):
    later()
    qtbot.wait(20)


def test_process_events(qapp):
    later()
    qapp.processEvents()


def test_wait_until(qtbot):
    done = []
    later(lambda: (block(), done.append(1)))
    qtbot.waitUntil(lambda: bool(done))


class Sender(QObject):
    done = Signal()


def test_wait_signal(qtbot):
    sender = Sender()

    def slow():
        block()
        sender.done.emit()

    with qtbot.waitSignal(sender.done):
        later(slow)


@pytest.mark.parametrize("click", ["qtbot", "QTest"])
def test_click(qtbot, click):
    button = QPushButton()
    qtbot.addWidget(button)
    button.clicked.connect(block)
    (qtbot if click == "qtbot" else QTest).mouseClick(button, Qt.MouseButton.LeftButton)


class Painted(QWidget):
    def paintEvent(self, event):
        block()


def test_paint(qtbot):
    widget = Painted()
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    qtbot.wait(20)


def test_slot_in_c(qtbot):
    later(functools.partial(time.sleep, 0.4))
    qtbot.wait(20)


def test_second_of_two(qtbot):
    qtbot.wait(20)
    later()
    qtbot.wait(20)


def test_dialog(qtbot):
    from PySide6.QtWidgets import QDialog

    dialog = QDialog()
    qtbot.addWidget(dialog)
    QTimer.singleShot(0, lambda: (block(), dialog.accept()))
    dialog.exec()
"""

GOOD = """
import time
import unittest

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton


def later():
    QTimer.singleShot(0, lambda: time.sleep(0.4))


@pytest.fixture
def slow_fixture(qtbot):
    later()
    qtbot.wait(20)
    yield
    later()
    qtbot.wait(20)


def test_own_lines(qtbot, slow_fixture):
    qtbot.wait(20)
    time.sleep(0.4)
    qtbot.wait(20)
    button = QPushButton()
    qtbot.addWidget(button)
    button.clicked.connect(lambda: time.sleep(0.4))
    button.click()  # a call of the test's own


def test_slow_condition(qtbot):
    times = []
    qtbot.waitUntil(lambda: (time.sleep(0.2), times.append(1), len(times) > 2)[-1])


def test_many_letters(qtbot):
    field = QLineEdit()
    qtbot.addWidget(field)
    field.textChanged.connect(lambda: time.sleep(0.02))
    qtbot.keyClicks(field, "each letter for itself")


def test_that_lets_the_window_live(qtbot):
    def slot():
        for _ in range(20):
            time.sleep(0.02)
            QApplication.processEvents()

    QTimer.singleShot(0, slot)
    qtbot.wait(20)


@pytest.mark.max_freeze("2s")
def test_marked(qtbot):
    later()
    qtbot.wait(20)


@pytest.mark.max_freeze("off")
def test_off(qtbot, responsiveness):
    assert responsiveness.is_watching
    qtbot.wait(50)
    later()
    qtbot.wait(20)
    assert 200 < responsiveness.longest_ms
    assert len(responsiveness.blocked("200ms")) == 1
    responsiveness.assert_no_freeze("60s")
    with pytest.raises(AssertionError, match="blocked for"):
        responsiveness.assert_no_freeze("200ms")


class TestOld(unittest.TestCase):
    def setUp(self):
        later()
        QApplication.processEvents()

    def test_old(self):
        QApplication.processEvents()


def test_no_window():
    pass
"""

OLD_SLOW = """
import time
import unittest

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

application = QApplication.instance() or QApplication([])


class TestOld(unittest.TestCase):
    def test_old(self):
        QTimer.singleShot(0, lambda: time.sleep(0.4))
        QApplication.processEvents()
"""


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack(tmp_path_factory.mktemp("thaw_watch"))


@pytest.fixture
def suite(pytester: pytest.Pytester, plugin: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("PYTHONPATH", str(plugin))
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    return pytester


def test_what_an_event_loop_delivers_slowly_fails_its_test(suite: pytest.Pytester) -> None:
    suite.makepyfile(test_slow=SLOW, test_old=OLD_SLOW)
    result = suite.runpytest_subprocess("--max-freeze", "100ms", "-v")
    assert result.parseoutcomes() == {"failed": 11}
    text = result.stdout.str()
    for told in (
        "The GUI thread was blocked for ",
        "it may be for 100 ms.",
        "test_slow.py:11 in block",
        ">   11 |     time.sleep(0.4)",
        "It slept.",
        "block, a slot or a timer, was delivered by test_slow.py:20: qtbot.wait(20)",
        "The paint Painted.paintEvent was delivered by ",
        "It was called by paintEvent:",
        "Qt itself, without a line of Python",
        "waits without blocking (QTimer",
    ):
        assert told in text, told


def test_fixtures_own_lines_and_what_is_allowed_fail_nothing(suite: pytest.Pytester) -> None:
    suite.makepyfile(GOOD)
    suite.makeini("[pytest]\nmax_freeze = 100ms\naddopts = -n 2 --strict-markers\nfilterwarnings = error\n")
    result = suite.runpytest_subprocess()
    assert result.parseoutcomes() == {"passed": 8}


def test_without_a_limit_nothing_is_watched(suite: pytest.Pytester) -> None:
    suite.makepyfile(SLOW)
    assert suite.runpytest_subprocess("-k", "test_wait or process").parseoutcomes() == {
        "passed": 4,
        "deselected": 6,
    }


@pytest.mark.parametrize("told", ["soon", "-5ms", "0", "100 m"])
def test_what_is_no_time_is_a_sentence(suite: pytest.Pytester, told: str) -> None:
    result = suite.runpytest_subprocess(f"--max-freeze={told}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert f"{told!r} is no length of time" in result.stderr.str()


def test_a_marker_that_is_no_time_is_a_sentence(suite: pytest.Pytester) -> None:
    suite.makepyfile(GOOD.replace('"2s"', '"2s", 3'))
    assert "takes one length of time" in suite.runpytest_subprocess("-k", "marked").stdout.str()


def test_a_test_that_fails_by_itself_says_so_alone(suite: pytest.Pytester) -> None:
    suite.makepyfile(SLOW + "\n\ndef test_wrong(qtbot):\n    later()\n    qtbot.wait(20)\n    assert 1 == 2\n")
    result = suite.runpytest_subprocess("--max-freeze", "100ms", "-k", "wrong")
    assert result.parseoutcomes()["failed"] == 1
    assert "assert 1 == 2" in result.stdout.str()


def test_without_qt_it_does_nothing(suite: pytest.Pytester) -> None:
    suite.makepyfile("import threading, sys\ndef test_it(responsiveness):\n"
                     "    assert not responsiveness.is_watching and responsiveness.longest_ms == 0\n"
                     "    assert threading.active_count() == 1 and 'PySide6.QtCore' not in sys.modules\n")  # fmt: skip
    result = suite.runpytest_subprocess("--max-freeze", "100ms", "-p", "no:pytest-qt", "-p", "no:xdist")
    assert result.parseoutcomes() == {"passed": 1}


def test_nothing_of_it_is_left_in_qt(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        "import threading, pytest\nfrom PySide6.QtTest import QTest\nbefore = QTest.__dict__['mouseClick']\n"
        "def test_within(qtbot):\n    assert QTest.__dict__['mouseClick'] is not before\n"
        "    assert qtbot.mouseClick.__name__ == 'mouseClick'\n"
        "    assert threading.active_count() == 1\n"
        "@pytest.mark.max_freeze('off')\n"
        "def test_after(qapp):\n    assert QTest.__dict__['mouseClick'] is before\n"
    )
    assert suite.runpytest_subprocess("--max-freeze", "100ms").parseoutcomes() == {"passed": 2}


def test_the_package_lies_apart_from_the_checkout(plugin: Path) -> None:
    assert {path.name for path in plugin.iterdir()} == {"thaw_watch", "thaw_watch-0.dist-info"}
    assert not any(name.startswith("workers") for name in os.listdir(plugin / "thaw_watch"))


INSIDE = """
import time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

def test_one_of_its_own(responsiveness):
    assert not responsiveness.is_watching
    application = QApplication([])
    assert type(QApplication.instance()) is QApplication
    assert responsiveness.is_watching
    QTimer.singleShot(0, lambda: time.sleep(0.4))
    QTimer.singleShot(500, application.quit)
    application.exec()
    assert responsiveness.longest_ms > 300

def test_without_one(responsiveness):
    time.sleep(0.2)
"""


def test_an_application_that_is_made_in_the_test_is_watched(suite: pytest.Pytester) -> None:
    suite.makepyfile(INSIDE)
    result = suite.runpytest_subprocess("--max-freeze", "100ms", "-p", "no:pytest-qt")
    assert result.parseoutcomes() == {"passed": 1, "failed": 1}
    text = result.stdout.str()
    assert "The GUI thread was blocked for " in text, text
    assert "was delivered by test_an_application_that_is_made_in_the_test_is_watched.py" in text, text
