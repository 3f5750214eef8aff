"""A person's own functions, which know nothing of Thaw, on every runner that takes them."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.test_promises import RUNNERS
from tests.support.runner_harness import Harness
from workers.catalog import lookup, user_functions
from workers.catalog.compatibility import refusal
from workers.engine.task import Phase
from workers.reports.failures import told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QApplication

FILE = Path(__file__).parent / "own" / "mine.py"
LINE = FILE.read_text().splitlines().index('        return {"a": 1}["b"] + index') + 1
PLACES = [one for one in RUNNERS if one.id != "asyncio_loop-native"]
SUITE = {"thread_pool", "asyncio_loop", "stepped", "process_pool", "celery_queue"}
"""A thread, a loop, a step, a process and another machine: the product with functions is for the long tests."""

SOME_PLACES = [
    one if one.values[0] in SUITE else pytest.param(*one.values, marks=[*one.marks, pytest.mark.long])
    for one in PLACES
]


@pytest.fixture
def on(qapp: QApplication) -> Iterator[Callable[[str], Harness]]:
    made: list[Harness] = []

    def make(runner: str) -> Harness:
        entry = lookup.entry("runners", runner)
        assert entry is not None
        if why_not := refusal(entry, user_functions.entry(f"{FILE}:work"), {"folder": "."}):
            pytest.skip(why_not)
        made.append(Harness(runner, str(FILE)))
        return made[-1]

    yield make
    for harness in made:
        assert harness.until(partial(harness.session.close, 0))


@pytest.mark.parametrize("runner", PLACES)
def test_a_plain_function(runner: str, on: Callable[[str], Harness], tmp_path: Path) -> None:
    """Seven calls: a list, an error, a lock, a generator, things of a neighbour's class and of its own, and nothing."""
    harness = on(runner)
    harness.start("work", tasks=7, workers=2, folder=str(tmp_path), times=4)
    run = harness.finish()
    rows = [run.recorder.row(index) for index in range(7)]
    fails = {1, 2} if lookup.traits(runner).is_apart else {1}
    assert {index for index, row in enumerate(rows) if row.phase is Phase.FAILED} == fails
    amounts = [row.amount for index, row in enumerate(rows) if index not in fails]
    assert amounts == [1] * (3 - len(fails)) + [4, 1, 1, 1]
    trace = run.recorder.errors[1]
    expected = (
        f'Traceback (most recent call last):\n  File "{FILE}", line {LINE}, in work\n    return {{"a": 1}}["b"]'
    )
    assert trace.startswith(expected), "its own lines and none of ours"
    assert trace.rstrip().endswith("KeyError: 'b'")
    if runner != "other_python" and sys.version_info >= (3, 11):
        assert "~^^^^^" in trace
    shown = {str(result) for result in harness.results}
    assert {"[True, True, 4, True]", "Thing 4", "an Own"} <= shown
    if lookup.traits(runner).is_apart:
        assert "Its result, a lock, cannot be sent to another process: " in run.recorder.errors[2]
    else:
        # Where threads are stepped it is one of ours.
        assert any("lock object" in one for one in shown) or (runner == "stepped" and "<Lock>" in shown)


@pytest.mark.parametrize("runner", ["gui_thread", "thread_pool", "cooperative", "asyncio_loop", "process_pool"])
def test_each_yield_of_a_generator_is_progress(runner: str, on: Callable[[str], Harness]) -> None:
    harness = on(runner)
    harness.start("steps", tasks=2, count=3)
    run = harness.finish()
    assert run.plan.unit == "steps"
    assert [run.recorder.row(index).amount for index in range(2)] == [1 + 3 * 2.5 + 1] * 2
    assert harness.results == ["'all of them'"] * 2


def test_an_async_function_is_awaited_in_the_loop(on: Callable[[str], Harness]) -> None:
    harness = on("asyncio_loop")
    harness.start("waits", tasks=3, workers=3)
    run = harness.finish()
    assert run.recorder.places[1:] == ["asyncio 1", "asyncio 2", "asyncio 3"], "no thread was needed"
    assert (run.recorder.done, run.recorder.failed) == (2, 1)
    assert run.recorder.errors[1].startswith(f'Traceback (most recent call last):\n  File "{FILE}"')
    assert run.recorder.errors[1].rstrip().endswith("LookupError: the second one fails")
    assert sorted(harness.results) == ["0", "2"]
    harness.start("ticks", tasks=1, count=4)
    assert harness.finish().recorder.amount == 4


