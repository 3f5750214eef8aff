"""How two finished runs differ, in words: settings, figures, and which of the two did better. Plain data, no Qt."""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, Any, NamedTuple

from ..catalog import lookup
from ..engine.plan import BLOCKING
from ..image_server.conditions import network_text
from ..utils import formatting
from .watched import is_watched

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..engine.plan import Settings
    from ..engine.run import Run

SAME = "the same"
NOT_KNOWN = "–"
ALIKE = 1.05
"""Figures within this factor are the same: two runs of one thing differ as much."""

MIN_MS = 1.0
"""Lags that differ by less are the same to everybody who looks at a window."""

MIN_STARTUP_S, MIN_CPU_S, MIN_MEMORY_MIB = 0.02, 0.05, 4.0
"""What a run cost differs by as much between two runs of one thing."""

LAGS = ("p50", "p95", "p99", "max")
MAX_PERCENT = 999
"""What is more than ten times as much is told as that: nobody reads +236,000 %."""

ENVIRONMENT = {"python": "Python", "gil_enabled": "GIL", "cpus": "Processors", "platform": "System"}
"""What of a run's environment is told, and what people call it."""


class Side(NamedTuple):
    """One of two runs, with its names for people.

    Attributes:
        run: it has ended.
        runner: what its runner is called.
        workload: what its workload is called.
        unit: what its amounts count.
    """

    run: Run
    runner: str
    workload: str
    unit: str


class Difference(NamedTuple):
    """One row of the table.

    Attributes:
        name: what is compared.
        a: it in run A, in words; `b` likewise.
        text: B measured against A; empty for settings.
        better: "A" or "B"; empty where neither is, or where nobody can say.
    """

    name: str
    a: str
    b: str
    text: str = ""
    better: str = ""


def unfair(a: Side, b: Side) -> str:
    """Why speeds of these two cannot be compared, in a sentence; empty where they can."""
    first, second = a.run.settings, b.run.settings
    if is_watched(a.run) and is_watched(b.run):
        return ""
    if first.workload != second.workload:
        return f"Not the same work: A is {a.workload}, B is {b.workload}."
    parts = []
    if a.run.recorder.count != b.run.recorder.count:
        parts.append(
            f"{formatting.count(a.run.recorder.count)} tasks against {formatting.count(b.run.recorder.count)}"
        )
    own = runner_params(first.workload)
    names = [_name(name) for name, one, other in _params(a.run, b.run) if one != other and name not in own]
    if names:
        parts.append(f"{formatting.listed(names)} differ{'s' if len(names) == 1 else ''}")
    if first.seed != second.seed:
        parts.append("the seeds differ")
    if None not in (a.run.network, b.run.network) and a.run.network != b.run.network:
        parts.append("the network conditions differ")
    if parts:
        return f"Not the same work: {', '.join(parts)}."
    for letter, side in (("A", a), ("B", b)):
        recorder = side.run.recorder
        for number, word in ((recorder.cancelled, "were cancelled"), (recorder.failed, "failed")):
            if number:
                return (
                    f"Not all of the work was done: in {letter}, {number:,} of {recorder.count:,} tasks {word}."
                )
    return ""


def differences(a: Side, b: Side) -> list[Difference]:
    """The settings that differ, then all figures: B measured against A.

    Of programs that were watched nobody can say how long they should have run, or at what cost.
    """
    if is_watched(a.run) and is_watched(b.run):
        wall = Difference("Wall time", formatting.seconds(a.run.wall_s), formatting.seconds(b.run.wall_s))
        return [*_settings(a, b), wall, *_window(a.run, b.run), *_costs(a.run, b.run, False)]
    fair = not unfair(a, b)
    costs = _costs(a.run, b.run, fair)
    return [*_settings(a, b), *_speed(a, b, fair), *_window(a.run, b.run), *costs, *_outcome(a.run, b.run)]


def _settings(a: Side, b: Side) -> list[Difference]:
    first, second = a.run.settings, b.run.settings
    rows = [
        ("Runner", a.runner, b.runner),
        ("Workload", a.workload, b.workload),
        ("Tasks", f"{a.run.recorder.count:,}", f"{b.run.recorder.count:,}"),
        ("Workers", f"{first.workers:,}", f"{second.workers:,}"),
    ]
    rows += [(_name(name).capitalize(), _said(one), _said(other)) for name, one, other in _params(a.run, b.run)]
    rows += [
        ("Seed", str(first.seed), str(second.seed)),
        ("Polite", _said(first.polite), _said(second.polite)),
        (
            "Switch interval",
            formatting.milliseconds(first.switch_interval_ms),
            formatting.milliseconds(second.switch_interval_ms),
        ),
    ]
    networks = [each.run.network and network_text(each.run.network) for each in (a, b)]
    if any(networks):
        rows.append(("Network", _said(networks[0]), _said(networks[1])))
    here, there = a.run.environment, b.run.environment
    for key, title in ENVIRONMENT.items():
        if key in here and key in there:
            rows.append((title, _said(here[key]), _said(there[key])))
    return [Difference(*row) for row in rows if row[1] != row[2]]


def at_once(settings: Settings, more: str = "") -> str:
    """How many tasks run at once, followed by `more`; or that there is never more than one."""
    if settings.runner == BLOCKING or settings.workers == 1:
        return "one after the other"
    return f"{settings.workers:,}{more}"


