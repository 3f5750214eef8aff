"""A person's file, run anew for each order: none finds what another one has left in its module.

Its imports are answered here, and so are those of files beside it: with stand-ins, and with files run anew as well.
"""

from __future__ import annotations

import builtins
import contextlib
import inspect
import sys
import threading
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ..catalog import user_functions, user_names
from ..engine.loading import load_workload
from ..engine.task import Control
from ..pythons.lending import lent
from ..sync.made import making
from ..sync.names import name_things
from ..user_code.calling import named, prepared
from ..user_code.loading import Workload, maker, workload_of
from ..user_code.modules import LOCK, look_in
from .file import File
from .left.portrait import PLAIN, code_values, is_code
from .stand_ins.modules import FOR_SOURCE, STAND_INS, compiled, refuse
from .stand_ins.stepped import TURNS

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence
    from types import CodeType

    from ..sync.waits import Waits

PRINTABLE = (*PLAIN, float, list, tuple, set, dict)
"""To make texts of these runs no code of a person's, but for what is in a list."""

LONG_RANGE = 100
IMPORT_S = 60.0

STANDARD = frozenset({"queue", "concurrent.futures._base", "concurrent.futures.thread"})


class World:
    """What one run of a file sees.

    Attributes:
        module: the file, run.
        modules: what it has imported that is not as in the rest of the program, by name.
        data: the names of its variables that hold data.
        has_read_clock: whether anything has asked for the time.
        rate: how fast the clock goes.
        at_import: what it said last while the file was imported.
        printed: the lines that a thread has printed when all others had ended.
        cannot: why what the file does cannot be stepped, a sentence; empty where it can.
        source: what the file says.
        is_silent: whether what it prints is left out.
    """

    def __init__(
        self, file: File, waits: Waits, *, is_silent: bool = True, rate: float = 1.0, rounds: int = 0
    ) -> None:
        """Run the file.

        Args:
            file: the file.
            waits: of the run: what the file makes at its top is the tasks' alone.
            is_silent: whether what it prints is left out.
            rate: how fast the clock goes.
            rounds: so many numbers are left of a long range; 0: all.

        Raises:
            Exception: whatever it raises.
        """
        self._file = file
        self.modules: dict[str, ModuleType] = {}
        self.has_read_clock = False
        self.is_silent = is_silent
        self.rate, self.at_import, self.source = rate, 900.0, file.source
        self.printed: list[str] = []
        self.cannot = ""
        self._builtins: dict[str, Any] = {**vars(builtins), "__import__": self._import}
        if rounds:
            self._builtins["range"] = cut_range(rounds)
        if is_silent:
            self._builtins["print"] = self._print
            self._builtins["input"] = refuse(self, "It asks for input, and nobody is there to answer.")
        self.module = ModuleType(file.module)
        self.module.__file__ = str(file.path)
        with LOCK, making(waits):
            look_in(file.found)
            self._run(self.module, file.code)
        own = vars(self.module)
        self.data = frozenset(name for name, one in own.items() if name[:2] != "__" and not is_code(one))
        name_things({name: one for name, one in own.items() if name in self.data})
        name_things(code_values(own))

    def workload(self, function: str, *, is_one: bool) -> Workload:
        """A function of it as a workload, unless it `is_one`; it always shares something, if only nothing."""
        found = named(self.module, function)
        known = found.known or {}
        call = prepared(found, function)
        steps = call if is_one else workload_of(call, function)
        make = maker(self.module, function, known)
        return Workload(steps if make else alone(steps), "control" in known, "", make or nothing)

    def _run(self, module: ModuleType, code: CodeType) -> None:
        own = vars(module)
        own["__builtins__"] = self._builtins
        own["__package__"] = module.__name__.rpartition(".")[0]
        before = sys.modules.get(module.__name__)
        sys.modules[module.__name__] = module  # data classes ask for the module that they are written in
        try:
            exec(code, own)
        finally:
            if before is None:
                sys.modules.pop(module.__name__, None)
            else:
                sys.modules[module.__name__] = before

    # ---------------------------------------------------------------- what is imported

    def find(self, name: str) -> ModuleType:
        """The module of a name that has a stand-in."""
        if name not in self.modules:
            self.modules[name] = STAND_INS[name](self)
        return self.modules[name]

    def run_source(self, name: str) -> ModuleType:
        """A module of the standard library, run anew in here."""
        module = ModuleType(name)
        self._run(module, compiled(name))
        return module

    def _import(
        self,
        name: str,
        globals: Mapping[str, Any] | None = None,
        locals: Mapping[str, Any] | None = None,
        fromlist: Sequence[str] = (),
        level: int = 0,
    ) -> ModuleType:
        if level == 0:
            outer = name.partition(".")[0]
            if name in STAND_INS:
                self.find(name)
                return self.find(name if fromlist else outer)
            if name in FOR_SOURCE and globals is not None and globals.get("__name__") in STANDARD:
                return FOR_SOURCE[name](self)
            if name in self.modules or self._is_beside(name):
                return self._beside(name)
        return builtins.__import__(name, globals, locals, fromlist, level)

    def _is_beside(self, name: str) -> bool:
        return name.isidentifier() and (self._file.path.parent / f"{name}.py").is_file()

    def _beside(self, name: str) -> ModuleType:
        if name not in self.modules:
            path = self._file.path.parent / f"{name}.py"
            if name not in self._file.beside:
                source = path.read_text(encoding="utf-8")
                self._file.beside[name] = compile(source, str(path), "exec", dont_inherit=True)
            module = self.modules[name] = ModuleType(name)
            module.__file__ = str(path)
            with contextlib.ExitStack() as undo:
                undo.callback(self.modules.pop, name, None)
                self._run(module, self._file.beside[name])
                undo.pop_all()
        return self.modules[name]

    def _print(self, *values: Any, **named: Any) -> None:
        """Print to files only: nobody reads the same lines two hundred times. What comes at the end is kept."""
        if named.get("file") is not None:
            print(*values, **named)  # noqa: T201 (the person's own)
            return
        mine = TURNS.mine
        threads = mine.stepper.threads if mine is not None else []
        is_last = len(threads) > 1 and all(one is mine or one.has_ended or one.is_helper for one in threads)
        if is_last and all(isinstance(one, PRINTABLE) for one in values):
            self.printed.append(" ".join(map(str, values)))


