"""Where the Tab key goes in a window, and whether that is the order in which a person sees the fields."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget


def tab_stops(window: QWidget) -> list[QWidget]:
    """What the Tab key stops at, from the window back to itself."""
    stops, follower = [], window.nextInFocusChain()
    while follower is not None and follower is not window:
        if follower.focusPolicy() & Qt.FocusPolicy.TabFocus and follower.isVisible() and not is_inner(follower):
            stops.append(follower)
        follower = follower.nextInFocusChain()
    return stops


def is_inner(widget: QWidget) -> bool:
    """Whether it is a part that Qt made of a larger control."""
    return widget.objectName().startswith("qt_") or isinstance(widget.parent(), (QComboBox, QLineEdit))


def check_order(stops: list[QWidget], window: QWidget) -> None:
    """Each is below the one before it, or at its right."""
    places = [QRect(stop.mapTo(window, QPoint()), stop.size()) for stop in stops]
    for (stop, place), (follower, next_place) in pairwise(zip(stops, places, strict=True)):
        is_later = next_place.top() > place.bottom() or next_place.left() > place.right()
        assert is_later, (stop, follower)
