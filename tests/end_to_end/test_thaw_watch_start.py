"""`thaw_watch.start()` in programs of other people: what is reported at their end, and where."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.watch_wheel import unpack
from workers.agent.invitation import VARIABLE
from workers.agent.messages import Bye, Frozen
from workers.watch.listener import Listener

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from workers.agent.messages import Message

QT = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
import thaw_watch

thaw_watch.start({arguments})
time.sleep(0.6)  # nobody's freeze

def on_open():
    time.sleep(0.5)
    if len(times) == 2:
        application.quit()
    times.append(1)

times = []
application = QApplication([])
timer = QTimer()
timer.timeout.connect(on_open)
timer.start(100)
code = application.exec()
print("the program's own")
sys.exit(code + 7)
"""

ASYNCIO = """
import asyncio, time
import thaw_watch

async def main():
    thaw_watch.start(over="200ms")
    await asyncio.sleep(0.1)
    time.sleep(0.5)
    await asyncio.sleep(0.1)

asyncio.run(main())
"""

FORKED = """
import os
import thaw_watch

thaw_watch.start()
if (child := os.fork()):
    os.waitpid(child, 0)
"""

Ran = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack(tmp_path_factory.mktemp("thaw_watch"))


@pytest.fixture
def run(package: Path, tmp_path: Path) -> Callable[..., Ran]:
    def run(program: str, **variables: str) -> Ran:
        (tmp_path / "my_app.py").write_text(program)
        variables = {**os.environ, "PYTHONPATH": str(package), **variables}
        return subprocess.run(
            [sys.executable, "-W", "error", "my_app.py"],
            cwd=tmp_path,
            env=variables,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def test_the_report_tells_lines_what_began_them_and_what_helps(run: Callable[..., Ran], tmp_path: Path) -> None:
    ran = run(QT.format(arguments=""))
    assert ran.returncode == 7
    assert ran.stdout == "the program's own\n"
    for told in (
        "thaw-watch: my_app.py ran for ",
        "its event loop (PySide6 ",
        "stood still 3 times for over 250 ms: 1.",
        f"{tmp_path / 'my_app.py'}:11 in on_open",
        ">    11 |     time.sleep(0.5)",
        "It slept.",
        "The slot on_open (my_app.py:10) had been delivered.",
        "waits without blocking (QTimer",
    ):
        assert told in ran.stderr, (told, ran.stderr)


def test_json_has_each_freeze(run: Callable[..., Ran], tmp_path: Path) -> None:
    ran = run(QT.format(arguments="'freezes.json'"))
    assert (ran.returncode, ran.stderr) == (7, "")
    told: dict[str, Any] = json.loads((tmp_path / "freezes.json").read_text())
    slept = [freeze for freeze in told["freezes"] if freeze["did"] == "sleep"]  # a busy machine may add to them
    assert len(slept) == 3
    assert {freeze["line"]["number"] for freeze in slept} == {11}
    assert all(0.4 < freeze["lasted_s"] < 5 for freeze in slept)


def test_a_page_by_its_name_which_the_environment_may_give(run: Callable[..., Ran], tmp_path: Path) -> None:
    ran = run(QT.format(arguments=""), THAW_WATCH_REPORT=str(tmp_path / "freezes.html"))
    assert ran.stderr == ""
    page = (tmp_path / "freezes.html").read_text()
    assert '<span class="guilty">   11     time.sleep(0.5)</span>' in page


def test_a_loop_that_runs_already_and_needs_no_qt(run: Callable[..., Ran]) -> None:
    ran = run(ASYNCIO)
    assert "its event loop (asyncio) stood still once for over 200 ms: " in ran.stderr, ran.stderr
    assert "my_app.py:8 in main" in ran.stderr
    assert "The task main (my_app.py:5) had been delivered." in ran.stderr


def test_without_an_event_loop_it_says_so(run: Callable[..., Ran]) -> None:
    ran = run("import thaw_watch\nthaw_watch.start()\nthaw_watch.start()\n")
    assert ran.returncode == 0
    assert ran.stderr.endswith("No event loop of Qt, tkinter or asyncio was seen.\n")
    assert ran.stderr.count("thaw-watch:") == 1


def test_stop_reports_at_once_and_only_once(run: Callable[..., Ran]) -> None:
    ran = run("import thaw_watch, sys\nthaw_watch.start()\nthaw_watch.stop()\nsys.stderr.write('after')\n")
    assert ran.stderr.endswith("was seen.\nafter")


def test_a_report_that_cannot_be_written_is_told_of(run: Callable[..., Ran]) -> None:
    ran = run("import thaw_watch\nthaw_watch.start('no/such/folder/report.txt')\n")
    assert ran.returncode == 0
    assert "the report could not be written" in ran.stderr


def test_what_is_no_length_of_time_is_refused(run: Callable[..., Ran]) -> None:
    assert "'soon' is no length of time" in run("import thaw_watch\nthaw_watch.start(over='soon')\n").stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_forked_child_reports_nothing(run: Callable[..., Ran]) -> None:
    assert run(FORKED).stderr.count("thaw-watch:") == 1


TOLD = """
import asyncio, sys, time
import thaw_watch

async def main():
    thaw_watch.start({arguments})
    await asyncio.sleep(0.3)
    time.sleep(0.5)  # blame
    await asyncio.sleep(0.3)

asyncio.run(main())
{stop}
"""


@pytest.fixture
def told() -> Iterator[tuple[str, list[Message]]]:
    """A Thaw that listens: its invitation, and what it is told."""
    found: list[Message] = []
    listener = Listener(found.append)
    yield listener.invite({})[VARIABLE], found
    listener.close()


@pytest.mark.parametrize(
    ("by", "stop"), [("listener", ""), ("environment", ""), ("listener", "thaw_watch.stop()")]
)
def test_a_thaw_that_listens_is_told_in_place_of_a_report(
    by: str, stop: str, run: Callable[..., Ran], told: tuple[str, list[Message]]
) -> None:
    invitation, found = told
    arguments = f"listener={invitation!r}" if by == "listener" else ""
    variables = {VARIABLE: invitation} if by == "environment" else {}
    ran = run(TOLD.format(arguments=arguments, stop=stop), **variables)
    assert (ran.returncode, ran.stderr) == (0, "")
    frozen = [one.freeze.line for one in found if isinstance(one, Frozen)]
    assert [line.text for line in frozen if line] == ["time.sleep(0.5)  # blame"]
    assert isinstance(found[-1], Bye)


def test_where_the_thaw_has_gone_that_the_environment_names_there_is_a_report(run: Callable[..., Ran]) -> None:
    ran = run(TOLD.format(arguments="", stop=""), **{VARIABLE: "/no/such/invitation"})
    assert "stood still once" in ran.stderr, ran.stderr


@pytest.mark.parametrize("content", [None, "{}", "[1, 2, 3]", "nothing"])
def test_an_invitation_that_is_none_is_refused(
    content: str | None, run: Callable[..., Ran], tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "invitation").write_text(content)
    ran = run("import thaw_watch\nthaw_watch.start(listener='invitation')\n")
    assert ran.returncode == 1
    assert "names no Thaw that listens" in ran.stderr.splitlines()[-1]


def test_no_argument_of_the_programs_is_in_its_report(package: Path, tmp_path: Path) -> None:
    (tmp_path / "my_app.py").write_text("import thaw_watch\nthaw_watch.start('freezes.json')\n")
    env = {**os.environ, "PYTHONPATH": str(package)}
    subprocess.run(
        [sys.executable, "my_app.py", "--password=secret"], cwd=tmp_path, env=env, check=True, timeout=60
    )
    told = (tmp_path / "freezes.json").read_text()
    assert "secret" not in told
    assert json.loads(told)["program"] == "my_app.py"


MANY = """
import sys
import thaw_watch
from thaw_watch import report
from thaw_watch._thaw.agent.messages import Delivery, Frozen
from thaw_watch._thaw.monitors.freeze import Freeze

report.MAX_FREEZES = 10
kept = report.Report(None, 0.25)
for number in range(1000):
    kept.told(Frozen(Freeze(0.0, 1.01 + number, "sleep", "GUI thread", (), -1, (), 0, 0.0), Delivery("", "", "", 0)))
kept._loops["Qt"] = None
print(len(kept._frozen), kept.groups()[0].longest.freeze.ended)
print(kept.verdict())
"""


def test_what_it_keeps_is_bounded_and_the_rest_is_counted(run: Callable[..., Ran]) -> None:
    first, verdict = run(MANY).stdout.splitlines()
    assert first == "10 1000.01"
    assert "stood still 1000 times for over 250 ms" in verdict
