"""Whatever becomes of its surroundings, the program does the run, says how it went, and is gone with an exit code."""

from __future__ import annotations

import json
import shlex
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.program import MAIN, START_S, Program, run, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SHORT = "--workload sleep --param seconds=0.02 --tasks 2"
MODES = ["--headless", pytest.param("--offscreen", marks=pytest.mark.long)]

OWN = """
import contextlib, ctypes, io, os, subprocess, sys, threading, time

def prints(n: int = 1) -> None:
    print("by print")
    os.write(1, b"by write\\n")
    subprocess.run([sys.executable, "-c", "print('by a child')"], check=True)
    later = threading.Thread(target=print, args=("by a thread",))
    later.start()
    later.join()

def redirects(n: int = 1) -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        time.sleep(0.02)
    sys.stdout = io.StringIO()

def closes(n: int = 1) -> None:
    sys.stdout.close()

def removes(n: int = 1) -> None:
    sys.stdin = sys.stdout = sys.stderr = sys.excepthook = None

def leaves_a_thread(n: int = 1) -> None:
    threading.Thread(target=time.sleep, args=(30,), name="mine").start()

def leaves_an_exit_handler(n: int = 1) -> None:
    import atexit
    atexit.register(time.sleep, 30)

def reads(index: int) -> str:
    if index:
        return input("name? ")
    return sys.stdin.read() + subprocess.run(["cat"], capture_output=True, text=True, timeout=5).stdout

def fails_at_length(n: int = 1) -> None:
    raise ValueError("7" * 3_000_000)

def _deep() -> None:
    raise ValueError("bad number 7\\n  and a second line")

def fails(n: int = 1) -> None:
    _deep()

def crashes(n: int = 1) -> None:
    ctypes.string_at(0)

def keeps_the_gil(n: int = 1) -> None:
    from gui.process import ending
    arm = ending.arm
    def arm_and_keep() -> None:
        arm()
        threading.Thread(target=ctypes.PyDLL(None).sleep, args=(60,), daemon=True).start()
    ending.arm = arm_and_keep
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.py"
    path.write_text(OWN)
    return path


def shell(line: str, environment: dict[str, str], **more: str) -> subprocess.CompletedProcess[str]:
    """Run a line of a shell in which THAW is the program."""
    program = f"{shlex.quote(sys.executable)} {shlex.quote(str(MAIN))}"
    return subprocess.run(
        ["bash", "-c", line.replace("THAW", program)],
        env={**environment, **more},
        cwd=environment["HOME"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=2 * START_S,
    )


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        (f"THAW --headless {SHORT} --report r.json >&-", 0, ""),
        (f"THAW --headless {SHORT} --report r.json 2>&-", 0, ""),
        (f"THAW --headless {SHORT} --report r.json > /dev/full", 2, "No space left on device"),
        *(
            pytest.param(*case, marks=pytest.mark.long)
            for case in (
                (f"THAW --offscreen {SHORT} --report r.json > /dev/full", 2, "No space left on device"),
                (f"THAW --headless {SHORT} --report r.json <&- >&- 2>&-", 0, ""),
                (f"THAW --headless {SHORT} --report r.json --json > /dev/full", 2, "No space left on device"),
                (f"THAW --offscreen {SHORT} --report r.json >&-", 0, ""),
                (f"THAW --headless {SHORT} --report r.json 2> /dev/full", 0, ""),
            )
        ),
    ],
)
def test_any_standard_streams(line: str, code: int, said: str, environment: dict[str, str]) -> None:
    ended = shell(line, environment)
    assert ended.returncode == code, ended.stderr
    assert said in ended.stderr
    assert ended.stderr.count("\n") == bool(said)
    with open(f"{environment['HOME']}/r.json", encoding="ascii") as file:
        assert json.load(file)["counts"]["done"] == 2


@pytest.mark.parametrize(
    "option", ["--list", *(pytest.param(option, marks=pytest.mark.long) for option in ("--help", "--version"))]
)
def test_texts_go_where_they_can(option: str, environment: dict[str, str]) -> None:
    left = shell(f"THAW {option} | true; exit ${{PIPESTATUS[0]}}", environment)
    assert (left.returncode, left.stderr) == (0, "")
    full = shell(f"THAW {option} > /dev/full", environment)
    assert full.returncode == 2
    assert full.stderr.startswith("thaw: Not all could be printed")
    assert shell(f"THAW {option} >&-", environment).returncode == 0


@pytest.mark.parametrize(
    "encoding", ["ascii", *(pytest.param(name, marks=pytest.mark.long) for name in ("cp1252", "latin-1"))]
)
def test_any_encoding(encoding: str, environment: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "日本.py"
    path.write_text("def work(n: int = 1) -> None:\n    pass\n", encoding="utf-8")
    ended = shell(f"THAW --headless --workload {path}:work --tasks 2", environment, PYTHONIOENCODING=encoding)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "2 tasks done" in ended.stdout


def test_a_locale_without_an_encoding(environment: dict[str, str]) -> None:
    """As it is in many a container: what Qt has to say of it is nobody's concern."""
    ended = shell(f"THAW --headless {SHORT}", environment, LC_ALL="C")
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_user_without_a_name_or_a_home_and_the_qt_binding_of_another_program(
    environment: dict[str, str], tmp_path: Path
) -> None:
    """As a container has it whose user is a bare number; and what another program that uses pyqtgraph wants."""
    (tmp_path / "sitecustomize.py").write_text(
        "import pwd\n\ndef getpwuid(uid):\n    raise KeyError(uid)\n\npwd.getpwuid = getpwuid\n"
    )
    homeless = {**environment, "PYTHONPATH": str(tmp_path), "PYQTGRAPH_QT_LIB": "PyQt5"}
    line = f"unset HOME; THAW --offscreen {SHORT}"
    ended = shell(line, homeless)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize(
    ("platform", "code"), [("minimal", 0), ("nosuch", 2), pytest.param("linuxfb", 2, marks=pytest.mark.long)]
)
def test_any_platform_of_qt(platform: str, code: int, environment: dict[str, str]) -> None:
    ended = shell(f"THAW {SHORT} --start --exit-after-run", environment, QT_QPA_PLATFORM=platform)
    assert ended.returncode == code
    assert ("tasks done" in ended.stdout) == (code == 0)
    if code:
        assert ended.stderr == (
            f"thaw: Qt can open no window with QT_QPA_PLATFORM={platform} here: unset that, or use --offscreen "
            "or --headless.\n"
        )


