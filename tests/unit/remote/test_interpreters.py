"""What cannot be imported in another interpreter of this process is told; a stand-in says what such a one would."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from workers.catalog.lookup import named
from workers.remote import interpreters

if TYPE_CHECKING:
    from pathlib import Path


class ExecutionFailed(Exception):
    """As that of `concurrent.interpreters`."""

    def __init__(self, kind: str, message: str) -> None:
        self.excinfo = SimpleNamespace(type=SimpleNamespace(__name__=kind), msg=message)


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[str, str]]:
    """What an import of a module raises: its class and message."""
    answers: dict[str, tuple[str, str]] = {}

    class Guest:
        def exec(self, code: str) -> None:
            for name, answer in answers.items():
                if f"__import__({name!r})" in code:
                    raise ExecutionFailed(*answer)

        def close(self) -> None:
            pass

    module = ModuleType("concurrent.interpreters")
    vars(module).update(create=Guest, ExecutionFailed=ExecutionFailed)
    monkeypatch.setitem(sys.modules, "concurrent.interpreters", module)
    interpreters._tried.cache_clear()
    return answers


def test_the_packages_of_an_own_function_are_tried_and_not_its_file(
    says: dict[str, tuple[str, str]], tmp_path: Path
) -> None:
    file = tmp_path / "mine.py"
    file.write_text("import pytest, hypothesis\nraise SystemExit\ndef work(): ...\n")
    assert interpreters.refusal(named("workloads", f"{file}:work"), {}) == ""
    interpreters._tried.cache_clear()
    says["hypothesis"] = (
        "ImportError",
        "\n\nIMPORTANT: read this!\nmodule hypothesis._core.fast does not support loading in subinterpreters",
    )
    assert interpreters.refusal(named("workloads", f"{file}:work"), {}) == (
        "hypothesis is written in C for one interpreter, and work imports it: choose processes."
    )


def test_a_workload_is_tried_itself(says: dict[str, tuple[str, str]]) -> None:
    assert interpreters.refusal(named("workloads", "primes"), {}) == ""
    says["_thaw.workloads.sleep"] = ("ModuleNotFoundError", "No module named 'clock'")
    assert interpreters.refusal(named("workloads", "sleep"), {}) == (
        "Another interpreter of this process has no package clock, which the workload sleep needs."
    )
    says["_thaw.workloads.hashing"] = ("ImportError", "no luck")
    assert interpreters.refusal(named("workloads", "hashing"), {}) == (
        "The workload hashing cannot be imported by another interpreter of this process: ImportError: no luck."
    )
