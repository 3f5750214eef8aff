"""What was learned of functions: for this start, and where that is wanted for the next. For any thread.

By a function's name and the contents of its file: what was edited is learned anew.
"""

from __future__ import annotations

import hashlib
import json
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from ...utils.atomic_file import part_file
from ...utils.folder_files import data_folder

if TYPE_CHECKING:
    from ...catalog.entry import Entry

FILE = "turns.json"
MOST = 1_000
"""So many are kept, the last ones."""

VERDICTS = {"holds", "free"}

_known: dict[str, str] = {}
_lock = threading.Lock()


def key(entry: Entry) -> str:
    """What stands for a function as it is now; empty where its source cannot be read."""
    assert entry.own is not None
    try:
        return hashlib.sha256(entry.own.function.encode() + b"\0" + entry.path.read_bytes()).hexdigest()
    except OSError:
        return ""


def verdict(key: str, is_lasting: bool) -> str:
    """What is known of a function: "holds", "free", or empty.

    Args:
        key: its own.
        is_lasting: whether what was kept at earlier starts counts.
    """
    with _lock:
        found = _known.get(key)
    return found or (_read().get(key, "") if is_lasting else "")


def keep(key: str, verdict: str, is_lasting: bool) -> None:
    """Keep what was found of a function; an empty verdict is forgotten."""
    if not key:
        return
    with _lock:
        _known.pop(key, None)
        if verdict:
            _known[key] = verdict
        if is_lasting and (found := _read()).get(key, "") != verdict:
            found.pop(key, None)
            rest = list(found.items())[1 - MOST :] + ([(key, verdict)] if verdict else [])
            with suppress(OSError):  # then it is learned once more
                path = data_folder() / FILE
                path.parent.mkdir(parents=True, exist_ok=True)
                with part_file(path) as file:
                    file.write(json.dumps(dict(rest), indent=1).encode())


def _read() -> dict[str, str]:
    try:
        found = json.loads((data_folder() / FILE).read_bytes())
        return {key: verdict for key, verdict in found.items() if verdict in VERDICTS}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}
