"""A form made from the parameters of a workload or of a runner. In the GUI thread."""

from __future__ import annotations

import math
import re
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from gui.forms.discreet_line import DiscreetLine
from gui.forms.literal_line import KINDS, LiteralLine
from gui.forms.python_box import PythonBox
from gui.widgets.fields import MAX_INT, FloatBox, Grid, IntBox, Menu, NumberLine, describe, named
from gui.widgets.panels import fill

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from workers.catalog.fields import Field

Special: TypeAlias = "Mapping[str, Callable[[], PythonBox]]"
"""Makes the fields of some parameters, by their names, that are more than their kind says."""

Editor: TypeAlias = IntBox | FloatBox | QCheckBox | QLineEdit | NumberLine | Menu | PythonBox | LiteralLine

UNITS = {"s": "s", "ms": "ms", "mib": "MiB", "kib": "KiB", "mb": "MB", "kb": "kB", "px": "px", "percent": "%"}
"""The last word of a parameter's name, where it is a unit -> how the unit is written."""

MAX_FLOAT, DIGITS = 1e9, 6
"""What a FloatBox can hold, and how many digits after the point."""

NEEDED, AS_WRITTEN = "needed", "as written"
"""What stands in an empty field: that it has to be filled in, or that the function's own default is used."""


class Form(QWidget):
    """Fields for parameters: numbers, yes or no, texts, files and folders.

    A field that is left empty has an empty text as its value, whatever its kind; but one for a value as Python writes
    it has none then.

    Attributes:
        editors: the fields, by their parameters' names.
        labels: what says their names, likewise; of a check box that is itself.

    Signals:
        changed: a value has changed; once for each change by a person, once for `set_values`.
    """

    changed = Signal()

    def __init__(
        self,
        fields: Sequence[Field],
        special: Special | None = None,
        below_zero: bool = False,
        is_needed: bool = False,
    ) -> None:
        """Make it.

        Args:
            fields: the parameters.
            special: makes the fields of some of them.
            below_zero: whether a number may be negative where nothing says how small it may be.
            is_needed: whether nothing can begin without these: then the way to choose a folder is written out.
        """
        super().__init__()
        self._special = special or {}
        self._below_zero, self._is_needed = below_zero, is_needed
        self.editors: dict[str, Editor] = {}
        self.labels: dict[str, QLabel | QCheckBox] = {}
        grid = Grid(self)
        for field in fields:
            self.editors[field.name] = self._add(grid, field)

    def values(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, editor in self.editors.items():
            if isinstance(editor, QCheckBox):
                found[name] = editor.isChecked()
            elif isinstance(editor, Menu):
                found[name] = editor.currentData()
            elif isinstance(editor, NumberLine | IntBox):
                found[name] = editor.value()
            elif isinstance(editor, LiteralLine):
                if not editor.is_empty:
                    found[name] = editor.value()
            elif isinstance(editor, FloatBox):
                found[name] = round(editor.value(), DIGITS)
            else:
                text = editor.text()  # as it is: names may have a blank at an end
                found[name] = text if text.strip() else ""
        return found

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Fill in the values of the parameters that the form has; others are left aside."""
        before = self.values()
        with QSignalBlocker(self):
            for name, value in values.items():
                editor = self.editors.get(name)
                if isinstance(editor, QCheckBox):
                    editor.setChecked(bool(value))
                elif isinstance(editor, NumberLine | LiteralLine):
                    editor.setValue(value)
                elif isinstance(editor, Menu):
                    editor.setCurrentIndex(max(0, editor.findData(value)))
                elif isinstance(editor, QLineEdit | PythonBox):
                    editor.setText("" if value is None else str(value))
                elif isinstance(editor, FloatBox) and isinstance(value, int | float):
                    editor.setValue(value)
                elif isinstance(editor, IntBox) and isinstance(value, int):
                    editor.setValue(value)
        if self.values() != before:
            self.changed.emit()

    def _add(self, grid: Grid, field: Field) -> Editor:
        label = field.label or humanise(field.name)
        tip = field.help[:1].upper() + field.help[1:]
        if field.name in self._special:
            box = self._special[field.name]()
            box.describe(label, tip)
            box.changed.connect(self.changed)
            self._add_below(grid, field, label, tip, box)
            return box
        if field.kind in KINDS:
            literal = LiteralLine(field, _placeholder(field))
            literal.describe(label, tip)
            literal.changed.connect(self.changed)
            self._add_below(grid, field, label, tip, literal)
            return literal
        if field.kind == "bool" and field.optional:
            menu = Menu()
            for value, choice in (("", AS_WRITTEN), (True, "yes"), (False, "no")):
                menu.addItem(choice, value)
            menu.currentIndexChanged.connect(self.changed)
            self.labels[field.name] = grid.add_row(label, menu, tip)
            return menu
        if field.kind == "bool":
            check = QCheckBox(label)
            check.setChecked(bool(field.default))
            describe(check, label, tip)
            check.toggled.connect(self.changed)
            grid.add_wide(check)
            self.labels[field.name] = check
            return check
        if field.kind in {"int", "float"}:
            return self._add_number(grid, field, label, tip)
        text = "" if field.default is None else str(field.default)
        line = DiscreetLine(field.name, text, _placeholder(field))
        describe(line, label, tip)
        line.textChanged.connect(self.changed)
        wide = self._with_browse(line, label, field) if _browses(field) else line
        self._add_below(grid, field, label, tip, wide)
        return line

    def _add_number(self, grid: Grid, field: Field, label: str, tip: str) -> IntBox | FloatBox | NumberLine:
        box: IntBox | FloatBox | NumberLine
        least = -math.inf if self._below_zero else 0.0
        if not _fits_box(field):
            box = NumberLine(field.kind == "int", field.default, field.low, field.high)
            box.setPlaceholderText(_placeholder(field))
            box.textChanged.connect(self.changed)
        elif field.kind == "int":
            low = _bound(field.low, int(max(least, -MAX_INT)))
            box = IntBox(low, _bound(field.high, MAX_INT), _bound(field.default, 0))
            box.valueChanged.connect(self.changed)
        else:
            low_float = max(least, -MAX_FLOAT) if field.low is None else field.low
            high = MAX_FLOAT if field.high is None else field.high
            box = FloatBox(low_float, high, float(field.default or 0.0))
            box.valueChanged.connect(self.changed)
        self.labels[field.name] = grid.add_row(label, box, tip)
        return box

    def _add_below(self, grid: Grid, field: Field, label: str, tip: str, editor: QWidget) -> None:
        """A field that takes the whole width, below its label."""
        name = self.labels[field.name] = QLabel(label)
        name.setBuddy(editor)
        name.setToolTip(tip)
        grid.add_wide(name)
        grid.add_wide(editor)

    def _with_browse(self, line: QLineEdit, label: str, field: Field) -> QWidget:
        row = QWidget()
        folder = field.kind == "folder" or field.name.endswith(("folder", "directory"))
        what = "folder" if folder else "file"
        browse = QPushButton(f"Choose {what}…") if self._is_needed else named(QPushButton("…"), "small")
        if not self._is_needed:
            browse.setFixedWidth(32)
        browse.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        describe(browse, f"Choose the {what} for {label}", "Choose it from the disk")
        browse.clicked.connect(partial(self._browse, line, label, folder))
        fill(QHBoxLayout(row), line, browse, spacing=4)
        row.setFocusProxy(line)  # the label's key leads there
        return row

    def _browse(self, line: QLineEdit, label: str, folder: bool) -> None:
        if folder:
            chosen = QFileDialog.getExistingDirectory(self, label, line.text())
        else:
            chosen, _ = QFileDialog.getOpenFileName(self, label, line.text())
        if chosen:
            line.setText(chosen)


def humanise(name: str) -> str:
    """A parameter's name as a label: `connect_s` is "Connect (s)", `tile_size` "Tile size"."""
    *parts, last = name.split("_")
    if parts and last in UNITS:
        return f"{' '.join(parts).capitalize()} ({UNITS[last]})"
    text = " ".join([*parts, last])
    return re.sub(
        r"\b(url|cpu|gil)(s?)\b",
        lambda found: found[1].upper() + found[2],
        text[:1].upper() + text[1:],
        flags=re.I,
    )


def when_empty(help_line: str) -> str:
    """What an empty field means, where the parameter's description says "empty: ..."; else "none"."""
    found = re.search(r"\bempty: (.+?)(?= that |[.;,(]|$)", help_line)
    return found[1] if found else "none"


def _fits_box(field: Field) -> bool:
    """Whether a box with arrows can hold a number and its default: not where it may be empty, nor out of its range."""
    if field.default is None:
        return False
    if field.kind == "int":
        return all(bound is None or abs(bound) <= MAX_INT for bound in (field.default, field.high))
    return bool(abs(field.default) <= MAX_FLOAT and round(field.default, DIGITS) == field.default)


def _placeholder(field: Field) -> str:
    if field.default:
        return ""
    if field.optional:
        return AS_WRITTEN
    return NEEDED if field.default is None else when_empty(field.help)


def _browses(field: Field) -> bool:
    return field.kind in {"file", "folder"} or field.name.endswith(("urls", "file", "folder", "directory"))


def _bound(value: float | None, otherwise: int) -> int:
    return otherwise if value is None else int(min(max(value, -MAX_INT), MAX_INT))
