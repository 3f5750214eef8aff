"""Whether calls at once harm each other: what is asked, and what is said of it."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from workers.benchmark import trial
from workers.benchmark.at_once import question
from workers.benchmark.at_once.question import ask
from workers.catalog import user_functions
from workers.stepping.answer import head

if TYPE_CHECKING:
    from workers.stepping.verdict import Verdict

OWN = Path(__file__).parents[2] / "fixtures" / "own"


def test_in_a_python_of_the_project_texts_in_a_set_have_one_order_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine.py"
    file.write_text("def work(): return [str(one) for one in {str(one) for one in range(40)}]\n")
    (tmp_path / "functools.py").write_text("raise SystemExit('of the current folder')\n")
    monkeypatch.setattr(trial, "unmet_here", lambda *_, **__: "it needs another")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    verdict = ask(user_functions.entry(f"{file}:work", python=sys.executable), {})
    assert verdict is not None
    assert verdict.kind not in {"wrong", "cannot judge"}, verdict.why


def asked(function: str, file: str = "several") -> Verdict:
    verdict = ask(user_functions.entry(f"{OWN / file}.py:{function}"), {})
    assert verdict is not None
    return verdict


def test_state_of_the_module_that_threads_spoil_is_seen() -> None:
    verdict = asked("run", "scheduler")
    assert (verdict.kind, verdict.exit_code) == ("wrong", 1)
    said = head(verdict)
    assert said.startswith(
        "It is not thread-safe: one worker, or processes. With 4 threads at once run(count=8, packets=40), call "
    )
    assert said.endswith(", and one after the other it gives True, in 2 of 2 passes.")


def test_a_hang_in_threads_is_a_fault_with_where_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(question, "SLOWER", 1.0)
    monkeypatch.setattr(question, "SPARE_S", 1.0)
    verdict = asked("solve", "constraints")
    assert verdict.kind == "wrong"
    assert "With 4 threads at once its calls had not ended after " in verdict.why
    # On a busy machine a thread may not have come to `propagate` yet, in which they hang; others are there for ever.
    assert re.search(
        r": one stands in [\w<>]+ \(constraints\.py:\d+\), called by .*solve \(constraints\.py:", verdict.why
    )


@pytest.mark.parametrize(
    "function",
    ["by_chance", *(pytest.param(name, marks=pytest.mark.long) for name in ("by_time", "by_identity"))],
)
def test_what_differs_one_after_the_other_cannot_be_compared(function: str) -> None:
    verdict = asked(function)
    assert (verdict.kind, verdict.exit_code) == ("cannot judge", 2)
    assert f"Its calls cannot be compared: {function}(), call 1 of " in verdict.why
    assert ", gives " in verdict.why
    assert ", and in a second pass it gives " in verdict.why
    assert "thread-safe" not in head(verdict)


@pytest.mark.parametrize("function", ["running_total", "thread_name"])
def test_nor_can_what_hangs_on_the_order_or_on_the_thread(function: str) -> None:
    verdict = asked(function)
    assert verdict.kind == "cannot judge", verdict.why
    assert "in another order and in threads that take turns" in verdict.why


@pytest.mark.parametrize(
    "function", [pytest.param("pure", marks=pytest.mark.long), "locked", "own_steps", "pay_well"]
)
def test_where_nothing_is_seen_it_says_in_how_many_calls(function: str) -> None:
    verdict = asked(function)
    assert verdict.kind == "right", verdict.why
    assert verdict.calls > 8
    assert head(verdict) == f"No fault seen in {verdict.calls:,} calls."


def test_a_machine_too_busy_to_write_the_order_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        question, "LOOK_S", -1.0
    )  # as if this process had not run until its first look was over

    def wanted() -> bool:
        monkeypatch.setattr(question, "LOOK_S", 0.05)
        return True

    verdict = ask(user_functions.entry(f"{OWN / 'several.py'}:pure"), {}, wanted=wanted)
    assert verdict is not None
    assert verdict.kind == "right", verdict.why


@pytest.mark.parametrize(
    ("function", "words"),
    [
        ("lazy", "lazy(index="),
        *(
            pytest.param(*case, marks=pytest.mark.long)
            for case in (("unlocked", "it gives "), ("reset_list", "and one after the other it gives 300"))
        ),
        ("steps", "it gives "),
        ("pay", "its check does not hold (AssertionError: "),
    ],
)
def test_faults_are_seen(function: str, words: str) -> None:
    verdict = asked(function)
    assert verdict.kind == "wrong", verdict
    assert words in verdict.why


@pytest.mark.skipif(sys.platform == "win32", reason="the signal has another name there")
def test_a_process_that_dies_in_threads_is_a_fault() -> None:
    assert (
        asked("crash").why
        == "With 4 threads at once its process was ended by the signal SIGSEGV, in 2 of 2 passes."
    )


def test_what_fails_or_hangs_one_after_the_other_says_nothing_of_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert asked("fails").why == "Each call fails, one after the other, too: ValueError: at each call."
    monkeypatch.setattr(question, "LIMIT_S", 0.5)
    verdict = asked("endless")
    assert verdict.kind == "cannot judge"
    assert verdict.why.startswith("One after the other, too, its calls had not ended after ")
    assert "endless (several.py:" in verdict.why


def test_some_are_not_asked(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(
        "MEETS = True\nasync def waits(): ...\ndef meets(): ...\n"
        "def paints():\n    pass\npaints.NEEDS_GUI_THREAD = True\n"
    )
    for function in ("waits", "paints", "meets"):
        assert ask(user_functions.entry(f"{file}:{function}"), {}) is None


def test_nobody_waits_for_an_answer_that_nobody_wants() -> None:
    entry = user_functions.entry(f"{OWN / 'several'}.py:endless")
    assert ask(entry, {}, wanted=lambda: False) is None
