"""What a card says of a freeze, in the window and in reports: who did what, where and when, and which are alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..catalog.user_names import base
from ..monitors.freeze import GUI, KINDS
from ..utils import formatting
from .labs.reasons import waited_for_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ..engine.run import Run
    from ..monitors.freeze import Freeze

AROUND = 3
"""So many lines before the guilty one are shown, and as many after it: a card fits the panel of a small window."""

NO_STACK = "no stack of it could be taken"


class Group(NamedTuple):
    """Freezes that have the same line to blame, and did the same.

    Attributes:
        freezes: the longest first.
    """

    freezes: tuple[Freeze, ...]

    @property
    def longest(self) -> Freeze:
        return self.freezes[0]

    def was_at(self, moment: float | None) -> bool:
        """Whether one of them was at a moment, in seconds of `time.perf_counter`."""
        return moment is not None and any(freeze.started <= moment <= freeze.ended for freeze in self.freezes)

    @property
    def holders(self) -> list[str]:
        return list(dict.fromkeys(freeze.holder for freeze in self.freezes))


def told_of(freezes: Sequence[Freeze]) -> Freeze | None:
    """The one of a run that its hint and its line of reason speak of: the longest whose line is known, if one's is."""
    return max(freezes, key=lambda freeze: (freeze.line is not None, freeze.lag_s), default=None)


def groups(freezes: Iterable[Freeze]) -> list[Group]:
    """All freezes in groups, the one with the longest freeze first."""
    found: dict[tuple[object, ...], list[Freeze]] = {}
    for freeze in sorted(freezes, key=lambda freeze: -freeze.lag_s):
        line = freeze.line
        # The threads of a pool do the same work: which of them it was makes no other freeze. The GUI thread's does.
        where = (line.file, line.number) if line is not None else ("", 0)
        found.setdefault((*where, freeze.kind, freeze.holder == GUI), []).append(freeze)
    return [Group(tuple(alike)) for alike in found.values()]


def what_text(group: Group, run: Run) -> str:
    """Which thread did what while the window stood still in a run."""
    freeze, holders = group.longest, group.holders
    if freeze.kind == "unknown" or freeze.kind not in KINDS:
        return "What the program did meanwhile is not known."
    if holders == [GUI]:
        is_known = freeze.kind == "lock" and run.settings.runner_entry.traits.gil == "gui"
        awaited = waited_for_in(run, freeze.started, freeze.ended) if is_known else ""
        return f"{_loop_thread(run)} {f'was waiting for {awaited}' if awaited else KINDS[freeze.kind]}."
    if len(holders) == 1:
        return f'Thread "{holders[0]}" {KINDS[freeze.kind]}.'
    others = f"{len(holders) - 1} others" if len(holders) > 2 else f'"{holders[1]}"'
    return f'Threads "{holders[0]}" and {others} {KINDS[freeze.kind].replace("was ", "were ", 1)}.'


def _loop_thread(run: Run) -> str:
    """What is called the GUI thread; in a server that was watched it is none."""
    is_server = str(run.environment.get("event_loop", "")).startswith("asyncio")
    return "The event loop's thread" if is_server else "The GUI thread"


def when_text(group: Group, run: Run) -> str:
    """When in its run it was, or how many there were and which was the longest."""
    after = group.longest.started - run.started
    when = f"{formatting.seconds(after)} after Start" if after >= 0.001 else "from the start"
    count, total = len(group.freezes), formatting.seconds(sum(freeze.lag_s for freeze in group.freezes))
    return when if count == 1 else f"{count:,} times, {total} in all, the longest {when}"


def where_text(freeze: Freeze, name: Callable[[str], str] = base) -> str:
    """Which line is guilty, and in how many of the stacks that were taken; `name` says what its file is called."""
    line = freeze.line
    if line is None:
        return NO_STACK
    seen = (
        f" · seen in {round(freeze.share * freeze.samples)} of {freeze.samples} samples"
        if freeze.samples > 1
        else ""
    )
    return f"{name(line.file)}, line {line.number}, in {line.function}{seen}"


def nearby_lines(freeze: Freeze) -> list[tuple[int, str]]:
    """The guilty line and those around it, numbered; none where there is no source."""
    line = freeze.line
    if line is None:
        return []
    near = tuple(one for one in freeze.source if abs(one[0] - line.number) <= AROUND)
    return dedented(near or (((line.number, line.text),) if line.text else ()))


def dedented(source: tuple[tuple[int, str], ...]) -> list[tuple[int, str]]:
    """Numbered lines of source without the blanks that all of them begin with, and without blank lines at the end."""
    lines = [(number, text.expandtabs().rstrip()) for number, text in source]
    while len(lines) > 1 and not lines[-1][1]:
        del lines[-1]
    depth = min((len(text) - len(text.lstrip()) for _, text in lines if text), default=0)
    return [(number, text[depth:]) for number, text in lines]
