"""The stacks of a run's freezes, as speedscope.app and tools of its kind read them: a profile for each freeze.

Its schema is at SCHEMA. Equal stacks of a freeze are one sample with the sum of their weights, so the view by time of
that program shows the longest first, and not the order in which they were seen.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..monitors.call_tree import short_name
from ..monitors.guilt import SourceFiles
from ..utils.formatting import seconds
from .folded import with_stacks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..engine.run import Run
    from ..monitors.freeze import Stack

TITLE = "Stacks of the freezes for speedscope.app"
SUFFIX = ".speedscope.json"
SCHEMA = "https://www.speedscope.app/file-format-schema.json"


def pieces(run: Run) -> Iterator[str]:
    """A profile for each freeze of which there are stacks."""
    return speedscope(
        (
            f"Freeze of {seconds(freeze.lag_s)}, {seconds(freeze.started - run.started)} after Start",
            freeze.stacks,
        )
        for freeze in with_stacks(run)
    )


def speedscope(profiles: Iterable[tuple[str, Iterable[Stack]]]) -> Iterator[str]:
    """The file, of profiles by their names; weights are in microseconds."""
    files, frames = SourceFiles(), dict[tuple[str, int, str], int]()
    found: list[dict[str, Any]] = []
    for name, stacks in profiles:
        samples, weights = [], []
        for stack in stacks:
            samples.append([frames.setdefault(call, len(frames)) for call in stack.calls])
            weights.append(round(stack.seconds * 1e6))
        found.append({"type": "sampled", "name": name, "unit": "microseconds", "startValue": 0})
        found[-1].update({"endValue": sum(weights), "samples": samples, "weights": weights})
        yield ""
    shared = [
        {"name": function, "file": short_name(file, files), "line": line} for file, line, function in frames
    ]
    whole = {"$schema": SCHEMA, "exporter": "Thaw", "shared": {"frames": shared}, "profiles": found}
    yield json.dumps(whole) + "\n"
