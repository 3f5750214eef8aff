"""What cannot be done: one clear sentence on standard error, exit code 2, no traceback. And what is merely asked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.program import ROOT, START_S, Ended, Program, clean_environment, run

if TYPE_CHECKING:
    from pathlib import Path


def check_refusal(ended: Ended, *words: str) -> None:
    """One line that says what to do."""
    assert ended.code == 2
    assert ended.out == ""
    assert "Traceback" not in ended.err
    assert ended.err.count("\n") == 1
    assert ended.err.startswith("thaw: ")
    for word in words:
        assert word in ended.err


DISPLAYS = (":4095", "nowhere.invalid:0", "127.0.0.1:4000", "rubbish")
"""None of them answers."""

REFUSED: list[tuple[str, list[str]]] = [
    ("--runner nowhere", ["nowhere", "gui_thread", "qthread", "thread_pool"]),
    ("--workload nothing", ["nothing", "download", "primes", "mandelbrot", "hashing", "hold_gil", "sleep"]),
    ("--tasks 0", ["--tasks", "from 1", "0"]),
    ("--workers 0", ["--workers", "from 1"]),
    ("--workers -3", ["--workers", "-3"]),
    ("--tasks many", ["--tasks", "many"]),
    ("--seed 0", ["--seed"]),
    ("--workload primes --param colour=red", ["colour", "numbers"]),
    ("--workload primes --param numbers=some", ["numbers", "some"]),
    ("--workload primes --param numbers=0", ["numbers"]),
    ("--workload primes --param numbers", ["KEY=VALUE"]),
    ("--blocking --runner qthread", ["--blocking", "--runner"]),
    ("--compare --blocking", ["--compare"]),
    ("--headless --offscreen", ["--headless", "--offscreen"]),
    ("--headless --screenshot x.png", ["--screenshot", "--offscreen"]),
    ("--report /nonexistent/report.json", ["/nonexistent/report.json", "folder"]),
    ("--report /", ["folder"]),
    (f"--report {'n' * 300}.json", ["File name too long"]),
    ("--headless --workload download --param urls=https://example.invalid/a.jpg", ["write it into one"]),
    ("--offscreen --screenshot /nonexistent/x.png", ["/nonexistent/x.png"]),
    ("--headless --budget lag_p95<50", ["lag_p95", "--offscreen"]),
    ("--offscreen --budget speed<50", ["speed", "lag_p95", "failed"]),
    ("--offscreen --budget lag_p95", ["lag_p95<50"]),
    ("--budget failed=0", ["--exit-after-run"]),
    ("--headless --save run.zip", [".thaw"]),
    ("--headless --save /nonexistent/run.thaw", ["/nonexistent/run.thaw", "folder"]),
    ("--headless --export run.doc", [".csv", ".html", ".trace.json"]),
    ("--headless --export /nonexistent/run.csv", ["/nonexistent/run.csv"]),
    ("--headless --open /nonexistent/run.thaw", ["/nonexistent/run.thaw", "is not there"]),
    ("--headless --open /", ["folder"]),
    ("--check counter.fixed --start", ["--start", "--check"]),
    ("--check counter.fixed --orders 0", ["--orders", "from 1"]),
    ("--orders 5", ["--orders", "--check FILE.py:FUNCTION"]),
    ("--check counter", ["counter"]),
    ("--lesson nowhere --headless", ["nowhere", "lost_updates", ".py"]),
    ("--lesson / --headless", ["no lesson '/'", "lost_updates"]),
    ("--lesson lost_updates --tasks 2", ["--tasks", "--lesson"]),
    ("--lesson lost_updates --answer 9", ["--answer", "from 1 to 3"]),
    ("--lesson lost_updates --export a.html", ["--export", "--offscreen"]),
    ("--lesson lost_updates --headless --export a.csv", [".html"]),
    ("--lesson lost_updates --headless --offscreen", ["--headless", "--offscreen"]),
    ("--course /nonexistent --headless", ["/nonexistent", "text file or a folder"]),
    ("--answer 1", ["--answer", "--lesson NAME"]),
    ("--open x.thaw --start", ["--open", "--start"]),
    ("--instruments radar", ["radar", "watchdog"]),
    ("--log-level loud", ["--log-level", "debug", "info", "loud"]),
    ("--sideways", ["--sideways", "--help"]),
    ("", ["display", "--offscreen", "--headless"]),
    *(
        (f"{how} --workload download --param urls={file} --tasks 2 --json", [file])
        for how, file in (
            ("--headless", "empty.txt"),
            ("--headless", "nowhere.txt"),
            ("--offscreen", "nowhere.txt"),
        )
    ),
    ("--headless --workload download --param urls=nowhere.txt --budget done=1", ["nowhere.txt"]),
    *((f"{how} --open broken.thaw", ["broken.thaw"]) for how in ("--headless", "--offscreen")),
    *((f"DISPLAY={name}", [name, "--offscreen"]) for name in DISPLAYS),
]
"""Command lines, and words of the sentence that each is to be answered with."""

FILES = {"empty.txt": b"no address\n", "broken.thaw": b"PK\x03\x04 and then nothing"}
"""What is in their folder."""


FORKS = """
import json, os, sys
import main
import gui.process.ending, gui.process.log, gui.process.preflight, gui.process.streams, workers.command_line.parser
codes = []
for number, words in enumerate(json.loads(sys.argv.pop())):
    child = os.fork()
    if not child:
        if words and words[0].startswith("DISPLAY="):
            os.environ["DISPLAY"] = words.pop(0).partition("=")[2]
        for stream in (1, 2):
            os.dup2(os.open(f"{number}.{stream}", os.O_WRONLY | os.O_CREAT), stream)
        sys.argv[1:] = words
        main.run()
    codes.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
