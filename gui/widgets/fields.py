"""The fields that forms are made of: numbers, menus, and rows of a label and a field. In the GUI thread."""

from __future__ import annotations

import html
import math
import re
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QEvent, QLocale, QRegularExpression, QSize, Qt, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPalette, QRegularExpressionValidator
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from gui.widgets.code_block import SELECTABLE

if TYPE_CHECKING:
    from PySide6.QtGui import QWheelEvent

    _AnyField = QWidget
else:
    _AnyField = object  # it stands before the Qt class, which brings the widget

AnyWidget = TypeVar("AnyWidget", bound=QWidget)

MAX_INT = 2_147_483_647
"""What a QSpinBox can hold."""


class _Patient(_AnyField):
    """A field that leaves the wheel to the panel, which scrolls, until it is clicked."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class _Box(_Patient):
    """A field for a number: all of them have one size, so that they stand in one column."""

    def event(self, event: QEvent) -> bool:
        """Leave a text on the clipboard, which is no number, to the page that may take it."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.ShortcutOverride
            and event.matches(QKeySequence.StandardKey.Paste)
            and any(letter.isalpha() for letter in QGuiApplication.clipboard().text())
        ):
            event.ignore()
            return True
        return super().event(event)

    def sizeHint(self) -> QSize:
        return self.fontMetrics().boundingRect("8,888,888,888").size() + QSize(32, 10)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class IntBox(_Box, QSpinBox):
    """A whole number with its thousands parted."""

    def __init__(self, low: int = 0, high: int = MAX_INT, value: int = 0) -> None:
        super().__init__(
            minimum=low, maximum=high, value=value, stepType=QSpinBox.StepType.AdaptiveDecimalStepType
        )
        self.setGroupSeparatorShown(True)
        self.setAccelerated(True)
        _set_up(self)


class FloatBox(_Box, QDoubleSpinBox):
    """A number without needless zeros.

    Args:
        low: the least value.
        high: the largest value.
        value: the first value.
        digits: how many significant digits are shown.
    """

    def __init__(self, low: float = 0.0, high: float = 1e9, value: float = 0.0, digits: int = 10) -> None:
        self._digits = digits
        super().__init__(decimals=6, minimum=low, maximum=high, value=value)
        _set_up(self)

    def textFromValue(self, value: float) -> str:
        return f"{value:,.{self._digits}g}"

    def stepBy(self, steps: int) -> None:
        """To the next multiple of 0.1, 1, 10 ..., as suits the value: Qt's own step from 0 would be a millionth."""
        step = 10.0 ** (len(str(int(max(abs(self.value()), 1.0)))) - 2)
        place = round(self.value() / step, 6)
        self.setValue(((math.floor(place) if steps > 0 else math.ceil(place)) + steps) * step)


class NumberLine(QLineEdit):
    """A number that may be left empty, or that is too large or too small for a box with arrows."""

    def __init__(
        self, whole: bool, value: float | None = None, low: float | None = None, high: float | None = None
    ):
        """Make one.

        Args:
            whole: whether only whole numbers will do.
            value: the first value; None for an empty line.
            low: the least value; None where there is none.
            high: the largest value, likewise.
        """
        super().__init__(alignment=Qt.AlignmentFlag.AlignRight)
        self._whole = whole
        self._low, self._high = -math.inf if low is None else low, math.inf if high is None else high
        number = r"[-+]?\d*" if whole else r"[-+]?\d*\.?\d*([eE][-+]?\d*)?"
        self.setValidator(QRegularExpressionValidator(QRegularExpression(number), self))
        self.setValue(value)
        self.editingFinished.connect(self._keep_in_range)

    def value(self) -> int | float | str:
        """The number; an empty text where there is none, or only half of one."""
        try:
            number: int | float = int(self.text()) if self._whole else float(self.text())
        except ValueError:
            return ""
        return number if math.isfinite(number) else ""

    def setValue(self, value: object) -> None:
        """Show a number; None and an empty text are none."""
        if isinstance(value, int | float):
            self.setText(str(value) if self._whole else repr(float(value)))
        else:
            self.clear()

    @Slot()
    def _keep_in_range(self) -> None:
        number = self.value()
        if not isinstance(number, str) and not self._low <= number <= self._high:
            kept = min(max(number, self._low), self._high)
            self.setValue(int(kept) if self._whole else kept)


