"""What a lesson says of its runs, and what is said where it cannot say anything."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.finished_runs import lag_of, made_run
from tests.support.lesson_files import CLAIM, write_lesson
from workers.catalog.lessons import lessons, read_lesson
from workers.teaching import judge as judging
from workers.teaching.judge import Told, judge
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

    from workers.engine.run import Run
    from workers.teaching.judge import Result


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Claims that come to an end may take as long as a busy machine likes."""
    monkeypatch.setattr(judging, "LIMIT_S", 600.0)


def judged(tmp_path: Path, run: Run | None, *changes: tuple[str, str], cores: float | None = None) -> Result:
    lesson = read_lesson(write_lesson(tmp_path / "mine.py", *changes))
    return judge(lesson, [run], cores=cores)


def refused(tmp_path: Path, *changes: tuple[str, str], failed: int = 0) -> str:
    with pytest.raises(BadInput) as caught:
        judged(tmp_path, made_run(tasks=2, failed=failed), *changes)
    return str(caught.value)


def test_what_is_claimed_holds_or_does_not(tmp_path: Path) -> None:
    assert judged(tmp_path, made_run(tasks=2)).holds
    result = judged(tmp_path, made_run(tasks=3))
    assert result.is_judged
    assert [(told.text, told.holds) for told in result.told] == [("3 are done.", False)]


def test_what_is_not_judged_does_not_hold_and_says_why(tmp_path: Path) -> None:
    cancelled = made_run(tasks=2, cancelled=1)
    needs = ("TAKE_HOME", "CORES = 2\nTAKE_HOME")
    for result in (
        judged(tmp_path, None),
        judged(tmp_path, cancelled),
        judged(tmp_path, made_run(tasks=2), needs, cores=1.5),
    ):
        assert not result.holds
        assert not result.is_judged
        assert result.why_not.startswith("Not judged: ")


def test_its_data_have_the_runs_with_their_settings(tmp_path: Path) -> None:
    data = judged(tmp_path, made_run(tasks=3, failed=1, lag=lag_of(910))).data()
    [step] = json.loads(json.dumps(data))["steps"]
    assert (step["says"], step["seconds"]) == ("Asleep", 2.0)
    run = step["run"]
    assert (run["runner"], run["tasks"], run["workers"]) == ("thread_pool", 3, 2)
    assert (run["done"], run["failed"], run["cancelled"]) == (2, 1, 0)
    assert run["worst_lag_ms"] == pytest.approx(900)
    assert judged(tmp_path, None).data()["steps"] == [{"says": "Asleep", "seconds": None, "run": None}]


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ("return ()", "ValueError: claims yields nothing, and so nothing would be checked."),
        ("return None", "TypeError: 'NoneType' object is not iterable."),
        ("yield True", "TypeError: claims yields pairs (is it so, the sentence that says it), not True."),
        ("yield 'they are done', True", "TypeError: claims yields pairs"),
        ("yield 'ab'", "TypeError: claims yields pairs"),
        ("yield True, ''", "TypeError: claims yields pairs"),
        ("yield (one for one in ()), 'all are done'", "TypeError: claims yields pairs"),
        ("yield 1 / 0 > 1, 'it is'", "ZeroDivisionError: division by zero (mine.py, line 15)."),
        ("raise SystemExit(3)", "SystemExit: 3 (mine.py, line 15)."),
    ],
)
def test_claims_that_say_nothing_are_a_mistake_and_never_hold(tmp_path: Path, claims: str, why: str) -> None:
    said = refused(tmp_path, (CLAIM, claims))
    assert said.startswith(f"The claims of the lesson Two sleep cannot be made: {why}")


@pytest.mark.parametrize("claims", ["while True: pass", "yield from ((True, 'again') for _ in iter(int, 1))"])
def test_claims_that_never_end_are_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, claims: str) -> None:
    monkeypatch.setattr(judging, "LIMIT_S", 0.05)
    before = sys.gettrace()
    said = refused(tmp_path, (CLAIM, claims))
    # On a busy machine the time may be over before the first line of it: then that of its `def` is told, or none.
    told = r"TimeoutError: it had not come to an end after 0\.05 s( \(mine\.py, line 1[45]\))?\."
    assert re.search(told, said)
    assert sys.gettrace() is before


def test_where_tasks_failed_that_is_said_too(tmp_path: Path) -> None:
    said = refused(tmp_path, (CLAIM, "yield run.results[0] > 0, 'it came'"), failed=2)
    assert said.endswith("Tasks failed: 2 × ValueError: nothing there.")
    ours = lessons()["frozen_window"]
    with pytest.raises(BadInput, match=r"Tasks failed: 4 × ValueError: nothing there\."):
        judge(ours, [made_run(failed=4), made_run(failed=4)])


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("import nowhere_at_all", "ModuleNotFoundError: No module named 'nowhere_at_all' (mine.py, line 3)."),
        ("raise SystemExit(3)", "SystemExit: 3 (mine.py, line 3)."),
    ],
)
def test_an_import_that_fails_is_told_with_its_line(tmp_path: Path, line: str, why: str) -> None:
    said = refused(tmp_path, ('TITLE = "Two', f'{line}\nTITLE = "Two'))
    assert said == f"The lesson mine.py cannot be imported: {why}"


def test_what_does_not_need_a_step_that_lacks_is_claimed(tmp_path: Path) -> None:
    result = judged(tmp_path, None, (CLAIM, "yield True, 'so it is everywhere'"))
    assert (result.is_judged, result.holds, result.told) == (True, True, [Told("so it is everywhere", True)])


def test_a_lesson_that_claims_nothing_without_it_is_not_judged() -> None:
    result = judge(lessons()["without_the_gil"], [None, None, None])
    assert (result.is_judged, result.holds) == (False, False)
    assert result.why_not.startswith("Not judged: this cannot be run here: counter += 1 in this Python, ")
