"""The program's side of the witness: its process, the answers to its pings, its Stop button, and its end."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
from PySide6.QtCore import QRect

from gui.witness import protocol
from gui.witness.handle import Witness
from gui.witness.lifeline import Lifeline
from gui.witness.link import WitnessLink
from tests.support import witness_frames as frames
from tests.support.patience import AT_ONCE_S
from workers.monitors.freeze import Line, Sighting

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

SOON_MS = 10_000
SIGHTING = Sighting(1.0, 0.4, "python", "GUI thread", Line("/x.py", 7, "work", "x = f(x)" * 20))

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the children here use POSIX's pipes")

HEADER = """
import os, sys
def say(text): os.write(1, text.encode() + b"\\n")
def hear(): return sys.stdin.buffer.readline().decode().strip()
"""
"""What the children say last and is no message is the reason that `closed` tells."""


def child(script: str) -> tuple[str, ...]:
    """The command for a process that behaves like a witness."""
    return (sys.executable, "-I", "-S", "-c", HEADER + script)


@pytest.fixture
def make(qtbot: QtBot) -> Iterator[Callable[..., Witness]]:
    made: list[Witness] = []

    def build(script: str = "", cancel: Callable[[], None] = lambda: None, **more: object) -> Witness:
        command = child(script) if script else None
        made.append(Witness(cancel, command=command, **more))  # type: ignore[arg-type]
        return made[-1]

    yield build
    for one in made:
        one.close()


def process_of(witness: Witness) -> psutil.Process:
    assert witness._link is not None
    assert witness._link.process is not None
    return psutil.Process(witness._link.process.pid)


def end_of(witness: Witness, qtbot: QtBot) -> str:
    """Start it; returns why it ended."""
    with qtbot.waitSignal(witness.closed, timeout=SOON_MS) as told:
        witness.start()
    assert told.args is not None
    return str(told.args[0])


def test_a_ping_is_heard_at_once_and_answered_by_the_gui_thread(
    make: Callable[..., Witness], qtbot: QtBot
) -> None:
    assert (
        end_of(make('say("ready"); say("ping 7"); say(f"got {hear()} {hear()}")'), qtbot)
        == "got heard 7 pong 7"
    )


def test_pipes_that_can_only_block_serve_too(
    make: Callable[..., Witness], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "set_blocking")  # as on Windows before Python 3.12
    Lifeline()
    assert (
        end_of(make('say("ready"); say("ping 7"); say(f"got {hear()} {hear()}")'), qtbot)
        == "got heard 7 pong 7"
    )


def test_one_answer_stands_for_all_pings_that_came_while_it_was_blocked(
    make: Callable[..., Witness], qtbot: QtBot
) -> None:
    script = """
