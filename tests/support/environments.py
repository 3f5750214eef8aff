"""Virtual environments and stand-ins of interpreters for tests."""

from __future__ import annotations

import json
import os
import sys
import venv
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def environment(folder: Path, **modules: str) -> Path:
    """Make an environment of this very Python, with these modules installed in it; returns its interpreter."""
    is_posix = os.name == "posix"
    venv.EnvBuilder(symlinks=is_posix).create(folder)
    for name, source in modules.items():
        (site_packages(folder) / f"{name}.py").write_text(source)
    return folder / "bin" / "python" if is_posix else folder / "Scripts" / "python.exe"


def site_packages(folder: Path) -> Path:
    library = folder / "lib" / f"python3.{sys.version_info[1]}" if os.name == "posix" else folder / "Lib"
    return library / "site-packages"


def answer(
    implementation: str = "CPython",
    version: tuple[int, ...] = (3, 13, 1),
    gil: bool = True,
    base: str = "/opt/python",
    environment: str = "",
    suffix: str = ".so",
    packages: tuple[str, ...] = (),
) -> str:
    """What an interpreter answers when it is asked what it is, as a line of a shell script."""
    told: list[Any] = [implementation, list(version), gil, base, environment, suffix, list(packages)]
    return f"echo '{json.dumps(told)}'"


def program(path: Path, script: str) -> str:
    """Make a program out of a shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)
