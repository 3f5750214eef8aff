"""The witness's window: its clock, what it asks and is told, its Stop button. In the GUI thread of its own process."""

from __future__ import annotations

import linecache
import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.widgets.fields import named
from gui.widgets.panels import fill
from gui.witness import protocol
from gui.witness.answers import SPAN_S, Answers
from gui.witness.face import PAD, Face, Shown, big_figure
from gui.witness.placement import place_beside
from gui.witness.protocol import FROM_PROGRAM, Guilt
from workers.monitors.freeze import KINDS, Line
from workers.utils import formatting
from workers.utils.child import ROOT

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent

    from gui.theme.theme import Theme
    from gui.witness.dump_reader import DumpReader
    from gui.witness.lifeline import Lifeline

IDLE_MS, FROZEN_MS = 240, 50
"""Between two frames while the window answers, and while an answer is missing."""

PING_S, MISSING_PING_S = 0.240, 0.075
"""Between two pings while the window answers, and while an answer is missing. Each ping costs the program two changes
of threads, and so whoever holds the GIL: 13 a second took 1.4 % of four computing threads' work."""

LATE_SIGHTING_S = 2.0
"""What the watchdog tells so soon after a freeze belongs to it."""

MAX_S = 3600.0
"""No clock of another process is believed that says more."""

TITLE_BAR = 28
"""Pixels, about."""

HINT = "When the window freezes, the line that is to blame stands here, and Stop cancels the run."


