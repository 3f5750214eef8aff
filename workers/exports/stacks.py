"""Stack samples for other programs: folded, as flamegraph.pl, inferno and others read them, and for speedscope.app."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ..monitors.call_tree import short_name
from ..monitors.guilt import SourceFiles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..monitors.freeze import Stack

SCHEMA = "https://www.speedscope.app/file-format-schema.json"


def folded(stacks: Iterable[Stack]) -> Iterator[str]:
    """A line for each stack, in Brendan Gregg's format: `outer (file:line);inner (file:line) microseconds`.

    What names may hold that would break a line is replaced.
    """
    files = SourceFiles()
    for stack in stacks:
        names = (f"{function} ({short_name(file, files)}:{line})" for file, line, function in stack.calls)
        chain = ";".join(" ".join(name.replace(";", ",").split()) for name in names)
        yield f"{chain} {round(stack.seconds * 1e6)}\n"


def speedscope(name: str, stacks: Iterable[Stack]) -> Iterator[str]:
    """A file of the schema at SCHEMA with one profile, in microseconds.

    Equal stacks are one sample with the sum of their weights, so the view by time shows what took longest first, and
    not what was seen first.

    Args:
        name: what the profile is called.
        stacks: the samples.
    """
    files, frames = SourceFiles(), dict[tuple[str, int, str], int]()
    samples, weights = [], []
    for stack in stacks:
        samples.append([frames.setdefault(call, len(frames)) for call in stack.calls])
        weights.append(round(stack.seconds * 1e6))
    shared = [
        {"name": function, "file": short_name(file, files), "line": line} for file, line, function in frames
    ]
    profile = {
        "type": "sampled",
        "name": name,
        "unit": "microseconds",
        "startValue": 0,
        "endValue": sum(weights),
    }
    profile |= {"samples": samples, "weights": weights}
    whole = {"$schema": SCHEMA, "exporter": "Thaw", "shared": {"frames": shared}, "profiles": [profile]}
    yield json.dumps(whole) + "\n"
