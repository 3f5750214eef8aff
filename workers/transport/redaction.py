"""What must not be written where others may read it: passwords and signed parts of addresses, and values of headers.

All of it is plain text work, for any thread. Runs on Python 3.9.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HIDDEN = "***"
"""What is written instead."""

_LOGIN = re.compile(r"(\b[a-z][a-z0-9+.-]+:/{1,2})[^\s/?#'\"<>]*@", re.IGNORECASE)
"""With one slash where an address was taken for the path of a file."""
_QUERY = re.compile(r"(\b[a-z][a-z0-9+.-]+:/{1,2}[^\s?#'\"<>]*\?)[^\s#'\"<>]+", re.IGNORECASE)
_SIGNED = re.compile(
    r"(?<=[?&;])([\w.%\[\]-]{0,40}"
    r"(?:sig|token|key|secret|pass|pwd|auth|cred|jwt|hmac|session|policy|ticket)[\w.%\[\]-]{0,40}=)[^\s&#;'\"<>]+",
    re.IGNORECASE,
)
_VALUE = re.compile(r"^([^\s:]+[ \t]*:)[ \t]*\S.*$", re.MULTILINE)
_SHORTEST = 4
"""A shorter value is no secret: to hide it everywhere would hide words."""


def without_secrets(text: str, secrets: Iterable[str] = ()) -> str:
    """A text without the names, passwords and queries of addresses in it.

    Args:
        text: any.
        secrets: what else must not be in it.
    """
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST:
            text = text.replace(secret, HIDDEN)
    return _SIGNED.sub(rf"\1{HIDDEN}", _QUERY.sub(rf"\1{HIDDEN}", _LOGIN.sub(rf"\1{HIDDEN}@", text)))


def secrets_of(url: str) -> list[str]:
    """What of an address only its owner may know: its password, and the values of its query."""
    login = re.match(r"[^/?#]*://([^/?#]*)@", url)
    _, _, query = url.partition("#")[0].partition("?")
    password = [login[1].partition(":")[2]] if login else []
    return password + [part.partition("=")[2] for part in re.split("[&;]", query)]


def public(params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a run as they may be kept: of headers only the names, unless they stand in a file."""
    return {name: _public(name, value) for name, value in params.items()}


def _public(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _public(str(key), one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_public(name, one) for one in value)
    if not isinstance(value, str):
        return value
    if name == "headers" and not value.startswith("@"):
        return _VALUE.sub(rf"\1 {HIDDEN}", value)
    return _SIGNED.sub(rf"\1{HIDDEN}", _LOGIN.sub(rf"\1{HIDDEN}@", value))
