"""Who waits for whom: which nodes and arrows there are, what is a circle, which moment of a run tells most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.lab_runs import run_lab
from tests.support.planned_runs import make_run, tell
from workers.engine.sharing import Reason
from workers.engine.task import Phase
from workers.reports.labs.wait_graph import (
    LONG_S,
    MAX_WAITS,
    Node,
    deadlock_words,
    present_waits,
    told_graph,
    wait_graph,
)
from workers.reports.verdict import verdict

if TYPE_CHECKING:
    from workers.engine.run import Run


def wait(run: Run, index: int, at: float, what: str, *holders: int) -> None:
    tell(run, index, Phase.WAITING, at, detail=(what, holders))


def begun(tasks: int) -> Run:
    run = make_run(tasks)
    for index in range(tasks):
        tell(run, index, Phase.STARTED)
    return run


def end(run: Run, at: float) -> Run:
    run.ended = run.started + at
    return run


def test_five_in_a_circle_and_one_who_waits_for_them() -> None:
    run = begun(6)
    waits = {index: Reason(f"fork {index}", ((index + 1) % 5,)) for index in range(5)}
    graph = wait_graph(run, {5: Reason("fork 9", (2,)), **waits})
    names = [node.title for node in graph.nodes]
    assert names[:2] == ["picture 5", "fork 9"]
    assert names[2:6] == ["picture 2", "fork 2", "picture 3", "fork 3"]  # along the arrows
    circle = {node.title for node in graph.circle}
    assert circle == {*(f"picture {index}" for index in range(5)), *(f"fork {index}" for index in range(5))}
    assert len(graph.arrows) == 12
    assert sum(arrow.in_circle for arrow in graph.arrows) == 10
    assert graph.waits[1] == "picture 0 waits for fork 0, held by picture 1"


@pytest.mark.parametrize(
    ("holders", "is_circle"),
    [
        pytest.param({0: (0,)}, True, id="of itself"),
        pytest.param({0: (1,), 1: (0,)}, True, id="two"),
        pytest.param({0: (1,), 1: (2,)}, False, id="a chain to one that runs"),
        pytest.param({0: (1, 2), 1: (0,)}, False, id="of two that hold a semaphore one runs"),
        pytest.param({0: (), 1: ()}, False, id="nobody holds it"),
    ],
)
def test_a_circle_is_where_all_that_could_help_wait_too(
    holders: dict[int, tuple[int, ...]], is_circle: bool
) -> None:
    reasons = {task: Reason(f"lock {task}", held) for task, held in holders.items()}
    assert bool(wait_graph(begun(3), reasons).circle) is is_circle


def test_of_very_many_waits_those_of_circles_are_kept() -> None:
    run = begun(100)
    waits = {index: Reason("lock a", (98,)) for index in range(98)}
    graph = wait_graph(run, {**waits, 98: Reason("lock b", (99,)), 99: Reason("lock a", (98,))})
    assert len(graph.tasks) == MAX_WAITS
    assert graph.tasks[-2:] == (98, 99)
    assert graph.sentence.endswith(f"; and {100 - MAX_WAITS} more")
    assert Node("picture 99", 99) in graph.circle


def test_what_waits_for_less_than_a_moment_is_not_there() -> None:
    run = begun(3)
    wait(run, 1, 1.0, "lock b", 0)
    wait(run, 0, 1.1, "lock a", 1)
    wait(run, 1, 1.25, "lock b", 2)  # another one holds it now: it is the same wait
    assert present_waits(run, run.started + 1.2) == {}
    late = LONG_S + 1e-6  # a clock that has run for hours rounds
    assert list(present_waits(run, run.started + 1.0 + late)) == [1]
    assert list(present_waits(run, run.started + 1.2 + late)) == [1, 0]
    tell(run, 1, Phase.RESUMED, 2.0)
    assert list(present_waits(run, run.started + 2.0)) == [0]


def test_a_run_without_long_waits_has_no_graph() -> None:
    assert told_graph(end(begun(2), 1.0)).nodes == ()
    run = begun(2)
    wait(run, 0, 1.0, "lock a", 1)
    tell(run, 0, Phase.RESUMED, 1.0 + LONG_S / 2)
    assert told_graph(end(run, 2.0)).nodes == ()


def test_of_a_finished_run_a_circle_tells_more_than_the_longest_wait() -> None:
    run = begun(4)
    wait(run, 3, 0.0, "lock c", 2)
    wait(run, 0, 1.0, "lock b", 1)
    wait(run, 0, 1.2, "lock b", 1)
    wait(run, 1, 1.1, "lock a", 0)
    tell(run, 0, Phase.FAILED, 1.6, detail="x")
    tell(run, 1, Phase.RESUMED, 1.7)
    tell(run, 3, Phase.RESUMED, 9.0)
    graph = told_graph(end(run, 9.5))
    assert [node.title for node in graph.circle if node.task >= 0] != []
    assert graph.tasks == (3, 0, 1)  # the oldest first, also where its holder was told anew
    assert deadlock_words(run, graph) == f"{graph.sentence}."


@pytest.mark.parametrize(("name", "size"), [("transfer.crossed", 4), ("twice.lock", 2)])
def test_graph_verdict_and_notes_tell_a_deadlock_in_the_same_words(name: str, size: int) -> None:
    run = run_lab(name)
    graph = told_graph(run)
    assert len(graph.circle) == size
    assert deadlock_words(run, graph) in run.notes
    assert graph.sentence in verdict(run)
