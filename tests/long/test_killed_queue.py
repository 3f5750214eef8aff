"""A queue of 500 pictures whose program is killed at 100 random moments: every picture is there once, and whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.killing import Killer
from workers.image_server.conditions import NetworkConditions
from workers.image_server.process import ImageServer

if TYPE_CHECKING:
    from pathlib import Path

KILLS = 100
COUNT = 500
MAX_DONE = 4
"""Pictures that one life may finish, and a few that are on their way: so the queue outlasts all of the kills."""

RUNNERS = ("thread_pool", "process_pool", "asyncio_loop", "qthread", "gui_thread")


@pytest.mark.long
def test_killed_a_hundred_times_every_picture_is_there_once_and_whole(tmp_path: Path) -> None:
    with ImageServer(settings=NetworkConditions(latency_ms=10, spread=1.0, bandwidth_kib=4096)) as server:
        server.start()
        killer = Killer(tmp_path, server.url(), COUNT, seed=500)
        lives = [killer.live_and_die(RUNNERS[number % len(RUNNERS)], MAX_DONE) for number in range(KILLS)]
        done = [life.done for life in lives]
        assert done == sorted(done), "what is done stays done"
        assert done[-1] < COUNT, "it was killed in the middle each time"
        assert done[-1] > KILLS, "and had got on in between"
        killer.finish("thread_pool")
        killer.check()
