"""A function that needs a package of its project's environment, which Thaw has not, on every runner that takes it."""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.contract.test_promises import RUNNERS
from tests.support.environments import environment, site_packages
from tests.support.runner_harness import Harness
from workers.benchmark import trial
from workers.catalog import lookup, user_functions
from workers.catalog.compatibility import refusal
from workers.pythons import asking
from workers.stepping.judging import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

pytestmark = pytest.mark.skipif(os.name != "posix", reason="environments are made of links")

SOURCE = """
import sys
import only_there

def work(index: int):
    import only_later
    return only_there.WORD, only_later.WORD, sys.prefix[-14:]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    made = tmp_path / "project"
    path = environment(made / ".venv", only_there="WORD = 'there'", only_later="WORD = 'later'")
    (made / "pyproject.toml").touch()
    (made / "mine.py").write_text(SOURCE)
    asking.ask(str(path))
    return made


@pytest.fixture
def on(qapp: QApplication, project: Path) -> Iterator[Callable[[str], Harness]]:
    made: list[Harness] = []

    def make(runner: str) -> Harness:
        entry = lookup.named("runners", runner)
        if why_not := refusal(entry, user_functions.entry(f"{project}/mine.py:work"), {}):
            pytest.skip(why_not)
        made.append(Harness(runner, f"{project}/mine.py"))
        return made[-1]

    yield make
    for harness in made:
        assert harness.until(partial(harness.session.close, 0))


@pytest.mark.parametrize("runner", [one for one in RUNNERS if one.id != "asyncio_loop-native"])
def test_it_runs_with_the_packages_of_its_project(
    runner: str, on: Callable[[str], Harness], project: Path
) -> None:
    harness = on(runner)
    for _ in range(2):
        harness.start("work", tasks=2, workers=2)
        run = harness.finish()
        assert run.recorder.errors == {}
    place = str(project / ".venv") if runner == "other_python" else sys.prefix
    assert {str(result) for result in harness.results} == {str(("there", "later", place[-14:]))}
    told = asking.ask(str(project / ".venv" / "bin" / "python")).told
    says = "It ran in" if runner == "other_python" else "Packages that Thaw has not come from"
    assert f"{says} {told}." in run.plan.notes
    assert "only_there" not in sys.modules
    assert not (site_packages(project / ".venv") / "__pycache__").exists(), "nothing is written there"


def test_it_is_tried_and_stepped_with_them_too(project: Path) -> None:
    entry = user_functions.entry(f"{project}/mine.py:work")
    assert trial.try_calls(entry, {}) is not None
    assert judge(entry, {}, orders=1, tasks=1).why == ""
