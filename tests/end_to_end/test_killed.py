"""A program that is killed in its downloads goes on with them where it was. The long test kills it a hundred times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.killing import Killer
from workers.image_server.conditions import NetworkConditions
from workers.image_server.process import ImageServer

if TYPE_CHECKING:
    from pathlib import Path


def test_killed_in_its_downloads_it_goes_on_where_it_was(tmp_path: Path) -> None:
    with ImageServer(settings=NetworkConditions(latency_ms=20, bandwidth_kib=4096)) as server:
        server.start()
        killer = Killer(tmp_path, server.url(), 24, seed=6)
        lives = [killer.live_and_die(runner, 6, least=1) for runner in ("thread_pool", "process_pool")]
        assert 0 < lives[-1].done < 24
        killer.finish("thread_pool")
        killer.check()
