"""What tests of the live graphs share: the light theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from gui.theme.theme import Theme


@pytest.fixture
def theme(theme: Theme) -> Theme:
    theme.set_choice("light")
    return theme
