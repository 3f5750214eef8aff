"""The witness's window: what it shows of answers, of a freeze and of the guilty line, and what it asks for."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import deque
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gui.witness import protocol
from gui.witness.dump_reader import DumpReader
from gui.witness.texts import DEAF, HINT, LOOKING
from gui.witness.window import FROZEN_MS, IDLE_MS, OPEN_S, WitnessWindow
from workers.monitors.dump import guilty_line
from workers.monitors.freeze import Freeze, Line, Sighting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from gui.theme.theme import Theme
    from gui.witness.lifeline import Lifeline

HERE = Path(__file__)
GUI = 0xAA


class Program:
    """In place of the pipes: what the witness sent, and what it is told. It answers pings unless it is frozen.

    Attributes:
        inbox: what the witness will hear.
        said: what it said, as words.
        frozen: no ping is answered; `deaf`: none is even heard.
    """

    def __init__(self) -> None:
        self.inbox: deque[tuple[float, bytes]] = deque()
        self.said: list[str] = []
        self.frozen = self.deaf = False
        self.pings = 0

    def send(self, line: bytes) -> None:
        word, _, rest = line.decode().strip().partition(" ")
        if word != "ping":
            self.said.append(f"{word} {rest}".strip())
            return
        self.pings = int(rest)
        if not self.deaf:
            self.tell("heard", self.pings)
        if not self.frozen:
            self.tell("pong", self.pings)

    def tell(self, *words: object) -> None:
        self.inbox.append((time.perf_counter(), protocol.encoded(str(words[0]), *words[1:])))

    def see(self, sighting: Sighting) -> None:
        self.inbox.append((time.perf_counter(), protocol.encoded_sighting(sighting)))

    def judge(self, freeze: Freeze) -> None:
        self.inbox.append((time.perf_counter(), protocol.encoded_verdict(freeze)))

    def thaw(self) -> None:
        self.frozen = self.deaf = False
        self.tell("pong", self.pings)


@pytest.fixture
def program() -> Program:
    return Program()


def shown(qtbot: QtBot, theme: Theme, program: Program, dump: DumpReader | None = None) -> WitnessWindow:
    theme.set_choice("light")
    window = WitnessWindow(theme, cast("Lifeline", program), dump)
    qtbot.addWidget(window)
    window.begin([])
    return window


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, program: Program) -> Iterator[WitnessWindow]:
    made = shown(qtbot, theme, program)
    yield made
    made.close()


def seen(line: Line) -> Sighting:
    return Sighting(time.perf_counter(), 0.3, "python", "GUI thread", line)


def freeze(program: Program, window: WitnessWindow, qtbot: QtBot) -> None:
    """Let it fall silent, for long enough to be seen."""
    program.frozen = True
    qtbot.waitUntil(window.stop_button.isEnabled)


def wait_for_frames(program: Program, qtbot: QtBot) -> None:
    """Wait until all that it was told up to now has been heard and painted: it pings after that."""
    before = program.pings
    qtbot.waitUntil(lambda: program.pings > before + 1)


def test_its_process_loads_no_tables() -> None:
    code = "import sys, gui.witness.window; sys.exit('gui.tables.tables' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_at_first_it_waits(qtbot: QtBot, theme: Theme) -> None:
    program = Program()
    program.frozen = True
    window = shown(qtbot, theme, program)
    assert program.said == ["ready"]
    assert program.pings == 1
    assert window.face.shown.state == "starting"
    assert window.face.shown.hint == HINT
    assert window.windowTitle() == "Thaw witness"
    assert not window.stop_button.isEnabled()
    assert window.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    window.close()


def test_a_freeze_that_is_older_than_the_witness_is_counted_from_its_start(qtbot: QtBot, theme: Theme) -> None:
    program = Program()
    program.frozen = True
    # It lies in the pipe when the witness begins.
    program.see(
        Sighting(time.perf_counter() - 5.0, 0.3, "sleep", "GUI thread", Line("/x.py", 1, "f", "sleep(9)"))
    )
    window = shown(qtbot, theme, program)
    assert window.face.shown.state == "frozen", "in its very first frame"
    assert window.face.shown.figure.startswith("5.")
    assert window.face.shown.blame == "The GUI thread is sleeping:"
    assert window.face.shown.source == "sleep(9)"
    window.close()


def test_it_shows_what_an_answer_took(window: WitnessWindow, program: Program, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: program.pings > 3)
    face = window.face.shown
    assert face.state == "answering"
    assert face.figure.endswith("ms")
    assert face.sentence.startswith("Slowest response in the last 15 s:")
    assert not window.stop_button.isEnabled()
    assert window._timer.interval() == IDLE_MS


def test_a_freeze_is_counted_in_red_and_in_words(window: WitnessWindow, program: Program, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.face.shown.state == "answering")
    ground = window.face.grab().toImage().pixelColor(3, 3)
    freeze(program, window, qtbot)
    first = window.face.shown
    assert first.headline == "▲ Slow", "as lag below 700 ms is called everywhere"
    assert first.sentence == f"The window has not responded for {first.figure}."
    assert first.hint == LOOKING
    assert window.face.grab().toImage().pixelColor(3, 3) == window._theme.color("slow")
    assert window._timer.interval() == FROZEN_MS
    qtbot.waitUntil(lambda: window.face.shown.headline == "■ Frozen")
    red = window.face.grab().toImage().pixelColor(3, 3)
    assert red == window._theme.color("bad") != ground
    assert "The window has not responded for" in window.face.accessibleDescription()
    qtbot.waitUntil(lambda: window.face.shown.figure.rpartition(" ")[0] >= "1.1")


def test_it_shows_the_guilty_line(window: WitnessWindow, program: Program, qtbot: QtBot) -> None:
    freeze(program, window, qtbot)
    program.see(seen(Line("/home/me/work.py", 7, "work", "x = f(x)")))
    qtbot.waitUntil(lambda: window.face.shown.source == "x = f(x)")
    face = window.face.shown
    assert face.blame == "The GUI thread is computing in Python:"
    assert face.where == "/home/me/work.py, line 7, in work"
    assert window.face.toolTip() == "/home/me/work.py, line 7"


def test_it_finds_the_source_itself_and_shortens_the_path(
    window: WitnessWindow, program: Program, qtbot: QtBot
) -> None:
    freeze(program, window, qtbot)
    program.see(seen(Line(str(HERE), 1, "work", "")))
    qtbot.waitUntil(lambda: bool(window.face.shown.source))
    assert window.face.shown.source.startswith('"""The witness\'s window:')
    assert window.face.shown.where == f"{Path('tests', 'gui', 'witness', HERE.name)}, line 1, in work"


