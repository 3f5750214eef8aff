"""The other Pythons of this machine: which there are, and what they can do. They are asked, in processes of their own.

May be called in any thread; the answers are kept. Nothing is installed into them and nothing is written.
"""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from ..catalog.user_names import module_of
from ..utils.child import PRIVATE, private
from ..utils.errors import BadInput
from .errors import no_packages, why_not_imported

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..catalog.entry import Entry

MIN_VERSION = (3, 9)
ANSWER_S = 5.0
"""How long an interpreter may take to answer; PyPy needs a tenth of a second."""

FREE_THREADED = "free-threaded"
"""In place of a path: the first one without a GIL."""

NAMES = re.compile(r"(python3(\.\d+)?t?|pypy3(\.\d+)?|graalpy(\d+\.\d+)?)(\.exe)?")

ASK = """
import json, platform, sys
print(json.dumps([platform.python_implementation(), list(sys.version_info[:3]),
    bool(getattr(sys, "_is_gil_enabled", lambda: True)()), sys.executable, getattr(sys, "_base_executable", "")]))
"""

TRY = f"import sys, {PRIVATE}.remote.worker; __import__(sys.argv[1])"

LOOK = f"""
import ast, importlib.util, json, sys, {PRIVATE}.remote.worker, {PRIVATE}.user_code.loading
path, *names = sys.argv[1:]
try:
    ast.parse(open(path, "rb").read() if path else b"")
    wrong = None
except SyntaxError as error:
    wrong = [error.lineno, error.msg]
print(json.dumps([wrong, [name for name in names if importlib.util.find_spec(name) is None]]))
"""
"""Reads a person's file and runs nothing of it."""

FLAGS = ("-I", "-B")
"""Isolated from the environment and from the folder that Thaw was started in; and nothing is written."""


class Python(NamedTuple):
    """An interpreter that has answered.

    Attributes:
        path: how it is started.
        implementation: such as "CPython" or "PyPy".
        version: three numbers.
        gil: whether its GIL is on.
        real: the file that it really is; empty where it does not say.
    """

    path: str
    implementation: str
    version: tuple[int, ...]
    gil: bool
    real: str = ""

    @property
    def name(self) -> str:
        """What people call it: "Python 3.13.0", "PyPy 3.9.16"; with a t where threads run in parallel."""
        kind = "Python" if self.implementation == "CPython" else self.implementation
        return f"{kind} {'.'.join(str(number) for number in self.version)}{'' if self.gil else 't'}"

    @property
    def words(self) -> str:
        return f"{self.name}, GIL {'on' if self.gil else 'off'}"


def choose(wanted: str) -> Python:
    """The interpreter that a person means.

    Args:
        wanted: its path, or its name on PATH; empty: the first other one on PATH; FREE_THREADED: the first of these
            whose GIL is off.

    Raises:
        BadInput: there is no such one, or it cannot be used; a sentence for people.
    """
    if not wanted:
        found = next(others(), None)
        if found is None:
            raise BadInput(
                "There is no other Python on PATH. Name one with the parameter python, or install one, "
                "such as pypy3 or python3.13t."
            )
        return found
    if wanted == FREE_THREADED:
        found = next((python for python in others() if not python.gil), None)
        if found is None:
            raise BadInput(
                "There is no other Python on PATH whose GIL is off. Install one, such as python3.14t, or name one with "
                "the parameter python."
            )
        return found
    path = shutil.which(os.path.expanduser(wanted))
    if path is None:
        raise BadInput(f"There is no program {wanted}. The parameter python names an interpreter or its path.")
    return ask(path)


def others() -> Iterator[Python]:
    """The Pythons on PATH that can be used, in its order; not this one, and none twice."""
    seen = {_real(sys.executable), _real(getattr(sys, "_base_executable", ""))}
    for path in candidates():
        try:
            found = ask(path)
        except BadInput:
            continue  # a stand-in that has no Python behind it, or too old a one
        if found.real not in seen:
            seen.add(found.real)
            yield found


