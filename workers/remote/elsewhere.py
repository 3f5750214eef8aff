"""What is of this machine alone, where remote workers may be on others. Plain checks, for any thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..utils.sockets import is_loopback

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ..catalog.entry import Entry
    from ..engine.task import Task

QUEUE = "The queue is a file of this machine."


def needs_this_machine(workload: Entry, params: Mapping[str, Any], why: str) -> str:
    """Why work cannot be done on another machine, as its parameters tell before a run; empty where they tell nothing.

    Args:
        workload: the work.
        params: what was chosen for it; of a download at least `urls`, else the run itself will tell.
        why: why what is here alone cannot be had there, as a sentence.
    """
    served_unless = workload.constants.get("SERVED_UNLESS")
    if served_unless is None:
        return ""
    if str(params.get("queue", "")).strip():
        return f"{why} {QUEUE}"
    if not str(params.get(served_unless, served_unless and "unknown")).strip():
        return f"{why} The pictures come from this machine's own server: give a list of addresses."
    return ""


def stays_here(task: Task, why: str) -> str:
    """Why a task cannot be done on another machine, as its arguments tell; empty where they tell nothing of it."""
    arguments = dict(task.arguments)
    if str(arguments.get("queue") or ""):
        return f"{why} {QUEUE}"
    for value in arguments.values():
        if isinstance(value, str) and value.startswith(("http://", "https://")):
            host = urlsplit(value).hostname or ""
            if is_loopback(host):
                return f"{why} {host} is there a server of their own."
    return ""


def written_to(task: Task) -> str:
    """The folder that a task writes into, as its arguments tell; empty where it writes none."""
    return str(dict(task.arguments).get("into") or "")


def where_files_are(folders: Collection[str]) -> list[str]:
    """Where the files of a run are that were written on other machines: a sentence for each of these folders."""
    return [f"Its files are in {one}, each on the machine of the worker that wrote it." for one in folders]
