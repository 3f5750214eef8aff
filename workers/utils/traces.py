"""Reads the text of a traceback, as Python writes it: of errors that come from other processes nothing else is kept."""

from __future__ import annotations

import re

_LINKS = re.compile(
    r"\n\n(?:During handling of the above exception, another exception occurred"
    r"|The above exception was the direct cause of the following exception):\n\n"
)
_GROUP = re.compile(r"(?m)^ {2}[|+] ?")
_FRAME = re.compile(r'  File "(.+)", line (\d+)')


def _last(trace: str) -> list[str]:
    """The lines of the error that was raised last, without those that it came from."""
    lines = _LINKS.split(trace.strip("\n"))[-1].split("\n")
    if lines[0].startswith("  + Exception Group Traceback"):
        lines = [_GROUP.sub("", line) for line in lines]
    return lines


def message(trace: str) -> str:
    """The type of the error and its message, which may have many lines; a text that is no traceback as it is."""
    lines = _last(trace)
    if not lines[0].startswith(("Traceback", "Exception Group Traceback")):
        return "\n".join(lines).strip()
    begin = next((at for at, line in enumerate(lines) if at and line[:1] not in {"", " "}), len(lines) - 1)
    return "\n".join(lines[begin:]).strip()


def frames(trace: str) -> list[tuple[str, int]]:
    """File and line of each call that led to the error, the outermost first."""
    found = []
    for at, line in enumerate(_last(trace)):
        if at and line[:1] not in {"", " "}:
            break
        match = _FRAME.match(line)
        if match is not None:
            found.append((match[1], int(match[2])))
    return found
