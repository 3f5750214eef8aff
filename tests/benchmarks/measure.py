"""A measurement: it starts its processes one after the other and returns what it read, for one figure or several."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from tests.benchmarks.program import HERE
from tests.benchmarks.sizes import SMOKE
from workers.image_server.conditions import NetworkConditions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.benchmarks.figures import Wanted
    from tests.benchmarks.program import Bench
    from workers.image_server.process import ImageServer

SERVER = NetworkConditions(latency_ms=50.0, spread=0.0, bandwidth_kib=0.0)

Tell = Callable[[str], None]
Values = dict[str, list[float]]
Own = TypeVar("Own")
Other = TypeVar("Other")


class Measure(NamedTuple):
    """A measurement.

    Attributes:
        wanted: the figures that it gives.
        take: takes it: the number of processes and a function that hears of each; returns the values of each figure.
    """

    wanted: tuple[Wanted, ...]
    take: Callable[[Bench, int, Tell], Values]


def write_urls(bench: Bench, server: ImageServer, count: int) -> Path:
    """A file with the addresses of pictures that the server has."""
    path = bench.new_folder() / "urls.txt"
    path.write_text("".join(f"{server.url()}/pictures/{number}\n" for number in range(count)))
    return path


def plain_download(urls: Path, workers: int) -> tuple[str | Path, ...]:
    """The command line of a plain script with a Session in each of its threads, which saves in its own folder."""
    return (HERE / "plain/download.py", "--urls", urls, "--folder", ".", "--workers", str(workers))


def turns(runs: int, other: Callable[[], Other], own: Callable[[], Own]) -> Iterator[tuple[Other, Own, Other]]:
    """Other, own, other, own, ..., other; gives each run of our own between the other side's before and after it.

    Small, the other side is run once, which stands for both.
    """
    before = other()
    for _ in range(runs):
        found = own()
        after = before if SMOKE else other()
        yield before, found, after
        before = after
