"""Labs keep their promises: what each says of its versions is so, and none of them hangs, wherever it runs."""

from __future__ import annotations

import ast
import os
import re
import shutil
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from tests.contract.test_other_python import every_python
from tests.contract.test_promises import RUNNERS
from tests.support.lab_runs import claims_of, run_lab, run_of
from tests.support.runner_harness import Harness
from workers.catalog import labs, lookup
from workers.catalog.compatibility import refusal
from workers.catalog.user_syntax import is_guard
from workers.engine.plan import Settings
from workers.labs import cost
from workers.reports.labs.claims import claims, figures, said
from workers.utils.child import PACKAGE

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

LABS = list(labs.labs())
VERSIONS = list(labs.versions())
THREADS = ["thread_per_task", "thread_pool"]
LONG = {"counter.call", "counter.plus", "pipeline.endless"}
"""They compute, or wait, for a while on the GUI thread, and none of their tasks waits for another."""

COMPUTING = ("counter.call", "counter.plus", "gil.", "cost.")

CHILDREN = tuple(f"{name}." for name in ("leaving", "sharing", "slot"))
"""What can be waited for in these is in a process of its own, or a thread that ends by itself."""

FROZEN_S = 1.5
"""A run on the GUI thread may stand still for no longer because tasks wait for each other."""


@pytest.fixture
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is stuck is told at once: the rule is right at any moment, and half a second is for people."""
    monkeypatch.setattr("workers.sync.judge.STUCK_S", 0.05)
    monkeypatch.setattr("workers.sync.judge.STUCK_AGAIN_S", 0.02)


@pytest.mark.usefixtures("_soon")
@pytest.mark.parametrize(
    "lab", [pytest.param(lab, marks=pytest.mark.long if lab == "sharing" else ()) for lab in LABS]
)
def test_what_a_lab_says_is_so(lab: str) -> None:
    found = claims_of(lab)
    assert [claim.text for claim in found if not claim.holds] == []
    told = {version for claim in found for version in claim.versions}
    # Without a call in between Python 3.10 and later lose nothing, and nobody has promised that.
    assert {one.function for one in labs.labs()[lab].versions} - told <= {"plus"}


@pytest.mark.usefixtures("_soon")
@pytest.mark.parametrize(
    "version", [name for name in VERSIONS if name not in LONG and not name.startswith(CHILDREN)]
)
def test_no_lab_hangs_on_the_gui_thread(version: str) -> None:
    run = run_lab(version, "gui_thread")
    assert run.recorder.finals == run.recorder.count
    assert figures(run)


def test_a_deadlock_is_named_within_its_time_on_the_gui_thread_too() -> None:
    run = run_lab("rounds.barrier", "gui_thread")
    assert run.recorder.failed == 4
    assert 0.5 < run.wall_s < FROZEN_S
    assert run.notes[0] == "Deadlock: rounds 1 waits for the others at barrier meeting."


@pytest.mark.parametrize("runner", [name for name, one in lookup.runners().items() if one.traits.gil == "own"])
def test_tasks_that_meet_are_refused_where_they_share_no_memory(runner: str) -> None:
    place = lookup.runners()[runner]._replace(missing="")
    for name, version in labs.versions().items():
        why = refusal(place, version, {}, ask=False)
        meets = version.constants.get("MEETS", False)
        assert why.endswith("share no memory: no task could ever meet another.") is meets, name


def test_counters_of_processes_add_up_and_none_is_whole() -> None:
    run = run_lab("counter.broken", "process_pool", counts=5)
    gauges = run.recorder.sharing.gauges
    assert all(re.fullmatch(r"(expected )?counter \(process \d\)", name) for name in gauges)
    assert figures(run) == {"expected": 20, "actual": 20, "lost": 0}


def test_so_do_those_of_processes_that_come_one_after_the_other() -> None:
    settings = Settings.of_lab(labs.versions()["counter.broken"], "process_per_task")
    run = run_of(settings._replace(tasks=2, workers=1, params=(("counts", 5),)))
    assert figures(run) == {"expected": 10, "actual": 10, "lost": 0}


def test_on_python_3_9_a_deadlock_is_named_and_gauges_arrive() -> None:
    kept = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser().glob("versions/3.9.*/bin/python3")
    path = next(map(str, kept), None) or shutil.which("python3.9")
    if path is None:
        pytest.skip("There is no Python 3.9 here.")
    run = run_lab("transfer.crossed", "other_python", python=path)
    assert [claim.holds for claim in claims("transfer", {"crossed": run})] == [True]
    assert run.recorder.sharing.figure("balance of both") == 2_000
    assert {reason.what for reason in run.recorder.sharing.reasons} == {"lock a", "lock b"}


@pytest.mark.parametrize("lab", LABS)
def test_a_lab_takes_no_turns_for_these_hide_every_race(lab: str) -> None:
    for version in labs.labs()[lab].versions:
        assert "GIL" not in version.entry.constants


@pytest.mark.parametrize("lab", LABS)
def test_a_lab_says_what_it_teaches_and_has_versions_of_both_kinds(lab: str) -> None:
    found = labs.labs()[lab]
    assert len(found.text.splitlines()) > 3
    assert {one.is_right for one in found.versions} == {True, False}
    assert all(one.shows.endswith(".") for one in found.versions)
    assert found.versions[0].entry.constants["RUNNER"] in lookup.runners()
    tree = ast.parse(found.path.read_text(encoding="utf-8"))
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert not {"close", "count", "leave", "plan", "seconds"} & functions, (
        "of these names are hooks of workloads"
    )
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    assert not {"threading", "queue"} & {node.module for node in imports}, "what it waits on obeys cancel"


def test_what_a_thing_costs_is_that_of_python_itself_measured_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ours tell what is waited for, which costs more; and code that runs for the first time is slow."""
    assert not [
        name for name, one in vars(cost).items() if "workers.sync" in str(getattr(one, "__module__", ""))
    ]
    used: list[str] = []
    names = ["nothing", "Lock", "Queue"]
    monkeypatch.setattr(cost, "USES", 2)
    monkeypatch.setattr(cost, "things", lambda: {name: partial(used.append, name) for name in names})
    shared = SimpleNamespace(sample=lambda gauge, value: used.append(gauge))
    assert list(cost.one_by_one(shared, rounds=3)) == [2, 2, 2, 0]
    in_turn = [name for name in names for _ in range(2)]
    assert used == [*in_turn * 3, "Lock (ns)", "Queue (ns)"]