for k in range(1, 51): say(f"ping {k}")
heard = [hear() for _ in range(50)]
say("stop")
lines = []
while not lines or not lines[-1].startswith("pong"): lines.append(hear())
say(f"{heard[-1]}, {lines}")
"""
    cancelled = threading.Event()
    witness = make(script, cancelled.set)
    witness.start()
    assert cancelled.wait(SOON_MS / 1e3)  # this blocks the GUI thread until all pings have come
    with qtbot.waitSignal(witness.closed, timeout=SOON_MS) as told:
        pass
    assert told.args == ["heard 50, ['stopping', 'pong 50']"]


def test_stop_acts_while_the_gui_thread_is_blocked(make: Callable[..., Witness], qtbot: QtBot) -> None:
    threads: list[str] = []
    cancelled = threading.Event()

    def cancel() -> None:
        threads.append(threading.current_thread().name)
        cancelled.set()

    witness = make('say("ready"); say("stop"); say(hear())', cancel)
    asked: list[None] = []
    witness.stop_requested.connect(lambda: asked.append(None))
    witness.start()
    deadline = time.monotonic() + SOON_MS / 1e3
    while not cancelled.is_set():  # blocked by Python that computes
        assert time.monotonic() < deadline
    assert threads == ["witness reader"]
    assert not asked
    qtbot.waitUntil(lambda: asked == [None], timeout=SOON_MS)


def test_what_is_said_of_its_window_is_passed_on(make: Callable[..., Witness], qtbot: QtBot) -> None:
    witness = make('say("ready"); say("top 0"); say("top 1"); say("closed")')
    told: list[object] = []
    witness.ready.connect(lambda: told.append("ready"))
    witness.on_top_changed.connect(told.append)
    witness.closed.connect(told.append)
    witness.start()
    assert witness.is_running
    qtbot.waitUntil(lambda: told == ["ready", False, True, ""], timeout=SOON_MS)
    assert not witness.is_running


def test_a_sighting_travels_from_any_thread(make: Callable[..., Witness], qtbot: QtBot) -> None:
    witness = make('say("ready"); say("it was " + hear())')
    with qtbot.waitSignal(witness.ready, timeout=SOON_MS):
        witness.start()
    with qtbot.waitSignal(witness.closed, timeout=SOON_MS) as told:
        teller = threading.Thread(target=witness.tell, args=(SIGHTING,))
        teller.start()
        teller.join()
    assert told.args == ["it was " + protocol.encoded_sighting(SIGHTING).decode().strip()]


def test_a_sighting_waits_for_a_witness_that_is_only_being_started(
    make: Callable[..., Witness], qtbot: QtBot
) -> None:
    witness = make('say("ping 1"); say(f"first {hear()[:10]}, then {hear()}")')
    with qtbot.waitSignal(witness.closed, timeout=SOON_MS) as told:
        witness.start()
        witness.tell(SIGHTING)
    assert told.args == ['first {"started", then heard 1']


def test_colours_are_passed_on(make: Callable[..., Witness], qtbot: QtBot) -> None:
    witness = make('say("ready"); say("it was " + hear())')
    with qtbot.waitSignal(witness.ready, timeout=SOON_MS):
        witness.start()
    with qtbot.waitSignal(witness.closed, timeout=SOON_MS) as told:
        witness.set_look("dark", 1.2)
    assert told.args == ["it was look dark 1.2"]


def test_nothing_is_said_to_nobody(make: Callable[..., Witness]) -> None:
    witness = make()
    witness.tell(SIGHTING)
    witness.set_look("dark", 1.0)
    witness.close()
    witness.close()
    assert not witness.is_running


def test_a_crash_is_told_with_its_reason(make: Callable[..., Witness], qtbot: QtBot) -> None:
    assert end_of(make('raise ValueError("no luck")'), qtbot) == "ValueError: no luck"
    assert end_of(make("os._exit(3)"), qtbot) == "It has ended."
    assert end_of(make("os.kill(os.getpid(), 9)"), qtbot) == "It has ended."


def test_what_cannot_be_started_is_told(qtbot: QtBot) -> None:
    witness = Witness(lambda: None, command=("/there/is/no/such/program",))
    assert "No such file" in end_of(witness, qtbot)


def test_it_can_be_started_again(make: Callable[..., Witness], qtbot: QtBot) -> None:
    witness = make('say("closed")')
    for _ in range(3):
        assert end_of(witness, qtbot) == ""


def test_a_second_start_does_nothing_while_it_runs(make: Callable[..., Witness], qtbot: QtBot) -> None:
    witness = make('say("ready"); hear()')
    with qtbot.waitSignal(witness.ready, timeout=SOON_MS):
        witness.start()
    process = process_of(witness)
    witness.start()
    assert process_of(witness) == process


def test_closing_is_quick_whatever_it_does_and_is_told_to_nobody(
    make: Callable[..., Witness], qtbot: QtBot, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    witness = make(f'say("ready"); hear()\nwhile not os.path.exists({str(gate)!r}): pass')
    with qtbot.waitSignal(witness.ready, timeout=SOON_MS):
        witness.start()
    process = process_of(witness)
    with qtbot.assertNotEmitted(witness.closed, wait=100):
        witness.close()
        assert process.is_running(), "it was waited for"
        gate.touch()
    assert not witness.is_running


def test_it_may_be_closed_before_it_was_started_to_the_end(make: Callable[..., Witness]) -> None:
    witness = make("hear()")
    for _ in range(5):
        witness.start()
        witness.close()


def test_nothing_is_left_open(make: Callable[..., Witness], qtbot: QtBot) -> None:
    def begin_and_end() -> None:
        assert end_of(make('say("ping 1"); say("closed")'), qtbot) == ""

    begin_and_end()
    before = psutil.Process().num_fds()
    for _ in range(5):
        begin_and_end()
    assert psutil.Process().num_fds() <= before


# -------------------------------------------------------------------- the pipes, without Qt


@pytest.fixture
def gate() -> Iterator[tuple[int, int]]:
    """A pipe that a child waits at until the test closes it."""
    reading, writing = os.pipe()
    yield reading, writing
    for descriptor in (reading, writing):
        try:
            os.close(descriptor)
        except OSError:
            pass  # the test has closed it


def link_to(script: str, kept: tuple[int, ...] = ()) -> tuple[WitnessLink, socket.socket]:
    near, far = socket.socketpair()
    near.settimeout(SOON_MS / 1e3)
    link = WitnessLink(child(script), dict(os.environ), kept, lambda: None, far)
    link.start()
    return link, near


def wait_for_end(near: socket.socket) -> None:
    while near.recv(64):
        pass
    near.close()


def test_a_witness_that_does_not_read_blocks_nobody_and_gets_whole_lines(gate: tuple[int, int]) -> None:
    script = f"""
