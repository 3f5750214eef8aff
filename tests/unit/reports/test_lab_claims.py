"""What a lab says of a run of which there is nothing to be counted, or of which what it claims is not so."""

from __future__ import annotations

from tests.support.finished_runs import made_run
from workers.catalog import labs
from workers.engine.plan import Settings
from workers.reports.labs.claims import said


def test_a_run_whose_tasks_all_failed_at_once_is_said_nothing_of() -> None:
    run = made_run(failed=4)
    run.settings = Settings.of_lab(labs.versions()["counter.call"])
    assert said(run) == []


def test_what_is_not_so_is_not_said_and_its_figures_are() -> None:
    run = made_run(tasks=2)
    run.settings = Settings.of_lab(labs.versions()["transfer.crossed"])
    told = said(run)
    assert len(told) == 1
    assert told[0].startswith("payments ")
    assert "deadlocks 0" in told[0]
