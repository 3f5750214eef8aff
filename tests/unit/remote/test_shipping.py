"""Our package where there is no Thaw: it runs there beside a `workers` of somebody else's, whatever the Python."""

from __future__ import annotations

import pickle
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.unit.remote.stage import Stage, wait_for
from tests.unit.utils.test_private_name import an_old_python
from workers.additions import files as additions
from workers.engine.plan import Plan, Settings
from workers.engine.task import Phase
from workers.remote import worker
from workers.remote.link_server import LinkServer
from workers.remote.shipping import SHIPPED, Package, package
from workers.utils.child import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

THERE = """
import pickle, sys
sys.path[:0] = sys.argv[1:]
import workers
assert workers.THEIRS
for line in sys.stdin:
    call, data = pickle.loads(bytes.fromhex(line))
    if "seen" not in globals():
        assert not [name for name in sys.modules if name.startswith("_thaw")], "a scheduler only reads it"
        assert pickle.loads(pickle.dumps((call, data)))[1] == data, "and writes it"
        seen = True
    call(data)
assert not [name for name in sys.modules if name.startswith("workers.")]
"""


@pytest.fixture(params=["this Python", "Python 3.9"])
def python(request: pytest.FixtureRequest) -> str:
    return sys.executable if request.param == "this Python" else an_old_python()


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """A folder of a worker's that has a package `workers`."""
    (tmp_path / "workers").mkdir()
    (tmp_path / "workers" / "__init__.py").write_text("THEIRS = True\n")
    return tmp_path


@pytest.fixture
def afresh() -> Iterator[None]:
    """The person's folder is looked at once more."""
    additions.folder.cache_clear()
    yield
    additions.folder.cache_clear()


def test_tasks_run_where_there_is_no_thaw(python: str, theirs: Path) -> None:
    work = ("primes", "counter.fixed", "sleep")
    stage = Stage(len(work))
    ours = package()
    lines = []
    with LinkServer(stage.in_flight, stage.control, "worker on {host}", host="127.0.0.1") as link_server:
        for number, name in enumerate(work):
            stage.in_flight.next()
            task = Plan(Settings.named("", name, 1, 1), str).task(number, number)
            call = ours.call(worker.errand, tuple(task), *link_server.call, "far")
            lines.append(pickle.dumps((SHIPPED, call), 4))
        done = subprocess.run(
            [python, "-I", "-S", "-c", THERE, str(theirs), str(ours.write(theirs))],
            input="\n".join(line.hex() for line in lines),
            capture_output=True,
            text=True,
            check=False,
        )
        wait_for(lambda: not len(stage.in_flight), done.stderr)
    assert done.returncode == 0, done.stderr
    assert [event.detail for event in stage.told if event.phase is Phase.FAILED] == []
    assert stage.in_flight.ended == len(work)
    assert {event.place for event in stage.told} == {"worker on far"}


def test_an_error_there_names_nothing_of_how_it_came_there(theirs: Path) -> None:
    stage = Stage(1)
    ours = package()
    with LinkServer(stage.in_flight, stage.control, "worker", host="127.0.0.1") as link_server:
        task = stage.in_flight.next()  # there is no workload of that name
        assert task is not None
        line = pickle.dumps((SHIPPED, ours.call(worker.errand, tuple(task), *link_server.call)))
        subprocess.run(
            [sys.executable, "-I", "-S", "-c", THERE, str(theirs), str(ours.write(theirs))],
            input=line.hex(),
            text=True,
            check=True,
        )
        wait_for(lambda: stage.phases(0)[-1:] == [Phase.FAILED])
    assert stage.told[-1].detail.rstrip().endswith("No module named 'workers.workloads.work'")


def test_all_that_workers_import_goes_along_and_what_the_program_needs_alone_does_not(tmp_path: Path) -> None:
    with zipfile.ZipFile(package().write(tmp_path)) as found:
        names = {name.partition("/")[2] for name in found.namelist()}
    assert {f"workloads/{path.name}" for path in (PACKAGE / "workloads").glob("*.py")} <= names
    assert {"__init__.py", "remote/worker.py", "engine/task.py", "utils/gil/polite.py"} <= names
    assert not [name for name in names if name.startswith(("runners/", "exports/", "benchmark/"))]


def test_each_content_has_a_name_of_its_own_and_a_persons_work_goes_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, afresh: None
) -> None:
    assert Package().name == Package().name
    assert Package().content == Package().content
    monkeypatch.setattr(additions, "data_folder", lambda: tmp_path)
    before = Package().name
    (tmp_path / "workloads").mkdir(mode=0o755)
    (tmp_path / "workloads" / "mine.py").write_text("def mine():\n    yield 1\n")
    additions.folder.cache_clear()
    ours = Package()
    assert ours.name != before
    with zipfile.ZipFile(ours.write(tmp_path)) as found:
        assert f"{ours.name}/workloads/mine.py" in found.namelist()
