"""What went wrong in a run that was not meant to, for the terminal."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from workers.reports.failures import MAX_ERRORS, told

if TYPE_CHECKING:
    from workers.engine.run import Run


def lines(*errors: str) -> list[str]:
    settings = SimpleNamespace(workload_entry=SimpleNamespace(own=None))
    recorder = SimpleNamespace(errors=dict(enumerate(errors)))
    return told(cast("Run", SimpleNamespace(settings=settings, recorder=recorder)))


def test_equal_errors_are_told_once_and_the_most_frequent_first() -> None:
    assert lines("OSError: one", "OSError: two", "OSError: two") == ["2 × OSError: two", "OSError: one"]


def test_of_very_many_the_rest_is_counted() -> None:
    errors = [f"OSError: {number}" for number in range(MAX_ERRORS + 2)]
    assert lines(*errors[:MAX_ERRORS])[-1] == errors[MAX_ERRORS - 1]
    assert lines(*errors[:-1])[-1] == "and 1 other error, which --report keeps"
    assert lines(*errors)[-1] == "and 2 other errors, which --report keeps"
