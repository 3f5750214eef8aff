"""Versions of labs on the command line, with what their files say of how they are to be seen."""

from __future__ import annotations

import pytest

from workers.command_line.parser import parse
from workers.utils.errors import BadInput


def refused(*said: str) -> str:
    with pytest.raises(BadInput) as caught:
        parse(list(said))
    return str(caught.value)


def test_a_lab_runs_as_its_file_says_unless_somebody_says_otherwise() -> None:
    lab = parse(["--workload", "rounds.too_few"]).settings
    assert (lab.runner, lab.tasks, lab.workers, lab.switch_interval_ms) == ("thread_per_task", 4, 2, 0.5)
    said = ["--runner", "gui_thread", "--tasks", "2", "--workers", "3", "--switch-interval", "5"]
    lab = parse(["--workload", "rounds.too_few", *said]).settings
    assert (lab.runner, lab.tasks, lab.workers, lab.switch_interval_ms) == ("gui_thread", 2, 3, 5)
    assert refused("--workload", "rounds") == (
        "The lab rounds has no version of that name: choose rounds.free, rounds.barrier, rounds.one_dies, "
        "rounds.timeout, rounds.too_few."
    )
    assert "no memory" in refused("--workload", "rounds.barrier", "--runner", "process_pool")
