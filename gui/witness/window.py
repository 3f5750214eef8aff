"""The witness's window: its clock, what it asks and is told, its Stop button. In the GUI thread of its own process."""

from __future__ import annotations

import math
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.widgets.fields import describe, named
from gui.widgets.panels import fill
from gui.witness import protocol
from gui.witness.answers import Answers
from gui.witness.blame import MISSING_S, Blame
from gui.witness.face import PAD, Face
from gui.witness.placement import Standing
from gui.witness.poster import Poster
from gui.witness.protocol import FROM_PROGRAM, UNNAMED, Guilt
from gui.witness.texts import texts
from workers.monitors.freeze import GUI

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QCloseEvent, QKeyEvent, QMouseEvent

    from gui.theme.theme import Theme
    from gui.witness.dump_reader import DumpReader
    from gui.witness.lifeline import Lifeline

IDLE_MS, FROZEN_MS = 240, 50
"""Between two frames while the window responds, and while an answer is missing."""

PING_S, MISSING_PING_S = 0.230, 0.075
"""Between two pings while the window responds, at least, and while an answer is missing. Each costs the program two
changes of threads, and so whoever holds the GIL: 13 a second took 1.4 % of four computing threads' work. The first is a
little less than a frame, so that a frame that comes a hair early does not leave its ping out."""

BANNER_WIDTH = 0.8
"""Of the open witness's: the sentence wraps."""

OPEN_S = 4.0
"""How long it stays open when it came up, or after a freeze: time to read a line."""