def test_another_thread_is_named(window: WitnessWindow, program: Program, qtbot: QtBot) -> None:
    freeze(program, window, qtbot)
    program.see(Sighting(0.0, 0.3, "c_gil", "pool 2", Line("/x.py", 1, "f", "x")))
    qtbot.waitUntil(lambda: "pool 2" in window.face.shown.blame)
    assert window.face.shown.blame == 'Thread "pool 2" is in C code that holds the GIL:'


def test_while_no_thread_runs_it_says_that_stop_has_to_wait(
    window: WitnessWindow, program: Program, qtbot: QtBot
) -> None:
    program.deaf = True
    freeze(program, window, qtbot)
    qtbot.waitUntil(lambda: "Stop has to wait" in window.face.shown.sentence)


@pytest.mark.parametrize(("holder", "who"), [(GUI, "The GUI thread"), (GUI + 1, "Another thread")])
def test_while_c_holds_the_gil_the_dump_tells_the_line(
    qtbot: QtBot, theme: Theme, program: Program, tmp_path: Path, holder: int, who: str
) -> None:
    file = tmp_path / "dump"
    file.touch()
    descriptor = os.open(file, os.O_RDONLY)
    window = shown(qtbot, theme, program, DumpReader(descriptor, GUI, guilty_line))
    try:
        program.deaf = True
        freeze(program, window, qtbot)
        call = f'  File "{HERE}", line 1 in work\n'
        file.write_text(f"Timeout (0:00:00.250000)!\nThread 0x{holder:016x} (most recent call first):\n{call}")
        qtbot.waitUntil(lambda: bool(window.face.shown.where))
        assert window.face.shown.blame == f"{who} is in C code that holds the GIL:"
        assert window.face.shown.source.startswith('"""The witness\'s window:')
    finally:
        os.close(descriptor)
        window.close()


