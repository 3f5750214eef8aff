"""How two runs differ, in words: settings, ratios, which did better, and when speeds cannot be compared."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from workers.catalog.lookup import named
from workers.engine.plan import Settings
from workers.image_server.conditions import PROFILES
from workers.monitors.lag import LagSummary
from workers.monitors.resources import Resources
from workers.reports.differences import NOT_KNOWN, SAME, Difference, Side, differences, unfair

FROZEN = LagSummary(12, 1850.0, 4480.0, 4690.0, 4720.0, 4.72, 3, 4.72)
SMOOTH = LagSummary(400, 0.1, 5.2, 14.3, 23.0, 0.0, 0, 0.0)
PRIMES = Settings.named("gui_thread", "primes", 24, 4, (("numbers", 4000),))


def side(
    settings: Settings = PRIMES,
    wall_s: float = 4.0,
    lag: LagSummary | None = FROZEN,
    unit: str = "numbers",
    **more: Any,
) -> Side:
    counts = {"count": settings.tasks, "failed": 0, "cancelled": 0, **more.pop("counts", {})}
    run = SimpleNamespace(
        settings=settings,
        wall_s=wall_s,
        per_s=8e4 / wall_s,
        lag=lag,
        recorder=SimpleNamespace(**counts),
        environment=more.pop("environment", {}),
        resources=more.pop("resources", None),
        network=more.pop("network", None),
    )
    assert not more
    return Side(cast("Any", run), settings.runner, settings.workload, unit)


POOL = PRIMES._replace(runner_entry=named("runners", "thread_pool"))


def rows(a: Side, b: Side) -> dict[str, Difference]:
    return {row.name: row for row in differences(a, b)}


def test_the_same_work_elsewhere() -> None:
    a, b = side(), side(POOL, 2.0, SMOOTH)
    assert unfair(a, b) == ""
    found = rows(a, b)
    assert "Workers" not in found
    assert found["Runner"] == Difference("Runner", "gui_thread", "thread_pool")
    assert found["Wall time"] == Difference("Wall time", "4.0 s", "2.0 s", "−50 %", "B")
    assert found["Throughput"] == Difference("Throughput", "20k/s", "40k/s", "+100 %", "B")
    assert found["Lag p99"] == Difference("Lag p99", "4.7 s", "14 ms", "−99.7 %", "B")
    assert found["Lag p50"].text == "−99.9 %"  # only nothing is all of it
    assert found["Blocked"] == Difference("Blocked", "4.7 s", "0 ms", "−100 %", "B")
    assert found["Freezes"] == Difference("Freezes", "3", "0", "−100 %", "B")


def test_the_other_way_round() -> None:
    found = rows(side(POOL, 2.0, SMOOTH), side())
    assert found["Wall time"][3:] == ("+100 %", "A")
    assert found["Throughput"][3:] == ("−50 %", "A")
    assert found["Lag p99"][3:] == ("over +999 %", "A")
    assert found["Freezes"][3:] == ("over +999 %", "A")


def test_what_nobody_could_tell_apart_is_the_same() -> None:
    near = SMOOTH._replace(p50=0.9, p95=5.3, p99=14.9)
    found = rows(side(lag=SMOOTH), side(POOL, 4.1, near))
    for name in ("Wall time", "Throughput", "Lag p50", "Lag p95", "Lag p99", "Lag max", "Blocked", "Freezes"):
        assert found[name][3:] == (SAME, ""), name


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (PRIMES._replace(tasks=12), "24 tasks against 12"),
        (PRIMES._replace(params=(("numbers", 10),)), "numbers differs"),
        (PRIMES._replace(params=()), "numbers differs"),
        (PRIMES._replace(seed=2), "the seeds differ"),
        (PRIMES._replace(workload_entry=named("workloads", "sleep")), "A is primes, B is sleep"),
    ],
)
def test_work_that_was_not_the_same_has_no_winner(other: Settings, why: str) -> None:
    a, b = side(), side(other, 2.0, SMOOTH)
    assert unfair(a, b) == f"Not the same work: {why}."
    found = rows(a, b)
    assert found["Wall time"].better == found["Throughput"].better == ""
    assert found["Lag p99"].better == "B"


def test_other_network_conditions_are_other_work() -> None:
    fair, rough = (side(PRIMES, network=PROFILES[name]) for name in ("fair", "rough"))
    assert unfair(fair, fair) == unfair(fair, side()) == ""
    assert unfair(fair, rough) == "Not the same work: the network conditions differ."
    row = rows(fair, rough)["Network"]
    assert row.a == "fair (120 ms ± 30 %, 8.39 MB/s). Every picture arrives intact."
    assert row.b.startswith("rough (250 ms")
    assert rows(fair, side())["Network"].b == NOT_KNOWN
    assert "Network" not in rows(side(), side())


def test_nor_has_work_that_was_not_all_done() -> None:
    a, b = side(), side(POOL, 2.0, counts={"failed": 2})
    assert unfair(a, b) == "Not all of the work was done: in B, 2 of 24 tasks failed."
    found = rows(a, b)
    assert found["Wall time"].better == ""
    assert found["Failed"] == Difference("Failed", "0", "2", "over +999 %", "A")
    assert unfair(side(counts={"cancelled": 24}), b).endswith("in A, 24 of 24 tasks were cancelled.")


def test_units_that_differ_are_not_compared() -> None:
    found = rows(side(), side(PRIMES._replace(workload_entry=named("workloads", "sleep")), unit="seconds"))
    assert found["Throughput"][3:] == ("other units", "")


def test_a_run_without_a_window() -> None:
    assert "Lag" not in rows(side(lag=None), side(lag=None))
    assert rows(side(), side(lag=None))["Lag"] == Difference("Lag", "measured", NOT_KNOWN)


def test_settings_and_machines() -> None:
    other = POOL._replace(workers=8, polite=False, switch_interval_ms=5.0)
    found = rows(
        side(environment={"python": "3.11.7", "gil_enabled": True, "cpus": 2}),
        side(other, environment={"python": "3.14.0", "gil_enabled": False, "cpus": 2, "platform": "Linux"}),
    )
    assert found["Workers"][1:3] == ("4", "8")
    assert found["Polite"][1:3] == ("on", "off")
    assert found["Switch interval"][1:3] == ("0.5 ms", "5.0 ms")
    assert found["Python"][1:3] == ("3.11.7", "3.14.0")
    assert found["GIL"][1:3] == ("on", "off")
    assert not {"Processors", "System"} & set(found)


def test_what_they_cost() -> None:
    a = side(resources=Resources(4.0, 150.0, 0.004))
    b = side(POOL, 2.0, SMOOTH, resources=Resources(4.4, 300.0, 0.3))
    found = rows(a, b)
    assert found["Processor time"] == Difference("Processor time", "4.0 s", "4.4 s", "+10 %", "A")
    assert found["Memory"] == Difference("Memory", "157 MB", "315 MB", "+100 %", "A")
    assert found["Start-up"] == Difference("Start-up", "4.0 ms", "300 ms", "over +999 %", "A")
    assert rows(a, side(resources=Resources(4.02, 152.0, 0.01)))["Start-up"].text == SAME
    assert "Memory" not in rows(a, side(resources=Resources(4.0, None, None)))
    assert "Processor time" not in rows(a, side())
    unlike = rows(a, side(PRIMES._replace(seed=2), resources=Resources(1.0, 1.0, 0.1)))
    assert unlike["Processor time"].better == ""


def test_a_parameter_of_the_place_is_a_setting_and_not_unfair() -> None:
    there = PRIMES._replace(
        runner_entry=named("runners", "other_python"), params=(*PRIMES.params, ("python", "/usr/bin/pypy3"))
    )
    a, b = side(), side(there, 2.0)
    assert unfair(a, b) == ""
    assert rows(a, b)["Python"] == Difference("Python", NOT_KNOWN, "/usr/bin/pypy3")
    assert "Python" not in rows(a, side(PRIMES._replace(params=(*PRIMES.params, ("python", "")))))


def test_of_a_program_that_is_watched_no_speed_is_judged() -> None:
    """It is closed when somebody has seen enough of it."""
    watched = Settings.named("watch", "watch", 1, 1, (("program", "my_app.py"),))
    found = differences(side(watched, 30.0, unit="programs"), side(watched, 5.0, SMOOTH, "programs"))
    rows = {row.name: row for row in found}
    assert "Throughput" not in rows
    assert rows["Wall time"] == Difference("Wall time", "30 s", "5.0 s")
    assert rows["Freezes"] == Difference("Freezes", "3", "0", "−100 %", "B")