class WitnessWindow(QWidget):
    """Pings the program, shows its answers, and passes Stop on.

    Attributes:
        answers: what came of the pings.
        face: the painted part.
        on_top: the checkbox "Always on top".
        stop_button: can be pressed while the main window is frozen.
    """

    def __init__(
        self, theme: Theme, lifeline: Lifeline, dump: DumpReader | None = None, on_top: bool = True
    ) -> None:
        """Make it; nothing is asked before `begin`.

        Args:
            theme: gives colours and fonts.
            lifeline: the pipes.
            dump: reads what C writes while it holds the GIL; None where nobody does.
            on_top: whether it stays above other windows at first.
        """
        super().__init__()
        self._theme, self._lifeline, self._dump = theme, lifeline, dump
        self.answers = Answers()
        self._guilt: Guilt | None = None  # of this freeze, or of the last one
        self._seen = 0.0  # when that came
        self._blamed: list[tuple[float, Guilt]] = []  # all of this freeze, each with the time when it came
        self._last_s = 0.0
        self._thawed = 0.0
        self._pinged = 0.0
        self._was_frozen = False
        self._stop = ""  # "", "asked", "heard"
        self.setWindowTitle("Thaw witness")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint, on_top)
        self.face = Face(theme, self.answers)
        self.on_top = QCheckBox("Always on top")
        self.on_top.setChecked(on_top)
        self.on_top.toggled.connect(self._set_on_top)
        self.stop_button = named(QPushButton("Stop the run"), "primary")
        self.stop_button.setEnabled(False)
        self.stop_button.clicked.connect(self._ask_to_stop)
        row = fill(QHBoxLayout(), (self.on_top, 1), self.stop_button, margins=(PAD, 0, PAD, PAD))
        fill(QVBoxLayout(self), (self.face, 1), row, spacing=6)
        self._timer = QTimer(self, interval=IDLE_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)

    def begin(self, main: QRect | None) -> None:
        """Show it beside the main window, whose frame this is, without taking the keyboard; and begin to ask."""
        self.adjustSize()
        if main is not None:
            screen = QGuiApplication.screenAt(main.center()) or QGuiApplication.primaryScreen()
            # The frame that a window manager will put around it is known only later: so much is allowed for it.
            self.move(place_beside(main, screen.availableGeometry(), self.size() + QSize(0, TITLE_BAR)))
        self.show()
        self._lifeline.send(protocol.encoded("ready"))
        self._timer.start()
        self.tick()

    # ---------------------------------------------------------------- the clock

    @Slot()
    def tick(self) -> None:
        self._hear()
        now = time.perf_counter()
        frozen = self.answers.is_frozen(now)
        if frozen and not self._was_frozen and self._seen < now - self.answers.silent_s(now):
            self._guilt = None  # that was another freeze
            self._blamed = []
        if frozen and self._dump is not None and self.answers.is_deaf(now):
            line = self._dump.look(self.answers.silent_s(now), now)
            if line is not None:
                self._blame(Guilt("c_gil", "GUI thread", line, now), now)
        if frozen != self._was_frozen:
            self._was_frozen = frozen
            self._stop = ""
            self._label_stop()
        interval = FROZEN_MS if self.answers.silent_s(now) > MISSING_PING_S else IDLE_MS
        if interval != self._timer.interval():
            self._timer.setInterval(interval)
        self.answers.sample(now)
        if self.isVisible():
            self.face.show_now(self._texts(now, frozen), now)
        # After the frame: an answer that came while one is painted would have to wait, and seem to have taken longer.
        now = time.perf_counter()
        if now - self._pinged >= (MISSING_PING_S if self.answers.silent_s(now) > MISSING_PING_S else PING_S):
            self._pinged = now
            self._lifeline.send(protocol.encoded("ping", self.answers.ping(now)))

    def _hear(self) -> None:
        inbox = self._lifeline.inbox
        while inbox:
            moment, line = inbox.popleft()
            message = protocol.parsed(line, FROM_PROGRAM)
            if message is None:
                guilt = protocol.parsed_sighting(line)
                if guilt is not None:
                    self._take_sighting(guilt, moment)
            elif message.word == "heard":
                self.answers.take_heard(message.number)
            elif message.word == "pong":
                self._take_pong(message.number, moment)
            elif message.word == "stopping":
                self._stop = "heard" if self._stop else ""
                self._label_stop()
            elif message.word == "look":
                self._look(message.rest)

    def _take_pong(self, number: int, moment: float) -> None:
        silence = self.answers.take_pong(number, moment)
        if silence is not None:
            self._last_s = silence.ended - silence.began
            self._thawed = moment
            if self._guilt is not None and self._seen < silence.began:
                self._guilt = None
            elif self._blamed:
                self._guilt = longest_blamed(self._blamed, moment)
            self._blamed = []

    def _take_sighting(self, guilt: Guilt, moment: float) -> None:
        is_first = self.answers.took_s is None and 0 <= moment - guilt.started < MAX_S
        if is_first or self.answers.silent_s(moment) > 0:
            self.answers.take_start(guilt.started)
        is_late = moment - self._thawed < LATE_SIGHTING_S and self._guilt is None
        if is_first or self.answers.silent_s(moment) > MISSING_PING_S or is_late:
            self._blame(guilt, moment)

    def _blame(self, guilt: Guilt, moment: float) -> None:
        line = guilt.line
        if not line.text:
            guilt = guilt._replace(line=line._replace(text=linecache.getline(line.file, line.number).strip()))
        self._guilt, self._seen = guilt, moment
        self._blamed.append((moment, guilt))
        self.face.setToolTip(f"{line.file}, line {line.number}")

    def _look(self, rest: str) -> None:
        scheme, _, scale = rest.partition(" ")
        with suppress(ValueError):  # from another version: it stays as it is
            self._theme.set_choice(scheme)
            self._theme.set_text_scale(float(scale))

    # ---------------------------------------------------------------- texts

    def _texts(self, now: float, frozen: bool) -> Shown:
        answers, silent = self.answers, self.answers.silent_s(now)
        if frozen:
            figure = big_figure(silent)
            sentence = f"The window has not answered for {figure}."
            if answers.is_deaf(now):
                sentence = "No thread answers: Stop has to wait as well."
            blame = "It %s:" if self._guilt is not None else ""
            hint = "The line that is to blame is not known yet."
            return self._with_line(Shown("frozen", figure, sentence, blame, hint=hint))
        if answers.took_s is None:
            return Shown("starting", "–", "Waiting for the window's first answer.", hint=HINT)
        sentence = f"Longest answer of the last {SPAN_S:.0f} s: {formatting.seconds(answers.worst_s(now))}."
        shown = Shown("answering", formatting.seconds(max(answers.took_s, silent)), sentence, hint=HINT)
        if not self._last_s:
            return shown
        if self._guilt is None:
            return shown._replace(
                hint=f"The last freeze took {formatting.seconds(self._last_s)}; its line is not known."
            )
        return self._with_line(
            shown._replace(blame=f"Its last freeze took {formatting.seconds(self._last_s)}: it %s.")
        )

    def _with_line(self, shown: Shown) -> Shown:
        guilt = self._guilt
        if guilt is None:
            return shown
        shown = shown._replace(blame=shown.blame % KINDS[guilt.kind])
        if guilt.holder != "GUI thread":
            shown = shown._replace(blame=f"{shown.blame.rstrip('.:')} ({guilt.holder})")
        return shown._replace(where=_place(guilt.line), source=guilt.line.text)

    # ---------------------------------------------------------------- what a person does

    @Slot()
    def _ask_to_stop(self) -> None:
        self._stop = "asked"
        self._lifeline.send(protocol.encoded("stop"))
        self._label_stop()

    def _label_stop(self) -> None:
        label = {"": "Stop the run", "asked": "Stop asked …", "heard": "Stopping …"}[self._stop]
        self.stop_button.setText(label)
        self.stop_button.setEnabled(self._was_frozen and not self._stop)

    @Slot(bool)
    def _set_on_top(self, on: bool) -> None:
        """Qt takes a window from the screen when its flags change; only its own window is asked, so this one stays."""
        handle = self.windowHandle()
        if handle is not None:
            handle.setFlag(Qt.WindowType.WindowStaysOnTopHint, on)
        self._lifeline.send(protocol.encoded("top", int(on)))

    def closeEvent(self, event: QCloseEvent) -> None:
        self._timer.stop()
        self._lifeline.send(protocol.encoded("closed"))
        super().closeEvent(event)


def longest_blamed(blamed: list[tuple[float, Guilt]], end: float) -> Guilt:
    """The line that was to blame for most of a freeze: its last one may be what the window had to catch up on.

    Args:
        blamed: what was to blame, and from when on, in seconds; at least one.
        end: when the freeze was over, likewise.
    """
    spans: dict[Line, float] = {}
    ends = [moment for moment, _ in blamed[1:]] + [end]
    for (moment, guilt), until in zip(blamed, ends, strict=True):
        spans[guilt.line] = spans.get(guilt.line, 0.0) + until - moment
    longest = max(spans, key=lambda line: spans[line])
    return next(guilt for _, guilt in blamed if guilt.line == longest)


def _place(line: Line) -> str:
    path = line.file
    if path.startswith(f"{ROOT}{os.sep}"):
        path = path[len(str(ROOT)) + 1 :]
    return f"{path}, line {line.number}, in {line.function}"