@pytest.mark.parametrize(
    "runner", ["thread_pool", "process_pool", pytest.param("gui_thread", marks=pytest.mark.long)]
)
def test_json_is_alone_on_standard_output(runner: str, environment: dict[str, str], own: Path) -> None:
    ended = run(
        ["--headless", "--json", "--runner", runner, "--workload", f"{own}:prints", "--tasks", "2"], environment
    )
    assert ended.code == 0
    assert json.loads(ended.out)["counts"]["done"] == 2
    for said in ("by print", "by write", "by a child", "by a thread"):
        assert ended.err.count(said) == 2


@pytest.mark.parametrize("function", [pytest.param("redirects", marks=pytest.mark.long), "closes", "removes"])
def test_work_that_takes_standard_output_away(function: str, environment: dict[str, str], own: Path) -> None:
    ended = run(["--headless", "--workload", f"{own}:{function}", "--tasks", "4"], environment)
    assert "throughput" in ended.out
    assert ended.code == ("failed" in ended.out.splitlines()[-1])
    assert ended.out.splitlines()[-1].startswith(("4 tasks done", "3 of 4 tasks failed"))


@pytest.mark.parametrize("mode", MODES)
def test_a_thread_that_work_left(mode: str, environment: dict[str, str], own: Path) -> None:
    with Program([mode, "--workload", f"{own}:leaves_a_thread", "--tasks", "1"], environment) as program:
        ended = program.wait(START_S)
    assert ended.code == 0
    assert "1 task done" in ended.out
    assert ended.err == "thaw: The thread mine was still running and was ended with the program.\n"


def test_an_exit_handler_that_work_left(environment: dict[str, str], own: Path) -> None:
    work = f"{own}:leaves_an_exit_handler"
    with Program(["--headless", "--workload", work, "--tasks", "1"], environment) as program:
        ended = program.wait(START_S)
    assert ended.code == 0
    assert "1 task done" in ended.out
    assert ended.err.startswith("thaw: What was registered to run at the end of Python took too long")


PLACES = [
    "thread_pool",
    "process_pool",
    *(
        pytest.param(name, marks=pytest.mark.long)
        for name in ("gui_thread", "process_per_task", "other_python")
    ),
]


@pytest.mark.parametrize("runner", PLACES)
def test_work_that_reads_gets_nothing(environment: dict[str, str], own: Path, runner: str) -> None:
    place = f"--runner {runner}"
    if runner == "other_python":
        place += f" --param python={shlex.quote(sys.executable)}"
    ended = shell(f"yes | THAW --headless --workload {own}:reads --tasks 2 {place}", environment)
    assert ended.returncode == 1
    assert ended.stderr.startswith("EOFError: EOF when reading a line (own.py, line ")
    assert "1 of 2 tasks failed" in ended.stdout


