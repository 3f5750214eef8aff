"""A person's own function, run and measured by the program as a process."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.support.program import run

if TYPE_CHECKING:
    from pathlib import Path

MINE = """import time

def naps(index: int, seconds: float = 0.02):
    time.sleep(seconds)
    if index == 2:
        raise ValueError("the third one fails")

def sleeps():
    time.sleep(0.02)
"""


def test_its_errors_are_told_by_its_own_lines(environment: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(MINE)
    ended = run(
        ["--headless", "--workload", f"{file}:naps", "--param", "seconds=0.001", "--tasks", "4", "--json"],
        environment,
    )
    assert ended.code == 1
    report = json.loads(ended.out)
    assert report["counts"] == {"done": 3, "failed": 1, "cancelled": 0}
    assert report["run"]["workload"] == "mine.py:naps", "nobody's folders are in what is given to others"
    assert report["amount"] == {"unit": "calls", "total": 3.0, "per_s": report["amount"]["per_s"]}
    (error,) = report["errors"]
    assert (error["task"], error["error"]) == ("naps 3", "ValueError: the third one fails")
    assert error["traceback"] == (
        f'Traceback (most recent call last):\n  File "{file}", line 6, in naps\n'
        '    raise ValueError("the third one fails")\nValueError: the third one fails\n'
    )


def test_what_cannot_be_run_is_bad_input(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(MINE)
    ended = run(["--headless", "--workload", f"{tmp_path}/mine.py:nap"], environment)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "thaw: There is no function nap in mine.py. There are: naps, sleeps.\n"


def test_the_benchmark_says_where_it_should_run(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(MINE)
    ended = run(
        [
            *(
                "--headless",
                "--benchmark",
                "--workload",
                f"{tmp_path}/mine.py:sleeps",
                "--runners",
                "thread_pool",
            ),
            *(
                "--tasks",
                "8",
                "--repeat",
                "1",
                "--report",
                str(tmp_path / "b.json"),
                "--export",
                str(tmp_path / "b.csv"),
            ),
        ],
        environment,
    )
    assert ended.code == 0, ended.err
    words = " ".join(ended.out.split())
    assert "Run it in a thread pool: " in words
    assert "times as fast as on the GUI thread." in words
    assert "On the GUI thread each call keeps the window waiting for 2" in words
    assert "from mine import sleeps" in ended.out
    report = json.loads((tmp_path / "b.json").read_text())
    assert report["advice"]["runner"] == "thread_pool"
    assert report["advice"]["text"] in words
    assert {cell["workload"] for cell in report["cells"]} == {"mine.py:sleeps"}
    for file in ("b.json", "b.csv"):
        assert str(tmp_path) not in (tmp_path / file).read_text()


def test_functions_that_were_published_run_as_they_are(environment: dict[str, str]) -> None:
    ended = run(
        [
            *("--headless", "--tasks", "4", "--workload", "json:dumps", "--json"),
            *("--param", "obj=[1, (2, {'a': None})]", "--param", "indent=1"),
        ],
        environment,
    )
    assert (ended.code, ended.err) == (0, "")
    report = json.loads(ended.out)
    assert report["counts"]["done"] == 4
    assert report["run"]["params"] == {"obj": [1, {"literal": "(2, {'a': None})"}], "indent": 1}


def test_what_cannot_be_used_gets_the_lines_of_a_wrapper(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("class A:\n    @property\n    def area(self): return 3\n")
    ended = run(["--headless", "--workload", f"{tmp_path}/mine.py:A.area"], environment)
    assert ended.code == 2
    assert ended.err == (
        "thaw: area is a property of an object, and no function.\nOr write a wrapper beside it, and name that:\n\n"
        "from mine import A\n\n\ndef call_area():\n    return A().area\n\n"
    )
