"""The person's file: read and never run, read again when it changes; the recent ones and those that may be run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gui.editor.text_file import MAX_BYTES
from gui.your_function import file as file_module
from gui.your_function.file import OwnFile
from gui.your_function.recent import MAX_RECENT, OwnFiles, digest_of, why_gone
from tests.support.whole_app import PATIENCE_MS
from workers.catalog.callables.files import syntax_tree
from workers.user_code.listing import SHORT

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from gui.process.preferences import Preferences

SOURCE = '''
"""Pictures."""
raise SystemExit("this file was run")


def resize(width: int = 3) -> int:
    """Make it smaller.

    And more.
    """
    return width


def steps(count: int = 3):
    yield from range(count)


async def fetch(url: str = "x") -> None:
    """Get it."""


def makes(what):
    def inner():
        yield 1
    return inner


def _private() -> None:
    """Not for others."""


class Picture:
    """Holds one."""

    def turn(self, by): ...


if __name__ == "__main__":
    def broken(what): ...
'''


@pytest.fixture
def file(qtbot: QtBot) -> Iterator[OwnFile]:
    made = OwnFile()
    yield made
    made.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "pictures.py"
    found.write_text(SOURCE, encoding="utf-8")
    return found


def test_functions_are_read_with_their_kinds_and_nothing_is_run(file: OwnFile, path: Path) -> None:
    file.open(path)
    assert file.problem == ""
    kinds = [(found.name, found.kind, found.summary, found.line) for found in file.functions]
    assert kinds == [
        ("resize", "plain", "Make it smaller.", 6),
        ("steps", "generator", "", 14),
        ("fetch", "async", "Get it.", 18),
        ("makes", "plain", "", 22),
        ("Picture", "class", "Holds one.", 32),
        ("Picture.turn", "plain", "", 35),
        ("_private", "plain", "Not for others.", 28),
        ("broken", "plain", "", 39),
    ]
    assert file.source.startswith('\n"""Pictures."""')


def test_one_that_cannot_be_used_says_why(file: OwnFile, path: Path) -> None:
    file.open(path)
    broken, resize = file.find("broken"), file.find("resize")
    assert broken is not None
    assert broken.entry is None
    assert broken.why_not.startswith("broken in pictures.py is written under")
    assert resize is not None
    assert resize.entry is not None
    assert resize.entry.path == path
    assert [field.name for field in resize.entry.fields] == ["width"]
    assert file.find("nobody") is None


def test_a_function_that_lacks_a_package_can_be_chosen_for_another_python_may_have_it(
    file: OwnFile, path: Path
) -> None:
    path.write_text("import no_such_package\n\n\ndef work():\n    pass\n", encoding="utf-8")
    file.open(path, "/opt/python")
    [work] = file.functions
    assert work.why_not == ""
    assert work.entry is not None
    assert work.entry.own is not None
    assert (work.entry.own.lacks, work.entry.own.python) == (("no_such_package",), "/opt/python")


def test_a_syntax_error_is_told_with_its_line(file: OwnFile, path: Path) -> None:
    path.write_text("import json\n\ndef work(:\n", encoding="utf-8")
    file.open(path)
    assert file.problem_line == 3
    assert file.problem.startswith("Python cannot read pictures.py in line 3: ")
    assert file.source.startswith("import json")
    assert file.functions == ()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"x = 1\n", "has no function"),
        (b"def f():\n    pass\n\0\0", "pictures.py"),
        (b"\xff\xfe\x00d", "pictures.py"),
        (b"#" * (MAX_BYTES + 1), "larger than 1 MiB"),
        (b"x = " + b"-" * 9_000 + b"1\n", "pictures.py is no file of Python: it is nested too deeply."),
        (b"", "has no function"),
    ],
)
def test_what_is_no_program_is_told_and_nothing_crashes(
    file: OwnFile, path: Path, data: bytes, words: str
) -> None:
    path.write_bytes(data)
    file.open(path)
    assert words in file.problem
    assert file.functions == ()


LONG = SOURCE + "# more\n" * SHORT
"""So long that a process of its own lists its functions."""


@pytest.fixture
def parsed_here(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were parsed in this process."""
    found: list[str] = []

    def parse(source: str, name: str) -> ast.Module:
        found.append(name)
        return syntax_tree(source, name)

    monkeypatch.setattr(file_module, "syntax_tree", parse)
    return found


def test_a_long_file_is_not_parsed_here(
    file: OwnFile, path: Path, qtbot: QtBot, parsed_here: list[str]
) -> None:
    file.open(path)
    short = file.functions
    assert parsed_here == ["pictures.py"]
    path.write_text(LONG, encoding="utf-8")
    done = list[str]()
    file.look()
    assert (file.is_listing, file.functions) == (True, short), "they stay until the new ones are there"
    file.once_listed(lambda: done.append("first"))
    file.once_listed(lambda: done.append("last"))
    qtbot.waitUntil(lambda: not file.is_listing, timeout=PATIENCE_MS)
    assert [found.name for found in file.functions] == [found.name for found in short]
    assert done == ["last"]
    path.write_text(f"{LONG}def oops(:", encoding="utf-8")
    file.look()
    qtbot.waitUntil(lambda: file.problem_line > SHORT, timeout=PATIENCE_MS)
    assert file.problem.startswith("Python cannot read pictures.py in line 10,0")
    assert parsed_here == ["pictures.py"]


