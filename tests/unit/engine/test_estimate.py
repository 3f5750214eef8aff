"""How long a run will block the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import finished_runs
from tests.support.finished_runs import WORK, made_run
from workers.engine.plan import Settings
from workers.engine.run import blocking_seconds

if TYPE_CHECKING:
    from workers.engine.run import Run


def settings(tasks: int = 6, **params: object) -> Settings:
    return Settings.named("gui_thread", WORK, tasks, 2, tuple(params.items()))


def test_an_earlier_blocking_run_of_the_same_work_tells() -> None:
    runs = [made_run("gui_thread", wall_s=8.0), made_run("gui_thread", wall_s=4.0), made_run(wall_s=1.0)]
    assert blocking_seconds(settings(tasks=6), runs) == pytest.approx(6.0), "the latest: 4 s for 4 tasks"


@pytest.mark.parametrize(
    "run",
    [
        made_run("gui_thread", wall_s=100.0, cancelled=1),
        made_run("gui_thread", wall_s=100.0, failed=1),
        made_run("thread_pool", wall_s=100.0),
        made_run("gui_thread", wall_s=100.0, params=(("count", 8),)),
    ],
    ids=["cancelled", "failed", "elsewhere", "other parameters"],
)
def test_other_runs_tell_nothing(run: Run) -> None:
    assert blocking_seconds(settings(tasks=6), [run]) == pytest.approx(6 * 1.5), "what the workload itself says"


def test_the_workload_guesses_from_its_parameters() -> None:
    assert blocking_seconds(settings(tasks=2, count=10, other=1), []) == pytest.approx(10.0)


def test_where_nobody_knows_it_is_nought(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(finished_runs, "seconds")
    assert blocking_seconds(settings(), []) == 0.0
