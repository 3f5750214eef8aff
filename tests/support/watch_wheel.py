"""The package `thaw_watch` as its wheel has it, in a folder, without building anything."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "scripts/package/thaw_watch"


def unpack(folder: Path) -> Path:
    """Put it there, with what makes it a plugin of pytest; returns the folder."""
    project = tomllib.loads((SOURCE / "pyproject.toml").read_text())
    for name, place in project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"].items():
        source, to = (SOURCE / name).resolve(), folder / place
        to.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, to, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, to)
    info = folder / "thaw_watch-0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: thaw-watch\nVersion: 0\n")
    points = project["project"]["entry-points"]["pytest11"]
    (info / "entry_points.txt").write_text(
        "[pytest11]\n" + "".join(f"{name} = {module}\n" for name, module in points.items())
    )
    return folder