def test_what_starts_processes_has_a_main_guard() -> None:
    """Without one a child would run the program anew, and start children of its own."""
    paths = [PACKAGE.parent / "main.py", *(PACKAGE / "labs").glob("*.py"), *(PACKAGE / "snippets").glob("*.py")]
    starts = re.compile(
        r"^(import|from) (multiprocessing|concurrent\.futures import .*ProcessPoolExecutor)", re.M
    )
    texts = {path.stem: path.read_text(encoding="utf-8") for path in paths}
    found = {
        name: ast.parse(text).body[-1] for name, text in texts.items() if name == "main" or starts.search(text)
    }
    assert found.keys() >= {"main", "sharing", "process_pool", "process_per_task"}
    assert [name for name, last in found.items() if not is_guard(last)] == []


def test_what_one_run_shows_is_said_of_it_alone() -> None:
    assert said(run_lab("twice.rlock")) == [
        "With an RLock whoever has it may take it again: 10 lines are in the log."
    ]
    (told,) = said(run_lab("turnstile.fair", visits=1))
    assert re.fullmatch(
        r"visits 8, most inside 3, mean wait \(ms\) \d+, longest wait \(ms\) \d+, overtaken \d+, errors 0", told
    )
    assert said(run_of(Settings.named("thread_pool", "sleep", 1, 1, (("seconds", 0.0),)))) == []


# ---------------------------------------------------------------- on all of them


@pytest.mark.long
@pytest.mark.parametrize("runner", RUNNERS[:-1])
@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_comes_to_its_end_on_every_runner(version: str, runner: str, qapp: QApplication) -> None:
    entry = labs.versions()[version]
    if why := refusal(lookup.runners()[runner], entry, {}):
        pytest.skip(why)
    if runner == "stepped" and version.startswith(COMPUTING):
        pytest.skip("Line by line its hundreds of thousands of steps take minutes.")
    harness = Harness(runner)
    run = harness.session.start(Settings.of_lab(entry, runner))
    harness.finish()
    assert run.recorder.finals == run.recorder.count
    assert not run.recorder.cancelled
    assert harness.until(lambda: harness.session.close(0))


@pytest.mark.long
@pytest.mark.parametrize("runner", THREADS)
@pytest.mark.parametrize("lab", LABS)
def test_what_a_lab_says_is_so_on_threads_of_any_kind(lab: str, runner: str) -> None:
    assert [claim.text for claim in claims_of(lab, runner) if not claim.holds] == []


@pytest.mark.long
@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_comes_to_its_end_on_every_python(version: str) -> None:
    for path in every_python():
        run = run_lab(version, "other_python", python=path)
        assert run.recorder.finals == run.recorder.count
        assert not run.recorder.cancelled
