"""One pass: the calls of a function, one after the other or in threads, in a process that ends with it.

So each pass finds all modules fresh, and whatever it spoils is gone with it. `main` runs in that process, in its main
thread. Runs on Python 3.9.
"""

from __future__ import annotations

import faulthandler
import inspect
import json
import os
import pickle
import sys
import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from copy import deepcopy
from types import GeneratorType
from typing import TYPE_CHECKING, Any, NamedTuple

from ...catalog.user_names import slug
from ...engine.task import Control, Crew
from ...sync.made import defaults
from ...user_code.loading import made
from ...user_code.results import text
from ...user_code.standing import at_work, words
from ...user_code.values import digest, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import FrameType

    from ...user_code.loading import Made

ALONE, AT_ONCE, IN_TURN = "alone", "at once", "in turn"
"""In the main thread; in threads; in threads of which only one has a call at a time, and in another order."""

PASS_S, LEAST_CALLS, MAX_CALLS = 0.4, 8, 3_000
"""The first pass goes on for so long, and for so many calls at least; and for so many at most."""

SLOW_S, LEAST_SLOW = 2.5, 2
"""Where calls are slow, it ends after so long with fewer."""

IMPORT_S = 10.0
"""To import its file may take so long."""

SWITCH_S = 1e-6
"""Between two switches of threads: the smaller, the more faults show."""

STUMBLE_S, STUMBLES, OFTEN, SELDOM = 2e-5, 1_500, 7, 61
"""A thread also lets others go on in its calls of functions, where Python may change threads anyway: for how long and
how often in all; in every how many of these at first, while what is made but once is made, and later."""

TASKS = 1_000
"""What a parameter `tasks` gets, whatever the pass."""

STEADY = nullcontext()

MAX_YIELDS = 1_000
"""So many of what a generator yields are compared."""


class Order(NamedTuple):
    """What a pass is to do.

    Attributes:
        name: the function's.
        given: those of its parameters that Thaw fills in.
        fixed: the others.
        seed: as of a run.
        kind: ALONE, AT_ONCE or IN_TURN.
        calls: how many; 0: as many as suit.
        threads: how many there are.
        limit_s: the calls may take so long.
        folders: where packages are that its process would not look in.
    """

    name: str
    given: tuple[str, ...]
    fixed: dict[str, Any]
    seed: int
    kind: str
    calls: int
    threads: int
    limit_s: float
    folders: tuple[str, ...]


