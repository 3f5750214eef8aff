"""Published programs that nobody here wrote, each watched for a minute while it is used."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.benchmarks.figures import Missing, Wanted
from tests.benchmarks.measure import Measure
from tests.benchmarks.measures.watch_cost import watched_program
from tests.benchmarks.sizes import USED_S
from tests.benchmarks.watch import using
from tests.benchmarks.watch.watching import is_there, of_program, read, watching

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.benchmarks.measure import Tell, Values
    from tests.benchmarks.program import Bench

    Use = Callable[[str, int, int, "using.GoOn"], int]

END_S = 10.0


class Published(NamedTuple):
    """A program of the package index.

    Attributes:
        binding: what its event loop is of.
        command: the words after `python`; PORT stands for a free port, SITE for the folder of its packages.
        use: uses it: gets the display, the program's pid, the port, and what says whether to go on.
        how: how it is used, for people.
    """

    binding: str
    command: tuple[str, ...]
    use: Use
    how: str


def _click(display: str, pid: int, port: int, go_on: using.GoOn) -> int:
    return using.clicks(display, pid, go_on)


def _log(display: str, pid: int, port: int, go_on: using.GoOn) -> int:
    """Records come while somebody clicks."""
    thread = threading.Thread(target=using.records, args=(port, go_on))
    thread.start()
    try:
        return using.clicks(display, pid, go_on)
    finally:
        thread.join()


def _ask(display: str, pid: int, port: int, go_on: using.GoOn) -> int:
    paths = ("/", "/simple/", "/packages/", "/simple/thing/", "/packages/thing-1.0-py3-none-any.whl")
    return using.requests(port, paths, go_on)


PROGRAMS = {
    "password_generator": Published(
        "PySide6",
        ("-m", "password_generator_app", "gui"),
        _click,
        "clicks and keys at places all over its window",
    ),
    "cutelog2": Published(
        "PyQt6",
        ("-m", "cutelog2", "--listen_port", "PORT"),
        _log,
        "20 records of a log a second, and clicks and keys",
    ),
    "calculator": Published(
        "PyQt5", ("SITE/calculator/main.py",), _click, "clicks and keys at places all over its window"
    ),
    "aiopypiserver": Published(
        "asyncio",
        ("-m", "aiopypiserver", "packages", "--port", "PORT"),
        _ask,
        "20 requests a second for its pages",
    ),
}


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def package(folder: Path) -> None:
    """Something for the server to serve: a package with its metadata."""
    folder.mkdir()
    with zipfile.ZipFile(folder / "thing-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("thing-1.0.dist-info/METADATA", "Name: thing\nVersion: 1.0\n")
        wheel.writestr("thing/data.bin", os.urandom(3 << 20))


def has_ended(pid: int) -> bool:
    """Ask a program to end, by Ctrl+C and then by SIGTERM; whether it did."""
    for number in (signal.SIGINT, signal.SIGTERM):
        if is_there(pid):
            os.kill(pid, number)
        until = time.monotonic() + END_S / 2
        while is_there(pid) and time.monotonic() < until:
            time.sleep(0.05)
    return not is_there(pid)


def program(name: str) -> Measure:
    """One of them."""
    found = PROGRAMS[name]
    wanted = (
        Wanted(
            f"{name}_problems",
            f"{name} ({found.binding}), used for {USED_S:.0f} s: what went wrong",
            0,
            "calls",
        ),
        Wanted(f"{name}_uses", f"  {found.how}", None, "calls"),
        Wanted(f"{name}_freezes", "  freezes that were found in it", None, "calls"),
    )

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        python, port = of_program(name).python, free_port()
        site = next(Path(python).parents[1].glob("lib/python3*/site-packages"))
        command = [word.replace("PORT", str(port)).replace("SITE", str(site)) for word in found.command]
        report, problems = bench.new_folder() / "report.json", list[str]()
        with bench.process(*watching(report, *command, python=python)) as process:
            package(process.folder / "packages")
            pid = watched_program(process, *command)
            until = time.monotonic() + USED_S
            uses = found.use(bench.display.name, pid, port, lambda: is_there(pid) and time.monotonic() < until)
            if not is_there(pid):
                problems.append("it ended before it was asked to")
            if not has_ended(pid):
                problems.append("it did not end")
            process.wait(*range(256), timeout=END_S)
            seen = read(report, process)
        if not uses:
            raise Missing(f"{name} could not be used: {process_said(seen.report)}")
        gui = seen.report["gui"]
        if gui is None:
            problems.append("its event loop was not found")
        freezes = seen.freezes if gui is not None else []
        for one in sorted(freezes, key=lambda each: -float(each["lag_s"]))[:5]:
            line = one["line"] or {"file": "?", "number": 0, "text": ""}
            tell(f"{one['lag_s']:.2f} s, {one['what']}: {line['file']}:{line['number']} {line['text'].strip()}")
        for problem in (*problems, *seen.report.get("notes", ())):
            tell(problem)
        counts = (len(problems), uses, len(freezes))
        return {one.key: [float(count)] for one, count in zip(wanted, counts, strict=True)}

    return Measure(wanted, take)


def process_said(report: dict[str, object]) -> str:
    """The end of what went wrong in a program, as its report has it."""
    errors = report.get("errors")
    return str(errors)[-200:] if errors else "it opened no window, and answered no request"


def measures() -> dict[str, Measure]:
    """One for each program."""
    return {name: program(name) for name in PROGRAMS}
