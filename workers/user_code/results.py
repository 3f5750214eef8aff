"""What becomes of an own function's result: a short text of it is kept, and no more. Runs on Python 3.9.

Results of a person's own are of any size and kind, and nothing here needs them. So a thread makes a text of one where
it ran, and lets it go: a thousand pictures that wait for a frozen window would fill the memory. Another process does
the same, but sends the result too, as a program would have to: what that takes is part of what such a place costs, and
a result that cannot be sent, or read, is an error there as it would be in earnest.

Nothing of the person's is imported to read one in Thaw's own process, where its modules may clash with ours: what is of
none of Python's own modules is read as a `_Stub`.
"""

from __future__ import annotations

import builtins
import io
import pickle
import reprlib
import sys
from contextlib import suppress
from typing import Any

from ..catalog.user_projects import STANDARD
from ..utils.errors import ThawError

MAX_LENGTH = 80
"""Letters of a result's text."""

PROTOCOL = 4
"""Of pickle: what Python 3.9 reads."""

MAX_BITS = 256
"""A whole number with more is told by its size: all of its digits would take longer than the work."""

SMALL = 10**15
"""Such a number has few digits."""

WORKER = f"{__name__.partition('.')[0]}.remote.worker"


class CannotTravel(ThawError):
    """A result cannot be sent to another process; the message is a sentence."""


class Ended(ThawError):
    """A function raised what a generator means its end by, or its being closed: to us it is an error like any other.

    Attributes:
        error: what it raised.
    """

    def __init__(self, error: BaseException) -> None:
        super().__init__(type(error).__name__)
        self.error = error


class _Short(reprlib.Repr):
    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = 3
        self.maxstring = self.maxother = 60

    def repr_int(self, x: int, level: int) -> str:
        return builtins.repr(x) if x.bit_length() <= MAX_BITS else f"a number of {x.bit_length():,} bits"

    def repr_bytes(self, x: bytes, level: int) -> str:
        return builtins.repr(x) if len(x) <= 20 else f"{len(x):,} bytes, {bytes(x[:12])!r} ..."

    repr_bytearray = repr_bytes

    def repr_instance(self, x: Any, level: int) -> str:
        if isinstance(x, tuple) and hasattr(x, "_fields"):  # of a class made by NamedTuple
            return f"{type(x).__name__}{self.repr_tuple(tuple(x), level)}"
        if getattr(type(x), "__repr__", None) is getattr(object, "__repr__", None):
            return f"<{type(x).__name__}>"
        if isinstance(x, type):
            return f"<class {x.__qualname__}>"
        if hasattr(x, "__dataclass_fields__"):  # its own text would spell out all that it holds
            return f"{type(x).__name__}{self.repr_dict(vars(x), level) if hasattr(x, '__dict__') else '(...)'}"
        # reprlib has no types in the stubs of some versions.
        return str(super().repr_instance(x, level))  # type: ignore[no-untyped-call, unused-ignore]


_SHORT = _Short()


def text(value: Any) -> str:
    """A result in at most MAX_LENGTH letters, on one line."""
    kind = type(value)
    if kind is bool or kind is float or (kind is int and -SMALL < value < SMALL):
        return repr(value)
    try:
        made = _SHORT.repr(value)
    except Exception as error:  # whatever a person's own class raises
        made = f"<{kind.__name__}, whose repr fails: {type(error).__name__}>"
    made = " ".join(made.split())
    return made if len(made) <= MAX_LENGTH else made[: MAX_LENGTH - 4] + " ..."


def is_remote() -> bool:
    """Whether this process or interpreter is a remote worker, and works for a program elsewhere."""
    worker = sys.modules.get(WORKER)
    return bool(getattr(worker, "_workers", ()) or getattr(worker, "_by_key", ()))


class _Sent(tuple):  # type: ignore[type-arg]  # a text, and the pickled result
    """A result on its way: whoever reads it gets its text, after the whole of it was read."""

    def __reduce__(self) -> tuple[Any, ...]:
        return arrive, tuple(self)


_read_before: set[type] = set()  # kinds of results that were read once where they were made


def told(value: Any) -> Any:
    """What a task gives as its result: a text, or where the program is elsewhere what becomes one there.

    Raises:
        CannotTravel: it would have to be sent, and cannot be.
    """
    if value is None:
        return None
    if not is_remote():
        return text(value)
    kind = type(value)
    try:
        data = pickle.dumps(value, PROTOCOL)
    except Exception as error:  # whatever a person's own class raises
        raise CannotTravel(
            f"Its result, a {kind.__name__}, cannot be sent to another process: {error}."
        ) from None
    if kind not in _read_before:
        try:
            pickle.loads(data)
        except Exception as error:
            raise CannotTravel(
                f"Its result, a {kind.__name__}, cannot be read in another process: {error}."
            ) from None
        _read_before.add(kind)
    return _Sent((text(value), data))


def arrive(shown: str, data: bytes) -> str:
    """Read a result as a program would, but for the classes that only the person's program knows; keep its text."""
    with suppress(Exception):  # that it can be read was seen where it was made; here some of it is a stand-in
        _Reader(io.BytesIO(data)).load()
    return shown


class _Stub:
    """Stands for an object of a class that is not here: takes whatever belongs into one."""

    def __new__(cls, *arguments: Any, **named: Any) -> _Stub:
        return super().__new__(cls)

    def __init__(self, *arguments: Any, **named: Any) -> None: ...

    def __setstate__(self, state: Any) -> None: ...

    def __setitem__(self, key: Any, value: Any) -> None: ...

    def append(self, item: Any) -> None: ...

    def extend(self, items: Any) -> None: ...

    def add(self, item: Any) -> None: ...


class _Reader(pickle.Unpickler):
    def find_class(self, module_name: str, global_name: str) -> Any:
        is_known = module_name.partition(".")[0] in STANDARD
        return super().find_class(module_name, global_name) if is_known else _Stub
