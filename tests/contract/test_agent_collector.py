"""In a watched program no garbage is collected in a thread of ours, and `gc` says what the program told it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.pythons import kept
from tests.support.watched import WatchedProgram
from workers.agent.messages import Trouble

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="the listener of these tests is a socket with a name"
)

GARBAGE = """
import asyncio, gc, threading, time

main, ended_in, collected_in, told = threading.get_ident(), set(), set(), set()

class Node:
    def __init__(self):
        self.me = self
    def __del__(self):
        ended_in.add(threading.get_ident())

def work(seconds):
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        for _ in range(50):
            Node()
        time.sleep(0.001)
        told.add(gc.isenabled())

async def freeze(times):
    for _ in range(times):
        work(0.6)
        await asyncio.sleep(0.15)

def collections():
    return sum(one["collections"] for one in gc.get_stats())

async def run():
    await asyncio.sleep(0.3)
    await freeze(2)
    print(told, ended_in == {main}, collected_in == {main})
    told.clear()
    gc.disable()
    before = collections()
    await freeze(2)
    print(told, collections() - before)
    told.clear()
    gc.enable()
    await freeze(1)
    print(told, collections() > before)

gc.callbacks.append(lambda phase, info: collected_in.add(threading.get_ident()))
gc.set_threshold(20)
asyncio.run(run())
print(gc.isenabled(), ended_in == {main}, collected_in == {main})
"""


@pytest.mark.parametrize("python", [sys.executable, *map(str, kept())])
def test_garbage_is_collected_in_the_programs_threads_alone(python: str, tmp_path: Path) -> None:
    (tmp_path / "garbage.py").write_text(GARBAGE)
    program = WatchedProgram(["garbage.py"], python=python, cwd=tmp_path)
    code, output, errors = program.end()
    assert (code, errors) == (0, "")
    assert output.splitlines() == ["{True} True True", "{False} 0", "{True} True", "True True True"]
    assert program.frozen
    assert not program.of(Trouble)
