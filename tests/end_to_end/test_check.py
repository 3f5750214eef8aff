"""--check as a person sees it: words, exit codes, and JSON that says the same."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

import pytest

from tests.support.program import clean_environment, run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.program import Ended

LOST = """
print("imported")
count = 0
def work():
    global count
    print("working")
    old = count
    count = old + 1
    return count
"""


def checked(tmp_path: Path, source: str, *others: str) -> Ended:
    (tmp_path / "mine.py").write_text(source, encoding="utf-8")
    return run(["--check", f"{tmp_path}/mine.py:work", *others], clean_environment(tmp_path))


def test_what_goes_wrong_is_told_and_can_be_run_again(tmp_path: Path) -> None:
    ended = checked(tmp_path, LOST)
    assert ended.code == 1
    words = " ".join(ended.out.split())
    assert words.startswith(
        "work (mine.py) is not thread-safe: one worker, or processes. What is returned is ["
    )
    assert "old = count" in ended.out
    assert "imported" not in ended.out
    again = shlex.split(ended.out.rstrip().splitlines()[-1])[1:]
    report = run([*again, "--headless", "--json"], clean_environment(tmp_path))
    assert report.code == 0
    assert json.loads(report.out)["counts"]["done"] == 3


def test_json_says_the_same(tmp_path: Path) -> None:
    ended = checked(tmp_path, LOST, "--json", "--tasks", "2")
    said = json.loads(ended.out)
    assert (ended.code, said["verdict"], said["failing"]["switches"]) == (1, "wrong", 1)
    assert said["failing"]["threads"] == ["work 1", "work 2"]


@pytest.mark.parametrize(
    ("source", "code", "words"),
    [
        ("def work(index):\n    return index\n", 0, "work (mine.py): no fault seen in 4 orders."),
        ("def work():\n    pass\n", 2, "Nobody can judge work (mine.py)."),
    ],
)
def test_the_other_answers(tmp_path: Path, source: str, code: int, words: str) -> None:
    ended = checked(tmp_path, source, "--orders", "4")
    assert (ended.code, ended.err) == (code, "")
    assert ended.out.startswith(words)
