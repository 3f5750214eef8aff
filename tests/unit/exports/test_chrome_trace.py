"""The trace: valid JSON, lanes with names, and no two slices of a lane overlap."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.finished_runs import made_run
from tests.support.full_runs import event, full_run, run_of, sharing_run
from workers.engine.task import Phase
from workers.exports.chrome_trace import FREEZES, HELD, MAIN, pieces

if TYPE_CHECKING:
    from workers.engine.run import Run

Event = dict[str, Any]


def trace(run: Run) -> dict[str, list[Event]]:
    """The events by their kind, once what every viewer needs has been looked at."""
    content = json.loads("".join(pieces(run)))
    assert content["displayTimeUnit"] == "ms"
    found = defaultdict(list)
    for each in content["traceEvents"]:
        assert each["pid"] == 1
        found[each["ph"]].append(each)
    assert set(found) <= {"M", "X", "C"}
    names = [each for each in found["M"] if each["name"] == "thread_name"]
    lanes = [each["tid"] for each in names]
    assert len(lanes) == len(set(lanes)), "one name for each lane"
    assert len({each["args"]["name"] for each in names}) == len(names), "and one lane for each name"
    ends: dict[int, int] = defaultdict(int)
    for each in found["X"]:
        assert each["tid"] in lanes
        assert isinstance(each["ts"], int)
        assert each["dur"] >= 0
        assert each["ts"] >= ends[each["tid"]], "no overlap, and in order"
        ends[each["tid"]] = each["ts"] + each["dur"]
    return found


def lane_names(found: dict[str, list[Event]]) -> dict[int, str]:
    return {each["tid"]: each["args"]["name"] for each in found["M"] if each["name"] == "thread_name"}


def test_the_process_and_its_lanes_have_names() -> None:
    found = trace(full_run())
    (process,) = (each for each in found["M"] if each["name"] == "process_name")
    assert process["args"]["name"] == "Thaw: Prime numbers (pure Python) on ThreadPoolExecutor"
    assert list(lane_names(found).values()) == [
        *(
            "Window slow or frozen",
            "The GIL held in C",
            "Main thread",
            "=cmd()",
            "pool 0",
            "pool 0 (2)",
            "pool 1",
        ),
    ]


def test_what_the_gui_thread_did_is_a_lane() -> None:
    slices = [each for each in trace(full_run())["X"] if each["tid"] == MAIN]
    assert [(each["name"], each["cat"], each["ts"], each["dur"]) for each in slices] == [
        ("Qt", "Qt", 100_000, 50_000),
        ("Painting", "Painting", 150_000, 50_000),
        ("Window.<turn>", "Slot or timer", 200_000, 100_000),
        ("Beat of the lag monitor", "Slot or timer", 500_000, 1_000),
    ]


def test_a_task_is_its_stretches_one_after_the_other() -> None:
    found = trace(full_run())
    first = [each for each in found["X"] if each["args"].get("task") == 1]
    assert [(each["name"], each["cat"], each["ts"], each["dur"]) for each in first] == [
        ("plain", "running", 100_000, 200_000),
        ("plain: waits for its turn", "waiting", 300_000, 200_000),
        ("plain", "running", 500_000, 500_000),
    ]
    second = [each for each in found["X"] if each["args"].get("task") == 2]
    assert [each["cat"] for each in second] == ["running", "paused", "running"]
    assert second[0]["args"] == {
        **{"task": 2, "state": "failed", "amount": 4.0, "error": "ValueError: <no> & nothing"},
    }
    assert {each["args"]["task"] for each in found["X"] if "task" in each["args"]} == {1, 2, 3, 4, 5}


def test_freezes_and_held_gil_have_lanes_of_their_own() -> None:
    found = trace(full_run())
    frozen = [each for each in found["X"] if each["tid"] == FREEZES]
    assert [(each["name"], each["ts"], each["dur"]) for each in frozen] == [
        ("slow in compute", 500_000, 500_000),
        ("slow", 1_200_000, 300_000),
    ]
    assert frozen[0]["args"]["line"] == "work <1>.py:12: total = total + number"
    assert [(each["ts"], each["dur"]) for each in found["X"] if each["tid"] == HELD] == [(500_000, 300_000)]


def test_there_are_counters() -> None:
    found = trace(full_run())
    names = {each["name"] for each in found["C"]}
    assert names == {"lag (ms)", "wait for the GIL (ms)", "throughput (steps/s)"}
    lags = [each["args"]["value"] for each in found["C"] if each["name"] == "lag (ms)"]
    assert len(lags) == 40
    waits = [each["args"]["value"] for each in found["C"] if each["name"] == "wait for the GIL (ms)"]
    assert waits == [0.5 * n for n in range(20)], "and none where nobody measured"
    assert max(lags) == 490
    assert all(0 <= each["ts"] <= 2_000_000 for each in found["C"])


def test_a_long_wait_for_the_gil_is_a_counter_that_grows_and_falls() -> None:
    run = full_run()
    run.waits = [(run.started + 0.8, 700.0), (run.started + 1.6, 700.0)]
    waits = [each["args"]["value"] for each in trace(run)["C"] if each["name"] == "wait for the GIL (ms)"]
    tooth = len(waits) // 2
    assert waits[:tooth] == waits[tooth:] == [*sorted(waits[: tooth - 1]), 0.0]
    assert (waits[0], waits[tooth - 2]) == (0.0, 700.0)


def test_without_a_window_there_is_no_lag() -> None:
    found = trace(made_run(tasks=3))
    assert {each["name"] for each in found["C"]} == {"throughput (steps/s)"}
    assert FREEZES not in lane_names(found)


def test_nothing_that_began_is_an_empty_trace() -> None:
    assert trace(made_run(tasks=3, cancelled=3))["X"] == []


moments = st.integers(0, 20).map(lambda n: n / 10) | st.floats(0, 2)


@pytest.mark.examples
@given(
    tasks=st.lists(
        st.tuples(
            st.sampled_from(["loop", "pool 0"]),
            st.lists(moments, min_size=2, max_size=2).map(sorted),
            st.lists(st.sampled_from([Phase.WAITING, Phase.PAUSED, Phase.RESUMED]), max_size=5),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_coroutines_that_share_a_place_never_overlap(tasks: list[Any]) -> None:
    events = []
    for index, (place, (begin, end), phases) in enumerate(tasks):
        changes = [(phase, begin + (end - begin) * part / 5) for part, phase in enumerate(phases, 1)]
        events.append(event(index, Phase.STARTED, begin, place=place))
        events += [event(index, phase, at) for phase, at in changes]
        events.append(event(index, Phase.DONE, end, 1.0))
    found = trace(run_of(events, [str(index) for index in range(len(tasks))], 2.0))
    total: dict[int, int] = defaultdict(int)
    for each in found["X"]:
        total[each["args"]["task"] - 1] += each["dur"]
    for index, (_, (begin, end), _) in enumerate(tasks):
        assert abs(total[index] - (end - begin) * 1e6) <= 1, "nothing of a task is lost"


def test_waits_say_what_for_and_gauges_are_counters() -> None:
    found = trace(sharing_run())
    waits = [each["name"] for each in found["X"] if each["cat"] == "waiting"]
    assert sorted(waits) == [
        "<second>: waits for its turn",
        "<second>: waits for lock a (first)",
        "first: waits for an item of queue jobs",
    ]
    counters = [(each["name"], each["ts"], each["args"]["value"]) for each in found["C"]]
    assert {("lock a", 100_000, 1.0), ("lock a", 400_000, 0.0), ("queue jobs", 200_000, 3.0)} <= set(counters)
