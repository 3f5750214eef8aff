"""Colours can be read, live switching reaches everything, and sizes follow the scale."""

from __future__ import annotations

import math
import re
from itertools import combinations, pairwise
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetricsF
from PySide6.QtWidgets import QApplication, QLabel

from gui.theme.theme import Theme, app_icon
from workers.catalog import lookup
from workers.catalog.lookup import runners
from workers.engine.task import Phase
from workers.reports.palette import BANDS, COLORS, PHASES, contrast, line_colors

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytestqt.qtbot import QtBot


GROUNDS = {
    **{role: COLORS[role] for role in ("window", "panel", "raised", "selection")},
    **{f"band of {word}": pale for _, word, pale in BANDS},
}
TEXTS = ("text", "muted", "accent", "good", "warn", "bad", "smooth", "noticeable", "slow", "frozen")


def too_low(pairs: Iterable[tuple[str, str, str, str]], least: float) -> dict[tuple[str, str], float]:
    """The pairs whose contrast is less, by their names; each pair is two names and two colours."""
    found = {(one, other): contrast(color, ground) for one, other, color, ground in pairs}
    return {names: round(value, 2) for names, value in found.items() if value < least}


def test_contrast_is_counted_as_by_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("column", [0, 1], ids=["light", "dark"])
def test_texts_can_be_read_on_every_ground(column: int) -> None:
    pairs = [(t, g, COLORS[t][column], GROUNDS[g][column]) for t in TEXTS for g in GROUNDS]
    pairs.append(("on_accent", "accent", COLORS["on_accent"][column], COLORS["accent"][column]))
    assert too_low(pairs, 4.5) == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_button_under_the_mouse_can_still_be_read(theme: Theme, qapp: QApplication, scheme: str) -> None:
    theme.set_choice(scheme)
    hovered = re.search(r"#primary:hover \{ background: (#\w{6})", qapp.styleSheet())
    assert hovered is not None
    assert contrast(theme.color("on_accent").name(), hovered[1]) >= 4.5


@pytest.mark.parametrize("column", [0, 1], ids=["light", "dark"])
def test_borders_and_the_ring_of_the_focus_can_be_seen(column: int) -> None:
    roles = ("border", "accent", "muted")
    grounds = ("window", "panel", "raised")
    assert too_low([(r, g, COLORS[r][column], COLORS[g][column]) for r in roles for g in grounds], 3.0) == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_curves_of_every_runner_can_be_seen_and_told_apart(theme: Theme, scheme: str) -> None:
    theme.set_choice(scheme)
    lines = {name: theme.runner_color(name).name() for name in lookup.runners()}
    pairs = [(n, g, c, theme.color(g).name()) for n, c in lines.items() for g in ("window", "panel", "raised")]
    assert too_low(pairs, 3.0) == {}
    apart = {(a, b): math.dist(rgb(lines[a]), rgb(lines[b])) for a, b in combinations(lines, 2)}
    assert {pair: round(value) for pair, value in apart.items() if value < 35} == {}


def rgb(color: str) -> tuple[int, ...]:
    return tuple(int(color[at : at + 2], 16) for at in (1, 3, 5))


def test_a_runner_keeps_its_own_colour_where_that_can_be_seen(theme: Theme) -> None:
    theme.set_choice("dark")
    assert theme.runner_color("cooperative").name() == "#f0e442"
    theme.set_choice("light")
    yellow = theme.runner_color("cooperative")
    assert yellow.hslHue() == pytest.approx(QColor("#f0e442").hslHue(), abs=2)
    assert yellow.lightness() < QColor("#f0e442").lightness()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_bands_can_be_told_apart(theme: Theme, scheme: str) -> None:
    theme.set_choice(scheme)
    bands = theme.bands()
    assert [edge for edge, _ in bands] == [16.7, 100.0, 700.0, math.inf]
    assert all(contrast(theme.color("text").name(), color.name()) >= 7 for _, color in bands)
    steps = [contrast(one.name(), other.name()) for (_, one), (_, other) in pairwise(bands)]
    assert min(steps) >= (1.05 if scheme == "light" else 1.1)


