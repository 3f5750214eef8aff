"""What the tasks of a run share: made once, by a function of their file. Runs on Python 3.9."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from inspect import signature
from typing import TYPE_CHECKING, Any

from .names import name_things
from .thing import HERE

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


class Made:
    """What was made, by what made it."""

    def __init__(self) -> None:
        self._making = threading.Lock()
        self._made: dict[Any, Any] = {}

    def get(self, make: Callable[..., Any], known: dict[str, Any]) -> Any:
        """What a function makes: for the first that asks, and the same for all others.

        Args:
            make: makes it, out of those arguments that it names.
            known: all that there are, `waits` too.
        """
        with self._making:
            if make not in self._made:
                with making(known["waits"]):
                    made = make(**{name: known[name] for name in signature(make).parameters if name in known})
                name_things(made)
                self._made[make] = made
            return self._made[make]


def defaults(function: Callable[..., Any]) -> dict[str, Any]:
    """The arguments that need not be given."""
    parameters = signature(function).parameters.values()
    return {one.name: one.default for one in parameters if one.default is not one.empty}
