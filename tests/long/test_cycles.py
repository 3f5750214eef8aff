"""A thousand runs begun and cancelled, and two hundred windows opened and closed: nothing of them stays."""

from __future__ import annotations

import gc
import random
import threading
from typing import TYPE_CHECKING

import pytest

from tests.long.flat import Held, check_flat, held, settled
from tests.support.runner_harness import Harness
from workers.engine.plan import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from tests.support.whole_app import Stage

pytestmark = pytest.mark.long

CYCLES = {
    "thread_pool": 250,
    "qthread": 250,
    "thread_per_task": 100,
    "q_thread_pool": 100,
    "cooperative": 100,
    "gui_thread": 100,
    "asyncio_loop": 60,
    "process_pool": 40,
}
"""A thousand in all. Processes take half a second each time."""

LOOKS = 10
RUN_BYTES = 3_000
WINDOWS, WINDOW_BYTES = 200, 30_000
IN_WINDOW = 200


def start_and_cancel(harness: Harness, chance: random.Random) -> None:
    """Begin a run, cancel it at some moment, and wait for its end."""
    moment = chance.choice(("at once", "in the middle", "after a step"))
    seconds = chance.random() * 0.01

    def begun() -> bool:
        run = harness.session.run
        if run is None or run.ended is not None or not run.source.pulled:
            return False
        return moment != "after a step" or harness.runner == "gui_thread" or bool(harness.events)

    canceller = None
    if harness.runner == "gui_thread" or moment == "in the middle":

        def cancel() -> None:
            threading.Event().wait(seconds)
            harness.session.cancel()

        canceller = harness.later(cancel, begun)
    harness.start("endless", tasks=chance.randrange(1, 30), workers=chance.randrange(1, 6))
    if canceller is None:
        if moment == "after a step":
            assert harness.until(begun)
        harness.session.cancel()
    run = harness.finish()
    if canceller is not None:
        canceller.join()
    assert run.recorder.cancelled == run.recorder.count
    assert harness.until(lambda: harness.session.close(0))
    # The window keeps what it shows of each run until it is closed: that is not what is looked for here.
    harness.session.runs.clear()
    harness.events.clear()
    harness.results.clear()


@pytest.mark.parametrize("runner", CYCLES)
def test_runs_that_are_cancelled_leave_nothing(runner: str, qapp: QApplication) -> None:
    harness = Harness(runner)
    chance = random.Random(runner)
    each = CYCLES[runner] // LOOKS
    looks = repeat(each, LOOKS, lambda: start_and_cancel(harness, chance))
    check_flat(looks, each, RUN_BYTES * (10 if runner == "process_pool" else 1))


def repeat(each: int, looks: int, act: Callable[[], None]) -> list[Held]:
    """Do something so many times between each two of so many looks, after as many times to warm up."""
    found = []
    for _ in range(looks + 1):
        for _ in range(each):
            act()
        settled()
        found.append(held())
        print(found[-1])  # noqa: T201 - shown where the test fails
    return found[1:]


def test_runs_in_the_window_that_are_cancelled_leave_nothing(stage: Stage, qtbot: QtBot) -> None:
    runners = ("thread_pool", "qthread", "process_pool", "asyncio_loop", "cooperative")
    number = 0
    with stage.app([]) as app:

        def begun() -> bool:
            run = app.core.session.run
            return run is not None and run.ended is None and run.source.pulled > 0

        def cycle() -> None:
            nonlocal number
            runner = runners[number % len(runners)] if number % 4 == 0 else runners[number % 2]
            number += 1
            app.core.director.start(Settings.named(runner, "primes", 20, 2, (("numbers", 1_000_000),)))
            qtbot.waitUntil(begun)
            app.core.director.cancel()
            qtbot.waitUntil(lambda: not app.core.director.is_busy)

        looks = repeat(IN_WINDOW // LOOKS, LOOKS, cycle)
        assert app.core.session.runs
    assert looks[-1].threads <= looks[0].threads, looks
    assert looks[-1].files <= looks[0].files, looks


def test_windows_that_were_closed_leave_nothing(stage: Stage) -> None:
    def open_and_close() -> None:
        with stage.app([]) as app:
            app.window.grab()
        gc.unfreeze()  # the program freezes what its one window is made of; here there are many
        stage.exits.clear()

    looks = repeat(WINDOWS // LOOKS, LOOKS, open_and_close)
    check_flat(looks, WINDOWS // LOOKS, WINDOW_BYTES)
