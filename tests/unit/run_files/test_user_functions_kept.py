"""What is kept of a run of a person's own function: named as people name it, readable when the function has gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.image_site import NoServer
from workers.catalog import user_names
from workers.engine.plan import Plan, Settings
from workers.engine.run import Run
from workers.engine.session import Session
from workers.engine.task import drive_to_end
from workers.exports import export_run
from workers.reports.differences import Side, differences, unfair
from workers.reports.summary import report
from workers.run_files.reader import open_run
from workers.run_files.writer import drain, save_run
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

    from workers.engine.task import TaskEvent


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's folder."""
    monkeypatch.setenv("HOME", str(tmp_path / "somebody"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "somebody"))
    (tmp_path / "somebody").mkdir()
    return tmp_path / "somebody"


@pytest.fixture
def run(home: Path) -> Run:
    """It has ended, and its file has gone."""
    file = home / "mine.py"
    file.write_text("def work(size: int = 3): return size\n")
    made = Run(Plan(Settings.named("thread_pool", f"{file}:work", 2, 1, (("size", 5),)), lambda: ""), 0)
    told: list[TaskEvent] = []
    for task in made.source:
        drive_to_end(task, told.append, made.control, "pool 0")
    made.recorder.fold(told)
    made.ended = made.recorder.last_final
    file.unlink()
    return made


def test_a_file_of_a_run_opens_where_its_function_is_unknown(run: Run, tmp_path: Path, home: Path) -> None:
    path = tmp_path / "a.thaw"
    drain(save_run(run, path))
    again = drain(open_run(path))
    assert again.settings.workload == "~/mine.py:work"
    assert user_names.title(again.settings.workload) == "work (mine.py)"
    assert (again.recorder.done, again.plan.title(1), again.plan.unit) == (2, "work 2", "calls")
    assert str(home).encode() not in path.read_bytes()
    with pytest.raises(BadInput, match="There is no file"):
        Session(print, NoServer()).start(again.settings)


@pytest.mark.parametrize("suffix", [".csv", ".html", ".json"])
def test_what_is_given_to_others_has_no_folders_in_it(
    run: Run, tmp_path: Path, home: Path, suffix: str
) -> None:
    path = tmp_path / f"a{suffix}"
    drain(export_run(run, path))
    text = path.read_text()
    assert str(home) not in text
    assert ("work 2" if suffix == ".csv" else "work (mine.py)") in text
    assert report(run)["run"]["workload"] == "mine.py:work"


def test_two_runs_of_it_can_be_compared(run: Run) -> None:
    sides = [Side(run, "Pool", user_names.title(run.settings.workload), "calls")] * 2
    assert unfair(*sides) == ""
    assert not [row for row in differences(*sides) if row.name in {"Workload", "size"}]
