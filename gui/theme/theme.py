"""The look: colours in light and dark, fonts, the size of texts, and the one style sheet. All in the GUI thread.

Widgets ask a `Theme` for colours when they paint and repaint on its `changed`; none has a style sheet of its own, for
each of them would be parsed and matched again.
"""

from __future__ import annotations

from contextlib import contextmanager
from string import Template
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QIcon, QPainter, QPalette, QPixmap

from workers.catalog.lookup import traits
from workers.reports.palette import BANDS, COLORS, contrast, lag_word, line_color
from workers.utils.child import RESOURCES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtWidgets import QApplication, QWidget

STYLE_SHEET = RESOURCES / "style.qss"
ICONS = RESOURCES / "icons"

MIN_TEXT_SIZE, MAX_TEXT_SIZE = 0.8, 2.0
MAX_HEADLINE = 1.4
LECTURE_LINE = 3.0  # pixels, of curves that are seen from the last row
FAINT = 0.7  # what cannot be used now


class Theme(QObject):
    """Light or dark, as the desktop has it or as a person chose, and the size of all texts.

    Making one dresses the application: Fusion, a palette, a font and the style sheet.

    Attributes:
        scheme: what is shown: "light" or "dark".
        choice: what was chosen: "follow" (the desktop), "light" or "dark". To be changed by `set_choice`.
        text_scale: the size of texts, 1.0 being the desktop's own: what was chosen, or less where the window is small.
        chosen_scale: what was chosen. To be changed by `set_text_scale`.

    Signals:
        changed: colours or sizes have changed; paint again.
    """

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self._app = app
        self.choice = "follow"
        self.text_scale = self.chosen_scale = self._app_scale = 1.0
        self._limit = MAX_TEXT_SIZE
        self._lecture = 0.0
        self._read: Sequence[QWidget] = ()
        self._system_font = QFont(app.font())
        # Read once, in the GUI thread and before anything can block: 2 kB.
        self._template = (
            Template(STYLE_SHEET.read_text(encoding="utf-8")) if STYLE_SHEET.is_file() else Template("")
        )
        app.setStyle("Fusion")
        self._hints = app.styleHints()
        self.scheme = self._wanted()
        self._hints.colorSchemeChanged.connect(self._follow)
        self._dress()

    # ---------------------------------------------------------------- what was chosen

    @property
    def headline_scale(self) -> float:
        """The same for what is large already: it stops growing earlier, so that a header fits a window of 1024."""
        return self.text_scale if self._lecture else min(self.text_scale, MAX_HEADLINE)

    @property
    def line_width(self) -> float:
        """Of curves, in pixels; 0 is the finest that the screen has."""
        return LECTURE_LINE if self._lecture else 0.0

    def set_choice(self, choice: str) -> None:
        """Choose "follow" (the desktop), "light" or "dark".

        Raises:
            ValueError: any other word.
        """
        if choice not in {"follow", "light", "dark"}:
            raise ValueError(f"a scheme is follow, light or dark, not {choice!r}")
        self.choice = choice
        self._follow()

    def set_text_scale(self, scale: float) -> None:
        """Make all texts larger or smaller, within 0.8 to 2.0, and no larger than there is room for."""
        self.chosen_scale = round(min(max(scale, MIN_TEXT_SIZE), MAX_TEXT_SIZE), 2)
        self._fit_text()

    def limit_text_scale(self, limit: float) -> None:
        """Say how large texts can be in a window of this size."""
        self._limit = max(limit, MIN_TEXT_SIZE)
        self._fit_text()

    def set_lecture(self, scale: float, texts: Sequence[QWidget]) -> None:
        """Show texts as large as this, headlines and curves too, whatever was chosen; 0 to go back.

        Args:
            scale: the size of texts.
            texts: the widgets that are read meanwhile. To dress the whole window anew would keep it from answering.
        """
        turned = bool(scale) is not bool(self._lecture)
        self._lecture, self._read = scale, texts
        self._enlarge()
        if not scale:
            self._read = ()  # from now on they follow the style sheet again: a font of their own would stay behind it
        self._fit_text(turned)

    def _enlarge(self) -> None:
        for text in self._read:
            text.setFont(self._font(self._lecture) if self._lecture else QFont())

    def _fit_text(self, turned: bool = False) -> None:
        scale = min(self.chosen_scale, self._limit)
        is_new, self._app_scale = scale != self._app_scale, scale
        if is_new:
            self._dress()
        shown = self._lecture or scale
        if is_new or turned or shown != self.text_scale:
            self.text_scale = shown
            self.changed.emit()

    # ---------------------------------------------------------------- colours and fonts

    def color(self, role: str, opacity: float = 1.0) -> QColor:
        """A colour of `workers.reports.palette.COLORS`, made faint where `opacity` is less than 1."""
        color = QColor(COLORS[role][self._column])
        color.setAlphaF(opacity)
        return color

    def text_on(self, ground: QColor) -> QColor:
        """Black or white, whichever is read better on a strong colour; one of the two always has a contrast of 4.5."""
        black, white = "#000000", "#ffffff"
        return QColor(max(black, white, key=lambda text: contrast(text, ground.name())))

    def runner_color(self, name: str) -> QColor:
        """A runner's colour, as light or dark as the ground asks for."""
        return QColor(line_color(traits(name).color, self.scheme == "dark"))

    def runner_marker(self, name: str) -> str:
        """A character that tells a runner apart without its colour."""
        return traits(name).marker

    def runner_icon(self, name: str, size: int, ratio: float = 1.0) -> QIcon:
        """The marker in the runner's colour, for menus; `size` in pixels, of which the screen makes `ratio` each."""
        picture = QPixmap(QSize(size, size) * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        font = self.numbers_font()
        font.setPixelSize(size)
        marker = self.runner_marker(name)
        # A line of text has more room above a marker than below it: what is in the middle is the marker itself.
        middle = QFontMetricsF(font).tightBoundingRect(marker).center()
        with QPainter(picture) as painter:
            painter.setFont(font)
            painter.setPen(self.runner_color(name))
            painter.drawText(QPointF(size / 2, size / 2) - middle, marker)
        return QIcon(picture)

    def bands(self) -> list[tuple[float, QColor]]:
        """The bands of lag: upper edge in ms (the last is inf), and a colour pale enough to read a line on it."""
        return [(edge, QColor(pale[self._column])) for edge, _, pale in BANDS]

    def lag_word(self, lag_ms: float) -> str:
        """The word of the band that a lag falls into: smooth, noticeable, slow, frozen."""
        return lag_word(lag_ms)

    def lag_color(self, lag_ms: float) -> QColor:
        """The same band's colour, strong enough to be a text's."""
        return self.color(self.lag_word(lag_ms))

    def code_font(self, size: float = 1.0) -> QFont:
        """The system's font whose letters are all as wide; `size` is the factor on the size of ordinary text."""
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(max(7.0, self.numbers_font().pointSizeF() * size))
        return font

    def numbers_font(self, size: float = 1.0) -> QFont:
        """The window's font with digits of one width, so that a number that changes does not jitter.

        Args:
            size: the factor on the size of ordinary text.
        """
        font = self._font(self.text_scale * size)
        font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def headline_font(self, size: float) -> QFont:
        """Half bold and large, and such digits too; it grows by `headline_scale`."""
        font = self.numbers_font(size * self.headline_scale / self.text_scale)
        font.setWeight(QFont.Weight.DemiBold)
        return font

    # ---------------------------------------------------------------- putting it on

    @property
    def _column(self) -> int:
        return 1 if self.scheme == "dark" else 0

    def _wanted(self) -> str:
        if self.choice != "follow":
            return self.choice
        return "dark" if self._hints.colorScheme() is Qt.ColorScheme.Dark else "light"

    @Slot()
    def _follow(self) -> None:
        scheme = self._wanted()
        if scheme != self.scheme:
            self.scheme = scheme
            self._dress()
            self.changed.emit()

    def _font(self, scale: float) -> QFont:
        font = QFont(self._system_font)
        size = font.pointSizeF()
        font.setPointSizeF((size if size > 0 else 10.0) * scale)
        return font

    def _dress(self) -> None:
        self._app.setFont(self._font(self._app_scale))
        self._app.setPalette(self._palette())
        self._app.setStyleSheet(self._style_sheet())
        self._enlarge()  # with a new style sheet widgets forget their fonts

    @contextmanager
    def undressed(self) -> Iterator[None]:
        """Make a window's widgets without the style sheet, which would be matched again each time one gets a parent."""
        self._app.setStyleSheet("")
        yield
        self._app.setStyleSheet(self._style_sheet())

    def _style_sheet(self) -> str:
        colors = {role: pair[self._column] for role, pair in COLORS.items()}
        colors["faint"] = self.color("muted", FAINT).name(QColor.NameFormat.HexArgb)
        colors["accent_hover"] = self.color("accent").lighter(112).name()
        return self._template.substitute(colors, icons=ICONS.as_posix(), scheme=self.scheme)

    def _palette(self) -> QPalette:
        role, group = QPalette.ColorRole, QPalette.ColorGroup
        palette = QPalette()
        for target, source in {
            role.Window: "window",
            role.WindowText: "text",
            role.Base: "panel",
            role.AlternateBase: "window",
            role.Text: "text",
            role.Button: "raised",
            role.ButtonText: "text",
            role.BrightText: "bad",
            role.ToolTipBase: "raised",
            role.ToolTipText: "text",
            role.PlaceholderText: "muted",
            role.Highlight: "accent",
            role.HighlightedText: "on_accent",
            role.Accent: "accent",
            role.Link: "accent",
            role.LinkVisited: "accent",
            role.Light: "raised",
            role.Midlight: "line",
            role.Mid: "line",
            role.Dark: "line",
            role.Shadow: "line",
        }.items():
            palette.setColor(target, self.color(source))
        for target in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(group.Disabled, target, self.color("muted", FAINT))
        palette.setColor(group.Disabled, role.Highlight, self.color("line"))
        palette.setColor(group.Disabled, role.Base, self.color("window"))
        return palette


def app_icon() -> QIcon:
    """The program's icon in all its sizes; a file is read when its size is asked for."""
    icon = QIcon()
    for path in sorted(ICONS.glob("thaw-*.png")):
        side = int(path.stem.rpartition("-")[2])
        icon.addFile(str(path), QSize(side, side))
    return icon
