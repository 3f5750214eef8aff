"""What can be seen of what threads share: as values to compare, and as texts. No code of a person's runs."""

from __future__ import annotations

import reprlib
import threading
from collections import Counter, OrderedDict, defaultdict, deque
from contextlib import suppress
from types import BuiltinFunctionType, FunctionType, MappingProxyType, MethodType, ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

from ...sync.locks import Lock, Semaphore
from ...sync.queues import Queue
from ...sync.signals import Barrier, Condition, Event
from ...sync.thing import Thing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    Portrait = Any
    """A value that can be hashed and compared."""

CODE = (type, ModuleType, FunctionType, BuiltinFunctionType, MethodType)
PLAIN = (int, str, bytes, bool, type(None), complex)
DEPTH = 6
MAX_ITEMS = 300
"""Of larger collections only the length is looked at."""

MAX_TEXT = 60


def portrait(value: Any, *, floats: bool = True, depth: int = DEPTH) -> Portrait:
    """What a value looks like: equal for two that hold the same, in whatever order a list has it.

    Args:
        value: anything.
        floats: whether numbers with a point count; they may be times.
        depth: so deep it is looked into.
    """
    kind = type(value)
    if kind is str:
        return ("str", _letters(value))
    if kind in PLAIN:
        return (kind.__name__, value)
    if kind is float:  # sums of the same numbers in another order differ in the last digits
        return ("float", float(f"{value:.9g}") if floats else "")
    if isinstance(value, CODE):
        return ("code", getattr(value, "__name__", kind.__name__))
    if isinstance(value, (Thing, threading.Thread, threading.local)):
        return ("thing", kind.__name__)
    if depth <= 0:
        return ("deep", kind.__name__)

    def inner(one: Any) -> Portrait:
        return portrait(one, floats=floats, depth=depth - 1)

    if kind in (dict, OrderedDict, defaultdict, Counter, MappingProxyType):
        if len(value) > MAX_ITEMS:
            return ("dict", len(value))
        return ("dict", bag((inner(key), inner(one)) for key, one in list(value.items())))
    if kind in (list, tuple, set, frozenset, deque):
        return (kind.__name__, len(value) if len(value) > MAX_ITEMS else bag(inner(one) for one in list(value)))
    if isinstance(value, tuple):  # a named one
        return (kind.__name__, tuple(inner(one) for one in tuple.__iter__(value)))
    return (kind.__name__, bag((name, inner(one)) for name, one in attributes(value).items()))


def _letters(text: str) -> str:
    """A text without regard to the order of its words, or of one word's letters: threads may take turns."""
    if text.isalpha():
        return "".join(sorted(text))
    return " ".join(sorted(text.split())) if " " in text or "\n" in text else text


def bag(parts: Iterable[Portrait]) -> tuple[Portrait, ...]:
    """Things without regard to their order."""
    return tuple(sorted(parts, key=repr))


def attributes(value: Any) -> dict[str, Any]:
    """The attributes of an object that it has itself, read without asking its class."""
    found: dict[str, Any] = {}
    try:
        found.update(object.__getattribute__(value, "__dict__"))
    except AttributeError:
        pass
    for kind in type(value).__mro__:
        slots = kind.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            try:
                found[name] = object.__getattribute__(value, name)
            except AttributeError:
                continue
    return found


def results(values: Iterable[Any], *, floats: bool = True) -> Portrait:
    """What tasks have returned, without regard to which of them: numbers by their sum, all else as a bag.

    Who gets how much is left to chance in many programs that are right. Of objects it counts how many there are.
    """
    total: int | None = None
    rest, objects = [], set()
    for value in flat(values):
        if type(value) is int:
            total = (total or 0) + value
            continue
        rest.append(portrait(value, floats=floats))
        if not isinstance(value, (*PLAIN, float)):
            objects.add(id(value))
    return (total, bag(rest), len(objects))


def flat(values: Iterable[Any]) -> Iterable[Any]:
    """The values that lists in lists hold."""
    for value in values:
        if type(value) in (list, tuple, set, deque):
            yield from flat(value)
        else:
            yield value


def is_seen(portrait: Portrait) -> bool:
    """Whether there is anything to be compared: numbers, texts, collections; not locks alone."""
    state, (total, rest, _) = portrait
    kinds = [kind for _, (kind, *_) in state]
    return bool(total is not None or any(one[0] != "NoneType" for one in rest)) or any(
        kind not in {"thing", "code", "NoneType"} for kind in kinds
    )


# ---------------------------------------------------------------- as texts