def test_of_a_long_file_that_is_left_nothing_comes(
    file: OwnFile, path: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    path.write_text(LONG, encoding="utf-8")
    file.open(path)
    file.once_listed(lambda: pytest.fail("it was wanted of another file"))
    before = file.functions
    assert before == ()
    other = tmp_path / "other.py"
    other.write_text("def other(): ...\n", encoding="utf-8")
    file.open(other)
    qtbot.waitUntil(lambda: file._asker._thread is None, timeout=PATIENCE_MS)
    assert [found.name for found in file.functions] == ["other"]


def test_files_that_are_not_there_and_folders_are_told(file: OwnFile, tmp_path: Path) -> None:
    file.open(tmp_path / "gone.py")
    assert file.problem == "gone.py is no longer there: choose another file."
    file.open(tmp_path)
    assert "cannot be read" in file.problem


def test_a_change_on_the_disk_is_noticed(file: OwnFile, path: Path, qtbot: QtBot) -> None:
    file.open(path)
    with qtbot.waitSignal(file.changed):
        path.write_text("def other():\n    pass\n", encoding="utf-8")
    assert [found.name for found in file.functions] == ["other"]


def test_an_editor_s_way_to_save_is_noticed_too_and_again(file: OwnFile, path: Path, qtbot: QtBot) -> None:
    file.open(path)
    for name in ("first", "second"):
        beside = path.with_name("pictures.py~")
        beside.write_text(f"def {name}():\n    pass\n", encoding="utf-8")
        with qtbot.waitSignal(file.changed):
            beside.replace(path)
        assert [found.name for found in file.functions] == [name]
    with qtbot.waitSignal(file.changed):
        path.unlink()
    assert file.problem == "pictures.py is no longer there: choose another file."
    with qtbot.waitSignal(file.changed):
        path.write_text("def back():\n    pass\n", encoding="utf-8")
    assert file.problem == ""


def test_a_file_that_was_closed_is_not_watched(file: OwnFile, path: Path, tmp_path: Path, qtbot: QtBot) -> None:
    file.open(path)
    other = tmp_path / "elsewhere" / "other.py"
    other.parent.mkdir()
    other.write_text(SOURCE, encoding="utf-8")
    file.open(other)
    assert file._watch._watcher.files() == [str(other)]
    assert file._watch._watcher.directories() == [str(other.parent)]
    file.close()
    assert not file._watch._watcher.files()


# ---------------------------------------------------------------- recent ones, and trust


def test_recent_files_are_kept_the_newest_first(preferences: Preferences, tmp_path: Path) -> None:
    files = OwnFiles(preferences)
    paths = [tmp_path / f"{number}.py" for number in range(MAX_RECENT + 2)]
    for path in paths:
        files.use(path, f"work_{path.stem}")
    files.use(paths[5])  # its function is remembered
    kept = OwnFiles(preferences).recent
    assert len(kept) == MAX_RECENT
    assert kept[0] == (paths[5], "work_5")
    assert kept[1] == (paths[11], "work_11")
    files.forget(paths[5])
    assert paths[5] not in [one.path for one in OwnFiles(preferences).recent]


def test_a_file_that_was_picked_may_be_run_whatever_it_holds(preferences: Preferences, path: Path) -> None:
    OwnFiles(preferences).trust_file(path)
    path.write_text("changed = True", encoding="utf-8")
    assert OwnFiles(preferences).is_trusted(path)
    OwnFiles(preferences).forget(path)
    assert not OwnFiles(preferences).is_trusted(path)


def test_a_yes_holds_for_the_contents_alone(preferences: Preferences, path: Path, tmp_path: Path) -> None:
    files = OwnFiles(preferences)
    assert not files.is_trusted(path)
    files.trust_contents(digest_of(path))
    assert OwnFiles(preferences).is_trusted(path)
    copy = tmp_path / "copy.py"
    copy.write_bytes(path.read_bytes())
    assert files.is_trusted(copy)
    path.write_text(SOURCE + "\n", encoding="utf-8")
    assert not files.is_trusted(path)
    assert preferences.read("own_contents") == f'["{digest_of(copy)}"]'


def test_what_lies_in_a_folder_for_what_a_person_adds_was_chosen_by_them(
    preferences: Preferences, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THAW_DATA", str(tmp_path))
    files = OwnFiles(preferences)
    for name, is_chosen in (("lessons", True), ("labs", True), ("wrappers", False), ("lessons/inner", False)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mine.py").write_text(SOURCE, encoding="utf-8")
        assert files.is_trusted(tmp_path / name / "mine.py") == is_chosen


def test_what_cannot_be_read_is_never_trusted(preferences: Preferences, tmp_path: Path) -> None:
    files = OwnFiles(preferences)
    large = tmp_path / "large.py"
    large.write_bytes(b"#" * (MAX_BYTES + 1))
    for path in (tmp_path / "gone.py", large):
        files.trust_contents(digest_of(path))
        assert not files.is_trusted(path)


@pytest.mark.parametrize("kept", ["", "nonsense", "{}", "[[1, 2]]", '[["a.py"]]', "[null]", "7"])
def test_what_was_kept_wrongly_counts_as_nothing(preferences: Preferences, kept: str) -> None:
    for name in ("recent", "picked", "contents"):
        preferences.write(f"own_{name}", kept)
    files = OwnFiles(preferences)
    assert files.recent == []
    assert not files.is_trusted(Path("a.py"))


def test_why_a_file_is_gone(path: Path, tmp_path: Path) -> None:
    assert why_gone(path) == ""
    assert why_gone(tmp_path) == "it is no file"
    assert why_gone(tmp_path / "gone.py") == "it is no longer there"
