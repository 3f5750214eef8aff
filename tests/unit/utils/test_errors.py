"""Every exception class of gui and workers is in one tree, and the tree is drawn where its root is."""

from __future__ import annotations

import builtins
import ctypes
import errno
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from workers.utils import errors

if TYPE_CHECKING:
    import pytest

ROOT = Path(errors.__file__).parents[2]
BUILT_IN = {
    name for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, Exception)
}
CLASS = re.compile(r"^ *class (\w+)\(([^)]*)\):", re.MULTILINE)


def exception_classes() -> dict[str, list[str]]:
    """The exception classes of the program with the names of their bases, read from source: no Qt is needed."""
    bases: dict[str, list[str]] = {}
    for package in ("gui", "workers"):
        for path in (ROOT / package).rglob("*.py"):
            if path.is_relative_to(ROOT / "workers/agent"):
                continue  # it imports the monitors alone, and tells its errors to nobody
            for name, above in CLASS.findall(path.read_text(encoding="utf-8")):
                bases.setdefault(name, []).extend(re.findall(r"(\w+)\s*(?:,|$)", above))
    found = set(BUILT_IN)
    while new := {name for name, above in bases.items() if found.intersection(above)} - found:
        found |= new
    return {name: bases[name] for name in found - BUILT_IN}


def drawn() -> dict[str, str]:
    """What the docstring draws: each class with the one above it; above the root there is Exception."""
    above, tree = ["Exception"], {}
    for line in (errors.__doc__ or "").splitlines():
        depth = (len(line) - len(line.lstrip())) // 4
        if depth and line.strip():
            name = line.split()[0]
            tree[name] = above[depth - 1]
            above[depth:] = [name]
    return tree


def test_the_drawing_shows_every_exception_class_below_its_base() -> None:
    classes = exception_classes()
    assert {"ThawError", "BadInput", "TransientError", "JobRefused"} <= set(classes)
    assert drawn() == {name: bases[0] for name, bases in classes.items()}


def test_each_of_them_has_one_line_of_words() -> None:
    lines = [line for line in (errors.__doc__ or "").splitlines() if line.startswith(" " * 8)]
    assert len(lines) == len(drawn()) - 1
    assert all(len(line.split()) > 3 for line in lines)


def test_bad_input_is_a_value_error_too() -> None:
    """Whoever writes a workload or a test of one catches what Python itself would raise."""
    assert issubclass(errors.BadInput, ValueError)


def test_errors_of_connections_have_words_on_windows_too(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = "No connection could be made because the target machine actively refused it."
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "FormatError", {10061: refused}.get, raising=False)
    assert errors.meaning(10061) == refused.rstrip(".")
    assert errors.meaning(errno.ENOENT) == os.strerror(errno.ENOENT)


def test_a_fatal_exception_of_windows_is_told_from_an_exit_code() -> None:
    assert errors.fatal(0xC0000005) == "an access violation (0xC0000005)"
    assert errors.fatal(0xC0000094) == "an exception (0xC0000094)"
    assert not errors.fatal(1)
    assert not errors.fatal(-9)