@pytest.mark.parametrize("runner", PLACES)
def test_an_async_function_is_refused_elsewhere(runner: str, on: Callable[[str], Harness]) -> None:
    if runner == "asyncio_loop":
        pytest.skip("it is right there")
    with pytest.raises(ValueError, match="waits is async: it runs in an event loop only"):
        on(runner).start("waits", tasks=1)


def test_a_lambda_runs_near_by_and_is_refused_far_away(on: Callable[[str], Harness]) -> None:
    harness = on("thread_pool")
    harness.start("triple", tasks=1, number=4)
    harness.finish()
    assert harness.results == ["12"]
    with pytest.raises(ValueError, match="triple is a lambda, which cannot be pickled"):
        on("process_pool").start("triple", tasks=1)


def test_what_must_be_given_is_asked_for_before_the_run(on: Callable[[str], Harness]) -> None:
    with pytest.raises(ValueError, match="work needs a value for its parameter folder"):
        on("thread_pool").start("work", tasks=1)


# ---------------------------------------------------------------- functions as they are published

PLAIN = FILE.with_name("plain_ones.py")
CALLS: dict[str, tuple[dict[str, Any], str]] = {
    "spectral": ({"n": [1, (2, None)], "u": b"x"}, "[[1, (2, None)], 'bytes', b'x']"),
    "first_only": ({"a": 1, "c": 4, "more": (5,), "others": {"d": 6}}, "[1, 2, 4, (5,), {'d': 6}]"),
    "changes": ({"items": [1]}, "[1, 1]"),
    "cached": ({"n": 3}, "6"),
    "Planet": ({"mass": 5}, "Planet(5)"),
    "Planet.pull": ({"self": "Planet.light('x')", "other": 4}, "['x', 8, 1]"),
    "Planet.kind": ({"of": "star"}, "'a star'"),
    "Planet.light": ({"name": "sun"}, "Planet(1)"),
    "half": ({"u": None}, "[7, 'NoneType', None]"),
    "again": ({"n": None}, "[None, 'NoneType', None]"),
    "moon.pull": ({"other": 0}, "['moon', 0, "),
}
LIBRARY: dict[str, tuple[dict[str, Any], str]] = {
    "json:dumps": ({"obj": [1, {"a": None}]}, """'[1, {"a": null}]'"""),
    "math:sqrt": ({"x": 9}, "3.0"),
    "colorsys:rgb_to_hls": ({"r": 0.1, "g": 0.2, "b": 0.3}, "(0.58"),
    "posixpath:join": ({"a": "x", "p": ("y", "z")}, "'x/y/z'"),
    "zlib:crc32": ({"data": b"abc"}, "891568578"),
    "builtins:str.upper": ({"self": "'abc'"}, "'ABC'"),
    "builtins:max": ({"args": [3, 9, 4]}, "9"),
}


def check(harness: Harness, function: str, params: dict[str, Any], expected: str) -> None:
    harness.results.clear()
    harness.start(function, tasks=3, workers=1, **params)
    run = harness.finish()
    assert not run.recorder.errors, f"{function}: {run.recorder.errors[0]}"
    assert len(harness.results) == 3
    assert all(str(one).startswith(expected) for one in harness.results), harness.results


@pytest.mark.parametrize("runner", SOME_PLACES)
def test_functions_as_they_are_published(runner: str, on: Callable[[str], Harness]) -> None:
    harness = on(runner)
    harness.module = str(PLAIN)
    for function, (params, expected) in CALLS.items():
        check(harness, function, params, expected)


@pytest.mark.parametrize("runner", SOME_PLACES)
def test_functions_of_python_and_its_packages(runner: str, on: Callable[[str], Harness]) -> None:
    if runner == "stepped":
        pytest.skip("what is written in C has no lines")
    harness = on(runner)
    for name, (params, expected) in LIBRARY.items():
        harness.module, _, function = name.partition(":")
        check(harness, function, params, expected)


def test_async_methods_run_in_the_loop(on: Callable[[str], Harness]) -> None:
    harness = on("asyncio_loop")
    harness.module = str(PLAIN)
    check(harness, "later", {"items": [1, 2]}, "[(1, 2), 'soon']")
    check(harness, "Waits.waits", {"self": "Waits()", "x": 3}, "4")


@pytest.mark.parametrize("runner", PLACES)
def test_errors_are_told_by_type_message_and_own_line(runner: str, on: Callable[[str], Harness]) -> None:
    harness = on(runner)
    harness.module = str(PLAIN)
    harness.start("fails", tasks=1, n=3)
    run = harness.finish()
    line = PLAIN.read_text().splitlines().index('    raise ValueError(f"bad number {n}\\nin two lines")') + 1
    assert told(run) == [f"ValueError: bad number 3 ... (plain_ones.py, line {line})"]
