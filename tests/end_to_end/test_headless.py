"""`--headless` as a process: the report and the table of each runner, and of a comparison."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.program import MAIN, START_S, run
from tests.support.report_shape import check_shape

if TYPE_CHECKING:
    from pathlib import Path

SHORT = ("--workload", "sleep", "--param", "seconds=0.02", "--tasks", "5")


@pytest.mark.parametrize(
    "runner",
    [
        "thread_pool",
        "process_pool",
        *(pytest.param(name, marks=pytest.mark.long) for name in ("gui_thread", "qthread")),
    ],
)
def test_the_report_goes_to_the_terminal_and_to_a_file(
    runner: str, environment: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "report.json"
    ended = run(
        [
            "--headless",
            "--runner",
            runner,
            *SHORT,
            "--workers",
            "3",
            "--seed",
            "7",
            "--json",
            "--report",
            str(file),
        ],
        environment,
    )
    assert (ended.code, ended.err) == (0, "")
    report = json.loads(ended.out)
    check_shape(report)
    assert report == json.loads(file.read_text())
    assert report["run"] == {
        "runner": runner,
        "workload": "sleep",
        "tasks": 5,
        "workers": 3,
        "params": {"seconds": 0.02},
        "seed": 7,
    }
    assert report["counts"] == {"done": 5, "failed": 0, "cancelled": 0}
    assert report["amount"]["unit"] == "seconds"
    assert report["amount"]["total"] == pytest.approx(0.1)
    least = 0.1 if runner == "gui_thread" else 0.04
    assert least <= report["wall_s"] < START_S
    assert report["tasks_per_s"] == pytest.approx(5 / report["wall_s"], rel=0.01)
    assert report["amount"]["per_s"] == pytest.approx(0.1 / report["wall_s"], rel=0.01)
    assert report["gui"] is None
    assert report["errors"] == []
    # And no half of a report.
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "report.json"]


def test_the_log_tells_each_phase_on_standard_error_alone(environment: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    arguments = ["--headless", *SHORT, "--json", "--report", str(file)]
    ended = run(arguments, {**environment, "THAW_LOG": "info"})
    assert ended.code == 0
    check_shape(json.loads(ended.out))
    lines = [line.split(maxsplit=2)[1:] for line in ended.err.splitlines()]
    assert {level for level, _ in lines} == {"INFO"}
    words = [words for _, words in lines if not words.startswith("server ready")]  # whenever that is
    begins = (
        "Thaw ",
        "run begun: sleep on",
        "run ended: sleep on",
        f"saved {file}",
        "leaving with exit code 0",
    )
    assert len(words) == len(begins)
    assert all(line.startswith(begin) for line, begin in zip(words, begins, strict=True)), words


def test_the_downloads_need_nothing_but_this_machine(environment: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    ended = run(
        [
            "--headless",
            *("--workload", "download", "--tasks", "6", "--workers", "6", "--json"),
            "--param",
            f"folder={folder}",
        ],
        environment,
    )
    assert (ended.code, ended.err) == (0, "")
    report = json.loads(ended.out)
    assert report["counts"] == {"done": 6, "failed": 0, "cancelled": 0}
    files = list(folder.iterdir())
    assert len(files) == 6
    assert sum(file.stat().st_size for file in files) == report["amount"]["total"]


def test_the_table_is_whole_and_the_verdict_follows(environment: dict[str, str]) -> None:
    ended = run(["--headless", *SHORT, "--workers", "5"], environment)
    assert (ended.code, ended.err) == (0, "")
    for word in (
        "runner",
        "ThreadPoolExecutor",
        "workload",
        "sleep",
        "tasks",
        "throughput",
        "cancelled",
        "s of waiting per s",
    ):
        assert word in ended.out
    assert "…" not in ended.out
    assert max(map(len, ended.out.splitlines())) <= 80
    assert ended.out.splitlines()[-1].startswith("5 tasks done in ")


def test_a_comparison_has_two_runs_and_a_verdict(environment: dict[str, str], tmp_path: Path) -> None:
    file, kept = tmp_path / "report.json", tmp_path / "both.thaw"
    arguments = [
        "--headless",
        "--compare",
        "--runner",
        "qthread",
        *SHORT,
        "--workers",
        "5",
        "--report",
        str(file),
        "--save",
        str(kept),
    ]
    ended = run(arguments, environment)
    assert (ended.code, ended.err) == (0, "")
    again = run(["--headless", "--open", str(kept)], environment)
    assert (again.code, again.out) == (0, ended.out)
    assert "one after the other" in ended.out
    report = json.loads(file.read_text())
    assert list(report) == ["runs", "verdict"]
    blocking, other = report["runs"]
    for each in (blocking, other):
        check_shape(each)
        assert each["counts"]["done"] == 5
    assert (blocking["run"]["runner"], other["run"]["runner"]) == ("gui_thread", "qthread")
    assert blocking["wall_s"] > other["wall_s"]
    assert report["verdict"] == ended.out.splitlines()[-1]
    assert "× as fast" in report["verdict"]


def test_failed_tasks_are_told_with_their_errors(environment: dict[str, str], tmp_path: Path) -> None:
    addresses = tmp_path / "addresses.txt"
    addresses.write_text("http://127.0.0.1:9/nothing.jpg\nhttp://127.0.0.1:9/nothing-else.jpg\n")
    ended = run(
        ["--headless", "--workload", "download", "--param", f"urls={addresses}", "--json"],
        environment,
    )
    assert ended.code == 1
    report = json.loads(ended.out)
    check_shape(report)
    assert report["counts"] == {"done": 0, "failed": 2, "cancelled": 0}
    assert len(report["errors"]) == 2
    for error in report["errors"]:
        assert "nothing" in error["task"]
        assert "127.0.0.1 cannot be reached" in error["error"]
        assert error["traceback"].startswith("Traceback")


@pytest.mark.parametrize("form", [pytest.param(["--json"], marks=pytest.mark.long), []])
def test_a_reader_that_leaves_is_no_error(form: list[str], environment: dict[str, str]) -> None:
    command = [sys.executable, str(MAIN), "--headless", *SHORT, *form]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.close()
        assert program.wait(START_S) == 0
        assert program.stderr.read() == b""