def test_stop_is_passed_on(window: WitnessWindow, program: Program, qtbot: QtBot) -> None:
    freeze(program, window, qtbot)
    QTest.mouseClick(window.stop_button, Qt.MouseButton.LeftButton)
    assert program.said[-1] == "stop"
    assert window.stop_button.text() == "Stop requested …"
    assert not window.stop_button.isEnabled()
    program.tell("stopping")
    qtbot.waitUntil(lambda: window.stop_button.text() == "Stopping …")
    program.thaw()
    qtbot.waitUntil(lambda: window.stop_button.text() == "Stop the run")
    assert not window.stop_button.isEnabled()


def test_after_a_freeze_its_length_and_line_stay(window: WitnessWindow, program: Program, qtbot: QtBot) -> None:
    freeze(program, window, qtbot)
    program.see(seen(Line("/x.py", 1, "f", "x = 1")))
    program.thaw()
    qtbot.waitUntil(lambda: window.face.shown.state == "answering")
    assert window.face.shown.blame.startswith("The window was slow for ")
    assert window.face.shown.blame.endswith(" ms."), "its cause is not sure before the program has said it"
    assert window.face.shown.source == "x = 1"
    assert window._timer.interval() == IDLE_MS


def test_the_next_freeze_does_not_take_over_the_line(
    window: WitnessWindow, program: Program, qtbot: QtBot
) -> None:
    freeze(program, window, qtbot)
    program.see(seen(Line("/x.py", 1, "f", "x = 1")))
    program.thaw()
    qtbot.waitUntil(lambda: window.face.shown.state == "answering")
    freeze(program, window, qtbot)
    assert window.face.shown.blame == ""
    program.thaw()
    qtbot.waitUntil(lambda: window.face.shown.state == "answering")
    assert window.face.shown.where == "The line responsible is not known."


def test_a_line_that_comes_late_belongs_to_the_freeze_before(
    window: WitnessWindow, program: Program, qtbot: QtBot
) -> None:
    freeze(program, window, qtbot)
    program.thaw()
    qtbot.waitUntil(lambda: window.face.shown.state == "answering")
    program.see(seen(Line("/x.py", 1, "f", "x = 1")))
    qtbot.waitUntil(lambda: window.face.shown.source == "x = 1")


def test_a_line_that_is_told_before_the_next_ping_is_not_lost(
    window: WitnessWindow, program: Program, qtbot: QtBot
) -> None:
    wait_for_frames(program, qtbot)
    # The last ping was answered; the next one goes out after the frame that hears of the line.
    program.frozen = True
    program.see(Sighting(time.perf_counter(), 0.3, "io", "GUI thread", Line("/x.py", 1, "f", "recv()")))
    qtbot.waitUntil(lambda: window.face.shown.source == "recv()")
    program.thaw()
    qtbot.waitUntil(lambda: window.face.shown.state == "answering")
    assert window.face.shown.source == "recv()"


