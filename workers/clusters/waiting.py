"""Workers of a cluster that has none: an adaptive one is told that there is work. In the client's event loop."""

from __future__ import annotations

import asyncio
import itertools
import time
from typing import TYPE_CHECKING, Any

from ..utils.errors import BadInput
from . import looks

if TYPE_CHECKING:
    from collections.abc import Callable

    from .address import Address
    from .looks import Look

LOOK_S = 0.5


class Wishes:
    """Tasks that do nothing, for whichever worker comes.

    A run gives its tasks to workers: of these alone a scheduler would never learn that there is work to do.
    """

    def __init__(self, client: Any, wanted: int) -> None:
        """Make it; `wanted` tasks are to run at once."""
        self._client, self._wanted = client, wanted
        self._numbers = itertools.count()
        self._asked: list[Any] = []

    def make(self) -> None:
        """Wish for workers, unless that was done and nobody has come yet."""
        if all(one.done() for one in self._asked):
            names = [f"thaw-wish-{self._client.id}-{next(self._numbers)}" for _ in range(self._wanted)]
            self._asked = [self._client.submit(bool, key=name) for name in names]


async def first_look(
    client: Any, address: Address, wishes: Wishes, gives_up: Callable[[], bool]
) -> Look | None:
    """Look who works there, once anybody does.

    Args:
        client: of their scheduler.
        address: that one's.
        wishes: are made while nobody does.
        gives_up: is asked again and again; when it says so nobody waits any more, and None is returned.

    Raises:
        BadInput: nobody has come, or the scheduler has gone; with a sentence.
    """
    until = time.monotonic() + looks.FIRST_S
    try:
        while not (found := await looks.around(client, address)).places:
            if gives_up():
                return None
            if time.monotonic() > until:
                raise BadInput(f"{looks.nobody(address)} None has come within {looks.FIRST_S:g} s.")
            wishes.make()
            await asyncio.sleep(LOOK_S)
    except OSError:
        raise BadInput(f"The scheduler of {address} has gone.") from None
    return found