def ends_in_time(file: File, python: str) -> bool:
    """Whether a file that is imported comes to its end, by an error too; a script may serve, or hang, for ever."""
    ended = threading.Event()

    def run() -> None:
        with contextlib.suppress(BaseException), lent(python):  # who runs it next is told of the error
            World(file, Control().waits)
        ended.set()

    threading.Thread(target=run, daemon=True, name="import of a file").start()
    return ended.wait(IMPORT_S)


def cut_range(rounds: int) -> type:
    """A `range` of which no more than so many numbers are left where they are very many."""

    class Cut:
        def __new__(cls, *given: Any) -> Any:
            whole = range(*given)
            return whole[:rounds] if len(whole) > LONG_RANGE else whole

    return Cut


def nothing() -> None:
    """What tasks share that share nothing."""


def alone(steps: Callable[..., Generator[float, None, Any]]) -> Callable[..., Generator[float, None, Any]]:
    """Steps that get `shared` and have no use for it."""

    def run(shared: None, **arguments: Any) -> Generator[float, None, Any]:
        return (yield from steps(**arguments))

    return run


class Loader:
    """Imports the workloads of one run; to be called in the threads that are stepped.

    Attributes:
        files: those whose functions are stepped; a file is added when a function of it is imported.
    """

    def __init__(self, control: Control, rounds: int = 0) -> None:
        self.files: set[str] = set()
        self._control, self._rounds = control, rounds
        self._made: dict[str, Workload] = {}

    def __call__(self, name: str) -> Workload:
        if name not in self._made:
            # Whatever the file does, nobody else has a turn while it is imported.
            mine, TURNS.mine = TURNS.mine, None
            try:
                self._made[name] = self._load(name)
            finally:
                TURNS.mine = mine
        return self._made[name]

    def _load(self, name: str) -> Workload:
        is_one = not user_names.is_own(name) or user_functions.form(name) == "workload"
        if is_one:
            found = load_workload(name)
            if found.make_shared is None:
                self.files.add(inspect.unwrap(found.function).__code__.co_filename)
                return found._replace(function=alone(found.function), gil="", make_shared=nothing)
        file = File(name)
        self.files |= file.files
        world = World(file, self._control.waits, is_silent=False, rounds=self._rounds)
        return world.workload(file.function, is_one=is_one)
