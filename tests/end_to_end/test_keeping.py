"""Runs that are kept and shared, as a process: saved, opened, exported, judged by a budget."""

from __future__ import annotations

import csv
import functools
import json
import signal
import zipfile
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.end_to_end.test_headless import SHORT
from tests.support.program import Ended, Program, clean_environment, run
from tests.support.report_shape import check_shape

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


EXPORTS = ("run.csv", "run.html", "run.trace.json")


def outputs(folder: Path) -> list[str]:
    """What lies in a test's folder beside the program's home."""
    return sorted(path.name for path in folder.iterdir() if path.name != "home")


class Saved(NamedTuple):
    """A short run, as it was saved and told."""

    file: Path
    ended: Ended


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Saved]:
    """Runs `--headless` or `--offscreen` once, saved and exported, and gives that to all who ask."""

    @functools.cache
    def save(how: str) -> Saved:
        folder = tmp_path_factory.mktemp("saved")
        (folder / "home").mkdir()
        file = folder / "run.thaw"
        exports = [word for name in EXPORTS for word in ("--export", str(folder / name))]
        words = [how, *SHORT, "--json", "--save", str(file), *exports]
        ended = run(words, clean_environment(folder / "home"))
        assert (ended.code, ended.err) == (0, "")
        assert outputs(folder) == sorted([*EXPORTS, "run.thaw"])
        return Saved(file, ended)

    return save


@pytest.mark.parametrize("how", ["--headless", "--offscreen"])
def test_a_run_is_saved_and_told_again_and_json_is_all_that_is_printed(
    how: str, environment: dict[str, str], saved: Callable[[str], Saved]
) -> None:
    file, ended = saved(how)
    report = json.loads(ended.out)
    again = run(["--headless", "--open", str(file), "--json"], environment)
    assert (again.code, again.err) == (0, "")
    told = json.loads(again.out)
    check_shape(told)
    assert told == {
        **report,
        "wall_s": pytest.approx(report["wall_s"], abs=1e-5),
        "tasks_per_s": pytest.approx(report["tasks_per_s"], rel=1e-4),
        "amount": {**report["amount"], "per_s": pytest.approx(report["amount"]["per_s"], rel=1e-4)},
    }
    assert (told["gui"] is None) == (how == "--headless")


@pytest.mark.parametrize("how", ["--headless", "--offscreen"])
def test_a_run_is_exported_as_everything(how: str, saved: Callable[[str], Saved]) -> None:
    folder = saved(how).file.parent
    with (folder / "run.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["state"] for row in rows] == ["done"] * 5
    events = json.loads((folder / "run.trace.json").read_text())["traceEvents"]
    assert sum(event["ph"] == "X" and event["cat"] == "running" for event in events) == 5
    page = (folder / "run.html").read_text(encoding="utf-8")
    assert "5 tasks done in" in page
    assert ("Lag of the window" in page) == (how == "--offscreen")


def test_a_saved_run_is_exported_later(
    environment: dict[str, str], tmp_path: Path, saved: Callable[[str], Saved]
) -> None:
    file, page = saved("--headless").file, tmp_path / "run.html"
    ended = run(["--headless", "--open", str(file), "--export", str(page)], environment)
    assert (ended.code, ended.err) == (0, "")
    assert "ThreadPoolExecutor" in ended.out
    assert ended.out.splitlines()[-1].startswith("5 tasks done in ")
    assert "5 tasks done in" in page.read_text(encoding="utf-8")


def test_a_saved_run_is_judged_later(environment: dict[str, str], saved: Callable[[str], Saved]) -> None:
    file = saved("--offscreen").file
    ended = run(["--headless", "--open", str(file), "--budget", "done=5,lag_max<0"], environment)
    assert ended.code == 1
    assert ended.err.startswith("kept: done is 5, the budget says = 5\n")
    assert ended.err.splitlines()[1].startswith("missed: lag_max is ")


def test_a_run_without_a_window_has_no_lag_to_judge(
    environment: dict[str, str], saved: Callable[[str], Saved]
) -> None:
    file = saved("--headless").file
    ended = run(["--headless", "--open", str(file), "--budget", "lag_p95<50"], environment)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "thaw: lag_p95 cannot be judged: the run had no window. Leave it out of --budget.\n"


@pytest.mark.parametrize(
    ("budget", "code"),
    [
        pytest.param("failed=0,done=5,wall_s<60", 0, marks=pytest.mark.long),
        ("failed=0,tasks_per_s>1e9", 1),
    ],
)
def test_a_budget_decides_the_exit_code(budget: str, code: int, environment: dict[str, str]) -> None:
    ended = run(["--headless", *SHORT, "--json", "--budget", budget], environment)
    assert ended.code == code
    lines = ended.err.splitlines()
    assert len(lines) == budget.count(",") + 1
    assert lines[0] == "kept: failed is 0, the budget says = 0"
    assert lines[-1].startswith("missed: tasks_per_s is " if code else "kept: wall_s is ")
    report = json.loads(ended.out)
    assert [each["kept"] for each in report["budget"]][-1] is not bool(code)


def test_ctrl_c_is_ctrl_c_whatever_the_budget(environment: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "run.thaw"
    arguments = [
        "--headless",
        "--workload",
        "primes",
        "--tasks",
        "100000",
        "--budget",
        "done=1",
        "--save",
        str(file),
    ]
    with Program(arguments, environment) as program:
        program.wait_until_busy()
        program.signal(signal.SIGINT)
        assert program.wait().code == 130
    assert outputs(tmp_path) in ([], ["run.thaw"]), "and no part of a file"


def test_a_file_that_was_there_is_replaced_or_left(environment: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "run.thaw"
    file.write_text("before")
    missing = ["--workload", "download", "--param", f"urls={tmp_path / 'nowhere'}"]
    assert run(["--headless", *missing, "--save", str(file)], environment).code == 2
    assert file.read_text() == "before"
    assert run(["--headless", *SHORT, "--save", str(file)], environment).code == 0
    assert zipfile.is_zipfile(file)


def test_a_window_shows_a_saved_run_and_leaves(
    environment: dict[str, str], tmp_path: Path, saved: Callable[[str], Saved]
) -> None:
    file, page, shot = saved("--offscreen").file, tmp_path / "run.html", tmp_path / "window.png"
    arguments = ["--offscreen", "--open", str(file), "--export", str(page), "--screenshot", str(shot)]
    ended = run([*arguments, "--budget", "done=5"], environment)
    assert (ended.code, ended.err) == (0, "kept: done is 5, the budget says = 5\n")
    assert ended.out.startswith("5 tasks done in ")
    assert "Lag of the window" in page.read_text(encoding="utf-8")
    assert shot.is_file()
