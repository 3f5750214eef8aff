"""What is to be watched: a script or a package with its arguments, in which Python; or what runs already.

Knows nothing of the agent. Asking which Python a path means may take a tenth of a second.
"""

from __future__ import annotations

import os
import re
import stat
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..pythons.finding import choose, of_project
from ..transport.redaction import without_secrets
from ..utils.errors import BadInput
from ..utils.folder_files import tilde
from ..utils.words import quote_word

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME_ONE = "--watch names a program: --watch my_app.py, --watch -m package, or --watch --pid 1234."
HEAD = 4_096
PYTHON = re.compile(rb"#!\s*(/\S*/python[\d.t]*)(?:\s|$)")
"""A first line, as most scripts have it that pip installs; options are left out, for -I lets nobody watch."""

LONG_PYTHON = re.compile(rb"#!\s*/bin/sh\s*\n'''exec' \"?([^\"\n]+?)\"? \"\$0\" \"\$@\"")
"""The same of an interpreter whose path is long, or has a space."""

SHELL = re.compile(rb"#!\s*(?:\S*/env\s+(?:-\S+\s+)*)?(\S*?(?:sh|perl|ruby|node))(?:\s|$)")


class Program(NamedTuple):
    """A program, as it would be started by itself.

    Attributes:
        script: the path of its file as it was said; empty where it is a module.
        module: the name of its module, as after `python -m`; empty where it is a script.
        arguments: its own.
        python: the interpreter that runs it.
        folder: where it is started; empty: here.
        pid: of a program that runs already, of which nothing else is known; 0 where it is to be started.
    """

    script: str = ""
    module: str = ""
    arguments: tuple[str, ...] = ()
    python: str = sys.executable
    folder: str = ""
    pid: int = 0

    @property
    def command(self) -> list[str]:
        """The words that start it."""
        what = ["-m", self.module] if self.module else [self.script]
        return [self.python, *what, *self.arguments]

    @property
    def name(self) -> str:
        """What people call it: "my_app.py", "package", "process 1234"."""
        if self.pid:
            return f"process {self.pid}"
        return self.module or os.path.basename(self.script.rstrip("/\\")) or self.script

    @property
    def title(self) -> str:
        """Its name with its arguments, without secrets: "my_app.py --its --arguments"."""
        return without_secrets(" ".join((self.name, *map(quote_word, self.arguments))))


def read_program(words: Sequence[str], python: str | None = None) -> Program:
    """The program that the words after --watch mean; all after its name are its own, whatever they are.

    Args:
        words: what stands after --watch.
        python: what --python says; None: that of the script's own project, or of its first line, or else ours.

    Raises:
        BadInput: there is no such program, with a sentence.
    """
    first, *rest = words or [""]
    if first == "--pid":
        return _running(rest, python)
    if first == "-m":
        if not rest or not rest[0] or rest[0].startswith("-"):
            raise BadInput("--watch -m names a package or a module: --watch -m package.")
        return Program(module=rest[0], arguments=tuple(rest[1:]), python=_python(Path("-m"), python))
    if not first:
        raise BadInput(NAME_ONE)
    if first.startswith("-"):
        what = f"{first} is no program, and options of Thaw's stand before --watch."
        more = f" A file of that name is ./{first}." if os.path.lexists(first) else ""
        raise BadInput(f"{what} {NAME_ONE}{more}")
    check_script(first)
    return Program(script=first, arguments=tuple(rest), python=_python(Path(first), python))


def _running(words: Sequence[str], python: str | None) -> Program:
    if len(words) != 1 or not words[0].isdecimal() or not 0 < int(words[0]) < 2**31:
        raise BadInput("--watch --pid takes the number of a process, and nothing after it: --watch --pid 1234.")
    if python is not None:
        raise BadInput("--python does not go with --watch --pid: what runs already has its Python.")
    return Program(python="", pid=int(words[0]))


def _python(script: Path, said: str | None) -> str:
    if said is not None:
        return choose(said).path
    own = of_project(Path(os.path.abspath(script))) or _first_line(script)
    return choose(own).path if own else sys.executable


def _first_line(script: Path) -> str:
    """The interpreter that a script names in its first line, as those do that pip installs; empty where it does not."""
    try:
        if not script.is_file():
            return ""
        with script.open("rb") as file:
            head = file.read(HEAD)
    except OSError:
        return ""
    found = PYTHON.match(head) or LONG_PYTHON.match(head)
    return os.fsdecode(found[1]) if found and os.path.exists(found[1]) else ""


def check_script(path: str) -> None:
    """Find out whether Python could run a file, as far as can be seen from outside.

    Raises:
        BadInput: it cannot, with a sentence.
    """
    shown = tilde(path)
    if os.path.isdir(path):
        if not os.path.isfile(os.path.join(path, "__main__.py")):
            raise BadInput(
                f"{shown} is a folder without __main__.py, and so no program: name a file, or -m PACKAGE."
            )
        return
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return  # a pipe can be read but once, and not by us
        with open(path, "rb") as file:
            head = file.read(HEAD)
    except (OSError, ValueError) as error:  # a ValueError is a name that no file can have
        if isinstance(error, FileNotFoundError):
            raise BadInput(f"There is no file {shown}: --watch takes the path of a program.") from None
        why = getattr(error, "strerror", None) or str(error)
        raise BadInput(f"{shown} cannot be read ({why}): look whether it is yours to read.") from None
    if (shell := SHELL.match(head)) and not LONG_PYTHON.match(head):
        named = os.fsdecode(shell[1])
        raise BadInput(
            f"{shown} is run by {named}, and so is no Python program: name the script that it starts."
        )
    if b"\0" in head and Path(path).suffix not in {".pyc", ".pyo"} and not zipfile.is_zipfile(path):
        raise BadInput(f"{shown} is no Python program: name the script that starts it, or -m PACKAGE.")
