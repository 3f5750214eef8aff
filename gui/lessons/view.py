"""The right of the room Lessons: the lesson before its runs, while they go on, and after them. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from gui.lessons import texts
from gui.lessons.further import Further
from gui.lessons.question import Answers
from gui.lessons.step_list import StepList
from gui.widgets.code_block import CodeBlock
from gui.widgets.fields import describe, inline, named, note, pass_focus, prose, section
from gui.widgets.fold import Fold
from gui.widgets.panels import fill, order_tabs, set_text_color

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from PySide6.QtGui import QPaintEvent, QResizeEvent, QShowEvent

    from gui.theme.theme import Theme
    from workers.catalog.lessons import Lesson

BESIDE, WIDEST = 600, 1240
"""From which width on, at a text scale of 1, there are two columns, and how wide both are together at most."""

GAP = 28
MARGINS = (16, 10, 16, 10)
ASKING, RUNNING, DONE = "asking", "running", "done"
GONE = (
    "These runs are of an earlier start, and are not kept. To see them in their places, run the lesson again."
)
FIRST = "Choose an answer first. Whether it is right does not matter: it is what you expect."


class LessonView(QScrollArea):
    """A lesson.

    Attributes:
        lesson: the one that is shown.
        state: ASKING, RUNNING or DONE.
        answers: what may be answered.
        run_button: runs it; `cancel` ends that, and is another button: who clicks twice in a freeze cancels nothing.
        again, next_button: lead on, afterwards.
        problem: why it could not be run.
        steps: what is run.
        gone: says that there is nothing to be seen of what ran, as it ran before this start.
        asked, verdict, why, claims, take_home: what is said afterwards.
        further: what may be done then.
        is_below: whether there is but one column; None before it is known.
    """

    lesson: Lesson

    def __init__(self, theme: Theme) -> None:
        super().__init__(widgetResizable=True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumWidth(240)
        self.setAccessibleName("Lesson")
        self._theme = theme
        self.state = ASKING
        self.is_below: bool | None = None
        self._is_free, self._has_follower, self._about = True, False, ""
        self.title, self.about = QLabel(wordWrap=True), note()
        self.about.setWordWrap(False)
        self.text, self.again_text = prose(), prose()
        self.reread = Fold("Read it again", self.again_text)
        self.question = QLabel(wordWrap=True)
        self.answers = Answers(theme)
        self.run_button = named(QPushButton("Run it"), "primary")
        self.cancel = describe(QPushButton("Cancel"), "Cancel", "End it; nothing is said of it then")
        describe(self.run_button, "Run it", "Run the steps below, one after the other")
        self.hint, self.problem = note(FIRST), QLabel(wordWrap=True)
        self._steps_title, self.steps, self.gone = section("What runs"), StepList(theme), note(GONE)
        self.asked, self.verdict, self.why, self.claims = note(), prose(), prose(), prose()
        self._claims_title = section("What your runs show")
        self.take_home = _TakeHome(theme)
        self.further = Further(theme)
        self.again, self.next_button = QPushButton("Run it again"), named(QPushButton("Next"), "primary")
        describe(self.again, "Run it again", "Answer the question once more, and run it")
        self._before: tuple[QWidget, ...] = self.text, self.question, self.answers, self.run_button, self.hint
        self._afterwards: tuple[QWidget, ...] = (
            *(self.reread, self.asked, self.verdict, self.why, self._claims_title, self.claims, self.take_home),
            *(self.further, self.again),
        )
        self._lay_out()
        self.answers.chosen.connect(self._show_free)
        theme.changed.connect(self._redress)

    def _lay_out(self) -> None:
        head = fill(QHBoxLayout(), (self.title, 1), self.about, spacing=12)
        self._left, self._right = QWidget(), QWidget()
        result = self.asked, self.verdict, self.why, 2, self._claims_title, self.claims, 2, self.take_home
        fill(QVBoxLayout(self._left), self.text, self.reread, *result, None, spacing=6)
        press = fill(QHBoxLayout(), self.run_button, self.cancel, (self.hint, 100), None, spacing=12)
        on = fill(QHBoxLayout(), self.again, None, self.next_button, spacing=8)
        steps = self._steps_title, self.steps, self.gone, 4, self.further
        asks = self.question, self.answers, press, self.problem, 6
        fill(QVBoxLayout(self._right), *asks, *steps, 4, on, None, spacing=6)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GAP)
        self._grid.setVerticalSpacing(10)
        inner = self._inner = QWidget()
        fill(QVBoxLayout(inner), head, (self._grid, 1), spacing=8)
        content = QWidget()
        fill(QHBoxLayout(content), (inner, 1000), None, margins=MARGINS)
        self.setWidget(content)
        self._place(is_below=False)
        self.verdict.setAccessibleName("What you said, and what it was")

    # ---------------------------------------------------------------- what is shown

    def show_lesson(self, lesson: Lesson, about: str, can_change: bool, follower: str) -> None:
        """Show a lesson as it is before it was run.

        Args:
            lesson: the lesson.
            about: which it is among the others; empty where it is alone.
            can_change: whether its code can be copied.
            follower: the title of the next one; empty where there is none.
        """
        self.lesson = lesson
        self.title.setText(lesson.title)
        self._about = about
        self.text.setText(texts.text_of(lesson))
        self.again_text.setText(self.text.text())
        self.question.setText(lesson.question)
        self.asked.setText(lesson.question)
        self.steps.show_steps(lesson.steps)
        self.further.show_lesson(lesson, can_change)
        self._has_follower = bool(follower)
        describe(self.next_button, f"Next: {follower}", f"Go on with “{follower}”")
        self.ask()
        self.verticalScrollBar().setValue(0)

    @Slot()
    def ask(self) -> None:
        """Ask the question, as if the lesson had never been run."""
        self.answers.show_answers(self.lesson.question, self.lesson.answers)
        order_tabs(self._left, self._right)
        self.steps.show_progress({}, None)
        self.show_problem("")
        self._say_about(f"about {self.lesson.minutes:g} minute{'s' * (self.lesson.minutes != 1)}")
        self._turn(ASKING)

    def show_running(self, took: Mapping[int, float | None], now: int | None) -> None:
        """Show how far the runs are; see `StepList.show_progress`."""
        self.steps.show_progress(took, now)
        self.show_problem("")
        self._turn(RUNNING)

    def _say_about(self, what: str) -> None:
        self.about.setText(" · ".join(filter(None, (self._about, what))))

    def show_result(self, data: Mapping[str, Any]) -> None:
        """Show what came of it, as `Result.data` says."""
        self._data = data
        self._say_about(f"done on {data['when']}")
        took = {at: step["seconds"] for at, step in enumerate(data["steps"][: len(self.lesson.steps)])}
        self.steps.show_progress(took, None, lacks=True)
        self.take_home.setText(f"<b>To take home:</b> {inline(self.lesson.take_home)}")
        self._show_words()
        self._turn(DONE)
        self.verticalScrollBar().setValue(0)

    def show_places(self, why_not: Sequence[str] | None) -> None:
        """Offer to show steps in their places, or say of each why that cannot be; None: their runs are not kept."""
        self.gone.setVisible(why_not is None)
        if why_not is not None:
            self.steps.show_places(why_not)

    def _show_words(self) -> None:
        self.verdict.setText(texts.verdict(self._theme, self._data))
        self.why.setText(texts.why(self.lesson, self._data))
        self.claims.setText(texts.claims(self._theme, self._data))

    def show_problem(self, why: str) -> None:
        """Say why it could not be run; what was answered stays."""
        self.problem.setText(why)
        self.problem.setVisible(bool(why))
        if why:
            self.steps.show_progress({}, None)
            self._turn(ASKING)

    def _turn(self, state: str) -> None:
        self.state = state
        coming, going = (self._afterwards, self._before) if state == DONE else (self._before, self._afterwards)
        for part in coming:
            part.show()
        self._steps_title.setText("What ran" if state == DONE else "What runs")
        goes_on = self.next_button if self._has_follower else self.again
        has_keys = {ASKING: self.answers.buttons[0], RUNNING: self, DONE: goes_on}[state]
        if state == DONE:
            self.next_button.setVisible(self._has_follower)
        leaves = {ASKING: (self.next_button,), RUNNING: (self.run_button,), DONE: ()}[state]
        pass_focus(has_keys, self, self.cancel, *_all_in(going), *leaves)
        for part in going:
            part.hide()
        if state != DONE:
            self.next_button.hide()
        self.reread.set_open(False)
        self.gone.hide()
        self._show_free()
        self._dress()

    def set_free(self, is_free: bool) -> None:
        """Say whether anything may start."""
        self._is_free = is_free
        self._show_free()

    @Slot()
    def _show_free(self) -> None:
        is_running, has_answer = self.state == RUNNING, self.answers.has_one
        self.run_button.setEnabled(self._is_free and has_answer and not is_running)
        self.cancel.setVisible(is_running)
        self.hint.setVisible(self.state == ASKING and not has_answer)
        self.answers.setEnabled(not is_running)
        self.again.setEnabled(self._is_free)
        self.further.set_free(self._is_free)

    # ---------------------------------------------------------------- room and looks

    def read_parts(self) -> list[QWidget]:
        """What may be read in it, hidden or not."""
        texts = [self.title, self.about, *self._before, *self._afterwards, self.problem, self.steps]
        return [*texts, self.next_button]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._dress()

    @Slot()
    def _redress(self) -> None:
        self._fit()
        self._dress()
        if self.state == DONE:
            self._show_words()

    def _fit(self) -> None:
        scale = self._theme.text_scale
        self._inner.setMaximumWidth(round(WIDEST * scale))
        self._place(is_below=self.width() < BESIDE * scale)

    def _place(self, is_below: bool) -> None:
        """Put the columns beside each other, or one below the other."""
        if is_below is not self.is_below:
            self.is_below = is_below
            self._grid.addWidget(self._left, 0, 0)
            self._grid.addWidget(self._right, *((1, 0) if is_below else (0, 1)))
            for column in (0, 1):
                self._grid.setColumnStretch(column, int(column == 0 or not is_below))
            self._grid.setColumnMinimumWidth(1, 0)

    def _dress(self) -> None:
        """Take up colours and fonts: with a style sheet, becoming a page takes them away, and a lecture has its own."""
        theme = self._theme
        plain, bold = theme.numbers_font(), theme.numbers_font()
        bold.setWeight(QFont.Weight.DemiBold)
        for part in self._inner.findChildren(QWidget):
            if not isinstance(part, CodeBlock):
                part.setFont(plain)
        strong = self.question, self._claims_title, self._steps_title, self.further.title
        for label in (*strong, self.run_button, self.next_button):
            label.setFont(bold)
        self.title.setFont(theme.headline_font(1.3))
        self.verdict.setFont(theme.numbers_font(1.15))
        self.further.dress()
        set_text_color(self.problem, theme.color("bad"))


def _all_in(parts: Iterable[QWidget]) -> Iterator[QWidget]:
    """These and all that is in them."""
    for part in parts:
        yield part
        yield from part.findChildren(QWidget)


class _TakeHome(QLabel):
    """A sentence on a ground of its own."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(wordWrap=True, textFormat=Qt.TextFormat.RichText)
        self._theme = theme
        self.setContentsMargins(12, 8, 10, 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._theme.color("selection"))
            painter.fillRect(0, 0, 3, self.height(), self._theme.color("accent"))
        super().paintEvent(event)
