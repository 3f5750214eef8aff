"""Paints the timeline: axis, queue, lanes, freezes, the mark, names. In the GUI thread.

All lanes are one picture that numpy makes (`lane_image`); it is kept until something in it changes. On top of it go a
dozen or so calls into Qt: the ticks, the names, the mark.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen

from gui.timeline.lane_image import LaneImage, gap
from gui.timeline.scene import MIN_LANE, Layout, lane_height
from gui.timeline.shapes import BODY, MAIN_SHOWN
from gui.timeline.texts import band_text, late_s, moment, range_words
from gui.widgets.panels import LEFT_SIDE, RIGHT_SIDE
from workers.reports.lane import DONE, FAILED, RUNNING, Bar
from workers.reports.scales import multiples, time_step

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QFont, QImage

    from gui.theme.theme import Theme
    from gui.timeline.freezes import FreezeBands
    from gui.timeline.scene import TimelineScene
    from workers.reports.lanes import TimelineData

TICK_PX = 96
STRIP = 4
NAME_PX = 24
"""A bar of fewer pixels has no room for its name or its number."""

MAX_NAMES = 120
MAX_BANDS = 400
MAX_LABEL_WIDTH, MAX_STRIP_LABEL_WIDTH = 160, 190
QUEUED = "Queued"
RANGE_ROOM = "  0 to 9,999"
"""What a strip goes from and to stands right of its name; there is to be room for so much of it."""


class TimelinePaint:
    """Paints a scene.

    Args:
        theme: gives colours and fonts; call `restyle` when it changes.
        scene: what to paint.
    """

    def __init__(self, theme: Theme, scene: TimelineScene) -> None:
        self._theme, self._scene = theme, scene
        self._image = LaneImage(theme)
        self._pictures: tuple[QImage | None, QImage | None, QImage | None] | None = None
        self._painted: tuple[object, ...] = ()
        self.restyle()

    def restyle(self) -> None:
        self._image.restyle()
        self._numbers = self._theme.numbers_font(0.9)
        self._measure = QFontMetrics(self._numbers)
        roles = ("text", "muted", "line", "panel", "window", "accent", "on_accent")
        self._colors: dict[str, QColor] = {role: self._theme.color(role) for role in roles}
        self._painted = ()

    def layout(self, width: int, height: int, ratio: float, metrics: QFontMetrics) -> Layout:
        lanes, strips = self._scene.lanes, self._scene.strips
        names = [QUEUED, *{lane.place for lane in lanes}, *(f"{strip.name}{RANGE_ROOM}" for strip in strips)]
        most = MAX_STRIP_LABEL_WIDTH if strips else MAX_LABEL_WIDTH
        left = min(most, max(metrics.horizontalAdvance(name) for name in names)) + 16
        axis = metrics.height() + 6 + STRIP
        queue = metrics.height() + 4
        rows = len(lanes) + len(strips)
        if self._scene.is_threads:
            queue = 0
        if self._scene.has_things and rows * MIN_LANE > height - axis - queue:
            queue = 0  # what tasks share tells more: most such tasks begin at once
        lane = lane_height(height - axis - queue, rows, ratio)
        wanted = Layout(left, width, axis, queue, lane, rows, height, 0, ratio)
        return wanted._replace(scroll=min(self._scene.layout.scroll, wanted.hidden))

    def paint(self, painter: QPainter, font: QFont) -> None:
        scene = self._scene
        painter.fillRect(0, 0, scene.layout.right, scene.layout.bottom, self._colors["panel"])
        if scene.data is None or scene.freezes is None:
            return
        self._make_pictures(scene.data, scene.freezes)
        self._paint_lanes(painter)
        self._paint_axis(painter)
        self._paint_bands(painter, scene.freezes)
        self._paint_names(painter, scene.data)
        self._paint_mark(painter)
        painter.setFont(font)
        self._paint_labels(painter, QFontMetrics(font))

    def _make_pictures(self, data: TimelineData, freezes: FreezeBands) -> None:
        at, window, now = self._scene.layout, self._scene.window, self._scene.now
        first, last = at.visible
        open_until = now if data.run.ended is None else 0.0
        main = self._scene.main
        key = (*self._scene.versions, window.low, window.high, at, open_until)
        if key == self._painted and self._pictures is not None:
            return
        self._painted = key
        edges = np.linspace(window.low, window.high, round(at.width * at.ratio) + 1)
        bands = freezes.shares(edges, now)
        waiting = data.waiting(edges[1:])
        waiting[(edges[1:] < 0) | (edges[:-1] > now)] = 0.0
        levels = waiting / max(1, data.run.recorder.count)
        queue = None
        if at.queue:
            queue = self._image.queue(levels, round((at.queue - 4) * at.ratio), bands)
            queue.setDevicePixelRatio(at.ratio)
        lanes = data.order[first:last]
        picture = None
        if lanes:
            behind = main.lane if main is not None and first == 0 else None
            high = round(at.lane * at.ratio)
            picture = self._image.lanes(lanes, edges, now, high, bands, behind, data.kinds, data.is_threads)
            picture.setDevicePixelRatio(at.ratio)
        below = None
        strips = data.things.strips[max(0, first - len(data.order)) : max(0, last - len(data.order))]
        if strips:
            below = self._image.strips(strips, edges, now, round(at.lane * at.ratio), bands)
            below.setDevicePixelRatio(at.ratio)
        self._pictures = queue, picture, below

    def _clip_to_lanes(self, painter: QPainter) -> None:
        at = self._scene.layout
        painter.setClipRect(QRect(at.left, at.top, at.width, at.bottom - at.top))

    def _bar_height(self) -> float:
        at = self._scene.layout
        return at.lane - gap(round(at.lane * at.ratio)) / at.ratio

    def _paint_lanes(self, painter: QPainter) -> None:
        at = self._scene.layout
        assert self._pictures is not None
        queue, lanes, strips = self._pictures
        self._clip_to_lanes(painter)
        if lanes is not None:
            painter.drawImage(QPointF(at.left, at.lane_top(at.visible[0])), lanes)
        if strips is not None:
            first = max(at.visible[0], len(self._scene.lanes))
            painter.drawImage(QPointF(at.left, at.lane_top(first)), strips)
        painter.setClipping(False)
        if queue is not None:
            painter.drawImage(QPointF(at.left, at.axis), queue)

    def _paint_axis(self, painter: QPainter) -> None:
        at, window, colors = self._scene.layout, self._scene.window, self._colors
        foot = at.axis - STRIP - 1
        painter.fillRect(0, 0, at.right, foot, colors["window"])
        step = time_step(window.span / max(1, at.width // TICK_PX))
        places = [
            (at.x_of(when, window), moment(when, step)) for when in multiples(window.low, window.high, step)
        ]
        painter.setPen(colors["line"])
        painter.drawLine(0, foot, at.right, foot)
        painter.drawLines([QLineF(x, foot - 4, x, foot) for x, _ in places])
        painter.setFont(self._numbers)
        painter.setPen(colors["muted"])
        for x, text in places:
            width = self._measure.horizontalAdvance(text)
            # The first and the last move a little so that they are not cut off.
            left = min(max(x - width / 2, at.left + 2), at.right - width - 4)
            painter.drawText(QPointF(left, foot - 5 - self._measure.descent() + 1), text)

    def _paint_bands(self, painter: QPainter, freezes: FreezeBands) -> None:
        """When the window was slow or frozen: a strip above all lanes, with word and length where there is room."""
        scene = self._scene
        at, window = scene.layout, scene.window
        bands = freezes.lane.between(window.low, window.high, MAX_BANDS)
        bands += [Bar(0, 0, since, scene.now) for _, _, since in freezes.lane.open]
        for band in bands:
            low, high = at.x_of(band.start, window), at.x_of(band.end, window)
            if high < at.left or low > at.right:
                continue
            low, high = max(low, at.left), min(max(high, low + 2), at.right)
            color = self._theme.lag_color(late_s(band) * 1e3)
            # What follows at once is another one: an edge parts them.
            wide = high - low - (1 if high - low > 3 else 0)
            painter.fillRect(QRectF(low, at.axis - STRIP, wide, STRIP), color)
            text = band_text(band)
            wide = self._measure.horizontalAdvance(text) + 12
            if at.queue and wide < high - low - 8:
                pill = QRectF((low + high - wide) / 2, at.axis + 2, wide, self._measure.height())
                painter.fillRect(pill, color)
                painter.setPen(self._colors["on_accent"])
                painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_names(self, painter: QPainter, data: TimelineData) -> None:
        scene = self._scene
        at, window, height = scene.layout, scene.window, self._bar_height()
        if height < self._measure.height():
            return
        first, last = at.visible
        # Where there is no room for the name there may be some for a part of it: "26" tells more than "pictu…".
        found: list[tuple[float, float, float, tuple[str, str]]] = []
        main = scene.main
        if first == 0 and main is not None and at.lanes:
            for bar in main.lane.between(window.low, window.high, at.width // NAME_PX + 2):
                low = max(at.x_of(bar.start, window), at.left)
                wide = min(at.x_of(bar.end, window), at.right) - low
                name = main.span(bar).name
                if wide >= NAME_PX and MAIN_SHOWN[bar.kind][BODY]:
                    found.append((low + 5, at.lane_top(0), wide - 9, (name, name.rpartition(".")[2])))
        for number, lane in enumerate(() if data.is_threads else data.order[first:last], first):
            bars = lane.between(window.low, window.high, at.width // NAME_PX + 2)
            bars += [Bar(task, kind, since, scene.now) for task, kind, since in lane.open]
            for bar in bars:
                low = max(at.x_of(bar.start, window), at.left)
                wide = min(at.x_of(bar.end, window), at.right) - low
                if wide >= NAME_PX and bar.kind in (RUNNING, DONE, FAILED):
                    names = data.run.plan.title(bar.task), f"{bar.task + 1:,}"
                    found.append((low + 5, at.lane_top(number), wide - 9, names))
        if len(found) > MAX_NAMES:
            return
        self._clip_to_lanes(painter)
        painter.setPen(self._colors["on_accent"])
        for left, top, wide, names in found:
            fitting = (name for name in names if self._measure.horizontalAdvance(name) <= wide)
            painter.drawText(QRectF(left, top, wide + 4, height), LEFT_SIDE, next(fitting, ""))
        painter.setClipping(False)

    def _paint_mark(self, painter: QPainter) -> None:
        scene = self._scene
        span, lane = scene.span_of(scene.marked), scene.lane_of(scene.marked)
        if scene.picked is not None:
            span, lane = (scene.picked.start, scene.picked.end), 0
        if span is None or lane < 0:
            return
        at, window = scene.layout, scene.window
        low, high = at.x_of(span[0], window), at.x_of(span[1], window)
        if high < at.left or low > at.right:
            return
        top = at.lane_top(lane)
        middle = (max(low, at.left) + min(high, at.right)) / 2
        painter.setClipRect(QRect(at.left, at.axis, at.width, at.bottom - at.axis))
        painter.setPen(QPen(self._colors["text"], 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(middle, at.axis), QPointF(middle, max(top, at.top)))
        self._clip_to_lanes(painter)
        # Far ends are cut here: a bar may be a million pixels long.
        low, high = max(low, at.left - 9), min(high, at.right + 9)
        painter.setPen(QPen(self._colors["text"], 2))
        painter.drawRect(QRectF(low - 1, top, max(high - low, 1) + 2, self._bar_height()))
        painter.setClipping(False)

    def _paint_labels(self, painter: QPainter, metrics: QFontMetrics) -> None:
        """The lanes' names; where lanes are too thin for all of them, every second or third."""
        scene, colors = self._scene, self._colors
        at, lanes = scene.layout, scene.lanes
        painter.fillRect(0, at.axis, at.left - 1, at.bottom - at.axis, colors["window"])
        painter.setPen(colors["line"])
        painter.drawLine(at.left - 1, at.axis - STRIP - 1, at.left - 1, at.bottom)
        if at.queue:
            painter.drawLine(0, at.top - 2, at.right, at.top - 2)
        painter.setPen(colors["muted"])
        if at.queue:
            painter.drawText(QRect(8, at.axis, at.left - 12, at.queue - 4), LEFT_SIDE, QUEUED)
        painter.setPen(colors["line"])
        painter.setClipRect(QRect(0, at.top, at.right, at.bottom - at.top))
        if scene.has_things:  # below this line are no threads
            between = round(at.lane_top(scene.threads)) - 1
            painter.drawLine(0, between, at.right, between)
        every = max(1, math.ceil((metrics.height() - 2) / at.lane))
        first, last = at.visible
        height = max(self._bar_height(), float(metrics.height()))
        for number in range(first - first % every, last, every):
            strip = scene.strips[number - len(lanes)] if number >= len(lanes) else None
            if strip is None and lanes[number].track and every == 1 and number > first:
                continue  # it stands below its place's first one
            room = QRectF(8, at.lane_top(number), at.left - 14, height)
            if strip is not None:
                painter.setPen(colors["muted"])
                painter.drawText(room, RIGHT_SIDE, words := range_words(strip.low, strip.high))
                room.setWidth(room.width() - metrics.horizontalAdvance(words) - 6)
            text = strip.name if strip is not None else lanes[number].place
            name = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, round(room.width()))
            painter.setPen(colors["text"])
            painter.drawText(room, LEFT_SIDE, name)
        painter.setClipping(False)