print(json.dumps(codes))
"""
"""Runs the program for each of a list of command lines: what Python and the program load for all is loaded once."""


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ended]:
    """How they ended, each a process."""
    home = tmp_path_factory.mktemp("home")
    (home / "forks.py").write_text(FORKS)
    for name, content in FILES.items():
        (home / name).write_bytes(content)
    lines = json.dumps([arguments.split() for arguments, _ in REFUSED])
    environment = {**clean_environment(home), "PYTHONPATH": str(ROOT)}
    with Program([lines], environment, home / "forks.py") as program:
        ended = program.wait(len(REFUSED) * START_S)
    said = [[(home / f"{number}.{stream}").read_text() for stream in (1, 2)] for number in range(len(REFUSED))]
    found = zip(REFUSED, json.loads(ended.out), said, strict=True)
    return {arguments: Ended(code, *texts) for (arguments, _), code, texts in found}


@pytest.mark.parametrize(("arguments", "words"), REFUSED)
def test_it_is_refused_in_a_sentence(arguments: str, words: list[str], refusals: dict[str, Ended]) -> None:
    check_refusal(refusals[arguments], *words)


def test_a_picture_needs_a_name_that_says_its_kind(environment: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "window.unknown"
    ended = run(["--offscreen", "--workload", "sleep", "--tasks", "1", "--screenshot", str(file)], environment)
    assert ended.code == 2
    assert ".png" in ended.err
    assert "Traceback" not in ended.err


BROKEN = {
    "libraries": (
        """
        import ctypes
        real = ctypes.CDLL
        class Poor(real):
            def __init__(self, name, *args, **named):
                if name in {"libEGL.so.1", "libglib-2.0.so.0"}:
                    raise OSError(f"{name}: cannot open shared object file")
                super().__init__(name, *args, **named)
        ctypes.CDLL = Poor
        """,
        ["libglib2.0-0", "apt-get install"],
    ),
    "pair": (
        """
        import PySide6, sys
        PySide6.__version__ = "6.12.0"
        sys.version_info = type("Old", (tuple,), {"major": 3, "minor": 11})((3, 11, 7, "final", 0))
        """,
        ["6.12.0", "3.11", "PySide6-Essentials<6.12"],
    ),
    "absent": (
        """
        import sys
        sys.modules["PySide6"] = None
        """,
        ["PySide6 is not installed", "scripts/run"],
    ),
}


@pytest.mark.parametrize(
    ("what", "how"),
    [
        ("libraries", "--offscreen"),
        ("pair", "--headless"),
        ("absent", "--headless"),
        *(
            pytest.param(*case, marks=pytest.mark.long)
            for case in (("libraries", "--headless"), ("pair", "--offscreen"), ("absent", "--offscreen"))
        ),
    ],
)
def test_a_qt_that_cannot_work(what: str, how: str, environment: dict[str, str], tmp_path: Path) -> None:
    code, words = BROKEN[what]
    folder = tmp_path / "startup"
    folder.mkdir()
    lines = code.splitlines()
    (folder / "sitecustomize.py").write_text("\n".join(line[8:] for line in lines) + "\n")
    ended = run([how, "--workload", "sleep", "--tasks", "1"], {**environment, "PYTHONPATH": str(folder)})
    check_refusal(ended, *words)


def test_the_list_names_everything_with_its_parameters(environment: dict[str, str]) -> None:
    ended = run(["--list"], environment)
    assert (ended.code, ended.err) == (0, "")
    for name in (
        "gui_thread qthread thread_pool download primes mandelbrot hashing hold_gil sleep seconds=0.25".split()
    ):
        assert name in ended.out


def test_what_a_workload_lacks_is_told(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import importlib.util\n"
        "real = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, package=None: None if name == 'requests' else real(name, package)\n"
    )
    poor = {**environment, "PYTHONPATH": str(tmp_path)}
    listed = run(["--list"], poor)
    assert "not available: it needs the package requests" in " ".join(listed.out.split())
    check_refusal(run(["--headless", "--workload", "download"], poor), "download", "requests")


def test_version_and_help(environment: dict[str, str]) -> None:
    version = run(["--version"], environment)
    assert (version.code, version.err) == (0, "")
    assert version.out.startswith("Thaw 0.")
    told = run(["--help"], environment)
    assert told.code == 0
    for (
        option
    ) in "runner blocking workload tasks workers param seed start compare exit-after-run report".split():
        assert f"--{option}" in told.out
    for option in "screenshot open save export budget instruments offscreen headless json list version".split():
        assert f"--{option}" in told.out
