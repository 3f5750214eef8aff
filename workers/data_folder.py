"""Where the program keeps what is to outlive it, on each system."""

from __future__ import annotations

import os
import sys
from pathlib import Path

VARIABLE = "THAW_DATA"
"""The environment variable that names another folder."""


def data_folder() -> Path:
    """The folder that THAW_DATA names, else this system's for such data. It may not be there yet."""
    named = os.environ.get(VARIABLE, "")
    if named:
        return Path(named).expanduser()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "Thaw"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "Thaw"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "thaw"
