"""Tells what the innermost call of a stack is about to do or is waiting in: sleep, input and output, a lock, or work.

The place of the current instruction in the source is known to the column (`co_positions`), so the very call is found
among several on a line, by its name. No object is touched but module-level names, and only when they are modules or
functions: values of a thread that is running are its own. Before Python 3.11 the column is not known: there the
instructions before the call tell its name. The watchdog's thread calls it.
"""

from __future__ import annotations

import ast
import dis
import linecache
import os
from itertools import islice
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from .syntax import parse_expression

if TYPE_CHECKING:
    from .stacks import Call

MAX_KNOWN = 1_000
WORK = "work"
"""What no table names: Python, or a call into C that may or may not hold the GIL."""

WAITS = ("io", "network", "sleep", "lock")
"""What a thread does without the GIL."""

MODULES = {
    "posix": "io",
    "nt": "io",
    "select": "io",
    "socket": "network",
    "_socket": "network",
    "_ssl": "network",
    "_io": "io",
    "io": "io",
    "_winapi": "io",
    "_overlapped": "io",
    "_posixsubprocess": "io",
    "_thread": "lock",
    "_queue": "lock",
    "_multiprocessing": "lock",
}
"""The module of a function in C -> what the function waits for."""

FUNCTIONS = {
    ("time", "sleep"): "sleep",
    ("builtins", "open"): "io",
    ("builtins", "print"): "io",
    ("builtins", "input"): "io",
    ("signal", "pause"): "lock",
    ("signal", "sigwait"): "lock",
}
NAMES = {
    **dict.fromkeys(("sleep", "msleep", "usleep", "nanosleep"), "sleep"),
    **dict.fromkeys(
        ("acquire", "__enter__", "wait", "join", "get", "put", "result", "lock", "tryLock"), "lock"
    ),
    **dict.fromkeys(
        "accept connect connect_ex do_handshake getaddrinfo recv recv_into recvfrom recvfrom_into recvmsg send sendall "
        "sendfile sendto unwrap".split(),
        "network",
    ),
    **dict.fromkeys(
        "communicate control flush poll read read1 readall readinto readinto1 readline readlines select "
        "waitForBytesWritten waitForFinished waitForReadyRead waitpid write writelines".split(),
        "io",
    ),
}
"""The name of a method in C -> what it waits for."""

LOCK_FILES = ("threading.py", "queue.py", os.path.join("futures", "_base.py"))
NETWORK_FILES = ("socket.py", "ssl.py")
IO_FILES = (*NETWORK_FILES, "selectors.py", "subprocess.py", "connection.py", "popen_spawn_posix.py")
"""The standard library's files in which threads wait."""