def test_an_error_is_told_by_type_message_and_line(environment: dict[str, str], own: Path) -> None:
    ended = run(["--headless", "--workload", f"{own}:fails", "--tasks", "3"], environment)
    assert ended.code == 1
    assert "3 of 3 tasks failed" in ended.out
    assert "(ValueError: bad number 7 ...)" in ended.out
    line = OWN.split("\n").index('    raise ValueError("bad number 7\\n  and a second line")') + 1
    assert ended.err == f"3 × ValueError: bad number 7 ... (own.py, line {line})\n"
    again = run(["--headless", "--workload", f"{own}:fails", "--exit-zero", "--json"], environment)
    assert (again.code, again.err) == (0, "")
    assert json.loads(again.out)["errors"][0]["error"] == "ValueError: bad number 7 ..."


def test_a_long_error_is_told_by_its_beginning(environment: dict[str, str], own: Path) -> None:
    ended = run(["--headless", "--json", "--workload", f"{own}:fails_at_length", "--tasks", "1"], environment)
    assert ended.code == 1
    assert len(ended.out) < 1_000_000
    assert json.loads(ended.out)["errors"][0]["error"].endswith("7 ...")


@pytest.mark.parametrize(
    "arguments", [["--compare"], ["--benchmark", "--runners", "thread_pool", "--repeat", "1"]]
)
def test_what_fails_in_a_comparison_or_a_benchmark(
    arguments: list[str], environment: dict[str, str], own: Path
) -> None:
    work = ["--headless", "--workload", f"{own}:fails", "--tasks", "1"]
    assert run([*work, *arguments], environment).code == 1


def test_what_fails_in_a_comparison_is_passed_over_where_that_is_asked_for(
    environment: dict[str, str], own: Path
) -> None:
    work = ["--headless", "--workload", f"{own}:fails", "--tasks", "1"]
    assert run([*work, "--compare", "--exit-zero"], environment).code == 0


def test_what_fails_on_purpose_is_no_failure(environment: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "meant.py"
    path.write_text('FAILS = "to show it"\n\ndef fails(n: int = 1) -> None:\n    raise ValueError\n')
    ended = run(["--headless", "--workload", f"{path}:fails", "--tasks", "1"], environment)
    assert ended.code == 0
    assert "1 of 1 task failed" in ended.out


def test_a_crash_in_c_is_told(environment: dict[str, str], own: Path) -> None:
    ended = run(["--headless", "--workload", f"{own}:crashes", "--tasks", "1"], environment)
    assert ended.code == -11
    assert ended.err.startswith("Fatal Python error: Segmentation fault")
    assert "own.py" in ended.err


def test_c_that_keeps_the_gil_while_the_program_leaves(environment: dict[str, str], own: Path) -> None:
    """No Python can run then, so the exit code is that of the timer, which says where C stands."""
    with Program(["--headless", "--workload", f"{own}:keeps_the_gil", "--tasks", "1"], environment) as program:
        ended = program.wait(START_S)
    assert ended.code == 1
    assert ended.err.startswith("Timeout (0:00:01.450000)!")
    assert "1 task done" in ended.out


@pytest.mark.parametrize("mode", MODES)
def test_an_end_that_goes_wrong(mode: str, environment: dict[str, str], tmp_path: Path) -> None:
    """Whatever is raised in the telling: the program leaves, with an exit code that is not 0."""
    (tmp_path / "sitecustomize.py").write_text(
        "import json\n\ndef dumps(*args, **more):\n    raise KeyError('a fault')\n\njson.dumps = dumps\n"
    )
    broken = {**environment, "PYTHONPATH": str(tmp_path)}
    ended = run([mode, "--json", *SHORT.split()], broken, timeout=START_S)
    assert ended.code == 2
    assert "KeyError: 'a fault'" in ended.err


@pytest.mark.parametrize("number", [pytest.param(signal.SIGINT, marks=pytest.mark.long), signal.SIGTERM])
def test_a_signal_at_any_moment_of_the_start(number: signal.Signals, windowed: dict[str, str]) -> None:
    """At moments that are told by what the program has opened so far (of earlier ones tells test_leaving.py)."""
    for moment in MOMENTS:
        with Program(["--log-level", "info"], windowed) as program:
            wait_until(lambda: moment(program), "that moment")  # noqa: B023 (called at once)
            program.signal(number)
            ended = program.wait(START_S)
        assert ended.code == 128 + number
        assert "Traceback" not in ended.err


MOMENTS: tuple[Callable[[Program], bool], ...] = (
    lambda program: "Thaw" in program.said()[1],
    lambda program: "window shown" in program.said()[1],
    lambda program: "page" in program.said()[1],
)
