"""What wine, or the embeddable Python in it, cannot pass where scripts/test-windows runs the tests: each with why."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

IS_WINE = "THAW_WINE" in os.environ

NO_SOURCES = "the embeddable Python has its library compiled, without its source"

CANNOT: dict[str, str] = {
    "unit/catalog/test_callables.py::test_what_comes_with_python[os.path:join-expected5]": NO_SOURCES,
    "unit/catalog/test_user_names.py::test_a_module_is_found_without_importing_the_package_around_it": NO_SOURCES,
}
"""By the begin of their names, below tests/."""


def leave_out(tests: Iterable[pytest.Item]) -> None:
    """Mark those of them that are named here as skipped."""
    for test in tests if IS_WINE else ():
        name = test.nodeid.removeprefix("tests/")
        for begin, why in CANNOT.items():
            if name.startswith(begin):
                test.add_marker(pytest.mark.skip(reason=f"wine: {why}"))