def test_of_a_freeze_that_is_over_it_says_what_the_program_says(
    window: WitnessWindow, program: Program, qtbot: QtBot
) -> None:
    freeze(program, window, qtbot)
    program.see(seen(Line("/x.py", 1, "f", "x = 1")))
    qtbot.waitUntil(lambda: window.face.shown.blame == "The GUI thread is computing in Python:")
    began = time.perf_counter() - window.answers.silent_s(time.perf_counter()) + 0.02
    stack = (Line("/gil.py", 44, "hold", "TRIM.search(line)"),)
    program.thaw()
    program.judge(Freeze(began, began + 7.51, "c_gil", "pool 1", stack, 0, (), 3, 1.0))
    said = 'Last freeze: 7.5 s, in C code that held the GIL (thread "pool 1").'
    qtbot.waitUntil(lambda: window.face.shown.blame == said)
    assert window.face.shown.source == "TRIM.search(line)"
    assert window.face.shown.sentence == "Slowest response in the last 15 s: 7.5 s."


def test_a_line_out_of_nowhere_is_not_shown(window: WitnessWindow, program: Program, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.face.shown.state == "answering")
    program.see(Sighting(time.perf_counter() - 9.0, 0.3, "io", "GUI thread", Line("/x.py", 1, "f", "x = 1")))
    wait_for_frames(program, qtbot)
    assert window.face.shown.source == ""


def test_it_takes_up_colours_and_sizes(
    window: WitnessWindow, program: Program, theme: Theme, qtbot: QtBot
) -> None:
    program.tell("look", "dark", 1.5)
    qtbot.waitUntil(lambda: theme.scheme == "dark")
    assert theme.text_scale == 1.5
    program.tell("look", "pink", "large")
    program.tell("look")
    wait_for_frames(program, qtbot)
    assert theme.scheme == "dark"
    theme.set_text_scale(1.0)


def test_nonsense_from_the_program_does_no_harm(window: WitnessWindow, program: Program, qtbot: QtBot) -> None:
    nonsense = (b"", b"pong", b"pong x", b"pong 999999", b"{", b'{"kind": 1}', b"\xff\xfe", b"hello")
    for line in (*nonsense, b"froze", b"froze 1 x", b"beside", b"beside 1,2"):
        program.inbox.append((time.perf_counter(), line))
    wait_for_frames(program, qtbot)
    assert window.face.shown.state == "answering"


def test_it_is_on_top_while_it_is_open_if_a_person_wants_it(window: WitnessWindow, program: Program) -> None:
    handle = window.windowHandle()
    assert handle.flags() & Qt.WindowType.WindowStaysOnTopHint
    window.on_top.click()
    assert not handle.flags() & Qt.WindowType.WindowStaysOnTopHint
    assert window.isVisible()
    window.on_top.click()
    assert handle.flags() & Qt.WindowType.WindowStaysOnTopHint
    assert program.said[-2:] == ["top 0", "top 1"]


def test_closing_it_is_told(window: WitnessWindow, program: Program) -> None:
    window.close()
    assert program.said[-1] == "closed"
    assert not window._timer.isActive()


@pytest.mark.parametrize("scale", [0.8, 1.0, 2.0])
def test_all_texts_have_room(scale: float, window: WitnessWindow, theme: Theme, qtbot: QtBot) -> None:
    theme.set_text_scale(scale)
    window.adjustSize()
    face = window.face
    assert face._graph_area().height() > 4 * face._small_high
    assert face._graph_area().width() > 8 * face._small_high
    room = face.width() - 20
    assert face.fontMetrics().horizontalAdvance(DEAF) < room
    theme.set_text_scale(1.0)


# -------------------------------------------------------------------- its shapes


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """It closes as soon as there is nothing to see."""
    monkeypatch.setattr("gui.witness.window.OPEN_S", 0.3)


def is_banner(window: WitnessWindow) -> bool:
    return window.banner.isVisible() and not window.stop_button.isVisible() and not window.face.isVisible()


