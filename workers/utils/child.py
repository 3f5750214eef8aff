"""How a child process of ours is started, and what our packages are called in it.

In Thaw's own processes they are `gui` and `workers`. A process that runs other people's code may have packages of these
names, so there ours is loaded as `_thaw`: that is why all imports inside of `workers` are relative. Nobody else knows
where our source lies. Runs on Python 3.9.
"""

from __future__ import annotations

import io
import os
import pickle
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PACKAGE = Path(__file__).parents[1]
ROOT = PACKAGE.parent
RESOURCES = ROOT / "resources"
IS_INSTALLED = ROOT.name == "app" and ROOT.parent.name == "thaw_lab"
"""Whether this is the wheel's copy, and no checkout."""

COMMAND = ("thaw",) if IS_INSTALLED else ("python", "main.py")
"""How a person starts this program."""

AT_START = dict(os.environ)
"""The environment that Thaw was started in, before it changed anything there: for programs that are no part of it."""

UNSEEN: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""A flag for children that write to nobody: on Windows each would open a console."""

PUBLIC = "workers"
"""What our package is called in Thaw's own processes."""

_NAME = __name__.partition(".")[0]
PRIVATE = _NAME if _NAME.startswith("_thaw") else "_thaw"
"""What it is called in other people's processes. Workers of a cluster may serve several versions of it: there it has a
longer name that begins with this one (`workers.remote.shipping`)."""

LOAD_BESIDE = f"""
import importlib.util, sys
where = package + "/__init__.py"
spec = importlib.util.spec_from_file_location("{PRIVATE}", where, submodule_search_locations=[package])
sys.modules["{PRIVATE}"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sys.modules["{PRIVATE}"])
"""
"""Loads `package` under its private name, and changes nothing else: in a program that is not ours."""

LOAD = f"""{LOAD_BESIDE}
sys.path[:] = [one for one in sys.path if one != package[:-8]]
sys.meta_path[:] = [one for one in sys.meta_path if not hasattr(one, "told")]
"""
"""Loads `package` under its private name, and leaves the folder around it out: nobody is to find our modules in it.

Nor what was found for the children of another function (`user_code.modules`)."""


def private(code: str, *arguments: str, python: str = sys.executable, flags: tuple[str, ...] = ()) -> list[str]:
    """The command that runs code in a Python where this package is called PRIVATE.

    Args:
        code: what to run; `sys.argv[1:]` are the arguments.
        arguments: of the command line.
        python: the interpreter.
        flags: for the interpreter.
    """
    # The current folder is none of ours: modules there may be called as those that our own need.
    begin = f"import sys\nsys.path[:] = [one for one in sys.path if one]\npackage = sys.argv.pop(1)\n{LOAD}"
    return [python, *flags, "-c", begin + code, str(PACKAGE), *arguments]


class RemoteFunction:
    """A function of ours to be called in a process or interpreter of its own, where our package has its private name.

    It is pickled as code, for who reads it there by our own name would import `workers`, of which people have one, too.
    """

    def __init__(self, function: Callable[..., Any], *, first: bool = False) -> None:
        """Make it.

        Args:
            function: at the top of one of our modules.
            first: whether nothing of ours was loaded there yet.
        """
        self._function = function
        module = f"{PRIVATE}.{function.__module__.partition('.')[2]}"
        self._code = f"__import__({module!r}, fromlist=['*']).{function.__name__}"
        if first:
            self._code = f"exec({LOAD!r}, {{'package': {str(PACKAGE)!r}}}) or {self._code}"

    def __call__(self, *arguments: Any) -> Any:
        return self._function(*arguments)

    def __reduce__(self) -> tuple[Any, ...]:
        return eval, (self._code,)


def module(name: str) -> tuple[str, ...]:
    """The command that runs one of our modules as a program of Thaw's own; with `environment`."""
    return (sys.executable, "-P", "-m", name)


def environment() -> dict[str, str]:
    """Ours, with the folder of our packages where Python looks for modules."""
    others = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{others}" if others else str(ROOT)}


def leave_ctrl_c_to_the_program() -> None:
    """Ctrl+C in the terminal is the program's to answer, not that of children which the calling thread starts."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def run_child(
    command: Sequence[str], pause: Callable[[float], None], variables: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end.

    Args:
        command: what to run.
        pause: called again and again meanwhile, with 0 seconds to wait; where it raises, the child is killed.
        variables: of its environment, beside ours; the folder of our packages is in it.
    """
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**environment(), **(variables or {})},
    ) as child:
        try:
            while True:
                try:
                    said, errors = child.communicate(timeout=0.01)
                    break
                except subprocess.TimeoutExpired:
                    pause(0.0)
        except BaseException:
            child.kill()
            raise
    return subprocess.CompletedProcess(command, child.returncode, said, errors)


def heard(command: Sequence[str], within_s: float, line: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command to its end and hear what it says.

    Args:
        command: what to run.
        within_s: how long it may take.
        line: what it reads.

    Raises:
        OSError: it cannot be started.
        subprocess.TimeoutExpired: it took longer, and was killed.
    """
    return subprocess.run(
        command,
        input=line,
        capture_output=True,
        timeout=within_s,
        encoding="utf-8",
        errors="replace",
        check=False,
        creationflags=UNSEEN,
    )


class _Unpickler(pickle.Unpickler):
    """Knows our classes by the private name as well."""

    def find_class(self, module_name: str, global_name: str) -> Any:
        first, dot, rest = module_name.partition(".")
        if first == PRIVATE or first.startswith(f"{PRIVATE}_"):
            module_name = f"{__name__.partition('.')[0]}{dot}{rest}"
        return super().find_class(module_name, global_name)


def unpickle(data: bytes) -> Any:
    """Read what such a process has pickled. Raises what the pickled classes raise."""
    return _Unpickler(io.BytesIO(data)).load()
