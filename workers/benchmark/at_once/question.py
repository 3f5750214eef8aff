"""Asks whether a person's own function is right where several of its calls run at once, and says so as a verdict.

Two passes one after the other show whether its results can be compared at all; two in threads, whether they differ. It
takes some seconds: not in the GUI thread.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import tempfile
import time
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from ...catalog.user_parameters import arguments
from ...monitors.dump import parse
from ...pythons.asking import USER_SITE
from ...remote.errors import how_it_ended
from ...stepping.played import RIGHT
from ...stepping.verdict import CANNOT, WRONG, Verdict
from ...user_code.results import PROTOCOL, text
from ...user_code.standing import has_own, words
from ...utils.child import PRIVATE, UNSEEN
from ...utils.formatting import plural, seconds
from ..trial import place_of
from .passes import ALONE, AT_ONCE, IN_TURN, Order

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ...catalog.entry import Entry

THREADS = 4
LIMIT_S = 8.0
"""A pass one after the other may take so long."""

SLOWER, SPARE_S = 4.0, 2.5
"""A pass in threads may take so many times as long as one after the other, and so much more: then it hangs."""

WHOLE_S = 25.0
"""After so long no further pass is begun."""

LOOK_S = 0.05
TIMEOUT = "Timeout ("
"""How faulthandler begins what it writes when time is up."""

BEGIN = (
    f"{USER_SITE}import sys; from {PRIVATE}.benchmark.at_once.passes import main; main(sys.stdin.readline())"
)


SEEDED = ("-s", "-B")
"""What stands for `FLAGS` here: isolated by its environment, for Python heeds no PYTHONHASHSEED with -I."""


def _environment(*, is_apart: bool) -> dict[str, str]:
    """Ours; for the Python of a project without what is meant for this one. Texts in a set stand in one order."""
    told = {name: one for name, one in os.environ.items() if not (is_apart and name.startswith("PYTHON"))}
    return {**told, "PYTHONHASHSEED": "0"}


class Outcome(NamedTuple):
    """What came of a call: the error's name or "", what tells it from others, and a short text."""

    error: str
    digest: str
    text: str


class Passed(NamedTuple):
    """What came of a pass.

    Attributes:
        calls: by their indices; all of them unless something is wrong.
        trouble: what ended it before its end, as the end of a sentence on its calls; empty where nothing did.
        check: why the file's own check does not hold, likewise.
        has_check: whether there is one, which then says what is right in place of the results.
        took_s: for how long it went on.
    """

    calls: Mapping[int, Outcome] = {}
    trouble: str = ""
    check: str = ""
    has_check: bool = False
    took_s: float = 0.0


def ask(
    entry: Entry, params: Mapping[str, Any], seed: int = 1, wanted: Callable[[], bool] = lambda: True
) -> Verdict | None:
    """Try a function's calls one after the other and at once.

    Args:
        entry: the function's.
        params: what was chosen for it.
        seed: as of a run.
        wanted: whether somebody still wants to know; it is asked all the time.

    Returns:
        The verdict; None where there is nothing to ask, for its calls share no thread or none but the GUI thread, or
        wait for each other; and where nobody wants to know any more.
    """
    facts = entry.own
    if facts is None or facts.is_async or facts.needs_gui or entry.constants.get("MEETS"):
        return None
    try:
        fixed = arguments(entry, params)
        command, folders = place_of(entry, BEGIN, SEEDED)
        order = Order(entry.name, facts.given, fixed, seed, ALONE, 0, THREADS, LIMIT_S, folders)
        return _Question(command, order, wanted).answer()
    except TimeoutError:
        return Verdict(CANNOT, f"To compare its calls takes longer than {WHOLE_S:g} s.")
    except (OSError, ValueError):  # what cannot even be asked tells of itself where it is run
        return None


