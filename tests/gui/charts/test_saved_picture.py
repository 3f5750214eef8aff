"""A picture that is saved changes nothing of the file but its contents."""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QImage

from gui.charts.picture import save_picture

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other modes")
def test_links_modes_and_other_names_stay(qapp: QApplication, tmp_path: Path) -> None:
    path, other, link = tmp_path / "a.png", tmp_path / "other.png", tmp_path / "link.png"
    path.write_bytes(b"old")
    path.chmod(0o600)
    os.link(path, other)
    link.symlink_to(path)
    image = QImage(3, 2, QImage.Format.Format_RGB32)
    image.fill(0xFF0000)
    assert save_picture(image, link) == ""
    assert QImage(str(other)).size() == image.size()
    assert link.is_symlink()
    assert stat.S_IMODE(other.stat().st_mode) == 0o600
    assert sorted(os.listdir(tmp_path)) == ["a.png", "link.png", "other.png"]


def test_a_kind_that_there_is_not_is_told(qapp: QApplication, tmp_path: Path) -> None:
    image = QImage(3, 2, QImage.Format.Format_RGB32)
    assert save_picture(image, tmp_path / "a.nothing", "nothing").startswith("a.nothing cannot be written: ")
    assert os.listdir(tmp_path) == []
