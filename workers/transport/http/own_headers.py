"""The headers that a person adds to every request, as lines `Name: value`, or in a file that is named as `@FILE`.

Their values may be keys to somebody's account: no message here repeats one. For any thread.
"""

from __future__ import annotations

import re

from ...utils.errors import BadInput
from ...utils.folder_files import whole
from ..redaction import HIDDEN

MAX_BYTES = 100_000
"""A larger file is none with headers."""

_LINE = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e]*)")
_OURS = frozenset(
    "accept-encoding connection content-length expect if-range keep-alive proxy-authorization range te trailer "
    "transfer-encoding upgrade".split()
)
"""What follows from how a download is made, and cannot be chosen."""

_HARMLESS = frozenset({"accept", "accept-language", "referer", "user-agent"})
"""What every host may be told; all others are for the host of the list's address alone."""


def read_headers(text: str) -> str:
    """The lines that a person means, each with a name and a value.

    Args:
        text: such lines, or `@FILE`.

    Raises:
        BadInput: they are none, with a sentence for people.
    """
    text = text.strip()
    if text.startswith("@"):
        text = _read_file(whole(text[1:]))
    lines = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        found = _LINE.fullmatch(line.strip())
        if found is None:
            raise BadInput(
                f"Line {number} of the headers is none: it is written like Name: value, in ASCII letters."
            )
        name, value = found[1], found[2].strip()
        if value == HIDDEN:
            raise BadInput(
                f"The value of the header {name} is not kept from one run to the next: write it again, or keep it "
                "in a file and give that as @FILE."
            )
        if name.lower() in _OURS:
            raise BadInput(f"The header {name} cannot be chosen: Thaw says it as the download needs it.")
        lines.append(f"{name}: {value}")
    return "\n".join(lines)


def _read_file(path: str) -> str:
    try:
        with open(path, encoding="utf-8-sig") as file:
            text = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise BadInput(f"The headers cannot be read from {path}: {why}.") from None
    if len(text) > MAX_BYTES:
        raise BadInput(f"{path} is too large for a file with headers.")
    return text


def own_headers(lines: str, *, is_theirs: bool) -> dict[str, str]:
    """The headers by their names.

    Args:
        lines: from `read_headers`.
        is_theirs: whether the host is the one that they are for; any other is told the harmless ones only.
    """
    pairs = (line.split(": ", 1) for line in lines.splitlines())
    return {name: value for name, value in pairs if is_theirs or name.lower() in _HARMLESS}
