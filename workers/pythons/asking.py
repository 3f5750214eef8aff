"""What an interpreter is: it is asked, in a process of its own, and the answer is kept, also for the next start.

For any thread. `ask` takes a tenth of a second or some, `known` none. Nothing is installed or written there.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from ..utils.atomic_file import part_file
from ..utils.child import heard
from ..utils.errors import BadInput
from ..utils.folder_files import data_folder, stamp, tilde

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MIN_VERSION = (3, 9)
ANSWER_S = 5.0
"""How long an interpreter may take to answer; PyPy needs a tenth of a second."""

AT_ONCE = 8
MAX_KEPT = 100
"""So many answers are kept from one start to the next."""

FLAGS = ("-I", "-B")
"""Isolated from the environment and from the folder that Thaw was started in; and nothing is written."""

USER_SITE = """
import os, site, sys
if sys.prefix == sys.base_prefix and os.path.isdir(site.getusersitepackages()):
    site.addsitedir(site.getusersitepackages())
"""
"""What -I leaves out of the packages that a Python has: those of the person alone. An environment has none of these."""

EDITABLE = """
def editable():
    for finder in sys.meta_path:
        module = sys.modules.get(getattr(finder, "__module__", ""))
        if module is not None and module.__name__.startswith("__editable__"):
            found = [*getattr(module, "MAPPING", {}).items()]
            found += [(name, one) for name, all in getattr(module, "NAMESPACES", {}).items() for one in all]
            for name, path in found:
                parts = os.path.splitext(path)[0].split(os.sep)
                names = name.split(".")
                if parts[-len(names):] == names:
                    yield os.sep.join(parts[:-len(names)])
"""
"""Of editable installs with a finder of setuptools' in place of a folder: the folders in which it looks."""

ASK = f"""
import sys
standard = set(sys.path)
import importlib.machinery, json, platform, site
site.main()
{USER_SITE}
{EDITABLE}
print()
print(json.dumps([platform.python_implementation(), list(sys.version_info[:3]),
    bool(getattr(sys, "_is_gil_enabled", lambda: True)()), getattr(sys, "_base_executable", "") or sys.executable,
    "" if sys.prefix == sys.base_prefix else sys.prefix, importlib.machinery.EXTENSION_SUFFIXES[0],
    [path for path in dict.fromkeys([*sys.path, *editable()]) if path not in standard and os.path.isdir(path)]]))
"""
"""Run without `site` at first, so that the folders of packages are those that it adds."""

State = tuple[tuple[str, int, int], ...]


class Python(NamedTuple):
    """An interpreter that has answered.

    Attributes:
        path: how it is started. Of a virtual environment it is a link, which is not followed: what it leads to has
            other packages.
        implementation: such as "CPython" or "PyPy".
        version: three numbers.
        gil: whether its GIL is on.
        base: the file that it really is; empty where it does not say.
        environment: the folder of the virtual environment that it is of; empty where it is of none.
        suffix: the end of the names of C extensions that it can load, which tells version, build and system.
        packages: the folders of packages that are installed there, in its order.
    """

    path: str
    implementation: str
    version: tuple[int, ...]
    gil: bool
    base: str = ""
    environment: str = ""
    suffix: str = ""
    packages: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What people call it: "Python 3.13.0", "PyPy 3.9.16"; with a t where threads run in parallel."""
        kind = "Python" if self.implementation == "CPython" else self.implementation
        return f"{kind} {'.'.join(str(number) for number in self.version)}{'' if self.gil else 't'}"

    @property
    def words(self) -> str:
        return f"{self.name}, GIL {'on' if self.gil else 'off'}"

    @property
    def told(self) -> str:
        """Where it is, and what: "~/project/.venv, Python 3.11.7"."""
        return f"{place(self.path)}, {self.name}"

    @property
    def identity(self) -> tuple[str, str]:
        """The same for two paths of one interpreter with the same packages."""
        return self.base, os.path.realpath(self.environment) if self.environment else ""


def place(path: str) -> str:
    """Where an interpreter is, for people: the folder of its environment, or else itself."""
    return tilde(environment_of(path) or path)


def environment_of(path: str) -> str:
    """The folder of the virtual environment that an interpreter's path leads into; empty where it is of none."""
    folder = os.path.dirname(path)
    around = os.path.dirname(folder)
    return next((one for one in (folder, around) if os.path.isfile(os.path.join(one, "pyvenv.cfg"))), "")


def ask(path: str) -> Python:
    """Ask an interpreter what it is.

    Raises:
        BadInput: it cannot be used; a sentence for people.
    """
    answer = _known(path)
    if answer is None or path in _silent:
        answer = _learn(path)
        _save()
    if isinstance(answer, str):
        raise BadInput(answer)
    return answer


def known(path: str) -> Python | None:
    """What is known of an interpreter without asking it; None where that is nothing, or it cannot be used.

    What was installed since it was asked changes nothing of that but, rarely, the folders of packages.
    """
    _load()
    state, answer = _answers.get(path, ((), ""))
    if isinstance(answer, str):
        return None
    itself = tuple(part for part in state if part[0] not in answer.packages)
    return answer if itself == _state(one[0] for one in itself) else None


