"""The folder of the person who runs the program."""

from __future__ import annotations

import tempfile
from pathlib import Path


def home() -> Path:
    """That folder; in a container whose user has no name and no HOME, the one for temporary files."""
    try:
        return Path.home()
    except RuntimeError:
        return Path(tempfile.gettempdir())
