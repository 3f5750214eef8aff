"""Exports of a finished run. A new kind is ONE new file here, with TITLE, SUFFIX and `pieces`; it is found by itself.

`pieces(run)` is a generator of texts, each made in about a millisecond; an empty one is a breath only. Like saving, an
export may be driven in any thread: a run that has ended is not changed any more.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..catalog import lookup
from ..run_files.writer import RunFileError
from ..utils.atomic_file import part_file, why_not_written
from ..utils.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from ..engine.run import Run

HERE = Path(__file__).parent


class Kind(NamedTuple):
    """A kind of export.

    Attributes:
        name: its file here, without `.py`.
        suffix: how the files' names end that it writes: ".csv". The last part of it is enough: ".json".
        title: what people call it.
    """

    name: str
    suffix: str
    title: str


def kinds() -> list[Kind]:
    """All kinds, from the literals in their sources: nothing is imported. A file without a SUFFIX only helps others."""
    files = lookup.texts(HERE)
    return [Kind(name, its["SUFFIX"], its["TITLE"]) for name, its in files.items() if "SUFFIX" in its]


def kind_of(path: Path) -> Kind:
    """The kind that a file's name asks for.

    Raises:
        BadInput: there is none, with a sentence that lists them.
    """
    found = kinds()
    for kind in found:
        if path.suffix.lower() == "." + kind.suffix.rpartition(".")[2]:
            return kind
    there = ", ".join(f"{kind.suffix} ({kind.title[0].lower()}{kind.title[1:]})" for kind in found)
    raise BadInput(f"The suffix of {path} is no kind of export. There are: {there}.")


def export_run(run: Run, path: Path) -> Generator[None, None, None]:
    """Export a run as what the file's suffix says, step by step. A reader sees the whole file, or the one before.

    Raises:
        RunFileError: it cannot be exported.
        BadInput: the suffix is of no kind.
    """
    if run.ended is None:
        raise RunFileError("The run is still going on: export it when it has ended.")
    module = importlib.import_module(f"{__name__}.{kind_of(path).name}")
    yield from write(module.pieces(run), path)


def write(pieces: Iterable[str], path: Path) -> Generator[None, None, None]:
    """Write a file, a piece at each step. A reader sees the whole file, or the one before.

    Raises:
        RunFileError: it cannot be written.
    """
    try:
        with part_file(path) as file:
            for text in pieces:
                if text:
                    # Half a character, of a strange file name, becomes "?"
                    file.write(text.encode("utf-8", "replace"))
                yield
    except OSError as error:
        raise RunFileError(why_not_written(path, error)) from error
