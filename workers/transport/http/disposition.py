"""Which name a server gives a file by Content-Disposition, in all the forms that servers write it; for any thread."""

from __future__ import annotations

import email.errors
import email.header
import re
from urllib.parse import unquote, unquote_to_bytes

from .heads import as_text

HEADER_LENGTH = 4096
"""Of a Content-Disposition no more than this is read."""

_PARAMETER = re.compile(r';\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*"|"[^"]*$|[^;"]*)', re.DOTALL)
_TYPE = re.compile(r"\s*(?:attachment|inline|form-data)?\s*[;,:]*", re.IGNORECASE)
_ESCAPED = re.compile(r'\\(["\\])')
_CONTINUED = re.compile(r"filename\*(\d{1,3})(\*?)")
_CHARSET = re.compile(
    r"(utf-?8|(us-)?ascii|iso-?8859-\d{1,2}|latin-?1|(windows-|cp)\d{3,4}|koi8-[rut]|gbk|gb2312|gb18030|hz-gb-2312"
    r"|big5(-?hkscs)?|s(hift)?[_-]?jis|euc-?\w\w|iso-2022-\w\w|macintosh|tis-620)?",
    re.IGNORECASE,
)
_EXTENDED = re.compile(r"([\w-]*)'(?:([\w-]*)')?(.*)", re.DOTALL)


def file_names(header: str | None) -> list[str]:
    """The names that a Content-Disposition has (RFC 6266, RFC 8187), the best first; whatever stands in them.

    Args:
        header: as a client has it; None where the answer has none.
    """
    text = as_text(header[:HEADER_LENGTH]) if header else ""
    plain: list[str] = []
    extended: list[str] = []
    continued: dict[int, str] = {}
    for match in _PARAMETER.finditer(";" + _TYPE.sub("", text, count=1)):
        key, value = match[1].lower(), match[2].strip()
        if value.startswith('"'):
            value = _ESCAPED.sub(r"\1", value[1:].removesuffix('"'))
        elif len(value) > 2 and value[0] == value[-1] == "'":
            value = value[1:-1]
        if key == "filename":
            plain.append(_unescaped(value))
        elif key == "filename*":
            extended.append(_decoded(value))
        elif part := _CONTINUED.fullmatch(key):
            continued.setdefault(int(part[1]), value)
    if 0 in continued:
        whole = "".join(continued[number] for number in range(len(continued)) if number in continued)
        extended.append(_decoded(whole) if _EXTENDED.fullmatch(whole) else whole)
    return [name for name in extended + plain if name.strip()]


def _unescaped(value: str) -> str:
    """A plain name in words: some are written as in an address, as in `filename*`, or as in a mail."""
    if value.lower().startswith(("utf-8''", "utf8''")):
        return _decoded(value)
    if value.startswith("=?") and value.endswith("?="):
        try:
            return str(email.header.make_header(email.header.decode_header(value)))
        except (ValueError, LookupError, email.errors.MessageError):
            return value
    try:
        value = unquote(value, errors="strict")
        return value[1:-1] if len(value) > 2 and value[0] == value[-1] == '"' else value
    except UnicodeDecodeError:  # a name that has a percent sign in it
        return value


def _decoded(value: str) -> str:
    """What stands in `filename*=UTF-8''na%C3%AFve.jpg`; empty where it makes no sense."""
    found = _EXTENDED.fullmatch(value)
    charset, rest = (found[1], found[3]) if found is not None else ("", value)
    if not _CHARSET.fullmatch(charset):
        return ""
    try:
        return unquote_to_bytes(rest).decode(charset or "utf-8")
    except (UnicodeError, LookupError):
        return ""
