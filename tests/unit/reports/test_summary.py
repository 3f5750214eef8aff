"""The report: the keys that other tools rely on, as JSON that any of them can read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.finished_runs import STARTED, WORK, lag_of, made_run
from tests.support.report_shape import KEYS, check_shape
from tests.support.system_words import NO_FILE
from workers.image_server.conditions import PROFILES
from workers.monitors.freeze import Freeze, Line
from workers.monitors.resources import Resources
from workers.reports.budget import judge, parse_budget
from workers.reports.summary import VERSION, check_writable, report, usable_cpus, write

if TYPE_CHECKING:
    from pathlib import Path


def as_read(content: dict[str, Any]) -> Any:
    """The report as another tool reads it; what is no JSON, such as NaN, is refused."""
    return json.loads(json.dumps(content, allow_nan=False))


def test_the_keys_are_those_that_were_promised() -> None:
    run = made_run(lag=lag_of(510))
    run.resources = Resources(1.23456, None, 0.5)
    found = as_read(report(run))
    check_shape(found)
    assert found["gui"] is not None
    assert found["resources"] == {"cpu_s": 1.235, "peak_memory_mib": None, "startup_s": 0.5}
    assert found["thaw"] == VERSION


def test_the_network_conditions_are_told_of_runs_that_used_the_image_server() -> None:
    run = made_run()
    assert "weather" not in report(run)["run"]
    run.network = PROFILES["stormy"]
    told = as_read(report(run))["run"]["weather"]
    assert (told["cut_rate"], told["seed"], told["latency_ms"]) == (0.12, 1, 400)


def test_the_figures_are_those_of_the_run() -> None:
    run = made_run(tasks=5, failed=1, cancelled=1, wall_s=2.0, lag=lag_of(1010), params=(("count", 3),), seed=7)
    run.frames = 50
    found = as_read(report(run))
    assert found["run"] == {
        "runner": "thread_pool",
        "workload": WORK,
        "tasks": 5,
        "workers": 2,
        "params": {"count": 3},
        "seed": 7,
    }
    assert found["wall_s"] == 2.0
    assert found["counts"] == {"done": 3, "failed": 1, "cancelled": 1}
    assert found["amount"] == {"unit": "steps", "total": 30.0, "per_s": 15.0}
    assert found["tasks_per_s"] == 1.5
    assert found["gui"]["beats"] == 101
    assert found["gui"]["lag_ms"]["max"] == pytest.approx(1000)
    assert found["gui"]["blocked_s"] == found["gui"]["longest_freeze_s"] == 1.0
    assert found["gui"]["freezes"] == 1
    assert found["gui"]["frames_per_s"] == 25.0
    assert len(found["errors"]) == 1
    assert list(found["errors"][0]) == ["task", "error", "traceback"]
    assert found["errors"][0]["error"] == "ValueError: nothing there"


def test_freezes_are_told_with_their_guilty_lines() -> None:
    run = made_run(lag=lag_of(1010))
    line = Line("work.py", 3, "compute", "total += 1")
    run.freezes = [
        Freeze(STARTED + 0.5, STARTED + 1.51, "python", "GUI thread", (line,), 0, ((3, "total += 1"),), 9, 1.0),
        Freeze(STARTED + 1.6, STARTED + 1.9, "c_gil", "pool 0", (), -1, (), 0, 0.0),
    ]
    first, second = as_read(report(run))["gui"]["freeze_causes"]
    assert first == {
        **{"at_s": 0.5, "lag_s": 1.0, "kind": "python", "what": "computed in Python", "holder": "GUI thread"},
        "line": {"file": "work.py", "number": 3, "function": "compute", "text": "total += 1"},
    }
    assert (second["holder"], second["line"]) == ("pool 0", None)


def test_a_budget_is_part_of_the_report_where_there_is_one() -> None:
    run = made_run()
    found = as_read(report(run, judge(parse_budget("failed=0, done<3"), run)))
    assert list(found) == [*KEYS, "budget"]
    assert found["budget"][0] == {
        "name": "failed",
        "operator": "=",
        "limit": 0.0,
        "measured": 0.0,
        "kept": True,
    }
    assert found["budget"][1]["kept"] is False


def test_the_environment_of_a_run_from_a_file_is_that_of_its_making() -> None:
    run = made_run()
    run.environment = {"python": "3.14.0", "thaw": "0.0.9"}
    found = as_read(report(run))
    assert (found["thaw"], found["environment"]) == ("0.0.9", {"python": "3.14.0"})


def test_there_is_no_gui_without_a_window() -> None:
    assert as_read(report(made_run()))["gui"] is None


def test_a_run_that_took_no_time_has_no_rates() -> None:
    found = as_read(report(made_run(tasks=3, cancelled=3, wall_s=0.0, lag=lag_of())))
    assert found["tasks_per_s"] == 0.0
    assert found["amount"]["per_s"] == 0.0
    assert found["gui"]["frames_per_s"] == 0.0


def test_there_is_a_processor() -> None:
    assert usable_cpus() >= 1


def test_a_report_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text("before")
    write(path, {"a": "ä"})
    assert json.loads(path.read_text(encoding="utf-8")) == {"a": "ä"}
    assert list(tmp_path.iterdir()) == [path]


def test_a_report_that_cannot_be_made_leaves_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text("before")
    with pytest.raises(TypeError):
        write(path, {"a": object()})
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_looking_whether_a_path_can_be_written_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    check_writable(path)
    path.write_text("before")
    check_writable(path)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_paths_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is a folder"):
        check_writable(tmp_path)
    with pytest.raises(ValueError, match=rf"cannot be written \({NO_FILE}\)"):
        check_writable(tmp_path / "nowhere" / "run.json")
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match="cannot be written"):
        check_writable(tmp_path / "file" / "run.json")