class Menu(_Patient, QComboBox):
    """A menu of named entries, some of which may be unavailable; it does not grow with its longest entry."""

    def __init__(self) -> None:
        super().__init__(
            sizeAdjustPolicy=QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon,
            minimumContentsLength=8,
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def add(self, name: str, title: str, missing: str = "") -> None:
        """Add an entry; where `missing` gives a reason it can be read but not chosen."""
        self.addItem(f"{title}: {missing}" if missing else title, name)
        if missing:
            at = self.count() - 1
            self.setItemData(at, missing, Qt.ItemDataRole.ToolTipRole)
            self.model().item(at).setEnabled(False)  # type: ignore[attr-defined]  # it has items

    def remove(self, name: str) -> None:
        at = self.findData(name)
        if at >= 0:
            self.removeItem(at)

    def choose(self, name: str) -> bool:
        """Choose an entry by its name. Returns whether it is there and available."""
        at = self.findData(name)
        # A combo's own model is a QStandardItemModel, whose items know whether they are enabled.
        if at < 0 or not self.model().item(at).isEnabled():  # type: ignore[attr-defined]  # it has items
            return False
        self.setCurrentIndex(at)
        return True

    def choose_first(self, preferred: str = "") -> None:
        """Choose the preferred entry, or else the first that is available, or else none."""
        names = [preferred, *(self.itemData(at) for at in range(self.count()))]
        if not any(self.choose(name) for name in names):
            self.setCurrentIndex(-1)

    def showPopup(self) -> None:
        view = self.view()
        view.setAccessibleName(self.accessibleName())
        view.setMinimumWidth(max(self.width(), view.sizeHintForColumn(0) + 32))
        self.open_list()

    def open_list(self) -> None:
        """Open the list, with all entries in sight where the screen has room for them.

        Qt forgets the frame that the style sheet gives a field with the focus: the list is two pixels too low, an arrow
        for scrolling takes ten more from it, and the last entry is cut.
        """
        super().showPopup()
        view, popup = self.view(), self.view().window()
        if (layout := popup.layout()) is not None:
            layout.activate()  # the arrow is there already, and has not taken its room yet
        first, last = (
            view.visualRect(self.model().index(at, self.modelColumn())) for at in (0, self.count() - 1)
        )
        lack = last.bottom() + 1 - first.top() - view.viewport().height()
        room = self.screen().availableGeometry().bottom()
        if 0 < lack <= room - popup.geometry().bottom():
            popup.resize(popup.width(), popup.height() + lack)
            view.scrollToTop()  # now the arrow goes


class Grid(QGridLayout):
    """Rows of a label and a field, in two columns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setContentsMargins(0, 0, 0, 0)
        self.setHorizontalSpacing(8)
        self.setVerticalSpacing(6)
        self.setColumnStretch(0, 1)

    def add_row(self, label: str, field: QWidget, tip: str = "") -> QLabel:
        """Add a label and its field in one row, and return the label."""
        name = QLabel(label)
        name.setBuddy(field)
        name.setToolTip(tip)
        describe(field, label, tip)
        row = self.rowCount()
        self.addWidget(name, row, 0)
        self.addWidget(field, row, 1)
        return name

    def add_wide(self, field: QWidget) -> None:
        """Add something that takes both columns."""
        self.addWidget(field, self.rowCount(), 0, 1, 2)


def _set_up(box: QAbstractSpinBox) -> None:
    box.setLocale(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    box.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
    box.setAlignment(Qt.AlignmentFlag.AlignRight)
    # A value that is half typed would be taken for a choice.
    box.setKeyboardTracking(False)


def named(widget: AnyWidget, name: str) -> AnyWidget:
    """Give a widget the name by which the style sheet knows it, and return it."""
    widget.setObjectName(name)
    return widget


def section(title: str) -> QLabel:
    """The title of a part of the panel."""
    return named(QLabel(title), "section")


def note(text: str = "") -> QLabel:
    """A sentence or two below a field."""
    label = QLabel(text, wordWrap=True)
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label


def prose() -> QLabel:
    """A label of HTML that wraps and can be selected; the Tab key passes over it: there is nothing to be done in it."""
    label = QLabel(wordWrap=True, textFormat=Qt.TextFormat.RichText, textInteractionFlags=SELECTABLE)
    label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return label


def inline(text: str) -> str:
    """A paragraph as HTML: code stands between backticks."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(" ".join(text.split())))


def pass_focus(neighbour: QWidget, *going: QWidget) -> None:
    """Let the keys go to a neighbour where one of these has them that is about to hide: Qt would choose any other."""
    if any(each.hasFocus() for each in going):
        neighbour.setFocus()


def describe(widget: AnyWidget, name: str, tip: str = "") -> AnyWidget:
    """Give a widget its accessible name and, where there is one, its tooltip; returns it."""
    widget.setAccessibleName(name)
    if tip:
        widget.setToolTip(tip)
        widget.setAccessibleDescription(tip)
    return widget
