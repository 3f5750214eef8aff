"""Tells by a digest whether two results hold the same, though each was made in a process of its own.

Runs on Python 3.9, in the process that made the result.
"""

from __future__ import annotations

import hashlib
import re
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_PARTS = 50_000
"""So many parts of a result are looked at: of a longer one these, and how many there are."""

MAX_DEPTH = 40
CODE = (type, ModuleType, FunctionType, BuiltinFunctionType, MethodType)
PROTOCOL = 4
ADDRESS = re.compile(r"(?: at| @)? ?0x[0-9a-fA-F]{6,}")


def digest(value: Any) -> str:
    """The same for values that are equal: numbers by what they are worth, NaN like NaN, objects by what they hold.

    What nobody can look into, such as an open file, goes by its `repr`, without the address in it.
    """
    return _hash(b"", [_Digest().of(value)]).hex()


def plain(text: str) -> str:
    """A text without the addresses of objects, which differ from process to process."""
    return ADDRESS.sub("", text)


class _Digest:
    def __init__(self) -> None:
        self._left = MAX_PARTS
        self._around: set[int] = set()

    def of(self, value: Any) -> bytes:
        """One value's digest; code of a person's own classes may run."""
        self._left -= 1
        kind = type(value)
        if kind in (bool, int, float, complex):
            return _number(value)
        if kind is str:
            return _hash(b"str", [value.encode("utf-8", "surrogatepass")])
        if kind in (bytes, bytearray):
            return _hash(b"bytes", [value])
        if isinstance(value, CODE):
            names = (getattr(value, name, "") for name in ("__module__", "__qualname__", "__name__"))
            return _hash(b"code", [str(name).encode() for name in names])
        if self._left < 0 or len(self._around) > MAX_DEPTH or id(value) in self._around:
            return b"more"
        self._around.add(id(value))
        try:
            return self._inside(value, kind)
        finally:
            self._around.discard(id(value))

    def _inside(self, value: Any, kind: type) -> bytes:
        if kind is list or kind is tuple:
            return _hash(kind.__name__.encode(), [b"%d" % len(value), *self._each(value)])
        if kind is set or kind is frozenset:
            return _hash(b"set", [b"%d" % len(value), *sorted(self._each(value))])
        if kind is dict:
            return self._items(value.items())
        try:
            made = value.__reduce_ex__(PROTOCOL)
        except Exception:  # whatever a person's own class raises
            made = None
        if not isinstance(made, tuple):
            return _hash(b"text", [(made or _repr(value)).encode("utf-8", "replace")])
        function, arguments, state, items, pairs, *_ = (*made, None, None, None, None)
        parts = [self.of(function), self.of(arguments), self.of(state), *self._each(items or ())]
        return _hash(b"object", [*parts, self._items(pairs or ())])

    def _each(self, values: Iterable[Any]) -> list[bytes]:
        found = []
        for value in values:
            if self._left < 0:
                break
            found.append(self.of(value))
        return found

    def _items(self, pairs: Iterable[tuple[Any, Any]]) -> bytes:
        """Of a dict: whatever the order of its keys, for it is equal then."""
        found = []
        for key, value in pairs:
            if self._left < 0:
                break
            found.append(self.of(key) + self.of(value))
        return _hash(b"dict", sorted(found))


def _number(value: Any) -> bytes:
    if value != value:
        return b"nan"
    if type(value) is complex and not value.imag:
        value = value.real
    if type(value) is float and value.is_integer():
        value = int(value)
    return repr(value).encode() if type(value) in (float, complex) else hex(value).encode()


def _repr(value: Any) -> str:
    try:
        return plain(repr(value))
    except Exception as error:  # whatever a person's own class raises
        return f"{type(value).__name__}, whose repr fails: {type(error).__name__}"


def _hash(kind: bytes, parts: Iterable[bytes]) -> bytes:
    made = hashlib.blake2b(kind, digest_size=12)
    for part in parts:
        made.update(b"%d:" % len(part))
        made.update(part)
    return made.digest()
