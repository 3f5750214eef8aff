"""`--benchmark` as a process: the table and the files of a tiny matrix, bad input, and Ctrl+C."""

from __future__ import annotations

import json
import signal
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.support.program import Ended, Program, clean_environment, run, wait_until

if TYPE_CHECKING:
    from pathlib import Path

TINY = (
    *(
        "--benchmark",
        "--runners",
        "thread_pool,qthread",
        "--workloads",
        "sleep",
        "--workers",
        "1,2",
        "--repeat",
        "2",
    ),
    *("--tasks", "2", "--param", "seconds=0.05"),
)


FILES = ("report.json", "a.csv", "a.html", "a.json")


class Tiny(NamedTuple):
    """A benchmark that has ended, and the folder that it wrote to."""

    ended: Ended
    folder: Path


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tiny]:
    """One without a window and one off screen that writes files: beside each other, for they sleep."""
    folders = {name: tmp_path_factory.mktemp("tiny") for name in ("--headless", "files")}
    report, *exports = (folders["files"] / name for name in FILES)
    files = ["--report", str(report), *(word for path in exports for word in ("--export", str(path)))]

    def measure(name: str) -> Tiny:
        home = folders[name] / "home"
        home.mkdir()
        arguments = ["--offscreen", *TINY, *files] if name == "files" else [name, *TINY]
        return Tiny(run(arguments, clean_environment(home), 60), folders[name])

    with ThreadPoolExecutor(len(folders)) as pool:
        return dict(zip(folders, pool.map(measure, folders), strict=True))


@pytest.mark.parametrize("how", ["--headless", "files"])
def test_the_table_and_the_findings_go_to_the_terminal(how: str, tiny: dict[str, Tiny]) -> None:
    ended = tiny[how].ended
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert "Sleep (waits only): 2 tasks, seconds=0.05; speeds in seconds" in ended.out
    assert [line.split()[0] for line in lines if line.startswith(("gui_thread", "thread_pool", "qthread"))] == [
        *("gui_thread", "thread_pool", "qthread", "thread_pool", "qthread")
    ]
    assert "Sleep (waits only), on " in ended.out
    assert ended.out.rstrip().endswith("Medians of 2 runs.")
    assert ("lag p99" in ended.out) is (how == "files")
    assert "…" not in ended.out


def test_the_whole_of_it_goes_to_files(tiny: dict[str, Tiny]) -> None:
    ended, folder = tiny["files"]
    paths = [folder / name for name in FILES]
    assert (ended.code, ended.err) == (0, "")
    report = json.loads(paths[0].read_text())
    assert report == json.loads(paths[3].read_text())
    assert report["benchmark"]["done"] == report["benchmark"]["runs"] == 10
    assert all(cell["runs"] == 2 for cell in report["cells"])
    assert all(cell["lag_p99_ms"] is not None for cell in report["cells"])
    two = next(cell for cell in report["cells"] if (cell["runner"], cell["workers"]) == ("thread_pool", 2))
    assert 0 < two["speed_up"]["low"] <= two["speed_up"]["median"]
    assert len(paths[1].read_text().splitlines()) == 6
    assert paths[2].read_text().startswith("<!DOCTYPE html>")
    assert {path.name for path in folder.iterdir()} == {"home", *(path.name for path in paths)}


def test_bad_input_is_one_sentence(environment: dict[str, str]) -> None:
    ended = run(["--headless", "--benchmark", "--runners", "qt_network", "--workloads", "sleep"], environment)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("thaw: QNetworkAccessManager only downloads")
    assert len(ended.err.splitlines()) == 1


@pytest.mark.parametrize("how", ["--headless", pytest.param("--offscreen", marks=pytest.mark.long)])
def test_ctrl_c_keeps_what_is_done(how: str, environment: dict[str, str], tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    arguments = [
        how,
        "--benchmark",
        "--runners",
        "thread_pool",
        "--workloads",
        "sleep,hashing",
        "--workers",
        "1",
    ]
    sizes = ["--tasks", "1", "--param", "seconds=0.01", "--param", "megabytes=100000", "--repeat", "1"]
    told = {**environment, "THAW_LOG": "debug"}
    with Program([*arguments, *sizes, "--export", str(table)], told) as program:
        # It goes on for minutes; the sleeping is done.
        wait_until(lambda: "run begun: hashing" in program.said()[1], "a program that hashes", 60)
        program.signal(signal.SIGINT)
        ended = program.wait(10)
    assert ended.code == 130
    assert {line.split()[1] for line in ended.err.splitlines()} == {"DEBUG", "INFO"}, "no more than the log"
    assert "Sleep (waits only), on " in ended.out
    assert "Cancelled after 2 of 4 runs." in ended.out
    assert [line.split(",")[:2] for line in table.read_text().splitlines()[1:]] == [
        ["gui_thread", "sleep"],
        ["thread_pool", "sleep"],
    ]