@pytest.mark.usefixtures("hasty")
def test_after_a_freeze_it_shrinks_to_a_line_and_grows_with_the_next(
    window: WitnessWindow, program: Program, qtbot: QtBot
) -> None:
    handle = window.windowHandle()
    freeze(program, window, qtbot)
    program.see(seen(Line("/x.py", 1, "f", "x = 1")))
    assert window.face.isVisible()
    open_high = window.height()
    program.thaw()
    qtbot.waitUntil(lambda: is_banner(window))
    assert window._line.text().startswith("● The window was slow for ")
    assert window._line.text().endswith(" ms.")
    assert window.height() < open_high / 3
    assert not handle.flags() & Qt.WindowType.WindowStaysOnTopHint
    freeze(program, window, qtbot)
    assert window.face.isVisible()
    assert window.stop_button.isEnabled()
    assert window.height() == open_high
    assert handle.flags() & Qt.WindowType.WindowStaysOnTopHint


def texts_cut(window: WitnessWindow) -> bool:
    """Whether its banner has too little room for its sentence."""
    line = window._line
    return line.height() < line.heightForWidth(line.width()) or "…" in line.text()


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("scale", [1.0, 1.6])
def test_small_it_says_its_whole_sentence(
    scale: float, window: WitnessWindow, program: Program, theme: Theme, qtbot: QtBot
) -> None:
    theme.set_text_scale(scale)
    freeze(program, window, qtbot)
    began = time.perf_counter() - window.answers.silent_s(time.perf_counter())
    program.thaw()
    qtbot.waitUntil(lambda: is_banner(window))
    low = window.height()
    program.judge(Freeze(began, began + 456.0, "lock", "a thread with a long name", (), -1, (), 0, 0.0))
    qtbot.waitUntil(lambda: "waiting for a lock or another thread" in window._line.text())
    qtbot.waitUntil(lambda: not texts_cut(window))
    assert window.height() > low, "it grows with its text"
    assert window.rect().contains(window.details_button.geometry().translated(window.banner.pos()))
    theme.set_text_scale(1.0)


@pytest.mark.usefixtures("hasty")
def test_where_it_would_hide_what_is_read_it_is_gone_until_the_next_freeze(
    window: WitnessWindow, program: Program, qtbot: QtBot
) -> None:
    area = window.screen().availableGeometry()
    whole = f"{area.x()},{area.y()},{area.width()},{area.height()}"
    program.tell("beside", f"{whole};{whole}")
    freeze(program, window, qtbot)
    assert window.isVisible()
    program.thaw()
    qtbot.waitUntil(lambda: not window.isVisible())
    freeze(program, window, qtbot)
    assert window.face.isVisible()
    program.thaw()
    qtbot.waitUntil(lambda: not window.isVisible())
    program.tell("beside", f"{whole};{area.x()},{area.y()},{area.width()},90")
    qtbot.waitUntil(lambda: is_banner(window))
    assert "closed" not in program.said


@pytest.mark.usefixtures("hasty")
def test_what_is_hidden_is_told_nothing_until_it_is_open(
    window: WitnessWindow, program: Program, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: is_banner(window))
    before = window.face.shown
    wait_for_frames(program, qtbot)
    assert window.face.shown is before
    window.details_button.click()
    assert window.face.shown is not before


@pytest.mark.usefixtures("hasty")
def test_details_open_it_until_the_next_freeze_is_over(
    window: WitnessWindow, program: Program, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: is_banner(window))
    QTest.mouseClick(window.details_button, Qt.MouseButton.LeftButton)
    assert window.face.isVisible()
    wait_for_frames(program, qtbot)
    assert window.face.isVisible()
    freeze(program, window, qtbot)
    program.thaw()
    qtbot.waitUntil(lambda: is_banner(window))


def test_it_stays_open_for_as_long_as_a_line_is_read() -> None:
    assert 3.0 <= OPEN_S <= 4.5


