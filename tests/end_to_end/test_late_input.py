"""Keys pressed while the window is frozen arrive late, and start nothing; a server of the tests counts the runs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.end_to_end.servers import PictureServer
from tests.support.program import Program, wait_until
from tests.support.x11 import Desktop

if TYPE_CHECKING:
    from pathlib import Path

TASKS = 6
QUIET_S = 0.5
"""Another run would have begun by then: from a key to the first request it is some hundredths of a second."""


def wait_for_quiet(server: PictureServer, count: int) -> None:
    """Wait until `count` requests came and no more follow, though the window has had time to begin another run."""
    wait_until(lambda: server.asked >= count, f"{count} requests")
    wait_until(lambda: time.monotonic() - server.last_asked > QUIET_S + server.wait_s, "no more requests")
    assert server.asked == count


def arguments(server: PictureServer, folder: Path) -> list[str]:
    """A blocking run of 6 downloads."""
    addresses = server.list_in(folder, TASKS)
    return ["--blocking", "--workload", "download", "--tasks", str(TASKS), "--param", f"urls={addresses}"]


def test_start_pressed_five_times_in_a_freeze_runs_once(
    windowed: dict[str, str], display: str, tmp_path: Path
) -> None:
    with PictureServer(wait_s=0.15) as server, Desktop(display) as desktop:
        with Program(arguments(server, tmp_path), windowed) as program:
            program.wait_for_server()
            desktop.focus(desktop.wait_for_window(program.pid))
            desktop.press("F5")
            wait_until(lambda: server.asked >= 2, "the run's beginning")
            for _ in range(5):
                desktop.press("F5")
            assert server.asked < TASKS  # they were pressed while it was frozen
            wait_for_quiet(server, TASKS)
            desktop.press("F5")  # and now it is meant
            wait_for_quiet(server, 2 * TASKS)
            assert program.said() == ("", "")


def test_so_it_is_when_those_keys_are_the_first_of_all(
    windowed: dict[str, str], display: str, tmp_path: Path
) -> None:
    """Then nothing is known yet of the window system's clock."""
    with PictureServer(wait_s=0.15) as server, Desktop(display) as desktop:
        with Program([*arguments(server, tmp_path), "--start"], windowed) as program:
            desktop.focus(desktop.wait_for_window(program.pid))
            wait_until(lambda: server.asked >= 2, "the run's beginning")
            for _ in range(5):
                desktop.press("F5")
            assert server.asked < TASKS
            wait_for_quiet(server, TASKS)
            desktop.press("F5")
            wait_for_quiet(server, 2 * TASKS)
