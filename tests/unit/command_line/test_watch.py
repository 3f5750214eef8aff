"""--watch: where the line is cut, and what means nothing beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from workers.command_line.parser import parse
from workers.command_line.watch import cut
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.py").write_text("print(1)\n")


def test_the_line_is_cut_at_watch() -> None:
    assert cut(["--json", "--watch", "a.py", "--watch", "", "--"]) == (
        ["--json"],
        ["a.py", "--watch", "", "--"],
    )
    assert cut(["--watch=a.py", "-m"]) == ([], ["a.py", "-m"])
    assert cut(["--json"]) == (["--json"], None)


def test_what_follows_the_program_is_its_own() -> None:
    words = ("--json", "--", "-m", "", "--headless", "--no-such-option")
    options = parse(["--headless", "--watch", "app.py", *words])
    assert options.watch is not None
    assert options.watch.arguments == words
    assert (options.headless, options.json, options.start) == (True, False, False)


def test_options_before_it_are_thaws() -> None:
    files = "--report r.json --export r.html --save r.thaw"
    options = parse(f"--headless --json --budget lag_p99<100,freezes=0 {files} --watch app.py".split())
    assert [condition.name for condition in options.budget] == ["lag_p99", "freezes"]
    assert options.report is not None
    assert options.save is not None
    assert len(options.exports) == 1


@pytest.mark.parametrize(
    "line",
    [
        "--workload sleep",
        "--runner qthread",
        "--tasks 2",
        "--compare",
        "--start",
        "--benchmark",
        "--param a=1",
        "--network fair",
        "--lessons",
    ],
)
def test_options_of_runs_mean_nothing_beside_it(line: str) -> None:
    option = line.partition(" ")[0]
    with pytest.raises(BadInput, match=f"{option} does not go with --watch"):
        parse([*line.split(), "--watch", "app.py"])


def test_a_picture_needs_a_window() -> None:
    with pytest.raises(BadInput, match="no window to take a picture"):
        parse(["--headless", "--screenshot", "a.png", "--watch", "app.py"])


def test_a_run_to_compare_with_needs_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "run.thaw").write_bytes(b"")
    assert parse(["--headless", "--open", "run.thaw", "--watch", "app.py"]).open is not None
    with pytest.raises(BadInput, match="add --headless"):
        parse(["--open", "run.thaw", "--watch", "app.py"])


def test_a_budget_needs_an_end() -> None:
    with pytest.raises(BadInput, match="--budget is judged when the program leaves"):
        parse(["--budget", "freezes=0", "--watch", "app.py"])