def figure_high(window: WitnessWindow) -> int:
    """How many rows of the poster's pixels its figure covers, of the middle three quarters of its width."""
    image = window.poster.grab().toImage()
    ground = image.pixelColor(1, image.height() // 2)
    top, wide = image.height() // 10, image.width()
    rows = range(top, image.height())
    columns = range(wide // 8, wide * 7 // 8, 3)
    inked = [y for y in rows if any(image.pixelColor(x, y) != ground for x in columns)]
    longest = run = 0
    for before, y in pairwise(inked):
        run = run + 1 if y == before + 1 else 0
        longest = max(longest, run)
    return longest


def test_large_it_is_read_from_the_last_row(window: WitnessWindow, program: Program, qtbot: QtBot) -> None:
    freeze(program, window, qtbot)
    QTest.keyClick(window, Qt.Key.Key_L)
    assert window.poster.isVisible()
    assert not window.face.isVisible()
    assert window.stop_button.isVisible()
    area = window.screen().availableGeometry()
    assert area.contains(window.geometry())
    assert window.width() > area.width() - 10
    qtbot.waitUntil(lambda: window.poster.shown.figure.rpartition(" ")[0] >= "1.1")
    assert figure_high(window) > window.screen().size().height() / 2
    QTest.keyClick(window, Qt.Key.Key_L)
    assert window.face.isVisible()
    QTest.mouseDClick(window.face, Qt.MouseButton.LeftButton)
    assert window.poster.isVisible()


@pytest.mark.usefixtures("hasty")
def test_large_it_shrinks_after_a_freeze_too_and_comes_back_large(
    window: WitnessWindow, program: Program, qtbot: QtBot
) -> None:
    window.large_button.click()
    freeze(program, window, qtbot)
    program.thaw()
    qtbot.waitUntil(lambda: is_banner(window))
    assert window.width() < window.screen().size().width()
    freeze(program, window, qtbot)
    assert window.poster.isVisible()


def test_escape_makes_it_smaller_and_closes_nothing(
    window: WitnessWindow, program: Program, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: window.face.shown.state == "answering")
    window.large_button.click()
    for shape in (window.face, window.banner, window.banner):
        QTest.keyClick(window, Qt.Key.Key_Escape)
        assert shape.isVisible()
        assert window.isVisible()
    freeze(program, window, qtbot)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.face.isVisible()
    assert "closed" not in program.said


def test_the_keyboard_reaches_stop_but_not_by_accident(
    window: WitnessWindow, program: Program, qtbot: QtBot
) -> None:
    freeze(program, window, qtbot)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    reached = []
    for _ in range(3):
        reached.append(window.focusWidget())
        QTest.keyClick(window, Qt.Key.Key_Tab)
    assert reached == [window.on_top, window.large_button, window.stop_button]
    QTest.keyClick(window.stop_button, Qt.Key.Key_Space)
    assert program.said[-1] == "stop"


def test_all_that_is_painted_or_pressed_has_a_name(window: WitnessWindow) -> None:
    for widget in (window.face, window.poster, window.details_button, window.large_button):
        assert widget.accessibleName()
    for button in (window.on_top, window.stop_button):
        assert button.text()


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("scale", [1.2, 2.0])
def test_with_larger_texts_it_stays_on_the_screen(
    scale: float, large: bool, window: WitnessWindow, program: Program, theme: Theme, qtbot: QtBot
) -> None:
    area = window.screen().availableGeometry()
    window.large_button.setChecked(large)
    window.move(area.bottomRight() - QPoint(120, 90))
    program.tell("look", "dark", scale)
    qtbot.waitUntil(lambda: theme.text_scale == scale)
    assert area.contains(window.geometry())
    for button in (window.stop_button, window.on_top):
        assert window.rect().contains(button.geometry().translated(window._row.pos()))
    theme.set_text_scale(1.0)


@pytest.mark.usefixtures("hasty")
def test_it_stands_beside_the_window_until_a_person_moves_it(
    window: WitnessWindow, program: Program, qtbot: QtBot
) -> None:
    program.tell("beside", "0,0,300,800")
    qtbot.waitUntil(lambda: window.x() >= 300)
    window.move(10, 300)
    program.tell("beside", "0,0,310,800")
    wait_for_frames(program, qtbot)
    assert window.pos() == QPoint(10, 300)
    qtbot.waitUntil(lambda: is_banner(window))
    freeze(program, window, qtbot)
    assert window.pos() == QPoint(10, 300)
