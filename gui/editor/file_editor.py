"""A file of a program, to be read, changed and saved; of what it is for, this knows nothing. In the GUI thread."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from gui.editor.check import SyntaxCheck
from gui.editor.code_edit import CodeEdit
from gui.editor.file_watch import FileWatch
from gui.editor.gutter import Gutter
from gui.editor.question import Answer, ask_to_save
from gui.editor.text_file import TextFile, TextFileProblem, read_bytes
from gui.widgets.elided import SentenceButton
from gui.widgets.fields import describe, named, pass_focus
from gui.widgets.panels import fill, pile

if TYPE_CHECKING:
    from pathlib import Path

    from gui.theme.theme import Theme

SYNTAX, RUN = "syntax", "run"
"""What finds errors."""


class FileEditor(QWidget):
    """The text of a file, and below it what is wrong, and Save.

    Attributes:
        path: the file; None where none is open.
        text: the text.
        sentence: what is wrong with the file or the text; a click shows the line.
        load_button, keep_button: take what another program has written, or not; there while that is to be decided.
        save_button: saves it.

    Signals:
        edited: whether the text differs from what was read or saved last.
        saved: the path of a file that was saved.
        said: a sentence on what was done, or why it was not.
    """

    edited = Signal(bool)
    saved = Signal(object)
    said = Signal(str)

    def __init__(self, theme: Theme, name: str) -> None:
        """Make it; `name` is what the text is called for people who hear it."""
        super().__init__()
        self.path: Path | None = None
        self._file: TextFile | None = None
        self._problem = ""
        self._is_taken = False  # another program has written the file, and nobody has decided yet
        self.text = CodeEdit(theme, name)
        self.text.setReadOnly(True)
        self.setFocusProxy(self.text)
        self.sentence = SentenceButton()
        buttons = (
            _button("Load it", "link", "Take what is in the file now; Undo brings your text back"),
            _button(
                "Keep mine", "link", "Go on with this text: Save puts it in the place of what is in the file"
            ),
            _button("Save", "low", "Save the file (Ctrl+S)"),
        )
        self.load_button, self.keep_button, self.save_button = buttons
        bar = fill(QHBoxLayout(), (self.sentence, 1), *buttons, margins=(4, 3, 8, 4), spacing=6)
        body = QWidget()
        fill(QHBoxLayout(body), Gutter(theme, self.text), (self.text, 1))
        pile(self, (body, 1), bar)
        self._watch, self._check = FileWatch(self), SyntaxCheck(self, self.text.code)
        self._connect()
        self._decide(False)

    def _connect(self) -> None:
        text = self.text
        text.document().contentsChanged.connect(self._check.look_soon)
        text.document().modificationChanged.connect(self._show_state)
        text.document().modificationChanged.connect(self.edited)
        text.marks_changed.connect(self._show_state)
        text.save_requested.connect(self.save)
        text.error_requested.connect(self.show_error)
        self.sentence.clicked.connect(self.show_error)
        self.load_button.clicked.connect(self.load)
        self.keep_button.clicked.connect(self.keep)
        self.save_button.clicked.connect(self.save)
        self._check.found.connect(self._take_check)
        self._watch.changed.connect(self._follow_file)

    # ---------------------------------------------------------------- for its owner

    @property
    def is_edited(self) -> bool:
        """Whether there is something to be saved."""
        return self.text.document().isModified()

    def open(self, path: Path) -> None:
        """Show a file from its top on; what was not saved of another is lost, so ask `may_leave` before."""
        self.path = path
        self._watch.watch(path)
        self._read()

    def close_file(self) -> None:
        """Show nothing, and watch and check nothing any more."""
        self.path = self._file = None
        self._problem = ""
        self._watch.close()
        self.text.put("")
        self.text.setReadOnly(True)
        self._check.close()
        self._decide(False)

    def may_leave(self) -> bool:
        """Whether the text may go: asks, where it was not saved, and saves it where that is the answer."""
        if not self.is_edited or self.path is None:
            return True
        answer = ask_to_save(self.window(), self.path.name)
        if answer is Answer.DROP:
            self._read()
        return answer is Answer.DROP or (answer is Answer.SAVE and self.save())

    @Slot()
    def save(self) -> bool:
        """Save what was changed; returns whether nothing is left to be saved."""
        if self._file is None or not self.is_edited:
            return True
        self._follow_file()
        if not self._is_taken:
            try:
                self._file.write(self.text.code())
            except TextFileProblem as error:
                self._problem = str(error)
            else:
                self._problem = ""
                self._watch.look()
                self.text.document().setModified(False)
                self._check.look()
                self.said.emit(f"Saved {self._file.path.name}.")
                self.saved.emit(self._file.path)
        if self._problem:
            self.said.emit(self._problem)
        self._show_state()
        return not self.is_edited

    def mark_error(self, line: int, sentence: str) -> None:
        """Mark where a run went wrong, from 1 on; a line that was changed since the file was saved is not."""
        block = self.text.document().findBlockByNumber(line - 1)
        lines = self._file.text.split("\n") if self._file is not None else []
        if 0 < line <= len(lines) and block.text() == lines[line - 1]:
            self.text.mark(RUN, line, sentence)

    def forget_error(self) -> None:
        """Nothing is known of an error of a run any more."""
        self.text.unmark(RUN)

    # ---------------------------------------------------------------- what is not saved, from one start to the next

    @property
    def draft(self) -> str:
        """What is to be kept where the program had to leave without a question; empty where all is saved."""
        if self._file is None or not self.is_edited:
            return ""
        return json.dumps([str(self._file.path), self._file.text, self.text.code()])

    def recall(self, draft: str) -> bool:
        """Put what was not saved into the file that is open, which Undo takes back; returns whether it is of that."""
        try:
            path, before, text = json.loads(draft)
        except (ValueError, TypeError):
            return False
        if self._file is None or path != str(self._file.path):
            return False
        self.text.replace(text)
        self.said.emit(f"What you had not saved of {self._file.path.name} is here again.")
        if before != self._file.text:  # as if it had been changed just now
            self._file.data = b""
            self._follow_file()
        return True

    # ---------------------------------------------------------------- the file

    def _read(self) -> None:
        """Show what is in the file; where that is no text that can be kept, for reading alone."""
        assert self.path is not None
        self._decide(False)
        self._file, self._problem, text = None, "", ""
        try:
            text = read_bytes(self.path).decode("utf-8", "replace")
            self._file = TextFile(self.path)
            text = self._file.text
        except TextFileProblem as error:
            self._problem = str(error)
        self.text.put(text)
        if self._file is not None and self.text.code() != text:
            self._file = None
            self._problem = f"Read only: {self.path.name} has letters that would be lost here."
        self.text.setReadOnly(self._file is None)
        if self._file is not None:
            self._check.look()
        self._show_state()

    @Slot()
    def _follow_file(self) -> None:
        """See what is in the file now."""
        if self._file is None:
            if self.path is not None:
                self._read()
            return
        path, data, self._problem = self._file.path, self._file.data, ""
        try:
            data = read_bytes(path)
        except TextFileProblem as error:
            self._problem = str(error)
            if not path.exists():
                self._problem = f"{path.name} is gone: Save writes it again."
                self.text.document().setModified(True)
        is_other = data != self._file.data
        if is_other and not self.is_edited:
            self.load()
        elif is_other:
            self._problem = f"Changed outside: {path.name}"
        self._decide(is_other and self.is_edited)

    def _decide(self, is_due: bool) -> None:
        """Let a person choose between what is here and what is there, or no more."""
        if self._is_taken and not is_due:
            self._problem = ""
        self._is_taken = is_due
        if not is_due:
            pass_focus(self.text, self.load_button, self.keep_button)
        for button in (self.load_button, self.keep_button):
            button.setVisible(is_due)
        self._show_state()

    @Slot()
    def load(self) -> None:
        """Take what is in the file now."""
        assert self.path is not None
        try:
            self._file = TextFile(self.path)
        except TextFileProblem as error:
            self._problem = str(error)
        else:
            self.text.replace(self._file.text)
            self.text.document().setModified(False)
            self._decide(False)
            if self.text.code() != self._file.text:
                self._read()
            self.said.emit(f"{self.path.name} was changed outside, and is read again.")
        self._show_state()

    @Slot()
    def keep(self) -> None:
        """Keep what is here: it may be written over what is there now, but over nothing that comes later."""
        assert self._file is not None
        try:
            self._file.data = read_bytes(self._file.path)
        except TextFileProblem as error:
            self._problem = str(error)
        self._decide(False)

    # ---------------------------------------------------------------- what is wrong

    @Slot(int, str)
    def _take_check(self, line: int, why: str) -> None:
        if line:
            self.text.mark(SYNTAX, line, f"Line {line:,}: {why}")
        else:
            self.text.unmark(SYNTAX)

    @Slot()
    def show_error(self) -> None:
        """Go to the line of an error; of several to the next one below the caret, and then from the top again."""
        lines = sorted({mark.line for mark in self.text.marks.values()})
        if not lines:
            self.said.emit(self._problem or "No error is marked.")
            return
        here = self.text.textCursor().blockNumber() + 1
        self.text.show_line(next((line for line in lines if line > here), lines[0]))
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _show_state(self) -> None:
        marks = self.text.marks
        found = self._problem or next((marks[by].sentence for by in (SYNTAX, RUN) if by in marks), "")
        self.sentence.say(f"✕ {found}" if found else "")
        describe(self.sentence, found or "No error", found)
        self.sentence.setVisible(bool(found))
        may_save = self._file is not None and self.is_edited
        if self._is_taken or not may_save:
            pass_focus(self.text, self.save_button)
        self.save_button.setVisible(not self._is_taken)
        self.save_button.setEnabled(may_save)


def _button(text: str, look: str, tip: str) -> QPushButton:
    return describe(named(QPushButton(text), look), text, tip)
