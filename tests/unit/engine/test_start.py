"""A start has all that the menu knew: nothing is read, parsed or looked for again but a file that was edited."""

from __future__ import annotations

import ast
import os
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.environments import environment
from tests.support.image_site import NoServer
from workers.catalog import lookup, user_functions
from workers.catalog.entry import unknown
from workers.engine.drive_async import load_async
from workers.engine.loading import preload
from workers.engine.plan import Settings
from workers.engine.session import Session
from workers.pythons import asking, lending
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

    from workers.engine.task import TaskEvent

LOOKUPS = (
    (lookup, "entry"),
    (lookup, "read_entry"),
    (lookup, "_entries"),
    (user_functions, "entry"),
    (ast, "parse"),
)


def forbid_lookups(monkeypatch: pytest.MonkeyPatch) -> None:
    def looked_up(*what: Any, **more: Any) -> None:
        raise AssertionError(f"a start looked for {what}")

    for module, name in LOOKUPS:
        monkeypatch.setattr(module, name, looked_up)


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text("def work(index, size: int = 2): return index * size\n\nasync def waits(): return 7\n")
    return path


@pytest.mark.parametrize("own", [True, False])
def test_a_start_looks_nothing_up(mine: Path, own: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    work = (f"{mine}:work", (("size", 3),)) if own else ("primes", (("numbers", 10),))
    settings = Settings.named("gui_thread", work[0], 3, 1, work[1])
    events: list[TaskEvent] = []
    session = Session(events.append, NoServer())
    forbid_lookups(monkeypatch)
    run = session.start(settings)
    session.fold(events)
    assert session.finish()
    assert (run.recorder.done, run.recorder.errors) == (3, {})


def test_a_file_that_was_edited_is_read_again(mine: Path) -> None:
    settings = Settings.named("gui_thread", f"{mine}:work", 2, 1)
    mine.write_text("def work(index, by: int = 30): return index + by\n")
    events: list[TaskEvent] = []
    session = Session(events.append, NoServer())
    run = session.start(settings)
    assert session.fold(events) == ["30", "31"]
    assert [field.name for field in run.settings.workload_entry.fields] == ["by"]


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (None, "There is no file "),
        ("def other(): ...\n", "There is no function work in mine.py. There are: other"),
        ("def work(a: int): ...\n", "work needs a value for its parameter a"),
        (
            "import no_such_one\ndef work(): ...\n",
            "work needs the package no_such_one, which is not installed here",
        ),
        (
            "import PySide6.QtGui\ndef work(): PySide6.QtGui.QPixmap(1, 1)\n",
            "(cannot run on .*ThreadPool|needs the package PySide6)",
        ),
    ],
)
def test_what_an_edit_made_impossible_is_told_in_a_sentence(mine: Path, source: str | None, why: str) -> None:
    settings = Settings.named("thread_pool", f"{mine}:work", 2, 1)
    if source is None:
        mine.unlink()
    else:
        mine.write_text(source)
    with pytest.raises(BadInput, match=why):
        Session(print, NoServer()).start(settings)


def test_a_package_that_was_missing_is_looked_for_again(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine.write_text("def work(): return 'done'\n\nREQUIRES = ('was_missing',)\n")
    settings = Settings.named("gui_thread", f"{mine}:work", 1, 1)
    events: list[TaskEvent] = []
    session = Session(events.append, NoServer())
    with pytest.raises(BadInput, match="needs the package was_missing"):
        session.start(settings)
    (mine.parent / "was_missing.py").write_text("")
    monkeypatch.syspath_prepend(mine.parent)
    session.start(settings)
    assert session.fold(events) == ["'done'"]


@pytest.mark.skipif(os.name != "posix", reason="links and shell scripts")
def test_a_start_that_is_refused_gives_packages_back(mine: Path) -> None:
    python = str(environment(mine.parent / "env", only_there=""))
    asking.ask(python)
    mine.write_text("def work(a: int): ...\n")
    settings = Settings.named("thread_pool", "primes", 2, 1)
    entry, session = user_functions.entry(f"{mine}:work", python), Session(print, NoServer())
    with pytest.raises(BadInput, match="work needs a value for its parameter a"):
        session.start(settings._replace(workload_entry=entry))
    assert lending.borrowed() == ()


@pytest.mark.skipif(os.name != "posix", reason="links and shell scripts")
def test_what_has_its_packages_from_its_project_is_not_read_again(
    mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To look at all files of a project takes its time, which a start has not."""
    python = str(environment(mine.parent / "env", only_there=""))
    asking.ask(python)
    mine.write_text("import only_there\n\ndef work(): ...\n")
    entry = user_functions.entry(f"{mine}:work", python)
    assert entry.own is not None
    assert entry.own.lacks == ("only_there",)
    forbid_lookups(monkeypatch)
    assert user_functions.current(entry) is entry


def test_what_a_file_of_a_run_names_is_looked_for(mine: Path) -> None:
    entry = unknown(f"{mine}:work")
    assert not entry.is_workload
    settings = Settings(lookup.runners()["gui_thread"], entry, 2, 1)
    events: list[TaskEvent] = []
    session = Session(events.append, NoServer())
    session.start(settings)
    assert session.fold(events) == ["0", "2"]


def test_nor_does_the_first_task_of_an_async_function_after_it_was_preloaded(
    mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings.named("asyncio_loop", f"{mine}:waits", 3, 1)
    preload(settings.runner_entry, settings.workload_entry)
    forbid_lookups(monkeypatch)
    assert load_async(settings.workload) is not None
