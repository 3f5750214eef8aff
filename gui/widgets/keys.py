"""Keys: one step means the same in every picture of a run, by the wheel too; and the letters of a menu's entries."""

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


def with_mnemonic(title: str, taken: set[str]) -> str:
    """A title with an & before its first letter that is not taken, which is from now on; as it is where all are."""
    free = (at for at, letter in enumerate(title.lower()) if letter.isalpha() and letter not in taken)
    if (at := next(free, -1)) < 0:
        return title
    taken.add(title[at].lower())
    return f"{title[:at]}&{title[at:]}"
