"""What the tasks of a run share: made once, by a function of their file. Runs on Python 3.9."""

from __future__ import annotations

from contextlib import contextmanager
from inspect import signature
from typing import TYPE_CHECKING, Any

from .names import name_things
from .thing import HERE, MUTEX, Thing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def making(waits: Any) -> Iterator[None]:
    """Within this block things are made that tasks will share: who uses them here is none but these."""
    before = getattr(HERE, "maker", None)
    HERE.maker = waits
    try:
        yield
    finally:
        HERE.maker = before


class Made(Thing):
    """What was made, by what made it. Others wait for that as for any thing, but nobody is told of it."""

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[Any, Any] = {}
        self._is_making = False

    def get(self, make: Callable[..., Any], known: dict[str, Any]) -> Any:
        """What a function makes: for the first that asks, and the same for all others.

        Args:
            make: makes it, out of those arguments that it names.
            known: all that there are, `waits` too.
        """
        with MUTEX:
            self._waits = known["waits"]
            self._until(lambda: make in self._made or not self._is_making, "")
            if make in self._made:
                return self._made[make]
            self._is_making = True
        try:
            with making(known["waits"]):
                made = make(**{name: known[name] for name in signature(make).parameters if name in known})
            name_things(made)
            self._made[make] = made
        finally:
            with MUTEX:
                self._is_making = False
                self._wake_all()
        return made


def defaults(function: Callable[..., Any]) -> dict[str, Any]:
    """The arguments that need not be given."""
    parameters = signature(function).parameters.values()
    return {one.name: one.default for one in parameters if one.default is not one.empty}
