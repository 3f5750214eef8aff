"""What a lab says of runs of its versions: figures, and claims with these figures in them, each true or not.

The same sentences explain on the page and check in the tests: a lab that says what is not so fails.
"""

from __future__ import annotations

import importlib
import inspect
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from ...additions.files import blamed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

    from ...engine.run import Run


UNTELLABLE = (ArithmeticError, LookupError, ValueError)
"""What figures and claims raise of a run whose tasks never came to where there is something to be counted."""


class Claim(NamedTuple):
    """A sentence with the figures of one run or more.

    Attributes:
        text: the sentence.
        holds: whether it is true of these runs.
        versions: of which versions of the lab they are.
    """

    text: str
    holds: bool
    versions: tuple[str, ...]


def figures(run: Run) -> dict[str, float]:
    """What came of a run of a lab, by the words that people call it: "expected", "actual", "lost"."""
    module = _module(run.settings.workload.partition(".")[0])
    found: dict[str, float] = _carefully(lambda: module.figures(run)) if hasattr(module, "figures") else {}
    return found


def claims(lab: str, runs: Mapping[str, Run]) -> list[Claim]:
    """What can be said of finished runs.

    Args:
        lab: the name of the lab.
        runs: one for each version that was run, by the names of these.
    """
    found = []
    module = _module(lab)
    for claim in getattr(module, "CLAIMS", ()):
        versions = tuple(inspect.signature(claim).parameters)
        if all(version in runs for version in versions):
            of = {version: runs[version] for version in versions}
            holds, text = _carefully(partial(claim, **of))
            found.append(Claim(text, bool(holds), versions))
    return found


def _carefully(told: Callable[[], Any]) -> Any:
    """What a lab tells of runs; whatever one of a person's own raises there means that it cannot."""
    try:
        return told()
    except Exception as error:
        if why := blamed(error):
            raise ValueError(why) from error
        raise


def said(run: Run) -> list[str]:
    """What a lab says of one run, a sentence each, or else its figures; nothing where it is of no lab, or untellable.

    Where what it claims is not so, as in a place where its tasks never meet, its figures are said. A person's own copy
    of a lab is none: what it claims has perhaps been changed.
    """
    is_own = ":" in run.settings.workload
    if is_own or "VERSIONS" not in run.settings.workload_entry.constants or run.recorder.cancelled:
        return []
    lab, _, version = run.settings.workload.partition(".")
    try:
        told = [claim.text for claim in claims(lab, {version: run}) if claim.holds]
        return told or [", ".join(f"{name} {value:,.0f}" for name, value in figures(run).items())]
    except UNTELLABLE:
        return []


def _module(lab: str) -> ModuleType:
    return importlib.import_module(f"...labs.{lab}", __package__)
