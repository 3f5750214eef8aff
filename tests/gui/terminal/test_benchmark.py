"""What a benchmark prints on terminals of several widths."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from gui.terminal.benchmark import fitting_table
from tests.support.sample_benchmarks import WORK, made_benchmark

SPEEDS = {("thread_pool", 1): (0.97, 0.99, 1.01), ("process_pool", 4): (11.1, 12.2, 13.3)}


def printed(width: int, lag: float | None) -> list[str]:
    """The lines of a table."""
    file = io.StringIO()
    console = Console(file=file, width=width, force_terminal=False)
    console.print(fitting_table(made_benchmark(SPEEDS, lag=lag), WORK, console))
    return file.getvalue().splitlines()


@pytest.mark.parametrize("lag", [None, 812.0])
@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_no_figure_is_cut(width: int, lag: float | None) -> None:
    lines = printed(width, lag)
    assert max(map(len, lines)) <= width
    assert not any("…" in line for line in lines)
    for heading in ("runner", "workers", "speed-up", *(["lag p99"] if lag is not None else [])):
        assert heading in lines[0]
    assert any("11 to 13" in line for line in lines)


def test_a_terminal_of_80_characters_has_room_for_all_but_the_lag() -> None:
    assert printed(80, None)[0].split()[-3:] == ["CPU", "memory", "start"]
    assert printed(200, 12.0)[0].split()[-4:] == ["p99", "CPU", "memory", "start"]
