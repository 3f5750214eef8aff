"""What a lab says of a run of which there is nothing to be counted."""

from __future__ import annotations

from tests.support.finished_runs import made_run
from workers.catalog import labs
from workers.engine.plan import Settings
from workers.reports.labs.claims import said


def test_a_run_whose_tasks_all_failed_at_once_is_said_nothing_of() -> None:
    run = made_run(failed=4)
    run.settings = Settings.of_lab(labs.versions()["counter.call"])
    assert said(run) == []
