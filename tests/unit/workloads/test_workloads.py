"""The workloads that compute or wait: right results, amounts that add up, and steps that are short enough."""

from __future__ import annotations

import hashlib
import importlib
import inspect
import random
import time
from collections import Counter
from typing import Any

import pytest

from tests.support.steps import finish
from workers.catalog.compatibility import needed
from workers.catalog.lookup import workloads
from workers.engine.plan import Plan, Settings
from workers.utils import formatting
from workers.workloads import mandelbrot as mandelbrot_module
from workers.workloads.hashing import hashing
from workers.workloads.hold_gil import TRIM, hold_gil
from workers.workloads.mandelbrot import HEIGHT, WIDTH, mandelbrot, tile_of
from workers.workloads.primes import FIRST, primes
from workers.workloads.sleep import SLICE_S, sleep

NAMES = [name for name, entry in workloads().items() if not (entry.missing or needed(entry))]
"""All but those that need a folder of somebody's: these have tests of their own."""


def test_the_menu_has_all_of_them_in_order() -> None:
    found = workloads()
    assert NAMES[0] == "download"
    assert {"primes", "hashing", "sleep"} < set(NAMES)
    assert len({entry.constants["ORDER"] for entry in found.values()}) == len(found)
    for name in NAMES:
        entry = found[name]
        assert entry.summary.endswith(".")
        assert formatting.rate(5, entry.constants["UNIT"])
        assert {"holds", "keeps", "releases", "between", None} >= {entry.constants.get("GIL")}
        for field in entry.fields:
            assert field.help, field
            assert field.parse(str(field.default)) == field.default


@pytest.mark.parametrize("name", NAMES)
def test_an_estimate_is_about_four_seconds_by_default(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module(f"workers.workloads.{name}")
    if time.get_clock_info("thread_time").resolution < 1e-4:  # some try a step, and others may use the machine
        monkeypatch.setattr(time, "perf_counter", time.thread_time)
    assert 0.4 < min(module.seconds() for _ in range(5)) * module.TASKS < 20


@pytest.mark.parametrize("name", NAMES[1:])
def test_a_plan_of_defaults_can_be_made(name: str) -> None:
    module = importlib.import_module(f"workers.workloads.{name}")
    tasks = workloads()[name].constants["TASKS"]
    plan = Plan(Settings.named("gui_thread", name, tasks, 1), server=lambda: "")
    arguments = dict(plan.task(0, 0).arguments)
    given = {"control": None} if "control" in inspect.signature(getattr(module, name)).parameters else {}
    inspect.signature(getattr(module, name)).bind(**arguments, **given)
    getattr(module, "close", lambda: None)()


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("primes", {"numbers": 0}),
        ("mandelbrot", {"detail": 0}),
        ("hashing", {"megabytes": 0}),
        ("hold_gil", {"blanks": 0}),
        ("scrape", {"pages": 0}),
        ("database", {"queries": 0}),
        ("serve", {"connections": 0}),
        ("matrix", {"size": 0}),
        ("sleep", {"seconds": -1.0}),
        ("sleep", {"seconds": float("nan")}),
    ],
)
def test_parameters_that_make_no_sense_are_told(name: str, params: dict[str, Any]) -> None:
    function = getattr(importlib.import_module(f"workers.workloads.{name}"), name)
    given = {"index": 0, "tasks": 1, "seed": 1, "control": None, "first": "", "file": "", "how": ""}
    wanted = {key: value for key, value in given.items() if key in inspect.signature(function).parameters}
    with pytest.raises(ValueError, match=r"\w+ .*\.$"):
        next(function(**wanted, **params))


# ---------------------------------------------------------------- primes


def is_prime(number: int) -> bool:
    return all(number % divisor for divisor in range(2, int(number**0.5) + 1))


@pytest.mark.parametrize("index", [0, 1, 3])
def test_primes_are_counted(index: int) -> None:
    amounts, count = finish(primes(index, numbers=3_001))
    start = FIRST + index * 3_001
    assert sum(amounts) == 3_001
    assert count == sum(map(is_prime, range(start, start + 3_001)))


# ---------------------------------------------------------------- mandelbrot