class Pass:
    """Makes the calls of one order.

    Attributes:
        outcomes: by index: the name of the error or "", the digest of what came of the call, and that as a short text.
        standing: where calls stand that have not come to their end in time.
        check: why the file's own `check` does not hold; empty where it does, and where there is none.
        has_check: whether there is one.
    """

    def __init__(self, order: Order, found: Made) -> None:
        self._order, self._found = order, found
        places = 1 if order.kind == ALONE else order.threads
        self._control = Control(crew=Crew(0, order.calls or MAX_CALLS, places))
        self.outcomes: dict[int, tuple[str, str, str]] = {}
        self._values: dict[int, Any] = {}
        self.standing: list[str] = []
        self.check = ""
        self._check = self._own_check()
        self.has_check = self._check is not None

    def run(self) -> None:
        """Make them all, and have them checked."""
        if self._order.kind == ALONE:
            self._alone()
        elif self._order.kind == AT_ONCE:
            self._at_once()
        else:
            self._in_turn()
        if self._check is not None and not self.standing:
            self.check = self._failed_check(self._check)

    # ---------------------------------------------------------------- in which order

    def _alone(self) -> None:
        began = time.perf_counter()
        for index in range(self._order.calls or MAX_CALLS):
            self._make(index)
            count, took = index + 1, time.perf_counter() - began
            is_enough = count >= (LEAST_CALLS if took < SLOW_S else LEAST_SLOW) and took > PASS_S
            if is_enough and not self._order.calls:
                break

    def _at_once(self) -> None:
        left = deque(range(self._order.calls))
        gate = threading.Barrier(self._order.threads)

        def work() -> None:
            stumbling = _Stumbling()
            gate.wait()
            while left:
                try:
                    index = left.popleft()
                except IndexError:
                    return
                self._make(index, stumbling)

        threads = [threading.Thread(target=work, daemon=True) for _ in range(self._order.threads)]
        before = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_S)
        for thread in threads:
            thread.start()
        ends = time.perf_counter() + self._order.limit_s
        for thread in threads:
            thread.join(max(0.0, ends - time.perf_counter()))
        sys.setswitchinterval(before)
        if any(thread.is_alive() for thread in threads):
            self.standing = [words(calls) for calls in at_work().values()]

    def _in_turn(self) -> None:
        pools = [ThreadPoolExecutor(1) for _ in range(self._order.threads)]
        for place, index in enumerate(reversed(range(self._order.calls))):
            pools[place % len(pools)].submit(self._make, index).result()

    # ---------------------------------------------------------------- one call

    def _make(self, index: int, stumbling: AbstractContextManager[None] = STEADY) -> None:
        try:
            with stumbling:
                value = self._value(index)
            if self._check is not None:
                self._values[index] = value
            self.outcomes[index] = "", digest(value), text(value)
        except BaseException as error:  # sys.exit(), too
            kind = type(error).__name__
            said = plain(str(error))
            shown = text(f"{kind}: {said}" if said else kind)[1:-1]
            self.outcomes[index] = kind, digest((kind, said)), shown

    def _value(self, index: int) -> Any:
        workload = self._found.workload
        values = {"index": index, "tasks": TASKS, "seed": self._order.seed, "control": self._control}
        # Each call has its own: it may change a list that it gets.
        arguments = {**deepcopy(self._order.fixed), **{name: values[name] for name in self._order.given}}
        if workload.make_shared is None:
            return _result(self._steps(**arguments))
        known = {**defaults(self._found.function), **arguments}
        called, follow = slug(self._order.name), self._control.waits.follow
        return _result(follow(index, called, _untold, self._steps, workload.make_shared, known))

    def _steps(self, **arguments: Any) -> Generator[float, None, Any]:
        """A call by steps; of a generator the result is what it yields, and what it returns."""
        value = self._found.call(**arguments)
        if type(value) is not GeneratorType:
            yield 1
            return value
        yields: list[Any] = []
        count = 0
        while True:
            try:
                got = next(value)
            except StopIteration as end:
                return end.value if not count else (yields, count, end.value)
            count += 1
            if count <= MAX_YIELDS:
                yields.append(got)
            yield 1

    # ---------------------------------------------------------------- the file's own word

    def _own_check(self) -> Callable[..., Any] | None:
        """The file's function `check`, of one whose calls share something, where it wants nothing but what there is."""
        check = getattr(self._found.module, "check", None)
        if self._found.workload.make_shared is None or not inspect.isfunction(check):
            return None
        return check if set(inspect.signature(check).parameters) <= {"shared", "results"} else None

    def _failed_check(self, check: Callable[..., Any]) -> str:
        known = inspect.signature(check).parameters
        given = {"results": [self._values.get(index) for index in range(len(self.outcomes))]}
        holds = []

        def ask(shared: Any, **others: Any) -> Generator[float, None, None]:
            given["shared"] = shared
            holds.append(check(**{name: given[name] for name in known}) is not False)
            yield 1

        make = self._found.workload.make_shared
        assert make is not None
        try:
            _result(
                self._control.waits.follow(len(self.outcomes), "check", _untold, ask, make, self._order.fixed)
            )
        except BaseException as error:  # whatever a person's own check raises
            said = f": {plain(str(error))}" if str(error) else ""
            return f"its check does not hold ({type(error).__name__}{said})"
        return "" if all(holds) else "its check says that it is wrong"


class _Stumbling(AbstractContextManager[None]):
    """Within this block its thread lets others go on now and then; one for each thread."""

    def __init__(self) -> None:
        self._seen = self._stumbles = 0

    def __enter__(self) -> None:
        if self._stumbles < STUMBLES:
            sys.setprofile(self._look)

    def __exit__(self, *error: object) -> None:
        sys.setprofile(None)

    def _look(self, frame: FrameType, event: str, argument: object) -> None:
        self._seen += 1
        if self._seen % (OFTEN if self._seen < STUMBLES else SELDOM) == 0:
            time.sleep(STUMBLE_S)
            self._stumbles += 1
            if self._stumbles >= STUMBLES:
                sys.setprofile(None)


def _untold(phase: int, detail: Any, moment: float) -> None:
    """Nobody looks on."""


def _result(steps: Generator[float, None, Any]) -> Any:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def main(line: str) -> None:
    """Carry out an order, and print what came of it; what the calls print themselves is not heard."""
    order = Order(*pickle.loads(bytes.fromhex(line)))
    sys.path.extend(order.folders)
    answer, complaints = os.dup(1), os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    faulthandler.enable(complaints)
    # From C, so also while C holds the GIL; and nobody need be there any more who would kill it.
    faulthandler.dump_traceback_later(IMPORT_S, exit=True, file=complaints)
    said: Any
    try:
        found = made(order.name)
    except BaseException as error:  # whatever the file raises
        said = f"{type(error).__name__}: {plain(str(error))}"
    else:
        faulthandler.dump_traceback_later(order.limit_s + 1, exit=True, file=complaints)
        began = time.perf_counter()
        one = Pass(order, found)
        one.run()
        took_s = time.perf_counter() - began
        said = [list(one.outcomes.items()), one.standing, one.check, one.has_check, took_s]
    with os.fdopen(answer, "w") as out:
        json.dump(said, out)
    os._exit(0)  # whatever threads it may have left behind
