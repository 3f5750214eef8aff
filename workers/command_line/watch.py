"""What the command line says of `--watch`: cut off before anything of a program's own could be taken for Thaw's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..utils.errors import BadInput
from .declaration import refuse

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from ..watch.program import Program

OPTION = "--watch"
NO_WATCH = (
    *(
        "workload",
        "runner",
        "blocking",
        "workers",
        "tasks",
        "param",
        "seed",
        "start",
        "compare",
        "benchmark",
        "check",
    ),
    *("orders", "lesson", "course", "answer", "lessons", "network", "exit_zero", "list"),
)


def cut(arguments: Sequence[str]) -> tuple[list[str], list[str] | None]:
    """Thaw's own arguments, and the words after --watch; None where that is not there."""
    for index, word in enumerate(arguments):
        if word == OPTION:
            return list(arguments[:index]), list(arguments[index + 1 :])
        if word.startswith(f"{OPTION}="):
            return list(arguments[:index]), [word.partition("=")[2], *arguments[index + 1 :]]
    return list(arguments), None


def read_watch(said: argparse.Namespace, words: Sequence[str] | None) -> Program | None:
    """The program that is to be watched; None where none is. What was said for it alone is taken out.

    Args:
        said: what was said before --watch.
        words: what follows it; None where it is not there.

    Raises:
        BadInput: there is no such program, or other options mean nothing beside it, with a sentence.
    """
    if words is None:
        return None
    from ..watch.program import read_program  # only here: a window that watches nothing starts sooner

    refuse(said, NO_WATCH, f"{OPTION}, which runs a program of yours: leave it out.")
    if said.screenshot is not None and said.headless:
        raise BadInput("--headless has no window to take a picture of: use --offscreen with --screenshot.")
    if said.open is not None and not said.headless:
        raise BadInput("--open with --watch compares both runs on the terminal: add --headless.")
    said.watch = list(words)
    program = read_program(words, said.python)
    said.python = None
    return program
