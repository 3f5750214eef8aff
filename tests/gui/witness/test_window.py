"""The witness's window: what it shows of answers, of a freeze and of the guilty line, and what it asks for."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.witness import protocol
from gui.witness.dump_reader import DumpReader
from gui.witness.protocol import Guilt
from gui.witness.window import FROZEN_MS, HINT, IDLE_MS, WitnessWindow, longest_blamed
from workers.monitors.dump import guilty_line
from workers.monitors.freeze import Line, Sighting

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
    window.begin(None)
    return window


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, program: Program) -> Iterator[WitnessWindow]:
    made = shown(qtbot, theme, program)
    yield made
    made.close()


def seen(line: Line) -> Sighting:
    return Sighting(time.perf_counter(), 0.3, "python", "GUI thread", line)


def freeze(program: Program, window: WitnessWindow, qtbot: QtBot) -> None:
    program.frozen = True
    qtbot.waitUntil(lambda: window.face.shown.state == "frozen", timeout=3000)


def wait_for_frames(program: Program, qtbot: QtBot) -> None:
    """Wait until all that it was told up to now has been heard and painted: it pings after that."""
    before = program.pings
    qtbot.waitUntil(lambda: program.pings > before + 1)


def test_its_process_loads_no_tables() -> None:
    code = "import sys, gui.witness.window; sys.exit('gui.widgets.tables' in sys.modules)"
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
    qtbot.waitUntil(lambda: window.face.shown.state == "frozen")
    assert window.face.shown.figure.startswith("5.")
    assert window.face.shown.blame == "It slept:"
    assert window.face.shown.source == "sleep(9)"
    window.close()


def test_it_shows_what_an_answer_took(window: WitnessWindow, program: Program, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: program.pings > 3)
    face = window.face.shown
    assert face.state == "answering"
    assert face.figure.endswith("ms")
    assert face.sentence.startswith("Longest answer of the last 15 s:")
    assert not window.stop_button.isEnabled()
    assert window._timer.interval() == IDLE_MS


def test_a_freeze_is_counted_in_red_and_in_words(window: WitnessWindow, program: Program, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.face.shown.state == "answering")
    ground = window.face.grab().toImage().pixelColor(3, 3)
    freeze(program, window, qtbot)
    first = window.face.shown
    assert first.sentence == f"The window has not answered for {first.figure}."
    assert first.hint == "The line that is to blame is not known yet."
    assert window.stop_button.isEnabled()
    assert window._timer.interval() == FROZEN_MS
    red = window.face.grab().toImage().pixelColor(3, 3)
    assert red == window._theme.color("bad") != ground
    assert first.sentence in window.face.accessibleDescription()
    qtbot.waitUntil(lambda: window.face.shown.figure == "1.1 s", timeout=5000)


def test_it_shows_the_guilty_line(window: WitnessWindow, program: Program, qtbot: QtBot) -> None:
    freeze(program, window, qtbot)
    program.see(seen(Line("/home/me/work.py", 7, "work", "x = f(x)")))
    qtbot.waitUntil(lambda: window.face.shown.source == "x = f(x)")
    face = window.face.shown
    assert face.blame == "It computed in Python:"
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
    assert window.face.shown.blame == "It computed in C and held the GIL (pool 2)"


def test_while_no_thread_runs_it_says_that_stop_has_to_wait(
    window: WitnessWindow, program: Program, qtbot: QtBot
) -> None:
    program.deaf = True
    freeze(program, window, qtbot)
    qtbot.waitUntil(lambda: "Stop has to wait" in window.face.shown.sentence, timeout=3000)


def test_while_c_holds_the_gil_the_dump_tells_the_line(
    qtbot: QtBot, theme: Theme, program: Program, tmp_path: Path
) -> None:
    file = tmp_path / "dump"
    file.touch()
    descriptor = os.open(file, os.O_RDONLY)
    window = shown(qtbot, theme, program, DumpReader(descriptor, GUI, guilty_line))
    try:
        program.deaf = True
        freeze(program, window, qtbot)
        call = f'  File "{HERE}", line 1 in work\n'
        file.write_text(f"Timeout (0:00:00.250000)!\nThread 0x{GUI:016x} (most recent call first):\n{call}")
        qtbot.waitUntil(lambda: bool(window.face.shown.where), timeout=3000)
        assert window.face.shown.blame == "It was in C code that held the GIL:"
        assert window.face.shown.source.startswith('"""The witness\'s window:')
    finally:
        os.close(descriptor)
        window.close()


def test_stop_is_passed_on(window: WitnessWindow, program: Program, qtbot: QtBot) -> None:
    freeze(program, window, qtbot)
    QTest.mouseClick(window.stop_button, Qt.MouseButton.LeftButton)
    assert program.said[-1] == "stop"
    assert window.stop_button.text() == "Stop asked …"
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
    assert window.face.shown.blame.startswith("Its last freeze took")
    assert window.face.shown.blame.endswith("it computed in Python.")
    assert window.face.shown.source == "x = 1"
    assert window._timer.interval() == IDLE_MS


def test_the_line_that_stays_is_the_one_that_lasted_longest() -> None:
    long, short = (Guilt("python", "GUI thread", Line("/x.py", number, "f", ""), 0.0) for number in (1, 2))
    assert longest_blamed([(0.3, long), (4.0, short)], 4.1) == long
    assert longest_blamed([(0.3, long), (0.4, short)], 4.1) == short
    assert longest_blamed([(0.0, short), (1.0, long), (3.5, short), (4.0, long)], 4.1) == long


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
    assert window.face.shown.hint.endswith("its line is not known.")


def test_a_line_that_comes_late_belongs_to_the_freeze_before(
    window: WitnessWindow, program: Program, qtbot: QtBot
) -> None:
    freeze(program, window, qtbot)
    program.thaw()
    qtbot.waitUntil(lambda: window.face.shown.state == "answering")
    program.see(seen(Line("/x.py", 1, "f", "x = 1")))
    qtbot.waitUntil(lambda: window.face.shown.source == "x = 1")


def test_a_line_out_of_nowhere_is_not_shown(window: WitnessWindow, program: Program, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.face.shown.state == "answering")
    program.see(seen(Line("/x.py", 1, "f", "x = 1")))
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
    for line in (b"", b"pong", b"pong x", b"pong 999999", b"{", b'{"kind": 1}', b"\xff\xfe", b"hello"):
        program.inbox.append((time.perf_counter(), line))
    wait_for_frames(program, qtbot)
    assert window.face.shown.state == "answering"


def test_always_on_top_is_told_and_changes_the_window(window: WitnessWindow, program: Program) -> None:
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
    assert face.fontMetrics().horizontalAdvance("No thread answers: Stop has to wait as well.") < room
    theme.set_text_scale(1.0)
