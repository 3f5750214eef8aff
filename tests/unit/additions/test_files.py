"""A person's own runners, workloads, labs and lessons: found, and what is no good left out and told."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from workers.additions import files as additions
from workers.catalog import labs, lookup
from workers.catalog.lessons import lessons
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Write = Callable[[str, str], Path]

WORKLOAD = '"""Waits."""\nTITLE = "Mine"\n\ndef mine(*, seconds: float = 1.0):\n    yield 1\n'
RUNNER = '"""Here."""\nTITLE = "Here"\n\nclass HereRunner:\n    pass\n'
LAB = (
    '"""Mine."""\nTITLE = "Mine"\nRUNNER = "thread_pool"\n'
    'VERSIONS = {"a": {"right": False, "shows": "A."}, "b": {"right": True, "shows": "B."}}\n'
    "\ndef a():\n    yield 1\n\ndef b():\n    yield 1\n"
)
CACHED = (additions.folder, additions.files, lookup._entries, lookup._runners, labs._labs, lessons)


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Writes a file into the data folder, by a name such as "workloads/mine.py"; nothing was looked for before."""

    def forget() -> None:
        additions.told.clear()
        for each in CACHED:
            each.cache_clear()

    def write(name: str, source: str) -> Path:
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
        return path

    monkeypatch.setenv("THAW_DATA", str(tmp_path / "data"))
    forget()
    yield write
    forget()


def test_without_a_data_folder_there_is_nothing(write: Write) -> None:
    assert (additions.folder("runners"), additions.files("runners")) == ((), ())


def test_own_ones_stand_beside_those_of_thaws_own(write: Write) -> None:
    path = write("workloads/mine.py", WORKLOAD)
    write("workloads/_shared.py", "SHARED = 1\n")
    write("workloads/helper.py", '"""Without a TITLE it is no workload."""\n')
    write("runners/here.py", RUNNER)
    write("labs/mine.py", LAB)
    entry = lookup.workloads()["mine"]
    assert (entry.title, entry.path, entry.missing) == ("Mine", path, "")
    assert [field.name for field in entry.fields] == ["seconds"]
    assert list(lookup.workloads())[-1] == "mine", "without an ORDER it comes last"
    assert "helper" not in lookup.workloads()
    assert lookup.runners()["here"].traits.marker, "it can be told from the others in a chart"
    assert [version.entry.name for version in labs.labs()["mine"].versions] == ["mine.a", "mine.b"]
    assert labs.versions()["mine.b"].constants["TASKS"] == 4
    assert additions.told == {}


@pytest.mark.parametrize(
    ("name", "source", "words"),
    [
        ("workloads/mine.py", "TITLE = (", "cannot be read"),
        ("workloads/mine.py", 'TITLE = "Mine"\n', "needs a function mine"),
        ("workloads/mine.py", f'{WORKLOAD}TASKS = "many"\n', "says TASKS = 'many'"),
        ("workloads/mine.py", f"{WORKLOAD}TITLE = 3\n", "says TITLE = 3"),
        ("workloads/mine.py", f"{WORKLOAD}LABELS = 3\n", "cannot be read"),
        ("workloads/mine.py", f'{WORKLOAD}PARAMETERS = "..nowhere:Class"\n', "cannot be read"),
        ("workloads/mine.py", '\0TITLE = "Mine"\n', "cannot be read"),
        ("workloads/mine.py", f'TITLE = "Mine"\nx = {"-" * 100_000}1\n', "cannot be read"),
        ("runners/mine.py", 'TITLE = "Mine"\n', "needs one class whose name ends in Runner"),
        ("runners/mine.py", f'{RUNNER}GIL = "mine"\n', "cannot be read: GIL cannot be 'mine'"),
        ("runners/mine.py", f'{RUNNER}ORDER = "first"\n', "says ORDER = 'first'"),
    ],
)
def test_one_that_is_no_good_says_why_and_stands_in_nobodys_way(
    name: str, source: str, words: str, write: Write
) -> None:
    write(name, source)
    entries = lookup.runners() if name.startswith("runners") else lookup.workloads()
    assert words in entries["mine"].missing
    assert len(entries) > 10


@pytest.mark.parametrize(
    ("name", "source", "words"),
    [
        ("workloads/primes.py", WORKLOAD, "Thaw has workloads of its own with that name"),
        ("workloads/my-work.py", WORKLOAD, "is no name in Python"),
        ("labs/mine.py", 'TITLE = "Mine"\n', "no literal RUNNER"),
        ("labs/mine.py", LAB.replace("def b", "def c"), "it has no function b"),
        ("labs/mine.py", LAB.replace(', "b": {"right": True, "shows": "B."}', ""), "two versions or more"),
        ("labs/mine.py", LAB.replace('"right": False, ', ""), "it lacks 'right'"),
        ("labs/mine.py", f'{LAB}TASKS = "some"\n', "says TASKS = 'some'"),
        ("lessons/mine.py", '"""A text."""\nTITLE = "Mine"\n', "is no lesson yet: it needs ASKS"),
        ("lessons/lost_updates.py", '"""A text."""\n', "Thaw has lessons of its own with that name"),
    ],
)
def test_one_that_is_left_out_is_told(name: str, source: str, words: str, write: Write) -> None:
    path = write(name, source)
    found = len(lookup.workloads()), len(labs.labs()), len(lessons())
    assert path.name in additions.told[str(path)]
    assert words in additions.told[str(path)]
    assert min(found) > 10, "all others are there"


def test_a_copy_of_a_lab_is_none_before_it_has_a_name_of_its_own(write: Write) -> None:
    for name in ("counter", "counter-2"):
        write(f"labs/{name}.py", LAB)
    assert labs.labs()["counter"].title != "Mine"
    assert additions.told == {}


@pytest.mark.skipif(os.name != "posix", reason="elsewhere folders have no such rights")
def test_what_everybody_may_write_to_is_left_out(write: Write) -> None:
    path = write("workloads/mine.py", WORKLOAD)
    path.chmod(0o666)
    assert "mine" not in lookup.workloads()
    assert "everybody may write to it" in additions.told[str(path)]
    write("runners/here.py", RUNNER).parent.chmod(0o777)
    assert "here" not in lookup.runners()
    assert additions.folder("runners") == ()


def test_what_a_file_raises_is_told_with_its_line(write: Write) -> None:
    path = write("runners/here.py", "\n\nraise ValueError('not today')\n")
    with pytest.raises(BadInput, match="line 3: ValueError: not today"), additions.telling():
        exec(compile(path.read_text(), path, "exec"))
    assert additions.is_added(path)


def test_a_fault_of_thaws_own_stays_one(write: Write) -> None:
    with pytest.raises(ZeroDivisionError), additions.telling():
        1 / 0  # noqa: B018
    with pytest.raises(BadInput, match="as it is"), additions.telling():
        raise BadInput("as it is")


def test_what_an_editor_leaves_there_stands_in_nobodys_way(write: Write) -> None:
    folder = write("workloads/mine.py", WORKLOAD).parent
    (folder / "gone.py").symlink_to(folder / "nowhere.py")
    (folder / ".#mine.py").symlink_to("me@here.1234:5678")
    (folder / ".mine.py").write_text("")
    assert [path.name for path in additions.files("workloads")] == ["mine.py"]
    assert not additions.told
