"""How people move in a picture of a run by keys and wheel: one step means the same in every one of them."""

from __future__ import annotations

from PySide6.QtCore import Qt

ZOOM_STEP = 1.25
PAN_SHARE = 0.1
"""Of what is in sight."""

SIDEWAYS: dict[int, int] = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
ZOOMS: dict[int, float] = {
    Qt.Key.Key_Plus: 1 / ZOOM_STEP,
    Qt.Key.Key_Equal: 1 / ZOOM_STEP,
    Qt.Key.Key_Minus: ZOOM_STEP,
}