class _Question:
    def __init__(self, command: list[str], order: Order, wanted: Callable[[], bool]) -> None:
        self._command, self._order, self._wanted = command, order, wanted
        self._ends = time.monotonic() + WHOLE_S

    def answer(self) -> Verdict:
        first = self._pass()
        if trouble := first.trouble or first.check:
            return _cannot(f"One after the other, too, {trouble}.")
        count = len(first.calls)
        limit_s = SLOWER * first.took_s + SPARE_S
        self._order = self._order._replace(calls=count, threads=min(THREADS, count), limit_s=limit_s)
        again = self._pass()
        if trouble := again.trouble or again.check:
            return _cannot(f"Its calls cannot be compared: in a second pass {trouble}.")
        if number := _unlike(first, again):
            return _cannot(
                f"Its calls cannot be compared: {self._words(number, first, again, 'in a second pass')}. What comes of "
                "them hangs on chance, on the time, on an id, or on something outside of it."
            )
        if all(one.error for one in first.calls.values()):
            return _cannot(f"Each call fails, one after the other, too: {first.calls[0].text}.")
        found = self._pass(AT_ONCE)
        fault, is_of_values = self._fault(first, found)
        if not fault:
            return Verdict(RIGHT, calls=count, has_check=first.has_check)
        other, is_too = self._fault(first, self._pass(AT_ONCE))
        if not other:
            return _cannot(f"{fault}, but in 1 of 2 passes only.")
        if is_of_values and is_too:
            turn = self._pass(IN_TURN)
            if number := _unlike(first, turn):
                how = self._words(number, first, turn, "in another order and in threads that take turns")
                return _cannot(f"Its calls cannot be compared: {how}.")
        return Verdict(WRONG, f"{fault}, in 2 of 2 passes.", calls=count, has_check=first.has_check)

    # ---------------------------------------------------------------- what is wrong

    def _fault(self, right: Passed, found: Passed) -> tuple[str, bool]:
        """What is wrong with a pass in threads, and whether that is but other results; empty where nothing is."""
        where = f"With {plural(self._order.threads, 'thread')} at once"
        if trouble := found.trouble or found.check:
            return f"{where} {trouble}", False
        failing = _new_error(right, found)
        number = failing or _unlike(right, found)
        words = f"{where} {self._words(number, found, right, 'one after the other')}" if number else ""
        return words, not failing

    def _words(self, number: int, one: Passed, other: Passed, where: str) -> str:
        """What came of a call in two passes; calls count from 1."""
        name = self._order.name.rpartition(":")[2]
        has_index = "index" in self._order.given
        known = {**({"index": number - 1} if has_index else {}), **self._order.fixed}
        call = f"{name}({', '.join(f'{key}={text(value)}' for key, value in known.items())})"
        if not has_index:
            call = f"{call}, call {number:,} of {len(other.calls):,},"
        found, right = one.calls[number - 1], other.calls[number - 1]
        same = "something else that looks alike" if found.text == right.text else right.text
        return f"{call} {_verb(found)} {found.text}, and {where} it {_verb(right)} {same}"

    # ---------------------------------------------------------------- a pass

    def _pass(self, kind: str = ALONE) -> Passed:
        """Raises TimeoutError where there is no time for it any more."""
        order = self._order._replace(kind=kind)
        if time.monotonic() > self._ends:
            raise TimeoutError
        # A file and no pipe: what `communicate` has not written when its first time-out ends, it never writes.
        with tempfile.TemporaryFile() as line:
            line.write(pickle.dumps(tuple(order), PROTOCOL).hex().encode())
            line.seek(0)
            child = subprocess.Popen(
                self._command,
                stdin=line,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                errors="replace",
                env=_environment(is_apart=SEEDED[0] in self._command),
                creationflags=UNSEEN,
            )
        with child:
            said, complaints = self._wait(child)
        if not said:
            return Passed(trouble=_how(child.returncode, complaints, order.limit_s))
        answer = json.loads(said)
        if isinstance(answer, str):
            return Passed(trouble=f"its file fails when it is imported ({answer})")
        calls, standing, check, has_check, took_s = answer
        outcomes = {index: Outcome(*told) for index, told in calls}
        trouble = _hang(standing, order.limit_s) if standing else ""
        return Passed(outcomes, trouble, check, has_check, took_s)

    def _wait(self, child: subprocess.Popen[str]) -> tuple[str, str]:
        """The process ends by itself, in time; before it does so where nobody wants to know."""
        while True:
            try:
                return child.communicate(timeout=LOOK_S)
            except subprocess.TimeoutExpired:
                if not self._wanted():
                    child.kill()
                    raise InterruptedError from None


def _cannot(why: str) -> Verdict:
    return Verdict(CANNOT, why)


def _verb(outcome: Outcome) -> str:
    return "raises" if outcome.error else "gives"


def _unlike(right: Passed, found: Passed) -> int:
    """The number of the first call of which came what none is left for; 0 where there is none.

    Where just the calls have changed places, as those do that draw a number each, that is no difference. Where the file
    has a check, that judges the results.
    """
    if found.trouble:
        return 0

    def came(one: Passed, index: int) -> str:
        return one.calls[index].error if right.has_check else one.calls[index].digest

    expected = Counter(came(right, index) for index in right.calls)
    for index in sorted(found.calls):
        if not expected[came(found, index)]:
            return index + 1
        expected[came(found, index)] -= 1
    return 0


def _new_error(right: Passed, found: Passed) -> int:
    """The number of the first call that fails as none does one after the other; 0 where there is none."""
    known = {one.error for one in right.calls.values()} | {""}
    return next((index + 1 for index, one in sorted(found.calls.items()) if one.error not in known), 0)


def _hang(standing: list[str], limit_s: float) -> str:
    stands = f": one stands in {standing[0]}" if standing and standing[0] else ""
    return f"its calls had not ended after {seconds(limit_s)}{stands}"


def _how(code: int, complaints: str, limit_s: float) -> str:
    """What became of a process that said nothing."""
    if TIMEOUT not in complaints:
        return f"its process {how_it_ended(code)}"
    stacks = sorted(parse(complaints.partition(TIMEOUT)[2]).values(), key=has_own, reverse=True)
    return _hang([words(calls) for calls in stacks], limit_s)
