"""Paints lanes of bars into a picture, with numpy alone: as many calls into Qt as there are pictures, one.

A column of a lane is a mix of the states in it, each as strong as its share of the column's time. So a bar that is
broad has sharp ends, and a thousand that are narrower than a pixel are one soft tone. In the GUI thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage

from gui.timeline.shapes import (
    BODY,
    COLORS,
    EDGE,
    FOOT,
    LOW,
    MAIN_SHOWN,
    SHOWN,
    STRIPE,
    THIN,
    THREADS_SHOWN,
)
from workers.monitors.track.marks import KINDS as MAIN_KINDS
from workers.reports.lane import BLOCKED, FAILED, KINDS, NO_TASK, PAUSED, WAITING
from workers.reports.palette import MAIN_THREAD
from workers.reports.watched.thread_lanes import COLORS as THREAD_COLORS
from workers.reports.watched.thread_lanes import KINDS as THREAD_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtGui import QColor

    from gui.theme.theme import Theme
    from workers.reports.labs.things import Strip
    from workers.reports.lane import Floats, Lane

MIN_OPACITY = 0.35
"""What fills hardly anything of a column is painted this strong all the same: it must not vanish."""

FAILED_AT_LEAST = 0.75
BAND_AT_LEAST = 0.8
PART_PX = 4
"""Where tasks begin at least so many pixels apart a gap shows it."""


class LaneImage:
    """Turns lanes, the queue and strips into a QImage each. Its memory is used again for the next one of its sort.

    Args:
        theme: gives the colours; call `restyle` when it changes.
    """

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._pixels = {name: np.empty(0, np.uint32) for name in ("lanes", "queue", "strips")}
        self.restyle()

    def restyle(self) -> None:
        theme = self._theme
        self._ground = _rgb(theme.color("panel"))
        self._band = _rgb(theme.bands()[-1][1]) * 0.75 + _rgb(theme.color("bad")) * 0.25
        self._queue = _rgb(theme.color("muted")) * 0.6 + self._ground * 0.4
        text = _rgb(theme.color("text"))
        self._line, self._expected = _rgb(theme.color("muted")), _rgb(theme.color("accent"))
        # For each of the eight kinds of rows: red, green, blue and how much of the ground is covered.
        self._mix = np.zeros((8, 4, KINDS), np.float32)
        for kind, rows in SHOWN.items():
            color = _rgb(theme.color(COLORS[kind]))
            if kind in (WAITING, PAUSED, BLOCKED):
                strong = 0.8 if kind == BLOCKED else 0.6  # calmer: there may be far more of it than of work
                color = strong * color + (1 - strong) * self._ground
            for zone, stripes in enumerate(rows):
                own = text if kind == FAILED and zone == EDGE else color
                for parity, is_shown in enumerate(stripes):
                    self._mix[2 * zone + parity, :3, kind] = own * is_shown
                    self._mix[2 * zone + parity, 3, kind] = is_shown
        self._thread_mix = np.zeros((8, 4, len(THREAD_KINDS)), np.float32)
        for kind, state in enumerate(THREAD_KINDS):
            color = _rgb(theme.color(THREAD_COLORS[state]))
            for zone, stripes in enumerate(THREADS_SHOWN.get(state, THIN)):
                for parity, is_shown in enumerate(stripes):
                    self._thread_mix[2 * zone + parity, :, kind] = [*color * is_shown, is_shown]
        self._main_mix = np.zeros((3, 4, len(MAIN_KINDS)), np.float32)
        for kind, shown in MAIN_SHOWN.items():
            for zone, is_shown in enumerate(shown):
                self._main_mix[zone, :3, kind] = _rgb(theme.color(MAIN_THREAD[kind])) * is_shown
                self._main_mix[zone, 3, kind] = is_shown

    # ---------------------------------------------------------------- lanes

    def lanes(
        self,
        lanes: Sequence[Lane],
        edges: Floats,
        now: float,
        height: int,
        bands: Floats,
        main: Lane | None = None,
        kinds: int = KINDS,
        is_threads: bool = False,
    ) -> QImage:
        """A picture of some lanes, one below the other.

        Args:
            lanes: which; at least one.
            edges: the moments between its columns, at equal distances.
            now: up to which moment the bars go that have not ended.
            height: of each lane, in pixels, with the gap below its bars.
            bands: which share of each column is frozen.
            main: what the GUI thread did, to be drawn behind the bars of its lane; that is the first one then.
            kinds: of bars, that there may be.
            is_threads: whether bars are what threads did, and not tasks.
        """
        width = len(edges) - 1
        shares = np.zeros((len(lanes), kinds, width), np.float32)
        tasks = np.empty((len(lanes), width + 1), np.int64)
        for at, lane in enumerate(lanes):
            lane.cover(edges, now, shares[at], tasks[at])
        self._make_visible(shares, edges[1] - edges[0], is_threads)
        self._part(shares, tasks)
        if not is_threads:
            shares[:, PAUSED] *= np.arange(width) // STRIPE % 2
        ground = self._grounded(bands)
        pixels = self._room("lanes", len(lanes) * height, width).reshape(len(lanes), height, width)
        is_there: Any = shares.any(axis=(0, 2))
        rows = _rows(height, has_foot=not is_threads and kinds > BLOCKED and bool(is_there[BLOCKED]))
        for mix, alike in self._different(is_there, self._thread_mix if is_threads else self._mix):
            mixed = np.matmul(mix[:, :kinds], shares)  # [lane, red green blue covered, column]
            colors = mixed[:, :3] + (1 - mixed[:, 3:]) * ground
            pixels[:, np.isin(rows, alike)] = _packed(colors.transpose(1, 0, 2))[:, None]
        if main is not None and not is_threads:
            behind = self._main(main, edges, now, ground)
            for kind in range(rows.max() + 1):
                mixed = self._mix[kind, :, :kinds] @ shares[0]
                under = behind[min(kind // 2, LOW)]
                pixels[0, rows == kind] = _packed(mixed[:3] + (1 - mixed[3:]) * under)
        pixels[:, rows < 0] = _packed(ground)
        return self._image("lanes", len(lanes) * height, width)

    def _main(self, main: Lane, edges: Floats, now: float, ground: npt.NDArray[np.float32]) -> Any:
        """What the GUI thread did as [zone, colour, column]; what is short is drawn stronger than its share is."""
        shares = np.zeros((len(MAIN_KINDS), len(edges) - 1), np.float32)
        main.cover(edges, now, shares, np.empty(len(edges), np.int64))
        total = np.minimum(shares.sum(axis=0), 1.0)
        shares *= np.sqrt(total) / np.maximum(total, 1e-9)
        mixed = np.minimum(self._main_mix @ shares, 255.0)
        return mixed[:, :3] + np.maximum(1 - mixed[:, 3:], 0.0) * ground

    def _different(
        self, is_there: Any, mixes: npt.NDArray[np.float32]
    ) -> Iterator[tuple[npt.NDArray[np.float32], list[int]]]:
        """The kinds of rows that look different with the states that are there: mostly one or two of the six."""
        alike: dict[bytes, list[int]] = {}
        for kind, mix in enumerate(mixes):
            alike.setdefault(mix[:, : len(is_there)][:, is_there].tobytes(), []).append(kind)
        for kinds in alike.values():
            yield mixes[kinds[0]], kinds

    def _make_visible(self, shares: npt.NDArray[np.float32], width: float, is_threads: bool) -> None:
        """Lift what is too faint to be seen; what is nothing but rounding goes."""
        np.minimum(shares, 1.0, out=shares)
        shares[shares < max(1e-7, 1e-11 / width)] = 0.0
        failed = shares[:, FAILED]
        if failed.any() and not is_threads:
            strong = np.where(failed > 0, np.maximum(failed, FAILED_AT_LEAST), 0.0)
            shares *= ((1 - strong) / np.maximum(1 - failed, 1e-6))[:, None]
            shares[:, FAILED] = strong
        total = shares.sum(axis=1)
        lift = np.where(total > 0, np.clip(total, MIN_OPACITY, 1.0) / np.maximum(total, 1e-12), 0.0)
        shares *= lift[:, None].astype(np.float32)

    def _part(self, shares: npt.NDArray[np.float32], tasks: npt.NDArray[np.int64]) -> None:
        """Leave a gap where another task begins, unless so many begin that the gaps would be all."""
        begins = (tasks[:, 1:] != tasks[:, :-1]) & (tasks[:, :-1] != NO_TASK)
        counted = np.cumsum(begins, axis=1, dtype=np.int32)
        near = counted.copy()
        near[:, PART_PX:] -= counted[:, :-PART_PX]
        lone = begins & (near == 1)
        # The next ones count, too: in a crowd the first has no gap either.
        lone[:, :-PART_PX] &= near[:, PART_PX:] - begins[:, PART_PX:] == 0
        lanes, columns = np.nonzero(lone)
        shares[lanes, :, columns] *= 0.2

    # ---------------------------------------------------------------- the queue

    def queue(self, levels: Floats, height: int, bands: Floats) -> QImage:
        """A picture of how full the queue was: `levels` from 0 to 1 for each column."""
        pixels = self._room("queue", height, len(levels))
        self._fill(pixels, levels, 0.0, _packed(self._grounded(bands)))
        return self._image("queue", height, len(levels))

    def _fill(self, pixels: npt.NDArray[np.uint32], levels: Floats, zero: float, ground: Any) -> None:
        """Fill what lies between a level and that of nothing, each 0 to 1 from below; what is anything is seen."""
        height = len(pixels)
        rows = np.arange(height)[:, None]
        size = np.where(levels != zero, np.maximum(1.0, np.abs(levels - zero) * (height - 2)), 0.0)
        bottom = height - zero * (height - 2)
        full = rows >= bottom - np.where(levels > zero, size, 0.0)
        if zero:
            full &= rows < bottom + np.where(levels < zero, size, 0.0)
        np.copyto(pixels, np.where(full, _packed(self._queue[:, None]), ground))

    def strips(self, strips: Sequence[Strip], edges: Floats, now: float, height: int, bands: Floats) -> QImage:
        """A picture of what gauges showed: filled steps with their upper edge, and a line for what was expected.

        Args:
            strips: in rows, from above.
            edges: the moments between the columns, one more than there are columns, at equal distances.
            now: until when they showed anything.
            height: of each, in pixels, with the gap below it.
            bands: which share of each column is frozen.
        """
        width, inner = len(edges) - 1, height - gap(height)
        ground = _packed(self._grounded(bands))
        pixels = self._room("strips", len(strips) * height, width).reshape(len(strips), height, width)
        pixels[:, inner:] = ground
        for strip, rows in zip(strips, pixels[:, :inner], strict=True):
            whole = strip.high - strip.low or 1.0
            levels = (strip.levels(edges, now) - strip.low) / whole
            self._fill(rows, levels, -strip.low / whole, ground)
            _draw_line(rows, levels, _packed(self._line[:, None])[0], 1)
            if strip.has_expected:
                levels = (strip.expected(edges, now) - strip.low) / whole
                _draw_line(rows, levels, _packed(self._expected[:, None])[0], 2)
        return self._image("strips", len(strips) * height, width)

    # ---------------------------------------------------------------- memory

    def _grounded(self, bands: Floats) -> npt.NDArray[np.float32]:
        """The colour behind the bars of each column, as [colour, column]."""
        strength = np.where(bands > 0, np.maximum(bands, BAND_AT_LEAST), 0.0).astype(np.float32)
        return self._ground[:, None] + (self._band - self._ground)[:, None] * strength

    def _room(self, name: str, height: int, width: int) -> npt.NDArray[np.uint32]:
        if self._pixels[name].size < height * width:
            self._pixels[name] = np.empty(height * width, np.uint32)
        return self._pixels[name][: height * width].reshape(height, width)

    def _image(self, name: str, height: int, width: int) -> QImage:
        return QImage(self._pixels[name].data, width, height, 4 * width, QImage.Format.Format_RGB32)


def _rgb(color: QColor) -> npt.NDArray[np.float32]:
    return np.array([color.red(), color.green(), color.blue()], np.float32)


def _packed(colors: npt.NDArray[np.float32]) -> npt.NDArray[np.uint32]:
    """Colours as [red green blue, ...] -> what Format_RGB32 has for each."""
    whole = (colors + 0.5).astype(np.uint32)
    packed: npt.NDArray[np.uint32] = (whole[0] << 16) | (whole[1] << 8) | whole[2] | 0xFF000000
    return packed


def _draw_line(pixels: npt.NDArray[np.uint32], levels: Floats, color: np.uint32, thick: int) -> None:
    """Draw a line of steps at levels from 0, below, to 1."""
    height = len(pixels)
    at = np.round(height - thick - levels * (height - thick - 1))
    before = np.where(np.isnan(np.append(at[0], at[:-1])), at, np.append(at[0], at[:-1]))
    rows = np.arange(height)[:, None]
    pixels[(rows >= np.minimum(at, before)) & (rows < np.maximum(at, before) + thick)] = color


def _rows(height: int, has_foot: bool) -> npt.NDArray[Any]:
    """Which kind of row each row of a lane is, from above: 2 * zone + stripe, or -1 for the gap below the bars."""
    bars = height - gap(height)
    at = np.arange(height)
    zones = np.where(at < round(0.2 * bars), EDGE, np.where(at < round(0.6 * bars), BODY, LOW))
    if has_foot:
        zones[at >= bars - max(1, round(0.15 * bars))] = FOOT
    return np.where(at < bars, 2 * zones + at // STRIPE % 2, -1)


def gap(height: int) -> int:
    """Pixels between the bars of two lanes, for lanes of a height."""
    return max(2, height // 6)
