"""What Python says of functions that no source tells of: those in C, and those made while a module is imported.

A module has to be imported for it. So a process of its own does that, and only for what is installed: of a person's
files nothing runs before a run begins. For any thread; it takes a tenth of a second or more.
"""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from ...pythons.lending import borrowed
from ...utils.child import PRIVATE, heard, private
from ...utils.errors import BadInput
from ..user_names import PYTHON, find_module
from ..user_projects import is_installed
from .parameters import Found, written
from .stub import stub

if TYPE_CHECKING:
    from .parameters import Source

ANSWER_S = 20.0
"""Some modules take seconds to be imported."""

BEGIN = f"sys.path += sys.argv[3:]; from {PRIVATE}.catalog.callables.stub import main; main(*sys.argv[1:3])"

ANY = "def called(*args, **kwargs): ..."
"""A function of which nothing is known."""


def is_in_c(module: str) -> bool:
    """Whether a module is a part of Python that is written in C: to import that runs nothing of anybody's."""
    if module in sys.builtin_module_names:
        return True
    path = find_module(module) if module in sys.stdlib_module_names else None
    return path is not None and path.suffix not in PYTHON and is_installed(path)


def ask(module: str, function: str, source: Source) -> Found:
    """What a function takes.

    Args:
        module: an installed one.
        function: its name in it.
        source: its file.

    Raises:
        BadInput: there is no such function, with a sentence.
    """
    said = _answer(module, function, borrowed())
    if problem := said.get("problem"):
        raise BadInput(str(problem))
    return Found(written(said["source"]), source, said["is_method"], said["is_class"])


def unknown(source: Source) -> Found:
    """Stands for a function that nobody may ask yet: it takes what it is given, by position and by name."""
    return Found(written(ANY), source)


@functools.lru_cache(maxsize=64)
def _answer(module: str, function: str, packages: tuple[str, ...]) -> dict[str, Any]:
    if is_in_c(module):
        return stub(module, function)
    try:
        done = heard(private(BEGIN, module, function, *packages, flags=("-P", "-B")), ANSWER_S)
        said: dict[str, Any] = json.loads(done.stdout.rstrip().rpartition("\n")[2])
    except subprocess.TimeoutExpired:
        return {"problem": f"{module} could not be imported within {ANSWER_S:g} s."}
    except (OSError, ValueError) as error:
        return {"problem": f"{module} could not be asked for {function}: {error}."}
    return said
