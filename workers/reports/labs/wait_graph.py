"""Who waits for whom: tasks, what they wait for, and who holds that, as a graph. Plain data, for one thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .reasons import reason_words

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ...engine.run import Run
    from ...engine.sharing import Reason
    from ..lane import Floats, Ints

LONG_S = 0.3
"""Who waits for less is not shown: it comes and goes."""

MAX_WAITS, MAX_HOLDERS = 12, 6
"""More make no picture that can be read."""

MAX_MOMENTS = 50


class Node(NamedTuple):
    """A task, or something that tasks wait for.

    Attributes:
        title: what it is called.
        task: its index; -1 of a thing.
    """

    title: str
    task: int = -1


class Arrow(NamedTuple):
    """From who waits to what it waits for, or from that to who holds it.

    Attributes:
        source: where it begins.
        target: where it points to.
        in_circle: whether it is a part of a circle, in which all wait for each other.
    """

    source: Node
    target: Node
    in_circle: bool = False

    @property
    def words(self) -> str:
        return "waits for" if self.source.task >= 0 else "held by"


class WaitGraph(NamedTuple):
    """What there is to be seen.

    Attributes:
        nodes: in the order in which they are to be met on the way along the arrows.
        arrows: between them.
        waits: a clause for each wait: "transfer 1 waits for lock b, held by transfer 2"; the oldest first.
        more: how many waits are left out.
        tasks: the tasks that wait, in the order of `waits`.
    """

    nodes: tuple[Node, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    waits: tuple[str, ...] = ()
    more: int = 0
    tasks: tuple[int, ...] = ()

    @property
    def circle(self) -> frozenset[Node]:
        """The nodes of circles; none where nobody waits for himself by way of others."""
        return frozenset(node for arrow in self.arrows if arrow.in_circle for node in arrow[:2])

    @property
    def sentence(self) -> str:
        """All of it, in the words in which a deadlock is told."""
        more = f"; and {self.more:,} more" if self.more else ""
        return "; ".join(self.waits) + more


def wait_graph(run: Run, waits: Mapping[int, Reason]) -> WaitGraph:
    """The graph of some waits, the oldest first; where there are too many, those in circles are kept."""
    stuck = _stuck(waits)
    kept = set(sorted(waits, key=lambda task: task not in stuck)[:MAX_WAITS])
    shown = {task: reason for task, reason in waits.items() if task in kept}
    nodes: dict[Node, None] = {}
    arrows: list[Arrow] = []
    ahead = list(reversed(shown))
    while ahead:
        task = ahead.pop()
        node = Node(run.plan.title(task), task)
        if node in nodes:
            continue
        nodes[node] = None
        reason = shown.get(task)
        if reason is not None:
            thing = Node(reason.what)
            nodes[thing] = None
            known = [holder for holder in reason.holders if 0 <= holder < run.recorder.count]
            holders = sorted(known, key=lambda holder: holder not in kept)[:MAX_HOLDERS]
            arrows.append(Arrow(node, thing))
            arrows += [Arrow(thing, Node(run.plan.title(holder), holder)) for holder in holders]
            ahead += reversed(holders)
    return WaitGraph(
        tuple(nodes),
        _marked(tuple(dict.fromkeys(arrows)), stuck),
        tuple(f"{run.plan.title(task)} waits for {reason_words(run, task, shown[task])}" for task in shown),
        len(waits) - len(shown),
        tuple(shown),
    )


def _stuck(waits: Mapping[int, Reason]) -> set[int]:
    """The tasks that wait for what only others of them hold, without those for whom nobody waits."""
    found = {task for task, reason in waits.items() if reason.holders}
    while True:
        held = {holder for task in found for holder in waits[task].holders}
        left = {task for task in found & held if found.issuperset(waits[task].holders)}
        if left == found:
            return found
        found = left


def _marked(arrows: tuple[Arrow, ...], stuck: Collection[int]) -> tuple[Arrow, ...]:
    """The same arrows; those are marked that lead back to where they begin, by way of tasks that are stuck."""
    on: dict[Node, list[Node]] = {}
    for arrow in arrows:
        if all(node.task < 0 or node.task in stuck for node in arrow[:2]):
            on.setdefault(arrow.source, []).append(arrow.target)
    return tuple(arrow._replace(in_circle=_leads(on, arrow)) for arrow in arrows)


def _leads(on: Mapping[Node, list[Node]], arrow: Arrow) -> bool:
    if arrow.target not in on.get(arrow.source, ()):
        return False
    seen, ahead = {arrow.target}, [arrow.target]
    while ahead:
        for node in on.get(ahead.pop(), ()):
            if node == arrow.source:
                return True
            if node not in seen:
                seen.add(node)
                ahead.append(node)
    return False


def present_waits(run: Run, now: float) -> dict[int, Reason]:
    """The waits that have lasted for LONG_S just now, in seconds of `time.perf_counter`; the oldest first."""
    since = run.recorder.sharing.since
    long = {task: reason for task, reason in run.recorder.waiting().items() if now - since[task] >= LONG_S}
    return dict(sorted(long.items(), key=lambda item: since[item[0]]))


def told_graph(run: Run) -> WaitGraph:
    """Of a finished run the waits that say most: those of a deadlock, of a circle, or of when the longest ended."""
    sharing = run.recorder.sharing
    best, most = WaitGraph(), (False, False, 0)
    if not sharing.rows:
        return best
    tasks, starts, ends, begun = _waits(run)
    long = np.flatnonzero(ends - begun >= LONG_S)
    for at in long[np.argsort(begun[long] - ends[long], kind="stable")][:MAX_MOMENTS]:
        moment = ends[at]
        there = np.flatnonzero((starts < moment) & (ends >= moment))
        there = there[np.argsort(begun[there], kind="stable")]
        graph = wait_graph(run, {int(tasks[row]): sharing.reasons[sharing.reason_of[row]] for row in there})
        tells = (graph.sentence in sharing.deadlocks, bool(graph.circle), len(graph.waits))
        if tells > most:
            best, most = graph, tells
    return best


def deadlock_words(run: Run, graph: WaitGraph) -> str:
    """What the graph shows, as the run's verdict says it: as a deadlock, where it was one."""
    deadlocks = run.recorder.sharing.deadlocks
    if not graph.nodes or not deadlocks:
        return graph.sentence and f"{graph.sentence}."
    return f"Deadlock: {graph.sentence if graph.sentence in deadlocks else deadlocks[-1]}."


def _waits(run: Run) -> tuple[Ints, Floats, Floats, Floats]:
    """Of each wait the task, its start and its end, and the start of those that it goes on from."""
    changes = run.recorder.changes
    # The views are gone at the end: while there is one, an array cannot grow.
    all_tasks, all_times = np.frombuffer(changes.tasks, np.uintc), np.frombuffer(changes.times)
    order = np.argsort(all_tasks, kind="stable")
    last = np.append(all_tasks[order][1:] != all_tasks[order][:-1], True)
    following = np.empty(len(order), np.intp)
    following[order] = np.where(last, order, np.append(order[1:], 0))
    rows = np.frombuffer(run.recorder.sharing.rows, np.uintc).astype(np.intp)
    tasks, starts, ends = all_tasks[rows], all_times[rows], all_times[following[rows]]
    begun = starts.copy()
    at_row = {int(row): at for at, row in enumerate(rows)}
    for at, row in enumerate(following[rows].tolist()):  # in their order, so what comes before is known
        if row in at_row and row != rows[at]:
            begun[at_row[row]] = begun[at]
    return tasks, starts, ends, begun
