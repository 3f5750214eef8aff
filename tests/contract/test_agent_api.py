"""A program that watches itself: what `workers.agent.api` gives to tests and to one line of one's own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.support.watched import LIMIT_S, environment_of_ours

ROOT = Path(__file__).parents[2]

PROGRAM = """
import asyncio, json, sys, threading, time
sys.path.insert(0, sys.argv[1])
from workers.agent.api import watch

def slow():
    time.sleep(0.15)  # blame

async def main():
    watched = watch(over_s=0.1)
    ready = watched.wait_until_ready()
    began = time.perf_counter()
    asyncio.get_running_loop().call_later(0.1, slow)
    await asyncio.sleep(0.4)
    found = watched.frozen(began)
    return watched, ready, [(one.freeze.line.text, one.delivery.name) for one in found]

watched, ready, found = asyncio.run(main())
time.sleep(0.3)  # its own lines
asyncio.run(asyncio.sleep(0.1))
watched.close()
watched.close()
kinds = sorted({type(message).__name__ for message in watched.messages})
again = watch()
asyncio.run(asyncio.sleep(0.2))
again.close()
frozen = [type(message).__name__ for message in again.messages].count("Frozen")
print(json.dumps([ready, found, kinds, threading.active_count(), frozen, str(asyncio._set_running_loop)]))
"""


def test_a_program_watches_itself() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(ROOT)],
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        env=environment_of_ours(),
        check=False,
    )
    assert done.stderr == ""
    ready, found, kinds, threads, frozen, patched = json.loads(done.stdout)
    assert ready
    assert found == [["", "slow"]]
    assert {"Hello", "Loop", "Beats", "Frozen", "Away", "Leaks", "Bye"} <= set(kinds)
    assert "Trouble" not in kinds
    assert (threads, frozen) == (1, 0)
    assert "built-in" in patched, "nothing of ours is left"