@pytest.mark.parametrize("color", sorted({runner.traits.color for runner in runners().values()}))
def test_lines_in_reports_can_be_seen(color: str) -> None:
    for line, panel in zip(line_colors(color), COLORS["panel"], strict=True):
        assert contrast(line, panel) >= 3


def test_a_choice_changes_palette_and_style_sheet_once(theme: Theme, qapp: QApplication, qtbot: QtBot) -> None:
    theme.set_choice("light")
    with qtbot.waitSignal(theme.changed):
        theme.set_choice("dark")
    assert theme.scheme == "dark"
    assert qapp.palette().window().color() == theme.color("window")
    assert COLORS["accent"][1] in qapp.styleSheet()
    assert "$" not in qapp.styleSheet()
    with qtbot.assertNotEmitted(theme.changed):
        theme.set_choice("dark")


def test_follow_takes_an_unknown_desktop_for_light(theme: Theme, qapp: QApplication) -> None:
    theme.set_choice("dark")
    theme.set_choice("follow")
    dark = qapp.styleHints().colorScheme() is Qt.ColorScheme.Dark
    assert theme.scheme == ("dark" if dark else "light")


def test_it_follows_the_desktop_while_it_runs(
    theme: Theme, qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No platform without a desktop can be told to be dark: its word is put in its mouth, its signal is the real one.
    theme.set_choice("light")
    theme.set_choice("follow")
    monkeypatch.setattr(theme, "_hints", SimpleNamespace(colorScheme=lambda: Qt.ColorScheme.Dark))
    with qtbot.waitSignal(theme.changed):
        qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.scheme == "dark"


def test_another_word_is_refused(theme: Theme) -> None:
    with pytest.raises(ValueError, match="follow, light or dark"):
        theme.set_choice("pink")


@pytest.mark.parametrize(("wanted", "got"), [(1.5, 1.5), (0.1, 0.8), (9.0, 2.0)])
def test_texts_grow_within_limits(theme: Theme, qtbot: QtBot, wanted: float, got: float) -> None:
    label = QLabel("text")
    qtbot.addWidget(label)
    label.show()
    before = label.font().pointSizeF()
    theme.set_text_scale(wanted)
    assert theme.text_scale == got
    assert label.font().pointSizeF() == pytest.approx(before * got, rel=0.01)


def test_digits_have_one_width(theme: Theme) -> None:
    metrics = QFontMetricsF(theme.numbers_font())
    assert len({round(metrics.horizontalAdvance(digit * 8), 1) for digit in "0123456789"}) == 1


def test_every_runner_has_a_colour_and_a_marker_of_its_own(theme: Theme) -> None:
    names = lookup.runners()
    assert len({theme.runner_color(name).name() for name in names}) == len(names)
    assert len({theme.runner_marker(name) for name in names}) == len(names)
    assert theme.runner_color("one of tomorrow").saturation() == 0


@pytest.mark.parametrize("runner", ["gui_thread", "qthread", "asyncio_loop"])
def test_a_marker_stands_in_the_middle_of_its_icon(theme: Theme, runner: str) -> None:
    picture = theme.runner_icon(runner, 32).pixmap(32).toImage()
    seen = [y for y in range(32) if any(picture.pixelColor(x, y).alpha() > 100 for x in range(32))]
    assert abs(seen[0] - (31 - seen[-1])) <= 2


@pytest.mark.parametrize(
    ("lag_ms", "word"), [(0, "smooth"), (16.7, "smooth"), (17, "noticeable"), (101, "slow"), (4_000, "frozen")]
)
def test_a_lag_has_a_word_and_a_colour(theme: Theme, lag_ms: float, word: str) -> None:
    assert theme.lag_word(lag_ms) == word
    assert theme.lag_color(lag_ms) == theme.color(word)


def test_every_phase_has_a_colour(theme: Theme) -> None:
    assert all(theme.color(PHASES[phase]).isValid() for phase in Phase)


def test_the_icon_comes_in_many_sizes(qapp: QApplication) -> None:
    sides = {size.width() for size in app_icon().availableSizes()}
    assert {16, 32, 48, 256} <= sides


def test_each_band_is_called_by_its_own_word(theme: Theme) -> None:
    assert [theme.lag_word(edge) for edge, _ in theme.bands()] == ["smooth", "noticeable", "slow", "frozen"]