def _measured(
    name: str, a: float, b: float, said: Callable[[float], str], *, least: float = 0.0, fair: bool = True
) -> Difference:
    """A row of a figure of which less is better, where it is fair to say so; `least` is as in `_judge`."""
    text, lower = _judge(a, b, least)
    return Difference(name, said(a), said(b), text, lower if fair else "")


def _speed(a: Side, b: Side, fair: bool) -> list[Difference]:
    fair = fair and a.unit == b.unit
    times = a.run.wall_s, b.run.wall_s
    wall = _measured("Wall time", *times, formatting.seconds, fair=fair)
    texts = formatting.short_rate(a.run.per_s, a.unit), formatting.short_rate(b.run.per_s, b.unit)
    if a.unit != b.unit:
        return [wall, Difference("Throughput", *texts, "other units")]
    said, lower = _judge(a.run.per_s, b.run.per_s)
    return [wall, Difference("Throughput", *texts, said, {"A": "B", "B": "A"}.get(lower, "") if fair else "")]


def _window(a: Run, b: Run) -> list[Difference]:
    first, second = a.lag, b.lag
    if first is None and second is None:
        return []
    if first is None or second is None:
        known = [NOT_KNOWN if lag is None else "measured" for lag in (first, second)]
        return [Difference("Lag", known[0], known[1])]
    lags = {name: (getattr(first, name), getattr(second, name)) for name in LAGS}
    blocked = first.blocked_s, second.blocked_s
    return [
        *(_measured(f"Lag {name}", *ms, formatting.milliseconds, least=MIN_MS) for name, ms in lags.items()),
        _measured("Blocked", *blocked, formatting.seconds, least=MIN_MS / 1e3),
        _counted("Freezes", first.freezes, second.freezes),
    ]


def _costs(a: Run, b: Run, fair: bool) -> list[Difference]:
    first, second = a.resources, b.resources
    if first is None or second is None:
        return []
    figures = (
        ("Processor time", first.cpu_s, second.cpu_s, formatting.seconds, MIN_CPU_S, fair),
        ("Memory", first.peak_memory_mib, second.peak_memory_mib, formatting.memory, MIN_MEMORY_MIB, fair),
        ("Start-up", first.startup_s, second.startup_s, formatting.seconds, MIN_STARTUP_S, True),
    )
    return [
        _measured(name, one, other, said, least=least, fair=is_fair)
        for name, one, other, said, least, is_fair in figures
        if one is not None and other is not None
    ]


def _outcome(a: Run, b: Run) -> list[Difference]:
    one, other = a.recorder, b.recorder
    rows = (("Failed", one.failed, other.failed), ("Cancelled", one.cancelled, other.cancelled))
    return [_counted(*row) for row in rows if any(row[1:])]


def _counted(name: str, a: int, b: int) -> Difference:
    if a == b:
        return Difference(name, f"{a:,}", f"{b:,}", SAME, "")
    return Difference(name, f"{a:,}", f"{b:,}", _percent(a, b), "A" if a < b else "B")


def _judge(a: float, b: float, least: float = 0.0) -> tuple[str, str]:
    """B against A in percent, and which of the two is the lower; empty where they are the same.

    Args:
        a: the figure of run A, not below 0.
        b: that of run B.
        least: figures that differ by less than this are the same.
    """
    if abs(a - b) <= least or max(a, b) <= ALIKE * min(a, b):
        return SAME, ""
    return _percent(a, b), "A" if a < b else "B"


def _percent(a: float, b: float) -> str:
    """How much more or less B is: +90 %, −50 %, −99.7 %; all of −100 % only where nothing is left."""
    change = 100 * (b / a - 1) if a else math.inf
    if change > MAX_PERCENT:
        return f"over +{MAX_PERCENT} %"
    if -100 < change <= -99:
        return f"−{min(99.9, -change):.1f} %"
    return f"{change:+.0f} %".replace("-", "−")


def _params(a: Run, b: Run) -> list[tuple[str, Any, Any]]:
    """Every parameter that either has, with its two values; of other work only those of the runners."""
    first, second = a.settings.public_params, b.settings.public_params
    names = dict.fromkeys((*first, *second))
    if a.settings.workload != b.settings.workload:
        own = runner_params(a.settings.workload) & runner_params(b.settings.workload)
        names = {name: None for name in names if name in own}
    return [(name, first.get(name), second.get(name)) for name in names]


@functools.cache
def runner_params(workload: str) -> frozenset[str]:
    """The parameters that belong to the place and not to the work: those of all runners that the workload lacks."""
    known = lookup.entry("workloads", workload)
    work = {field.name for field in known.fields} if known is not None else set()
    return frozenset(field.name for entry in lookup.runners().values() for field in entry.fields) - work


def is_same_work(one: Settings, other: Settings) -> bool:
    """Whether two runs are to do the same tasks, wherever they run."""
    if (one.workload, one.tasks, one.seed) != (other.workload, other.tasks, other.seed):
        return False
    if one.params == other.params:
        return True
    own = runner_params(one.workload)
    first, second = ({name: value for name, value in each.params if name not in own} for each in (one, other))
    return first == second


def _name(parameter: str) -> str:
    return parameter.replace("_", " ")


def _said(value: Any) -> str:
    if value is None or value == "":
        return NOT_KNOWN
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:,}" if isinstance(value, int) else str(value)