class WitnessWindow(QWidget):
    """Pings the program, shows its answers, and passes Stop on.

    It is open while the window is frozen; when that has responded for a while it shrinks to its banner, and is no
    longer on top of other windows. Where that would hide what is read there it is gone until the next freeze.

    Attributes:
        answers: what came of the pings.
        face: the painted part, while it is open.
        poster: in place of the face, for a lecture hall.
        banner: in place of both, a sentence, when there is nothing to see.
        on_top: the checkbox "On top while frozen".
        large_button: whether it fills the screen when it is open.
        stop_button: can be pressed while the window is frozen.
    """

    def __init__(
        self, theme: Theme, lifeline: Lifeline, dump: DumpReader | None = None, on_top: bool = True
    ) -> None:
        """Make it; nothing is asked before `begin`.

        Args:
            theme: gives colours and fonts.
            lifeline: the pipes.
            dump: reads what C writes while it holds the GIL; None where nobody does.
            on_top: whether it stays above other windows while it is open.
        """
        super().__init__()
        self._theme, self._lifeline, self._dump = theme, lifeline, dump
        self.answers = Answers()
        self._blame = Blame(self.answers)
        self._pinged = 0.0
        self._was_frozen = False
        self._stop = ""  # "", "asked", "heard"
        self._open_until = -math.inf
        self._shape = ""  # "face", "poster", "banner"
        self._high = 0
        self._standing = Standing(self)
        self.setWindowTitle("Thaw witness")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint, on_top)
        self.face, self.poster = Face(theme, self.answers), Poster(theme)
        self.on_top = QCheckBox("On top while frozen")
        self.on_top.setChecked(on_top)
        self.on_top.toggled.connect(self._choose_on_top)
        self.large_button = QPushButton("Large")
        self.large_button.setCheckable(True)
        describe(self.large_button, "Large", "Fill the screen, for a lecture hall (L)")
        self.large_button.toggled.connect(self.open)
        self.stop_button = named(QPushButton("Stop the run"), "primary")
        self.stop_button.setEnabled(False)
        self.stop_button.clicked.connect(self._ask_to_stop)
        self._line = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.details_button = QPushButton("Details")
        describe(self.details_button, "Details", "Open the witness again")
        self.details_button.clicked.connect(self.open)
        self._row, self.banner = QWidget(), QWidget()
        row, banner = QHBoxLayout(self._row), QHBoxLayout(self.banner)
        below = (PAD, 0, PAD, PAD)
        fill(row, (self.on_top, 1), self.large_button, self.stop_button, margins=below, spacing=6)
        fill(banner, (self._line, 1), self.details_button, margins=(PAD, 4, PAD, 4), spacing=6)
        self._column = fill(
            QVBoxLayout(self), (self.face, 1), (self.poster, 1), self.banner, self._row, spacing=6
        )
        self._timer = QTimer(self, interval=IDLE_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)
        theme.changed.connect(self._fit)

    def begin(self, beside: Sequence[QRect]) -> None:
        """Show it without taking the keyboard, and begin to ask.

        Args:
            beside: the main window's frame, and then what is read in it; nothing where that is not known.
        """
        self._standing.beside = list(beside)
        self._open_until = time.perf_counter() + OPEN_S
        # Before the first frame, which takes long on a busy machine: in the midst of a freeze it counts already.
        self._ping(time.perf_counter())
        self.tick()
        self._lifeline.send(protocol.encoded("ready"))
        self._timer.start()

    # ---------------------------------------------------------------- its shape

    @Slot()
    def open(self) -> None:
        """Open it until the next freeze is over."""
        self._open_until = math.inf
        self._show_shape()

    def _show_shape(self) -> None:
        """Be open or not, as is due."""
        shape = "poster" if self.large_button.isChecked() else "face"
        if time.perf_counter() > self._open_until:
            shape = "banner"
        if shape == self._shape:
            return
        self._shape = shape
        self.face.setVisible(shape == "face")
        self.poster.setVisible(shape == "poster")
        self.banner.setVisible(shape == "banner")
        self._row.setVisible(shape != "banner")
        self._show_texts(time.perf_counter())  # it was told of none while it was hidden
        self._keep_on_top()
        self._fit()

    @Slot()
    def _fit(self) -> None:
        """Be as large as its texts need, on the screen in any case."""
        self._column.activate()
        wide, self._high = self.face.sizeHint().width(), self.sizeHint().height()
        if self._shape == "banner":
            wide = round(wide * BANNER_WIDTH)
            self._high = self._column.heightForWidth(wide)
        is_free = self._standing.put(None if self._shape == "poster" else QSize(wide, self._high))
        self.setVisible(is_free or self._shape != "banner")

    # ---------------------------------------------------------------- the clock

    @Slot()
    def tick(self) -> None:
        self._hear()
        now = time.perf_counter()
        self._blame.weigh(now)
        frozen = self.answers.is_frozen(now)
        if frozen:
            self._open_until = now + OPEN_S
        if frozen and not self._was_frozen:
            self._blame.begin(now - self.answers.silent_s(now))
        if frozen and self._dump is not None and self.answers.is_deaf(now):
            found = self._dump.look(self.answers.silent_s(now), now)
            if found is not None:
                line, is_gui = found
                self._blame.add(Guilt("c_gil", GUI if is_gui else UNNAMED, line, now), now)
        if frozen != self._was_frozen:
            self._was_frozen = frozen
            self._stop = ""
            self._label_stop()
        interval = FROZEN_MS if self.answers.silent_s(now) > MISSING_S else IDLE_MS
        if interval != self._timer.interval():
            self._timer.setInterval(interval)
        self.answers.sample(now)
        self._show_shape()
        self._show_texts(now)
        # After the frame: an answer that came while one is painted would have to wait, and seem to have taken longer.
        now = time.perf_counter()
        if now - self._pinged >= (MISSING_PING_S if self.answers.silent_s(now) > MISSING_S else PING_S):
            self._ping(now)

    def _ping(self, now: float) -> None:
        self._pinged = now
        self._lifeline.send(protocol.encoded("ping", self.answers.ping(now)))

    def _show_texts(self, now: float) -> None:
        guilt = self._blame.guilt
        shown = texts(self.answers, guilt, now)
        if self._shape == "poster":
            self.poster.show_now(shown)
        elif self._shape == "banner":
            banner = shown.banner
            if banner != self._line.text():
                self._line.setText(banner)
            elif self._column.heightForWidth(self.width()) != self._high:  # known a frame after the text
                self._fit()
        else:
            self.face.show_now(shown, now)
            place = f"{guilt.line.file}, line {guilt.line.number}" if guilt is not None else ""
            if place != self.face.toolTip():
                self.face.setToolTip(place)

    def _hear(self) -> None:
        inbox = self._lifeline.inbox
        while inbox:
            moment, line = inbox.popleft()
            message = protocol.parsed(line, FROM_PROGRAM)
            if message is None:
                guilt = protocol.parsed_sighting(line)
                if guilt is not None:
                    self._blame.take(guilt, moment)
            elif message.word == "heard":
                self.answers.take_heard(message.number)
            elif message.word == "pong":
                self._blame.end(message.number, moment)
            elif message.word == "stopping":
                self._stop = "heard" if self._stop else ""
                self._label_stop()
            else:
                with suppress(ValueError):  # from another version: it stays as it is
                    self._follow(message.word, message.rest)

    def _follow(self, word: str, rest: str) -> None:
        if word == "beside":
            self._standing.beside = [QRect(*one) for one in protocol.parsed_rectangles(rest)]
            self._fit()
            return
        if word == "froze":
            self._blame.take_verdict(*protocol.parsed_verdict(rest))
            return
        scheme, _, scale = rest.partition(" ")
        self._theme.set_choice(scheme)
        self._theme.set_text_scale(float(scale))

    # ---------------------------------------------------------------- what a person does

    @Slot()
    def _ask_to_stop(self) -> None:
        self._stop = "asked"
        self._lifeline.send(protocol.encoded("stop"))
        self._label_stop()

    def _label_stop(self) -> None:
        label = {"": "Stop the run", "asked": "Stop requested …", "heard": "Stopping …"}[self._stop]
        self.stop_button.setText(label)
        self.stop_button.setEnabled(self._was_frozen and not self._stop)

    @Slot(bool)
    def _choose_on_top(self, on: bool) -> None:
        self._keep_on_top()
        self._lifeline.send(protocol.encoded("top", int(on)))

    def _keep_on_top(self) -> None:
        """Qt takes a window from the screen when its flags change; only its own window is asked, so this one stays."""
        on = self.on_top.isChecked() and self._shape != "banner"
        if (handle := self.windowHandle()) is not None:
            handle.setFlag(Qt.WindowType.WindowStaysOnTopHint, on)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """L makes it large and small again, Escape smaller; no key closes it by accident."""
        if event.key() == Qt.Key.Key_L:
            self.large_button.toggle()
        elif event.key() == Qt.Key.Key_Escape and self.large_button.isChecked():
            self.large_button.setChecked(False)
        elif event.key() == Qt.Key.Key_Escape and not self._was_frozen:
            self._open_until = -math.inf
            self._show_shape()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.large_button.toggle()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._timer.stop()
        self._lifeline.send(protocol.encoded("closed"))
        super().closeEvent(event)
