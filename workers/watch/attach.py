"""Begins to watch a program that runs already, by `sys.remote_exec` of Python 3.14 and later.

The program's own interpreter is asked to do it, for both sides must be of one version: so it does not matter which
Python runs Thaw.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from ..agent import invitation
from ..utils.child import LOAD_BESIDE, PACKAGE, PRIVATE
from ..utils.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable

SCRIPT = "enter.py"
ENTER_S = 10.0
NO_REMOTE, NOT_ALLOWED = 3, 4
ENTER = f"""
import sys
if not hasattr(sys, "remote_exec"):
    print(sys.version.split()[0])
    raise SystemExit({NO_REMOTE})
try:
    sys.remote_exec(int(sys.argv[1]), sys.argv[2])
except PermissionError:
    raise SystemExit({NOT_ALLOWED})
"""
ENTERED = """
import os, sys
os.unlink({script!r})
for name in [name for name in sys.modules if name.partition(".")[0] == {private!r}]:
    del sys.modules[name]  # of an earlier time that it was watched
try:
    exec({load!r}, {{"package": {package!r}}})
    from {private}.agent.begin import begin
    begin({file!r})
except BaseException:
    import traceback
    with open({trouble!r}, "w", encoding="utf-8", errors="backslashreplace") as out:
        out.write(traceback.format_exc())
"""
"""Runs in there, and raises nothing into the program."""

INSTEAD = "Start it by --watch my_app.py, or put `import thaw_watch; thaw_watch.start()` into it."


def attach(pid: int, invited: Callable[[dict[str, str]], dict[str, str]]) -> None:
    """Let the agent into a process; it begins as soon as its main thread runs Python.

    Raises:
        BadInput: there is no such process, or nobody can get into it; with a sentence that says what can be done.
    """
    python = interpreter_of(pid)
    file = invited({})[invitation.VARIABLE]
    script = os.path.join(os.path.dirname(file), SCRIPT)
    with open(script, "w", encoding="utf-8") as out:
        out.write(
            ENTERED.format(
                script=script,
                load=LOAD_BESIDE,
                package=str(PACKAGE),
                private=PRIVATE,
                file=file,
                trouble=os.path.join(os.path.dirname(file), invitation.TROUBLE),
            )
        )
    try:
        asked = subprocess.run(
            [python, "-I", "-S", "-c", ENTER, str(pid), script], capture_output=True, text=True, timeout=ENTER_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BadInput(f"{python}, the Python of process {pid}, does not answer: {error}. {INSTEAD}") from error
    if asked.returncode == NO_REMOTE:
        raise BadInput(
            f"Process {pid} runs on Python {asked.stdout.strip()}, which lets nobody in while it runs: that takes "
            f"Python 3.14. {INSTEAD}"
        )
    if asked.returncode == NOT_ALLOWED:
        raise BadInput(
            f"This system lets nobody into process {pid}: be its owner, and on Linux root, or set "
            f"/proc/sys/kernel/yama/ptrace_scope to 0. {INSTEAD}"
        )
    if asked.returncode:
        told = (asked.stderr.strip().splitlines() or [f"exit code {asked.returncode}"])[-1]
        raise BadInput(f"Nobody can get into process {pid}: {told}. {INSTEAD}")


def runs(pid: int) -> bool:
    """Whether there is such a process, as far as the system tells."""
    if os.name == "nt":  # there the question would end it
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass  # somebody else's
    return True


def interpreter_of(pid: int) -> str:
    """The interpreter that a process runs. Raises BadInput."""
    if not runs(pid):
        raise BadInput(f"There is no process {pid}: --watch --pid takes the number of one that runs.")
    try:
        found = os.readlink(f"/proc/{pid}/exe")
    except OSError:
        return sys.executable  # no Linux, or not ours
    if "python" not in os.path.basename(found).lower():
        raise BadInput(
            f"Process {pid} is {os.path.basename(found)}, and no Python: Thaw watches Python programs."
        )
    return found
