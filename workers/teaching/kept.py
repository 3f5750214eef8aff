"""What a person has done of the lessons, kept from one start to the next: one file of plain JSON.

What can no longer be read is put aside under another name: nothing that was done is lost, and it is said.
"""

from __future__ import annotations

import json
from itertools import count
from typing import TYPE_CHECKING, Any

from ..utils.atomic_file import part_file, why_not_written
from ..utils.folder_files import data_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE = "lessons.json"
TEXTS = ("lesson", "title", "question", "right", "why_not_judged", "take_home", "when")


def done(is_lasting: bool) -> set[str]:
    """The names of the lessons of which a result is kept; where that cannot be read, none."""
    try:
        found = json.loads((data_folder() / FILE).read_bytes()) if is_lasting else []
        return {one["lesson"] for one in found}
    except (OSError, ValueError, TypeError, LookupError):
        return set()


class Kept:
    """The last result of each lesson.

    Attributes:
        results: as `Result.data` says, each with "when" it was, by the names of their lessons.
        problem: what went wrong with the file last, in a sentence; empty where nothing did.
    """

    def __init__(self, is_lasting: bool) -> None:
        """Read what was kept; where it `is_lasting` is false, nothing is read and nothing written."""
        self.results: dict[str, Mapping[str, Any]] = {}
        self.problem = ""
        self._path: Path | None = data_folder() / FILE if is_lasting else None
        self.results = self._read()

    def _read(self) -> dict[str, Mapping[str, Any]]:
        """What the file says now; where it cannot be read, what is known here."""
        path = self._path
        if path is None:
            return self.results
        try:
            found = json.loads(path.read_bytes())
            return {one["lesson"]: one for one in found if _check(one)}
        except FileNotFoundError:
            return self.results
        except OSError as error:
            self._path = None  # it stays as it is
            why = error.strerror or error
            self.problem = (
                f"{path} cannot be read ({why}): what you do in lessons is kept only until Thaw ends."
            )
        except (ValueError, TypeError, LookupError):
            self._put_aside(path)
        return self.results

    def _put_aside(self, path: Path) -> None:
        for number in count(1):
            aside = path.with_name(f"{path.stem}-unreadable-{number}{path.suffix}")
            if not aside.exists():
                break
        try:
            path.rename(aside)
        except OSError as error:
            self._path = None
            why = error.strerror or error
            self.problem = (
                f"{path} is no file of Thaw's lessons and cannot be put aside ({why}): nothing is kept."
            )
            return
        self.problem = f"What was kept of your lessons cannot be read. It is put aside as {aside}."

    def add(self, data: Mapping[str, Any], when: str) -> None:
        """Keep a result in place of the lesson's last one.

        Args:
            data: as `Result.data` says.
            when: the day and the time, for people.
        """
        # Another window may have added to the file meanwhile.
        self.results = {**self.results, **self._read(), data["lesson"]: {**data, "when": when}}
        self._write()

    def forget(self) -> None:
        """Forget all of them."""
        self.results = {}
        if self._path is not None:
            try:
                self._path.unlink(missing_ok=True)
            except OSError as error:
                self.problem = why_not_written(self._path, error)

    def _write(self) -> None:
        path = self._path
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with part_file(path) as file:
                file.write(json.dumps(list(self.results.values()), indent=1).encode())
        except OSError as error:
            self.problem = why_not_written(path, error)


def _check(one: Any) -> bool:
    """Whether it is a result. Raises an error where it is none."""
    claims = [(claim["text"], claim["holds"]) for claim in one["claims"]]
    texts = [*(one[name] for name in TEXTS), *one["answers"], *(text for text, _ in claims)]
    if one["answer"] is not None:
        texts.append(one["answer"])
    steps = [(step["says"], step["seconds"]) for step in one["steps"]]
    is_one = all(isinstance(text, str) for text in texts) and all(
        took is None or isinstance(took, int | float) for _, took in steps
    )
    if not is_one:
        raise ValueError("it is no result of a lesson")
    return True
