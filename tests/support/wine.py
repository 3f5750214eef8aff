"""What wine, or the embeddable Python in it, cannot pass where scripts/test-windows runs the tests: each with why."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

IS_WINE = "THAW_WINE" in os.environ

NO_LINKS = "a link that is made there leads nowhere"
NO_REFUSAL = "Qt hears nothing there of a connection that is refused"
NO_CIPHERS = "its Schannel names no ciphers, of which Qt warns"

CANNOT: dict[str, str] = {
    "contract/test_http_secrets.py::test_a_proxy_that_cannot_be_used_is_told_and_not_gone_around[qt_": NO_REFUSAL,
    "contract/test_http_secrets.py::test_a_proxy_that_refuses_a_tunnel_is_told[qt_network]": NO_CIPHERS,
    "unit/utils/test_folder_files.py::test_the_folder_itself_may_be_a_link": NO_LINKS,
    "unit/workloads/test_download.py::test_a_name_that_was_taken_meanwhile_is_not_overwritten": NO_LINKS,
    "unit/watch/test_program.py::test_the_python_of_the_scripts_own_project_runs_it": NO_LINKS,
    "unit/watch/test_program.py::test_a_script_that_pip_installed_names_its_python": NO_LINKS,
}
"""By the begin of their names, below tests/."""


def leave_out(tests: Iterable[pytest.Item]) -> None:
    """Mark those of them that are named here as skipped."""
    for test in tests if IS_WINE else ():
        name = test.nodeid.removeprefix("tests/")
        for begin, why in CANNOT.items():
            if name.startswith(begin):
                test.add_marker(pytest.mark.skip(reason=f"wine: {why}"))
