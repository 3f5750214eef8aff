"""What the watched program is: its folder, whose lines are blamed first, and what is told of it at the beginning."""

from __future__ import annotations

import os
import sys
import sysconfig
import time
from pathlib import Path
from typing import Any

from ..monitors.guilt import library_folders
from .messages import VERSION, Hello


def program_folder() -> Path:
    """The folder of the program that runs as `__main__`: of a package that of all of it, of a lone module its file."""
    main: Any = sys.modules.get("__main__")
    file = getattr(main, "__file__", None)
    if file is None:
        return Path.cwd()
    path = Path(os.path.abspath(file))
    spec = getattr(main, "__spec__", None)
    package = getattr(main, "__package__", None) or (spec.parent if spec is not None else "")
    if package:
        return path.parents[package.count(".")]
    if spec is not None:  # `python -m module`
        return path
    if path.parent == Path(sysconfig.get_path("scripts")) or "site-packages" in path.parts:
        return _installed(main) or path.parent
    return path.parent


def _installed(main: Any) -> Path | None:
    """The package of which a command's script has imported a function."""
    for found in list(vars(main).values()):
        name = getattr(found, "__module__", None)
        top = sys.modules.get(name.partition(".")[0]) if isinstance(name, str) else None
        file = getattr(top, "__file__", None)
        if file and "site-packages" in file:
            path = Path(file)
            return path.parent if path.name == "__init__.py" else path
    return None


def hello(folder: Path, moment: float) -> Hello:
    """The first message, of an agent that began at `moment`."""
    return Hello(
        VERSION,
        os.getpid(),
        ".".join(map(str, sys.version_info[:3])),
        sys.executable or "",
        tuple(sys.argv),
        str(folder),
        tuple(sorted(library_folders())),
        bool(getattr(sys, "_is_gil_enabled", lambda: True)()),
        time.time() - (time.perf_counter() - moment),
        moment,
    )
