"""Your own function: what a person brings, by file or by module, and what Thaw makes of it.

    names.py      `pictures.py:resize` and `package.module:function`: what such a name means, and where its file is
    reading.py    what is known of a function from its source, with nothing imported: its entry, or why it can't be run;
                  with parameters.py, imports.py, widgets.py
    loading.py    imports it where it runs (files.py), and makes a workload of it; on Python 3.9 too
    results.py    what becomes of its results, and traces.py of its errors
    fits.py       why a place cannot take it
    everywhere.py a benchmark of it over all places that can; trial.py says of how many calls
    advice.py     what that showed, in words, with a program to paste (snippets.py)

Nothing of a person's file is imported or run by `functions`, `entry`, `title` and `fits`: they read. Its first line
runs when a run of it begins.

A function's own conventions, all of them optional, as literals in its file (`GIL = "holds"`), or for one function of
several as an attribute (`resize.GIL = "holds"`, on a line of its own below the function):

    GIL = "holds"              calls take turns with one another, so that the window stays smooth ("releases": they
                               run at a lower priority); without it nothing is assumed
    UNIT = "pictures"          what is counted; "calls" without it, for generators "steps"
    TASKS = 40                 how many calls a run has unless somebody says otherwise
    NEEDS_GUI_THREAD = True    it may run in the GUI thread only (False: it can run elsewhere all the same)
    REQUIRES = ("numpy",)      packages without which it is told not to be available

Parameters named index (0, 1, 2, ... for each call), tasks, seed and control are filled in by Thaw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .names import is_own, name_of, slug, title

if TYPE_CHECKING:
    from pathlib import Path

    from ..discover import Entry

__all__ = ["entry", "functions", "is_own", "name_of", "slug", "title"]


def functions(path: str | Path) -> list[str]:
    """The functions of a file that can be run, in their order; those whose names begin with _ come last.

    Args:
        path: a file of Python, read but not run.

    Raises:
        ValueError: it cannot be read, or has no function; a sentence for people, with the line where there is one.
    """
    from . import reading  # only here: where work is done far away, nobody reads its source

    return reading.functions(path)


def entry(name: str) -> Entry:
    """What is known of a function before it is imported; with `own` set, and the file's path.

    Args:
        name: `path/to/file.py:function` or `package.module:function`.

    Raises:
        ValueError: there is no such function, or it cannot be run; a sentence for people that says what to do.
    """
    from . import reading  # only here: where work is done far away, nobody reads its source

    return reading.entry(name)
