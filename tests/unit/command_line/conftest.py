"""What tests of the command line share: a catalogue of the test's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from workers.catalog import labs, lookup

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def write_catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, str]], Path]:
    """Writes sources, by names such as "runners/pool", as the only entries there are; returns their folder."""

    def write(files: dict[str, str]) -> Path:
        folder = tmp_path / "catalogue"
        for name, source in files.items():
            path = folder / f"{name}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source)
        monkeypatch.setattr(lookup, "PACKAGE", folder)
        monkeypatch.setattr(labs, "PACKAGE", folder)
        return folder

    return write
