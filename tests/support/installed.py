"""Thaw as it is when its wheel is installed: the same folders, made of links to the checkout. Nothing is built."""

from __future__ import annotations

import shutil
import tomllib
from typing import TYPE_CHECKING

from tests.support.program import ROOT

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = """\
import site
site.addsitedir({site!r})
from thaw_lab import run
if __name__ == "__main__":
    run()
"""
"""What an installer makes of the entry point, but that the packages are found below a folder of the test's own."""


def wheel_files() -> dict[str, str]:
    """What goes into the wheel, as pyproject.toml says: a folder or file of the checkout, and where it goes."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    return {**wheel["sources"], **wheel["force-include"]}


def install(folder: Path) -> Path:
    """Put it into an empty folder; returns the command `thaw`."""
    site = folder / "lib" / "python3" / "site-packages"
    for source, target in sorted(wheel_files().items(), key=lambda pair: pair[1]):
        place = site / target
        place.parent.mkdir(parents=True, exist_ok=True)
        if target == "thaw_lab":  # others go into this one
            shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            place.symlink_to(ROOT / source)
    command = folder / "bin" / "thaw"
    command.parent.mkdir()
    command.write_text(COMMAND.format(site=str(site)))
    command.chmod(0o755)
    return command
