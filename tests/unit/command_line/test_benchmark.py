"""The command line of a benchmark: what its words mean, and a useful sentence for what cannot be done."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from workers.benchmark.choice import DEFAULT_REPEAT, DEFAULT_WORKERS, Choice
from workers.command_line.parser import parse
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WORK = '''"""Work."""
TITLE = "Work"
ORDER = 1


def work(*, size: int = 5):
    """Do.

    Args:
        size: how large (1 to 100)
    """
'''


@pytest.fixture(autouse=True)
def catalogue(write_catalogue: Callable[[dict[str, str]], Path]) -> None:
    """Some runners and workloads, one of each not available."""
    files = {
        "runners/gui_thread": 'TITLE = "GUI thread"\nORDER = 0\n',
        "runners/thread_pool": 'TITLE = "Pool"\nORDER = 1\nBENCHMARKED = 1\n',
        "runners/net": 'TITLE = "Net"\nORDER = 4\nONLY = ("other",)\nWHY_ONLY = "It waits for a network only."\n',
        "runners/lacking": 'TITLE = "Lacking"\nORDER = 2\nREQUIRES = ("no_such_package",)\n',
        "workloads/work": WORK,
        "workloads/other": 'TITLE = "Other"\nORDER = 2\n',
        "workloads/missing": 'TITLE = "Missing"\nORDER = 3\nREQUIRES = ("no_such_package",)\n',
    }
    write_catalogue(files)


def refused(arguments: str) -> str:
    with pytest.raises(BadInput) as caught:
        parse(arguments.split())
    return str(caught.value)


def chosen(arguments: str) -> Choice:
    choice = parse(["--benchmark", *arguments.split()]).benchmark
    assert choice is not None
    return choice


def test_nothing_said_means_what_is_available() -> None:
    assert chosen("") == Choice(("thread_pool",), ("work", "other"), DEFAULT_WORKERS, DEFAULT_REPEAT)


def test_everything_said() -> None:
    said = chosen(
        "--runners net,thread_pool --workloads other,work --workers 4,1,4 --repeat 2 --tasks 7 --param size=9 --seed 3 "
        "--no-polite --switch-interval 2"
    )
    assert said == Choice(
        ("net", "thread_pool"), ("other", "work"), (1, 4), 2, 7, (("size", 9),), 3, False, 2.0
    )


def test_one_number_of_workers_is_a_list_of_one() -> None:
    assert chosen("--workers 3").workers == (3,)


@pytest.mark.parametrize("how", ["--headless", "--offscreen"])
def test_it_leaves_at_the_end_and_starts_no_run(how: str) -> None:
    options = parse(["--benchmark", how])
    assert options.exit_after_run
    assert not options.start
    assert not options.chosen


def test_in_a_window_it_stays() -> None:
    options = parse(["--benchmark"])
    assert not options.exit_after_run
    assert not options.start


def test_files_of_a_benchmark(tmp_path: Path) -> None:
    paths = tuple(tmp_path / f"a{suffix}" for suffix in (".csv", ".json", ".html"))
    options = parse(["--benchmark", *(word for path in paths for word in ("--export", str(path)))])
    assert options.exports == paths


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            "--benchmark --runner thread_pool",
            "--runner does not go with --benchmark: name the runners with --runners.",
        ),
        (
            "--benchmark --workload work",
            "--workload does not go with --benchmark: name the workloads with --workloads.",
        ),
        (
            "--benchmark --blocking",
            "--blocking does not go with --benchmark: the GUI thread is always measured.",
        ),
        (
            "--benchmark --compare",
            "--compare does not go with --benchmark: it compares everything with the GUI thread already.",
        ),
        (
            "--benchmark --offscreen --budget failed=0",
            "--budget does not go with --benchmark: a budget is judged on one run.",
        ),
        (
            "--benchmark --save a.thaw",
            "--save does not go with --benchmark: a file keeps one run; use --export with .csv, .json or .html.",
        ),
        (
            "--benchmark --open a.thaw",
            "--open does not go with --benchmark: it measures, and shows no run of a file.",
        ),
        ("--benchmark --workers 0", "--workers is a number from 1 to 256, not 0."),
        ("--benchmark --workers 1,0", "--workers is a number from 1 to 256, not 0."),
        ("--benchmark --workers 300", "--workers is a number from 1 to 256, not 300."),
        ("--benchmark --repeat 0", "--repeat is a number from 1 to 100, not 0."),
        ("--benchmark --repeat 101", "--repeat is a number from 1 to 100, not 101."),
        ("--benchmark --tasks 0", "--tasks is a number from 1 to 1,000,000, not 0."),
        ("--benchmark --seed 0", "--seed is a number from 1 to 2,147,483,647, not 0."),
        ("--benchmark --switch-interval 0", "--switch-interval is a number of ms from 0.01 to 1,000, not 0."),
        (
            "--benchmark --runners nobody",
            "There is no runner 'nobody'. There are: gui_thread, thread_pool, lacking, net.",
        ),
        ("--benchmark --workloads ,", "There is no workload ''. There are: work, other, missing."),
        (
            "--benchmark --runners lacking",
            "The runner lacking is not available: it needs the package no_such_package, which is not installed here.",
        ),
        (
            "--benchmark --runners gui_thread",
            "--runners names what the GUI thread is compared with: name another runner than gui_thread.",
        ),
        ("--benchmark --runners net --workloads work", "It waits for a network only."),
        ("--benchmark --param size", "--param takes KEY=VALUE: number 1 has no KEY= in front."),
        ("--benchmark --param size=101", "size is at most 100, not 101."),
        (
            "--benchmark --param colour=red",
            "None of these runners and workloads has a parameter 'colour'. They have: size.",
        ),
        (
            "--benchmark --export a.trace",
            "A benchmark cannot be exported to a.trace. There are: .csv (table of all combinations), "
            ".json (figures for other programs), .html (report with graphs).",
        ),
        ("--runners thread_pool", "--runners is of a benchmark: add --benchmark."),
        ("--workloads work", "--workloads is of a benchmark: add --benchmark."),
        ("--repeat 3", "--repeat is of a benchmark: add --benchmark."),
        ("--workers 1,2", "--workers takes several numbers with --benchmark only, and else one, not 1,2."),
        (
            "--benchmark --workers 1,many",
            "argument --workers: invalid int value: '1,many'. See main.py --help.",
        ),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(arguments: str, sentence: str) -> None:
    assert refused(arguments) == sentence


def test_a_window_that_measures_nothing_starts_without_it() -> None:
    code = (
        "import sys; from workers.command_line.parser import parse; parse([]); "
        "sys.exit('workers.command_line.benchmark' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
