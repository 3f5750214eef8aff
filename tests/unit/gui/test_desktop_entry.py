"""The entry in the desktop's menu: written, replaced, removed."""

from __future__ import annotations

import configparser
import shlex
import sys
from pathlib import Path

import pytest

from gui.process import desktop_entry
from workers.utils.errors import BadInput


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's folder for data; nothing is in it yet."""
    if sys.platform == "win32":
        pytest.skip("Windows has no such menu, nor the files that it needs")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data"


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def entry(data: Path) -> configparser.SectionProxy:
    read = configparser.ConfigParser(interpolation=None)
    read.optionxform = str  # type: ignore[assignment, method-assign]
    read.read_string((data / "applications" / "thaw.desktop").read_text("utf-8"))
    return read["Desktop Entry"]


def test_it_is_written_with_its_icons_and_removed_without_a_trace(data: Path) -> None:
    for _ in range(2):  # the second time in place of the first
        assert "Thaw is now in the desktop's menu" in desktop_entry.install()
    found = files(data)
    assert found[0] == "applications/thaw.desktop"
    assert {"icons/hicolor/scalable/apps/thaw.svg", "icons/hicolor/48x48/apps/thaw.png"} < set(found)
    said = entry(data)
    assert (said["Name"], said["Icon"], said["StartupWMClass"]) == ("Thaw", "thaw", desktop_entry.NAME)
    assert Path(shlex.split(said["Exec"])[0]).is_file()
    (data / "applications" / "other.desktop").write_text("another's")
    assert "no longer" in desktop_entry.remove()
    assert files(data) == ["applications/other.desktop"]
    assert desktop_entry.remove() == "There was no desktop entry of Thaw."


def test_what_is_started_is_named_by_its_whole_path(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = tmp_path / 'a "b" $c 100% \\d'
    command.write_text("#!/bin/sh\n")
    command.chmod(0o755)
    monkeypatch.setattr(desktop_entry, "IS_INSTALLED", True)
    monkeypatch.setattr(sys, "argv", [str(command)])
    desktop_entry.install()
    # As the standard has it: each % and each backslash of the quoted word is doubled once more.
    assert entry(data)["Exec"] == f'"{tmp_path}/a \\\\"b\\\\" \\\\$c 100%% \\\\\\\\d"'
    monkeypatch.setattr(sys, "argv", [str(tmp_path / "__main__.py")])
    desktop_entry.install()
    assert entry(data)["Exec"] == f'"{sys.executable}" "-m" "thaw_lab"'


def test_what_cannot_be_done_is_said(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data.write_text("no folder")
    with pytest.raises(BadInput, match="cannot be written"):
        desktop_entry.install()
    monkeypatch.setattr(sys, "platform", "darwin")
    for change in (desktop_entry.install, desktop_entry.remove):
        with pytest.raises(BadInput, match="for Linux"):
            change()
