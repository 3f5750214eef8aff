"""A job that is made short enough to be tried: its threads once, and smaller numbers where it takes many steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .orders import OneByOne
from .play import play
from .played import ENDLESS
from .world import LONG_RANGE

if TYPE_CHECKING:
    from collections.abc import Collection

    from .played import Job

LONG_STEPS = 300
"""What takes more steps is tried with smaller numbers."""

MANY_STEPS = 3_000
"""What takes more of them, whatever its numbers, is tried with shorter loops."""

LARGE, ROUNDS = 20, 8

Reduced = tuple[tuple[str, int], ...]
"""Parameters that were made smaller, with their values."""


def shorten(job: Job, chosen: Collection[str], *, is_free: bool) -> tuple[Job, Reduced]:
    """Make a job short; where its numbers cannot be made smaller it stays long.

    Args:
        job: what is to be tried.
        chosen: names of parameters that stay as they are.
        is_free: whether it is to be called but once where it starts threads itself.
    """
    reduced: dict[str, int] = {}
    most, is_free = LONG_STEPS, is_free and job.tasks > 1
    while True:
        played = play(job._replace(naps=False, opcodes=False, most=most), OneByOne())
        if played.begun_here and is_free:
            job, is_free = job._replace(tasks=1, places=1), False
            continue
        smaller = {
            name: value // 10
            for name, value in job.arguments.items()
            if type(value) is int and value >= LARGE and name not in chosen
        }
        if played.kind == ENDLESS and smaller:
            reduced.update(smaller)
            job = job._replace(arguments={**job.arguments, **smaller})
        elif played.kind == ENDLESS and is_free and most < MANY_STEPS:
            most = MANY_STEPS  # it may begin its threads late
        elif played.kind == ENDLESS and not job.rounds and "range(" in job.file.source:
            if most < MANY_STEPS:
                most = MANY_STEPS
            else:
                job = job._replace(rounds=ROUNDS)
        else:
            return job, tuple(reduced.items())


def reduced_words(reduced: Reduced) -> str:
    """What is told of parameters that were made smaller."""
    smaller = ", ".join(f"{name}={value:,}" for name, value in reduced)
    return f"It was tried with {smaller}, for else an order takes too many steps."


def rounds_words(rounds: int) -> str:
    """What is told of loops that were made shorter."""
    return (
        f"Of a range() of over {LONG_RANGE} {rounds} numbers were left, for else an order takes too many steps."
    )
