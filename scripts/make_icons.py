"""Draws resources/icons: the program's icon (thaw.svg and PNGs of it), and the small signs of the style sheet.

The icon is a flake of snow on the colour of the window, with one arm that has thawed to a drop. It is drawn in two
grades: the small sizes have fewer and thicker lines.

Needs PySide6 with QtSvg, and no display: QT_QPA_PLATFORM=offscreen python scripts/make_icons.py
"""

from __future__ import annotations

import math
from pathlib import Path

from PySide6.QtCore import QByteArray, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QPen
from PySide6.QtSvg import QSvgRenderer

ICONS = Path(__file__).parent.parent / "resources" / "icons"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
FINE_FROM = 48
ARROW_GREY = "#8790a0"
"""Of a contrast that shows on light and on dark."""

TICKS = {"light": "#ffffff", "dark": "#12141c"}
"""By scheme: what stands on the accent colour there."""


def flake(width: float, branches: bool) -> str:
    """The five frozen arms of six, as SVG lines around (0, 0), each 150 long."""
    lines = []
    for turn in range(6):
        if turn == 2:  # towards the lower right: this one has thawed
            continue
        angle = math.radians(60 * turn - 90)
        x, y = math.cos(angle), math.sin(angle)
        lines.append(f"M0 0L{150 * x:.1f} {150 * y:.1f}")
        if branches:
            for side in (-1, 1):
                bent = angle + side * math.radians(52)
                a, b = 82 * x, 82 * y
                lines.append(f"M{a:.1f} {b:.1f}l{52 * math.cos(bent):.1f} {52 * math.sin(bent):.1f}")
    return (
        f'<path d="{"".join(lines)}" fill="none" stroke="#ffffff" stroke-width="{width}" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def icon(fine: bool) -> str:
    """The icon as SVG, in its fine or its coarse grade."""
    width, drop = (24, 1.0) if fine else (42, 1.32)
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512">
<defs>
<linearGradient id="sky" x1="0" y1="0" x2="1" y2="1">
<stop offset="0" stop-color="#6f86ff"/><stop offset="1" stop-color="#2e3aa8"/>
</linearGradient>
<linearGradient id="melt" x1="0" y1="0" x2="0" y2="1">
<stop offset="0" stop-color="#ffe0b8"/><stop offset="1" stop-color="#ff9d4d"/>
</linearGradient>
</defs>
<rect x="16" y="16" width="480" height="480" rx="108" fill="url(#sky)"/>
<g transform="translate(244 244)">{flake(width, fine)}</g>
<path transform="translate(354 338) scale({drop})" fill="url(#melt)"
 d="M0 -74C30 -30 52 -2 52 28A52 52 0 0 1 -52 28C-52 -2 -30 -30 0 -74Z"/>
</svg>
"""


def render(svg: str, side: int) -> QImage:
    """An SVG as a picture, `side` pixels wide and high."""
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(svg.encode())).render(painter)
    painter.end()
    return image


def arrow(up: bool, ratio: int) -> QImage:
    """A small chevron, 8 pixels wide."""
    image = QImage(8 * ratio, 8 * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(ratio, ratio)
    painter.setPen(QPen(QColor(ARROW_GREY), 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    ends, tip = (5.5, 2.5) if up else (2.5, 5.5)
    painter.drawPolyline([QPointF(1, ends), QPointF(4, tip), QPointF(7, ends)])
    painter.end()
    return image


def check(color: str, ratio: int) -> QImage:
    """The tick of a check box, 12 pixels wide."""
    image = QImage(12 * ratio, 12 * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(ratio, ratio)
    painter.setPen(QPen(QColor(color), 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawPolyline([QPointF(2.5, 6.3), QPointF(5, 8.8), QPointF(9.5, 3.6)])
    painter.end()
    return image


def main() -> None:
    """Write all files."""
    app = QGuiApplication([])
    ICONS.mkdir(parents=True, exist_ok=True)
    (ICONS / "thaw.svg").write_text(icon(fine=True), encoding="utf-8")
    for side in SIZES:
        render(icon(side >= FINE_FROM), side).save(str(ICONS / f"thaw-{side}.png"))
    for up, name in ((True, "up"), (False, "down")):
        arrow(up, 1).save(str(ICONS / f"{name}.png"))
        arrow(up, 2).save(str(ICONS / f"{name}@2x.png"))
    for name, color in TICKS.items():
        check(color, 1).save(str(ICONS / f"check-{name}.png"))
        check(color, 2).save(str(ICONS / f"check-{name}@2x.png"))
    app.quit()
    print(f"{len(list(ICONS.iterdir()))} files in {ICONS}")


if __name__ == "__main__":
    main()
