"""What the words after --watch mean, and what is no program."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support import environments
from workers.utils.errors import BadInput
from workers.utils.words import quote_word
from workers.watch.program import Program, read_program

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.py").write_text("print(1)\n")


def test_all_after_the_script_is_its_own() -> None:
    words = ("--", "--json", "-m", "", "--watch", "--pid", "7")
    program = read_program(["app.py", *words])
    assert program == Program(script="app.py", arguments=words)
    assert program.command == [sys.executable, "app.py", *words]
    assert program.title == f"app.py -- --json -m {quote_word('')} --watch --pid 7"


def test_all_after_a_module_is_its_own() -> None:
    program = read_program(["-m", "package.tool", "-m", "--json", ""])
    assert program.command == [sys.executable, "-m", "package.tool", "-m", "--json", ""]
    assert program.name == "package.tool"


def test_a_title_has_no_secrets() -> None:
    program = read_program(["app.py", "https://me:word@host/?token=1234"])
    assert "word" not in program.title
    assert "1234" not in program.title


def test_the_python_of_the_scripts_own_project_runs_it(tmp_path: Path) -> None:
    python = environments.environment(tmp_path / ".venv")
    assert read_program(["app.py"]).python == str(python)
    assert read_program(["-m", "package"]).python == str(python)
    assert read_program(["app.py"], sys.executable).python == sys.executable


def test_a_script_that_pip_installed_names_its_python(tmp_path: Path) -> None:
    python = environments.environment(tmp_path / "tools")
    (tmp_path / "app").write_text(f"#!{python}\nprint(1)\n")
    assert read_program(["app"]).python == str(python)
    (tmp_path / "app").write_text("#!/usr/bin/env python3\nprint(1)\n")
    assert read_program(["app"]).python == sys.executable


def test_a_folder_with_a_main_is_a_program(tmp_path: Path) -> None:
    (tmp_path / "tool").mkdir()
    with pytest.raises(BadInput, match="is a folder without __main__"):
        read_program(["tool"])
    (tmp_path / "tool" / "__main__.py").write_text("")
    assert read_program(["tool/"]).name == "tool"


LONG = "#!/bin/sh\n'''exec' {} \"$0\" \"$@\"\n' '''"


@pytest.mark.parametrize(
    ("line", "folder"),
    [("#!{} -Es", "tools"), ("#! {} -I", "tools"), (LONG.replace("{}", '"{}"'), "my tools"), (LONG, "tools")],
)
def test_a_first_line_may_have_options_or_be_long(line: str, folder: str, tmp_path: Path) -> None:
    python = environments.environment(tmp_path / folder)
    (tmp_path / "app").write_text(line.format(python) + "\nprint(1)\n")
    assert read_program(["app"]).python == str(python)


@pytest.mark.parametrize(
    "line", ["#!/bin/bash", "#! /bin/sh -e", "#!/usr/bin/env bash", "#!/usr/bin/env -S perl -w"]
)
def test_a_script_of_another_language_is_none(line: str, tmp_path: Path) -> None:
    (tmp_path / "app").write_text(f"{line}\nexec python3 app.py\n")
    with pytest.raises(BadInput, match=r"is run by \S*(sh|perl), and so is no Python program"):
        read_program(["app"])


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes")
def test_a_pipe_is_left_for_python_to_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert read_program(["pipe"]).script == "pipe"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "--watch names a program"),
        ([""], "--watch names a program"),
        (["-m"], "names a package"),
        (["-m", "--json"], "names a package"),
        (["--json", "app.py"], "options of Thaw's stand before --watch"),
        (["nowhere.py"], "There is no file nowhere.py"),
        (["nul\0.py"], "cannot be read"),
        (["picture.png"], "is no Python program"),
        (["--pid"], "takes the number"),
        (["--pid", "0"], "takes the number"),
        (["--pid", "me"], "takes the number"),
        (["--pid", "7", "more"], "takes the number"),
    ],
)
def test_what_is_no_program_is_said(words: list[str], said: str, tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\0\0\0")
    with pytest.raises(BadInput, match=said):
        read_program(words)


def test_what_runs_already_is_told_by_its_number() -> None:
    program = read_program(["--pid", "7"])
    assert (program.pid, program.title) == (7, "process 7")
    with pytest.raises(BadInput, match="--python does not go"):
        read_program(["--pid", "7"], sys.executable)


def test_a_file_whose_name_is_like_an_option_is_told_how_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "-x.py").write_text("")
    with pytest.raises(BadInput, match=r"is \./-x\.py"):
        read_program(["-x.py"])
    assert read_program(["./-x.py"]).script == "./-x.py"