class _Short(reprlib.Repr):
    """As `repr`, but short, and of a person's own class only its name and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel, self.maxlist, self.maxdict, self.maxtuple, self.maxdeque = 3, 8, 8, 8, 8
        self.maxstring = 40

    def repr_instance(self, x: Any, level: int) -> str:
        if isinstance(x, (*PLAIN, float)):
            return f"{x:.6g}" if isinstance(x, float) else repr(x)
        if isinstance(x, CODE):
            return str(getattr(x, "__name__", type(x).__name__))
        if isinstance(x, (Thing, threading.Thread)):
            return thing_text(x)
        if isinstance(x, dict):  # a defaultdict, a Counter
            return self.repr_dict(dict(dict.items(x)), level)
        if isinstance(x, tuple):  # a named one
            return self.repr_tuple(tuple(tuple.__iter__(x)), level)
        inside = attributes(x)
        if not inside or level <= 0:
            return f"a {type(x).__name__}"
        parts = [f"{name}={self.repr1(one, level - 1)}" for name, one in list(inside.items())[:6]]
        return f"{type(x).__name__}({', '.join(parts)})"


_SHORT = _Short()


def thing_text(thing: Any) -> str:
    """What a lock, a queue or a thread is like now."""
    if isinstance(thing, threading.Thread):
        return f"thread {getattr(thing, '_name', '')}".rstrip()  # it may not be made yet
    if isinstance(thing, Lock):
        holder = thing._holder
        return "free" if not thing._depth else f"held by {holder.title}" if holder is not None else "held"
    if isinstance(thing, Semaphore):
        return f"{thing._value} free"
    if isinstance(thing, Queue):
        return f"queue({_SHORT.repr(list(thing._items))})"
    if isinstance(thing, Event):
        return "set" if thing._flag else "not set"
    if isinstance(thing, Barrier):
        return f"{thing._round.count} of {thing.parties} are there"
    return f"{len(thing._tickets)} wait" if isinstance(thing, Condition) else thing.kind


def text(value: Any) -> str:
    """A value on a line."""
    said = _SHORT.repr(value)
    return said if len(said) <= MAX_TEXT else f"{said[: MAX_TEXT - 1]}…"


def shown(values: Mapping[str, Any]) -> dict[str, str]:
    """Values by their names, each on a line; what is code is left out."""
    return {name: text(value) for name, value in values.items() if not is_code(value)}


def is_code(value: Any) -> bool:
    """Whether it is a module, a class or a function: nothing that threads change."""
    return isinstance(value, CODE) or type(value).__name__ in {"_Feature", "TypeVar", "Logger"}


def code_values(module: Mapping[str, Any]) -> dict[str, Any]:
    """What classes and functions of a module keep: attributes, variables of closures, and defaults."""
    found: dict[str, Any] = {}
    for name, one in list(module.items()):
        if getattr(one, "__module__", None) != module.get("__name__"):
            continue
        if isinstance(one, type):
            inside = {
                key: value for key, value in vars(one).items() if key[:2] != "__" and not _is_bound(value)
            }
            found.update({f"{name}.{key}": value for key, value in inside.items()})
        depth = 4
        while isinstance(one, FunctionType) and depth:
            found.update({f"{name}.{key}": value for key, value in vars(one).items() if key[:2] != "__"})
            for key, cell in zip(one.__code__.co_freevars, one.__closure__ or (), strict=True):
                with suppress(ValueError):  # it is empty
                    found[f"{key} of {name}"] = cell.cell_contents
            count = len(one.__defaults__ or ())
            named = one.__code__.co_varnames[: one.__code__.co_argcount][-count:] if count else ()
            found.update(
                {f"{key} of {name}": value for key, value in zip(named, one.__defaults__ or (), strict=True)}
            )
            one, depth = getattr(one, "__wrapped__", None), depth - 1
    return {name: value for name, value in found.items() if not is_code(value)}


def _is_bound(value: Any) -> bool:
    """Whether an attribute of a class makes another value of it, or is none of the person's."""
    return is_code(value) or hasattr(type(value), "__get__") or type(value).__name__ == "_abc_data"


def shared_values(
    shared: Any, module: Mapping[str, Any], data: Collection[str], stored: Collection[str]
) -> dict[str, Any]:
    """What threads share, by its names.

    Args:
        shared: what was made for them.
        module: the variables of their module.
        data: the names of those that hold data.
        stored: names that get another value: all else that holds a number or a text is a constant.
    """
    found = {}
    if isinstance(shared, SimpleNamespace) or (
        shared is not None and not isinstance(shared, (*PLAIN, float, list, tuple, set, dict, deque, Thing))
    ):
        found.update({f"shared.{name}": one for name, one in attributes(shared).items()})
    elif isinstance(shared, dict):
        found.update({f"shared[{name!r}]": one for name, one in list(shared.items())[:20]})
    elif shared is not None:
        found["shared"] = shared
    own = {name: one for name, one in list(module.items()) if name in data and not is_code(one)}
    for name, one in {**own, **code_values(module)}.items():
        last = name.partition(" of ")[0].rpartition(".")[2]
        if last in stored or not isinstance(one, (*PLAIN, float)):
            found[name] = one
    return found