say("ready")
os.read({gate[0]}, 1)
import json
whole = [json.loads(line)["line"] if "line" in line else 1 for line in sys.stdin.buffer.read().decode().splitlines()]
say(f"whole lines: {{len(whole)}}")
"""
    link, near = link_to(script, (gate[0],))
    near.recv(1)  # it is ready
    line = protocol.encoded_sighting(SIGHTING)
    began = time.perf_counter()
    sent = sum(link.send(line) for _ in range(2_000))
    assert time.perf_counter() - began < AT_ONCE_S
    assert 100 < sent < 2_000  # the pipe is full, the rest was dropped
    os.close(gate[1])
    rest = link._rest
    while link._rest:  # the line that was cut is finished with the next one
        link.send(line)
    assert rest == b"" or len(rest) < len(line)
    link.close()
    wait_for_end(near)
    assert link.complaint.startswith("whole lines: ")
    assert int(link.complaint.rpartition(" ")[2]) >= sent


def test_a_broken_pipe_harms_nobody(gate: tuple[int, int]) -> None:
    link, near = link_to(f'os.close(0); say("ready"); os.read({gate[0]}, 1)', (gate[0],))
    near.recv(1)
    assert not link.send(b"pong 1\n")
    assert not link.send(b"pong 2\n")
    link.close()
    os.close(gate[1])
    wait_for_end(near)
    assert not link.send(b"pong 3\n")
    assert link.is_over


def test_a_program_that_listens_no_more_harms_nobody() -> None:
    link, near = link_to('say("ready"); say("ping 1"); say(hear())')
    near.close()
    deadline = time.monotonic() + SOON_MS / 1e3
    while not link.is_over:
        assert time.monotonic() < deadline
        link.join(0.05)
    assert link.complaint == "heard 1"


def test_complaints_do_not_pile_up() -> None:
    link, near = link_to('for k in range(500): say(f"line {k}")')
    wait_for_end(near)
    assert link.complaint == "line 499"
    assert len(link._complaints) < 100


# -------------------------------------------------------------------- the real one


def test_the_real_one_goes_on_while_the_window_is_blocked(
    make: Callable[..., Witness], qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "frames"
    for name, value in frames.variables(file).items():
        monkeypatch.setenv(name, value)
    witness = make(scheme="dark", text_scale=1.2)
    with qtbot.waitSignal(witness.ready, timeout=SOON_MS):
        witness.start([QRect(10, 10, 800, 600)])
    qtbot.waitUntil(lambda: any(one.state == "answering" for one in frames.read(file)), timeout=SOON_MS)
    deadline = time.monotonic() + SOON_MS / 1e3
    while sum(one.state == "frozen" for one in frames.read(file)) < 5:  # the GUI thread looks only at this
        assert time.monotonic() < deadline
    seen = len(frames.read(file))
    qtbot.waitUntil(
        lambda: [one.state for one in frames.read(file)[seen:]].count("answering") > 1, timeout=SOON_MS
    )
    process = process_of(witness)
    witness.close()
    process.wait(5)


def test_the_real_one_starts_in_any_folder(
    make: Callable[..., Witness], qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gui").mkdir()
    (tmp_path / "gui" / "__init__.py").write_text("raise SystemExit('the wrong one')")
    monkeypatch.chdir(tmp_path)
    for name, value in frames.variables("times").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    with Path(os.devnull).open("rb") as dump:
        witness = make(dump_fd=dump.fileno())
        with qtbot.waitSignal(witness.ready, timeout=SOON_MS):
            witness.start()
        qtbot.waitUntil(lambda: Path("times").exists() and bool(frames.read(Path("times"))), timeout=SOON_MS)


def test_the_gui_thread_does_not_start_it_itself(
    make: Callable[..., Witness], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To start a process takes some milliseconds, or many where memory is short."""
    starting: list[threading.Thread] = []
    begun = WitnessLink._begun

    def noted(link: WitnessLink) -> subprocess.Popen[bytes]:
        starting.append(threading.current_thread())
        return begun(link)

    monkeypatch.setattr(WitnessLink, "_begun", noted)
    witness = make('say("ready"); hear()')
    with qtbot.waitSignal(witness.ready, timeout=SOON_MS):
        witness.start()
    assert [one is threading.main_thread() for one in starting] == [False]
