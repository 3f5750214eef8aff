"""Makes thumbnails of every picture in a folder: Pillow gives up the GIL while it decodes, so threads use all cores.

Each picture is one task; its thumbnail is shown in the gallery and, where a folder is named for them, saved there as a
JPEG file. Nothing is overwritten: where a name is taken the thumbnail gets a number.
"""

from __future__ import annotations

import contextlib
import io
import os
from typing import TYPE_CHECKING, Any

from PIL import Image

from ..downloads.names import free_names
from ..utils import folder_files
from ..utils.atomic_file import move
from ..utils.decoding.thumbnail import SUFFIXES, NoPicture, thumbnail
from ..utils.errors import BadInput, limit_of, no_room

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from ..utils.picture import Picture

TITLE = "Thumbnails (a folder of yours)"
ORDER = 34
UNIT = "pictures"
TASKS = 1
TASKS_ARE = "One for each picture"
REQUIRES = ("PIL",)
GIL = "releases"
FILES = 2
PICTURES = True
NEEDS_FOLDER = "folder"
LABELS = {"into_folder": "Save to"}

PATTERN = ", ".join(f"*{ending}" for ending in sorted({one for each in SUFFIXES.values() for one in each}))
QUALITY = 85
"""Of the JPEG files, as Pillow counts it: from 1 to 95."""

A_PICTURE_S, A_MEGABYTE_S = 0.002, 0.012
"""What a picture costs, and each megabyte of its file, in seconds; measured with photographs on a server."""


def thumbnails(path: str, name: str, into: str) -> Generator[int, None, Picture]:
    """Make one thumbnail; the result is that.

    Args:
        path: the picture's file.
        name: what people call it: its path from the folder that was chosen.
        into: the folder for the thumbnail's file; empty: there will be none.

    Yields:
        How many pictures were finished since the last yield.

    Raises:
        FileProblem: it cannot be read, or is no picture that can be shown, or the thumbnail cannot be written; with a
            sentence for people.
    """
    yield 0
    with folder_files.opened(path, name) as (file, _):
        try:
            with io.BufferedReader(file) as reader:  # Pillow reads in small pieces
                picture = thumbnail(reader, os.path.basename(name)).picture
        except NoPicture as problem:
            # Its sentences are of downloads: "The server sent an empty file."
            raise folder_files.FileProblem(
                f"{name}: {str(problem).replace('The server sent', 'This is', 1)}"
            ) from problem
    if into:
        yield 0  # here a cancel leaves nothing behind
        # By its own name, of which `name` has what can be shown.
        own = os.sep.join(path.split(os.sep)[-1 - name.count(os.sep) :])
        save(picture, os.path.join(into, os.path.splitext(own)[0]), name)
    yield 1
    return picture._replace(path=path)


def save(picture: Picture, stem: str, name: str) -> str:
    """Write a thumbnail's file, whole or not at all; returns its path.

    Args:
        picture: the thumbnail.
        stem: the path without an ending.
        name: what people call it.

    Raises:
        FileProblem: it cannot be written, with a sentence for people.
    """
    content = io.BytesIO()
    size = picture.width, picture.height
    Image.frombytes("RGB", size, picture.pixels, "raw", "BGRX").save(content, "JPEG", quality=QUALITY)
    try:
        os.makedirs(os.path.dirname(stem), exist_ok=True)
        return _write_new(content.getbuffer(), f"{stem}.jpg")
    except OSError as error:
        why = limit_of(error) or f"{no_room(error) or error.strerror or error}."
        raise folder_files.FileProblem(f"The thumbnail of {name} cannot be written: {why}") from error


def _write_new(content: memoryview, wish: str) -> str:
    """Write a file under the first name that is free, and not before it is whole."""
    folder, name = os.path.split(wish)
    part = os.path.join(folder, f".thumbnail-{os.urandom(8).hex()}.part")
    try:
        with open(part, "xb") as file:
            file.write(content)
        for free in free_names(folder, name):
            path = os.path.join(folder, free)
            with contextlib.suppress(FileExistsError):
                move(part, path)
                return path
    finally:
        with contextlib.suppress(OSError):  # where it was moved it is gone
            os.unlink(part)
    raise AssertionError("the numbers never end")


def plan(*, folder: str = "", into_folder: str = "") -> Sequence[dict[str, Any]]:
    """List the pictures.

    Args:
        folder: the folder with the pictures, and those in the folders below it; empty: choose one
        into_folder: a folder for the thumbnails' files, JPEG each; empty: they are only shown

    Raises:
        BadInput: there is no such folder or no picture in it, with a sentence for people.
    """
    root = folder_files.usable(folder)
    into = folder_files.writable(into_folder, "thumbnails") if into_folder else ""
    if into and os.path.realpath(into) == os.path.realpath(root):
        raise BadInput("The thumbnails cannot go where the pictures are: choose another folder for them.")
    # Thumbnails of an earlier run, saved inside of the folder, are no pictures of it.
    return folder_files.listed(root, PATTERN, but=into, what="picture", into=into)


def seconds(tasks: int = TASKS, *, folder: str = "") -> float:
    """About how long one of `tasks` tasks takes on the GUI thread, in seconds: from a short look at the folder."""
    found = folder_files.guess(folder, PATTERN)
    return (found.number * A_PICTURE_S + found.size / 1e6 * A_MEGABYTE_S) / tasks
