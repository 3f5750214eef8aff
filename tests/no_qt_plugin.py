"""A pytest plugin that makes Qt impossible to import, so that tests/unit proves the core needs none.

`scripts/test` loads it with `-p tests.no_qt_plugin` in place of pytest-qt, whose settings in pyproject.toml
it then declares, because pytest refuses settings that nobody knows.
"""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

    import pytest

QT_PACKAGES = frozenset({"PySide6", "shiboken6", "pyqtgraph", "pytestqt"})


class NoQtFinder(PathFinder):
    """The finder of installed packages, to which every Qt package is not installed.

    It answers None instead of raising, so that both `import` and `importlib.util.find_spec` see what they
    would see on a machine without Qt.
    """

    @classmethod
    def find_spec(
        cls, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module as ever, unless it belongs to Qt."""
        if fullname.partition(".")[0] in QT_PACKAGES:
            return None
        return super().find_spec(fullname, path, target)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the settings of pytest-qt, which is switched off here."""
    for name in ("qt_api", "qt_log_level_fail", "qt_log_ignore"):
        parser.addini(name, "a setting of pytest-qt, unused without Qt")


def _block() -> None:
    loaded = sorted(QT_PACKAGES.intersection(sys.modules))
    if loaded:
        raise RuntimeError(f"Qt was imported before it could be blocked: {', '.join(loaded)}")
    sys.meta_path[sys.meta_path.index(PathFinder)] = NoQtFinder


_block()