def candidates() -> list[str]:
    """The programs on PATH whose names are those of a Python, in its order; each file but once."""
    found: dict[str, str] = {}
    for folder in os.get_exec_path():
        try:
            names = sorted(name for name in os.listdir(folder or ".") if NAMES.fullmatch(name))
        except OSError:
            continue
        for name in names:
            path = os.path.join(folder, name)
            if os.access(path, os.X_OK):
                found.setdefault(_real(path), path)
    return list(found.values())


def ask(path: str) -> Python:
    """Ask an interpreter what it is.

    Raises:
        BadInput: it cannot be used; a sentence for people.
    """
    answer = _asked(path, _changed(path))
    if isinstance(answer, str):
        raise BadInput(answer)
    return answer


def refusal(workload: Entry, params: Mapping[str, Any]) -> str:
    """Why a workload cannot run in the interpreter that `params` choose; empty where it can."""
    try:
        python = choose(str(params.get("python", "")))
    except BadInput as problem:
        return str(problem)
    if workload.is_workload:
        return _tried(python, workload.name, _changed(python.path))
    own = workload.own
    assert own is not None  # or `compatibility.refusal` has said that it is missing
    path = "" if own.is_installed or own.in_c else str(workload.path)  # there it has files of its own
    return _looked_at(python, path, own.function, own.imports, _changed(python.path), _changed(path))


@functools.lru_cache(maxsize=256)
def _asked(path: str, changed: float) -> Python | str:
    """What it is, or what is wrong with it."""
    try:
        done = _run([path, "-I", "-c", ASK])
    except BadInput as problem:
        return str(problem)
    try:
        implementation, version, gil, executable, base = json.loads(done.stdout)
    except ValueError:
        return f"{path} is no Python of version 3.9 or later."
    python = Python(path, implementation, tuple(version), gil, _real(base or executable))
    if python.version < MIN_VERSION:
        return f"{path} is {python.name}: Thaw's own source needs 3.9 or later there."
    return python


@functools.lru_cache(maxsize=256)
def _tried(python: Python, workload: str, changed: float) -> str:
    """Why a workload cannot be imported there; empty where it can."""
    module = module_of(workload, f"{PRIVATE}.")
    try:
        done = _run(private(TRY, module, python=python.path, flags=FLAGS))
    except BadInput as problem:
        return str(problem)
    if done.returncode == 0:
        return ""
    return why_not_imported(f"the workload {workload}", python.name, _last_line(done.stderr), module)


@functools.lru_cache(maxsize=256)
def _looked_at(
    python: Python, path: str, function: str, imports: tuple[str, ...], changed: float, file_changed: float
) -> str:
    """Why a person's own function cannot be imported there; empty where it can, for all that its source tells."""
    try:
        done = _run(private(LOOK, path, *imports, python=python.path, flags=FLAGS))
    except BadInput as problem:
        return str(problem)
    try:
        wrong, absent = json.loads(done.stdout)
    except ValueError:
        return why_not_imported(function, python.name, _last_line(done.stderr))
    if wrong is not None:
        return f"{os.path.basename(path)}, line {wrong[0]}, is no valid Python for {python.name} ({wrong[1]})."
    return no_packages(function, python.name, absent) if absent else ""


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run it to its end. Raises BadInput, with a sentence, where that does not work."""
    try:
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=ANSWER_S,
            encoding="utf-8",
            errors="replace",
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired:
        raise BadInput(f"{command[0]} did not answer within {ANSWER_S:g} s.") from None
    except OSError as error:
        raise BadInput(f"{command[0]} cannot be started: {error.strerror or error}.") from None


def _real(path: str) -> str:
    return os.path.realpath(path) if path else ""


def _changed(path: str) -> float:
    """When the file was changed: another file under the same name is asked anew."""
    try:
        return os.stat(path).st_mtime
    except OSError:
        return 0.0


def _last_line(text: str) -> str:
    return text.rstrip().rpartition("\n")[2]
