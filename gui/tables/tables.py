"""What the window's tables have in common: columns, models, and how they are set up, sorted and copied. GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QAction, QIcon, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from gui.widgets.panels import RIGHT_SIDE

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Sequence

    from PySide6.QtGui import QColor, QPixmap
    from PySide6.QtWidgets import QTableView

    from gui.theme.theme import Theme

Index = QModelIndex | QPersistentModelIndex

SORT_ROLE = Qt.ItemDataRole.UserRole
"""The role under which a cell gives the value that it is sorted by."""


class Column(NamedTuple):
    """One column of a table.

    Attributes:
        title: its name.
        tip: what stands in it; empty where its name says so.
        align: of its texts and its heading; what is on the right is in the font for numbers.
        heading: its name over the column, where that is another one.
        widest: of a `FastTable`: texts for which there is room, beside those that the model names.
        role: likewise: the colour of its texts, a key of `palettes.COLORS`.
        row_roles: likewise: rows in one of these colours have the column's text in it too.
        cut: likewise: where a text is cut for which there is too little room.
        bar: likewise: how many pixels long a bar before its figures can be.
    """

    title: str
    tip: str = ""
    align: Qt.AlignmentFlag = RIGHT_SIDE
    heading: str = ""
    widest: tuple[str, ...] = ()
    role: str = "text"
    row_roles: Container[str] = ()
    cut: Qt.TextElideMode = Qt.TextElideMode.ElideRight
    bar: int = 0

    @property
    def is_number(self) -> bool:
        return self.align == RIGHT_SIDE or self.bar > 0


class ColumnsModel(QAbstractTableModel):
    """A table whose columns stay the same.

    Attributes:
        columns: all of them.
        rows: what the model knows of each row.
    """

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self.columns = columns
        self.rows: Sequence[Any] = ()

    def tell(self, first: int, last: int) -> None:
        """Tell the view that these rows may look different now; those that do not exist are ignored."""
        last = min(last, len(self.rows) - 1)
        if 0 <= first <= last:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))

    def tell_all(self) -> None:
        self.tell(0, len(self.rows) - 1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default, and never changed)
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default, and never changed)
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.heading or column.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip or None
        return column.align if role == Qt.ItemDataRole.TextAlignmentRole else None


class FiguresModel(ColumnsModel):
    """Some rows of figures that can be sorted.

    Attributes:
        rows: each has a tuple `shown` of what stands in its cells, `texts`, the same in full for copies, and `values`,
            by which the columns are sorted.
    """

    def __init__(self, theme: Theme, columns: Sequence[Column], lags: Container[int]) -> None:
        """Make it; `lags` are the columns whose values are a lag in ms, or -1 where there is none."""
        super().__init__(columns)
        self._theme, self._lags = theme, lags
        self.rows: list[Any] = []

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return row.shown[column]
        if role == SORT_ROLE:
            return row.values[column]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.columns[column].align
        if role == Qt.ItemDataRole.FontRole:
            return self._theme.numbers_font() if self.columns[column].is_number else None
        if role == Qt.ItemDataRole.ForegroundRole:
            return self.color(row, column)
        if role == Qt.ItemDataRole.DecorationRole:
            return self.picture(row, column)
        return self.tip(row, column) if role == Qt.ItemDataRole.ToolTipRole else None

    def color(self, row: Any, column: int) -> QColor | None:
        """The colour of a text: a lag has that of its band; None for the usual one."""
        lag = row.values[column] if column in self._lags else -1.0
        return self._theme.lag_color(lag) if lag >= 0 else None

    def picture(self, row: Any, column: int) -> QIcon | QPixmap | None:
        return None

    def tip(self, row: Any, column: int) -> str:
        return self.columns[column].tip


class FiguresProxy(QSortFilterProxyModel):
    """Sorts by the true figures, not by their texts; at first as the model has them."""

    def __init__(self, model: FiguresModel) -> None:
        super().__init__()
        self._model = model
        self.setSourceModel(model)

    def lessThan(self, left: Index, right: Index) -> bool:
        """Whether one row comes before another. In Python, for a figure may be a pair, which Qt cannot compare."""
        return bool(left.data(SORT_ROLE) < right.data(SORT_ROLE))

    def text(self, rows: Iterable[int] | None = None) -> str:
        """These rows, or all, as they are sorted now, with tabs and a line of headings."""
        lines = ["\t".join(column.title for column in self._model.columns)]
        for row in range(self.rowCount()) if rows is None else rows:
            lines.append("\t".join(self._model.rows[self.mapToSource(self.index(row, 0)).row()].texts))
        return "\n".join(lines) + "\n"


class KeptColors(QStyledItemDelegate):
    """Leaves a selected cell the colours of its text and of its marker, which Qt would take from it."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        palette = option.palette
        palette.setBrush(QPalette.ColorRole.HighlightedText, palette.brush(QPalette.ColorRole.Text))
        option.palette = palette
        if not option.icon.isNull():
            pixmap = option.icon.pixmap(option.decorationSize)
            icon = QIcon(pixmap)
            icon.addPixmap(pixmap, QIcon.Mode.Selected)
            option.icon = icon


def dress_selection(view: QAbstractItemView, theme: Theme) -> None:
    """Let a selected row keep its colours, on a ground pale enough to read all of them."""
    if not isinstance(view.itemDelegate(), KeptColors):
        view.setItemDelegate(KeptColors(view))
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Highlight, theme.color("selection"))
    view.setPalette(palette)


def set_up_rows(view: QAbstractItemView, name: str) -> None:
    """Make a table or a tree one of whole rows without a frame, whose cells nobody edits."""
    view.setAccessibleName(name)
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)


def set_up(view: QTableView, name: str) -> None:
    """Make a table of whole rows that are all equally high, without a grid, and whose cells nobody edits."""
    set_up_rows(view, name)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    view.verticalHeader().hide()
    view.horizontalHeader().setHighlightSections(False)


def set_row_height(view: QTableView, height: int) -> None:
    """Make every row `height` pixels high."""
    rows = view.verticalHeader()
    rows.setMinimumSectionSize(height)
    rows.setDefaultSectionSize(height)


def add_copy(view: QAbstractItemView, text: str, copy: Callable[[], object]) -> None:
    """Put a copy of the table's rows on Ctrl+C and into its menu.

    Args:
        view: the table or list.
        text: what the menu says.
        copy: a bound slot that does it.
    """
    copy_key = QKeySequence(QKeySequence.StandardKey.Copy)
    action = QAction(text, view, shortcut=copy_key, shortcutContext=Qt.ShortcutContext.WidgetShortcut)
    action.triggered.connect(copy)
    view.addAction(action)
    view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