class Kinds:
    """Remembers what the instructions of a program call, MAX_KNOWN of them. For one thread."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, tuple[int | None, ...]], tuple[str, str]] = {}

    def of(self, call: Call) -> tuple[str, bool]:
        """What the innermost call of a stack does.

        Returns:
            One of WAITS, or WORK; and whether it is inside a call into C, or just about to make one.
        """
        operation, name = self._called(call)
        if operation == "with":
            return "lock", True  # entering anything else takes no time, or Python's
        if operation == "for":
            return "io", True  # over the lines of a file, a pipe or a socket
        if not name:
            return WORK, operation == "call"
        module, function = _function(name, call)
        kind = FUNCTIONS.get((module, function)) or MODULES.get(module)
        if kind is None and not module:
            kind = NAMES.get(function)
            if kind == "io" and call.code.co_filename.endswith(NETWORK_FILES):
                kind = "network"  # what is read there is a connection, by whatever name
        return kind or WORK, True

    def is_certain(self, call: Call) -> bool:
        """Whether the call can do nothing but wait: `time.sleep`, or what the standard library's waits end in."""
        _, name = self._called(call)
        if _function(name, call) == ("time", "sleep") or name.rpartition(".")[2].startswith(
            ("recv", "acquire")
        ):
            return True
        return call.code.co_filename.endswith(LOCK_FILES + IO_FILES) and self.of(call)[0] != WORK

    def _called(self, call: Call) -> tuple[str, str]:
        """The kind of the current instruction, and the dotted name that it calls, where it calls a name."""
        code = call.code
        where: tuple[int | None, ...] = (call.instruction, call.code.co_firstlineno)
        if hasattr(code, "co_positions"):
            where = next(islice(code.co_positions(), call.instruction // 2, None), where)
        key = (code.co_filename, where)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= MAX_KNOWN:
                self._known.clear()
            found = self._known[key] = self._read(call, where)
        return found

    def _read(self, call: Call, where: tuple[int | None, ...]) -> tuple[str, str]:
        operation = dis.opname[call.code.co_code[call.instruction]] if call.instruction >= 0 else ""
        if not hasattr(call.code, "co_positions"):
            return _read_before_3_11(call, operation)
        node = _expression(call.code.co_filename, where)
        if operation in ("BEFORE_WITH", "LOAD_SPECIAL"):
            return "with", ""
        if operation == "FOR_ITER":
            return "for", ""
        if operation.startswith(("CALL", "PRECALL", "INSTRUMENTED_CALL")):
            if isinstance(node, ast.Call):
                return "call", _dotted(node.func)
            # What is called and not written as a call is `__enter__`, or a decorator.
            return ("with" if isinstance(node, (ast.Name, ast.Attribute)) else "call"), ""
        return "", ""


def _read_before_3_11(call: Call, operation: str) -> tuple[str, str]:
    """The same, from the instructions that put onto the stack what is called."""
    if operation in ("SETUP_WITH", "FOR_ITER"):
        return ("with" if operation == "SETUP_WITH" else "for"), ""
    if not operation.startswith("CALL"):
        return "", ""
    before = [one for one in dis.get_instructions(call.code) if one.offset <= call.instruction]
    last = before.pop()
    count = last.arg or 0
    above = {"CALL_FUNCTION_KW": -count - 1, "CALL_FUNCTION_EX": -1 - (count & 1)}.get(operation, -count)
    depth = 0
    names: list[str] = []
    for one in reversed(before):
        if not names and depth > above:
            depth -= dis.stack_effect(one.opcode, one.arg, jump=False)
        elif one.opname in ("LOAD_METHOD", "LOAD_ATTR"):
            names.insert(0, one.argval)
        elif one.opname.startswith("LOAD_") and isinstance(one.argval, str) and one.opname != "LOAD_CONST":
            return "call", ".".join([one.argval, *names])
        else:
            break
    return "call", ".".join(["?", *names]) if names else ""


def _expression(file: str, where: tuple[int | None, ...]) -> ast.expr | None:
    first, last, begin, end = where
    if first is None or last is None or begin is None or end is None:
        return None
    lines = [line.encode() for line in linecache.getlines(file)[first - 1 : last]]
    if len(lines) != last - first + 1:
        return None
    lines[-1] = lines[-1][:end]  # columns are counted in bytes
    lines[0] = lines[0][begin:]
    try:
        return parse_expression(b"(" + b"".join(lines) + b")")
    except (SyntaxError, ValueError):
        return None


def _dotted(node: ast.expr) -> str:
    names = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    names.append(node.id if isinstance(node, ast.Name) else "?")
    return ".".join(reversed(names))


def _function(name: str, call: Call) -> tuple[str, str]:
    """The module and name of a function that the dotted name stands for; no module where that cannot be told.

    A method's own name is told, whatever it belongs to.
    """
    first, *rest = name.split(".")
    local = first in call.code.co_varnames + call.code.co_cellvars + call.code.co_freevars
    found: Any = None if local else call.names.get(first, _builtin(first, call.names))
    for part in rest:
        found = vars(found).get(part) if isinstance(found, ModuleType) else None
    if isinstance(found, (BuiltinFunctionType, FunctionType)):
        return found.__module__ or "", found.__name__
    return "", name.rpartition(".")[2]


def _builtin(name: str, names: dict[str, Any]) -> Any:
    found = names.get("__builtins__")
    return (vars(found) if isinstance(found, ModuleType) else found or {}).get(name)