def ask_all(paths: Sequence[str]) -> list[Python]:
    """Those of them that can be used, in their order. All are asked at once."""
    unknown = iter([path for path in paths if _known(path) is None])

    def work() -> None:
        for path in unknown:  # shared by all: each takes the next
            _learn(path)

    helpers = [threading.Thread(target=work, name="pythons", daemon=True) for _ in paths[1:AT_ONCE]]
    with suppress(RuntimeError):  # the system gives no more threads: fewer will do
        for helper in helpers:
            helper.start()
    work()
    for helper in helpers:
        if helper.ident is not None:
            helper.join()
    _save()
    return [found for path in paths if isinstance(found := _known(path), Python)]


def run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Run it to its end. Raises BadInput, with a sentence, where that does not work."""
    try:
        return heard(command, ANSWER_S)
    except subprocess.TimeoutExpired:
        raise BadInput(f"{command[0]} did not answer within {ANSWER_S:g} s.") from None
    except OSError as error:
        raise BadInput(f"{command[0]} cannot be started: {error.strerror or error}.") from None


def state_of(python: Python) -> State:
    """What tells that an interpreter, or what is installed there, is another by now."""
    config = os.path.join(python.environment, "pyvenv.cfg") if python.environment else ""
    return _state(filter(None, (python.path, config, *python.packages)))


# ---------------------------------------------------------------- what was answered

_answers: dict[str, tuple[State, Python | str]] = {}
_passing: set[str] = set()
"""Whose answers are not for the next start: scripts, which may answer something else then, and what did not answer."""
_silent: set[str] = set()
"""Those of them that did not answer: a busy machine may have been the reason, so who is named is asked once more."""
_lock = threading.Lock()
_is_read = False
_is_new = False


def _known(path: str) -> Python | str | None:
    _load()
    found = _answers.get(path)
    return found[1] if found is not None and found[0] == _state(part[0] for part in found[0]) else None


def _learn(path: str) -> Python | str:
    global _is_new
    before, is_lasting, is_silent = _state([path]), not is_script(path), False
    try:
        answer = _asked(path)
    except BadInput as problem:
        answer, is_lasting, is_silent = str(problem), False, True
    with _lock:
        _answers[path] = (state_of(answer) if isinstance(answer, Python) else before, answer)
        _passing.discard(path) if is_lasting else _passing.add(path)
        _silent.add(path) if is_silent else _silent.discard(path)
        _is_new |= is_lasting
    return answer


def _asked(path: str) -> Python | str:
    """What it is, or why it is none. Raises BadInput where it does not answer at all."""
    done = run([path, "-I", "-S", "-B", "-c", ASK])
    try:
        python = _python(path, *json.loads(done.stdout.rstrip().rpartition("\n")[2]))
    except (ValueError, TypeError):
        return f"{path} is no Python of version 3.9 or later."
    python = python._replace(base=os.path.realpath(python.base) if python.base else "")
    if python.version < MIN_VERSION:
        return f"{path} is {python.name}: Thaw's own source needs 3.9 or later there."
    return python


def _python(path: str, implementation: str, version: Sequence[int], gil: bool, base: str, *more: Any) -> Python:
    """One that was read from JSON, which has lists in place of tuples. Raises ValueError where it is none."""
    environment, suffix, packages = more
    return Python(path, implementation, tuple(version), gil, base, environment, suffix, tuple(packages))


def _state(paths: Iterable[str]) -> State:
    return tuple((path, *stamp(path)) for path in paths)


def _load() -> None:
    """Read what was kept; what cannot be read counts as never written."""
    global _is_read
    with _lock:
        if _is_read:
            return
        _is_read = True
        with suppress(OSError, ValueError, TypeError, KeyError):
            kept = json.loads((data_folder() / "pythons.json").read_text(encoding="utf-8"))
            for path, (state, told) in kept["answers"].items():
                answer = told if isinstance(told, str) else _python(*told)
                then = tuple((str(at), int(when), int(size)) for at, when, size in state)
                _answers.setdefault(path, (then, answer))


def _save() -> None:
    """Keep what was answered for the next start."""
    global _is_new
    with _lock:
        if not _is_new:
            return
        _is_new = False
        kept = {path: answer for path, answer in _answers.items() if path not in _passing}
        latest: dict[str, Any] = dict(list(kept.items())[-MAX_KEPT:])
        with suppress(OSError):
            file = data_folder() / "pythons.json"
            file.parent.mkdir(parents=True, exist_ok=True)
            with part_file(file) as written:
                written.write(json.dumps({"answers": latest}).encode())


def is_script(path: str) -> bool:
    """Whether a program is a text that another one runs, as the stand-ins of version managers are."""
    try:
        with open(path, "rb") as file:
            return file.read(2) == b"#!"
    except OSError:
        return False
