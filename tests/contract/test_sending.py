"""What every place promises to which tasks are sent, and from which results are: not all that there is can travel."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING

import pytest

from tests.support.runner_harness import Harness, case, harness_on
from workers.catalog import lookup

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication

APART = [case(name, entry) for name, entry in lookup.runners().items() if entry.traits.is_apart]


@pytest.fixture(params=APART)
def harness(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Harness]:
    with harness_on(f"{request.param} tests.contract.remote_work", Harness) as made:
        yield made


def test_a_result_that_cannot_be_sent_or_read_is_the_tasks_failure(harness: Harness) -> None:
    harness.start("cannot_travel", tasks=3)
    run = harness.finish()
    assert (run.recorder.done, run.recorder.failed) == (1, 2)
    assert harness.results == ["this one can"]
    assert run.recorder.errors[0].splitlines()[-1].startswith("The result cannot be sent to the program: ")
    assert run.recorder.errors[1].splitlines()[-1].startswith("The result cannot be read in the program: ")


def test_arguments_that_cannot_be_sent_are_the_tasks_failure(harness: Harness) -> None:
    harness.start("slow", tasks=2, steps=threading.Lock())
    run = harness.finish()
    assert run.recorder.failed == 2
    # The second is what `concurrent.interpreters` says of it.
    said = re.compile("cannot pickle|does not support cross-interpreter data")
    assert all(said.search(error) for error in run.recorder.errors.values())