@pytest.mark.parametrize("tasks", [1, 2, 3, 7, 24, 100, 997, 5_000])
def test_tiles_cover_the_picture_just_once(tasks: int) -> None:
    rows: Counter[tuple[int, int]] = Counter()
    for index in range(tasks):
        tile = tile_of(index, tasks)
        assert 0 <= tile.x <= tile.x + tile.width <= WIDTH
        for y in range(tile.y, tile.y + tile.height):
            rows[y, tile.x] += tile.width
    for y in range(HEIGHT):
        at = 0
        while at < WIDTH:  # each tile of a row begins where the one before ended
            assert rows[y, at] > 0
            at += rows.pop((y, at))
        assert at == WIDTH
    assert not +rows


def test_more_tiles_than_pixels_leave_some_empty() -> None:
    tasks = WIDTH * HEIGHT * 3
    empty = next(
        index for index in range(100) if not tile_of(index, tasks).width or not tile_of(index, tasks).height
    )
    assert finish(mandelbrot(empty, tasks)) == ([0], None)
    assert (
        sum(tile_of(index, tasks).width * tile_of(index, tasks).height for index in range(0, tasks, 997))
        <= tasks
    )


def test_a_tile_is_its_part_of_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mandelbrot_module, "WIDTH", 54)
    monkeypatch.setattr(mandelbrot_module, "HEIGHT", 36)
    whole = finish(mandelbrot(0, 1))[1]
    assert (whole.width, whole.height, whole.whole_width, whole.whole_height) == (54, 36, 54, 36)
    pixels = bytearray(54 * 36 * 4)
    for index in range(5):
        amounts, tile = finish(mandelbrot(index, 5))
        assert sum(amounts) == tile.width * tile.height
        assert len(tile.pixels) == tile.width * tile.height * 4
        for row in range(tile.height):
            at = ((tile.y + row) * 54 + tile.x) * 4
            pixels[at : at + tile.width * 4] = tile.pixels[row * tile.width * 4 :][: tile.width * 4]
    assert bytes(pixels) == whole.pixels
    assert len(set(memoryview(whole.pixels).cast("I"))) > 500


def test_detail_decides_what_counts_as_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mandelbrot_module, "WIDTH", 54)
    monkeypatch.setattr(mandelbrot_module, "HEIGHT", 36)
    assert finish(mandelbrot(0, 1, detail=10))[1].pixels == b"\0\0\0\xff" * 54 * 36


# ---------------------------------------------------------------- hashing


def test_hashing_hashes_all_of_its_bytes() -> None:
    amounts, result = finish(hashing(3, 7, megabytes=5))
    assert sum(amounts) == 5_000_000
    data = random.Random("7 3").randbytes(20_000) * 250
    assert result == int.from_bytes(hashlib.sha256(data).digest()[:8], "big")


def test_hashing_is_seeded() -> None:
    results = [finish(hashing(index, seed, megabytes=1))[1] for index, seed in [(0, 1), (0, 1), (1, 1), (0, 2)]]
    assert results[0] == results[1]
    assert len(set(results)) == 3


# ---------------------------------------------------------------- hold_gil


def test_hold_gil_yields_after_its_one_call() -> None:
    assert finish(hold_gil(blanks=100)) == ([1], None)


def test_four_times_the_blanks_take_far_more_than_four_times_as_long() -> None:
    def best(blanks: int) -> float:
        line = "x" + " " * blanks + "x"
        times = []
        for _ in range(5):
            begun = time.thread_time()
            assert TRIM.search(line) is None
            times.append(time.thread_time() - begun)
        return min(times)

    # Sixteen times: it is far apart even where the processor changes its pace.
    assert best(4_000) > 6 * best(1_000)


# ---------------------------------------------------------------- sleep


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What was slept, with no time passing."""
    naps: list[float] = []
    monkeypatch.setattr(time, "sleep", naps.append)
    return naps


@pytest.mark.parametrize("length", [0.001, 0.05, 0.25, 1.0, 0.333])
def test_sleep_is_in_slices(length: float, slept: list[float]) -> None:
    amounts, result = finish(sleep(seconds=length))
    assert result is None
    assert sum(amounts) == pytest.approx(length)
    assert amounts == slept
    assert max(slept) <= SLICE_S


def test_no_sleep_is_one_yield(slept: list[float]) -> None:
    assert finish(sleep(seconds=0.0)) == ([0.0], None)
    assert len(slept) <= 1
