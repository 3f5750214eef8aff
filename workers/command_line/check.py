"""What the command line says of `--check`, checked before anything is started. Knows nothing of Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..stepping.orders import DEFAULT_ORDERS
from ..utils.errors import BadInput
from .declaration import refuse
from .settings import count

if TYPE_CHECKING:
    import argparse

NO_CHECK = (
    *("workload", "runner", "blocking", "workers", "start", "compare", "benchmark", "report"),
    *("screenshot", "open", "save", "export", "budget", "offscreen"),
)
MAX_ORDERS, MAX_CHECKED = 100_000, 8
"""How many orders and how many tasks `--check` takes."""


class Check(NamedTuple):
    """What `--check` is to try.

    Attributes:
        orders: how many orders of threads.
        tasks: how often the function is called at once; None: as its file says.
    """

    orders: int
    tasks: int | None


def read_check(said: argparse.Namespace) -> Check | None:
    """What `--check` asks for; None where it is not there.

    Raises:
        BadInput: it means nothing that can be done, with a sentence.
    """
    if said.check is None:
        if said.orders is not None:
            raise BadInput("--orders is of --check: add --check FILE.py:FUNCTION.")
        return None
    refuse(said, NO_CHECK, "--check, which runs no run: leave it out.")
    said.workload = said.check
    orders = count("--orders", said.orders, MAX_ORDERS) or DEFAULT_ORDERS
    return Check(orders, count("--tasks", said.tasks, MAX_CHECKED))
