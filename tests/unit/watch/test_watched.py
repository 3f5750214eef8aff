"""What a program tells becomes a run: beats, freezes, threads, its end."""

from __future__ import annotations

import pytest

from tests.support.watched_runs import HELLO, LINE, PROGRAM, QT, SLOT, STARTED, beats, frozen, watched_run
from workers.agent import messages
from workers.engine.task import Phase
from workers.monitors.freeze import GUI, Sighting, Stack
from workers.monitors.threads import changes, history
from workers.monitors.threads.changes import Change
from workers.utils.words import quote_word
from workers.watch.watched import MAX_UNCAUGHT, Watched, loop_words


def test_a_program_is_a_run_of_one_task() -> None:
    run = watched_run(frozen(2.0, 3.5), frozen(5.0, 6.0))
    assert run.plan.title(0) == f"app.py --its {quote_word('a b')}"
    assert run.recorder.row(0).phase is Phase.DONE
    assert (run.span, run.exit_code) == ((STARTED, STARTED + 10.0), 0)
    assert run.lag is not None
    assert run.lag.freezes == 2
    assert run.lag.longest_freeze_s == pytest.approx(1.49, abs=0.02)
    assert [freeze.delivered for freeze in run.freezes] == ["slot Window.on_click (app.py:10)"] * 2
    assert run.environment["python"] == "3.12.1"
    assert run.environment["event_loop"] == "Qt (PySide6 6.8.1)"


def test_the_start_of_a_program_and_its_own_end_are_no_freezes() -> None:
    watched = Watched(PROGRAM, STARTED)
    for message in (
        HELLO,
        QT._replace(moment=STARTED + 3.0),
        beats(5.0, start=3.0),
        messages.Bye(STARTED + 9.0),
    ):
        watched.take(message)
    run = watched.end(STARTED + 9.0, 0, "")
    assert run.lag is not None
    assert run.lag.max < 1.0


def test_a_freeze_is_no_longer_than_it_was_told() -> None:
    watched = Watched(PROGRAM, STARTED)
    over = frozen(0.7, 1.7)  # its loop was heard of at 0.5, and its first beat not
    for message in (HELLO, QT, beats(5.0, start=1.7), over, messages.Bye(STARTED + 5.0)):
        watched.take(message)
    run = watched.end(STARTED + 5.0, 0, "")
    assert run.lag is not None
    assert run.lag.longest_freeze_s == pytest.approx(over.freeze.lag_s, abs=0.006)
    assert list(run.beats) == sorted(run.beats)


def test_a_freeze_in_which_the_program_was_killed_is_one() -> None:
    watched = Watched(PROGRAM, STARTED)
    sighting = Sighting(STARTED + 4.99, 0.5, "sleep", GUI, LINE)
    for message in (HELLO, QT, beats(5.0), messages.Seen(sighting, SLOT)):
        watched.take(message)
    run = watched.end(STARTED + 7.0, 137, "Ended by SIGKILL.")
    assert run.recorder.row(0).phase is Phase.FAILED
    assert run.recorder.row(0).error == "Ended by SIGKILL."
    [freeze] = run.freezes
    assert (freeze.line, freeze.delivered) == (LINE, "slot Window.on_click (app.py:10)")
    assert freeze.lag_s == pytest.approx(2.0, abs=0.02)
    assert run.lag is not None
    assert run.lag.freezes == 1


def test_one_that_was_killed_while_c_held_the_gil_is_found_in_what_faulthandler_wrote() -> None:
    watched = Watched(PROGRAM, STARTED)
    for message in (HELLO, QT, beats(5.0)):
        watched.take(message)
    dump = 'Thread 0x1 (most recent call first):\n  File "/home/me/shop/app.py", line 12 in save\n'
    [freeze] = watched.end(STARTED + 7.0, 137, "Ended by SIGKILL.", dump=dump).freezes
    assert freeze.kind == "c_gil"
    assert freeze.line is not None
    assert freeze.line[:3] == ("/home/me/shop/app.py", 12, "save")


def test_what_froze_it_at_the_end_may_not_be_known() -> None:
    watched = Watched(PROGRAM, STARTED)
    for message in (HELLO, QT, beats(5.0)):
        watched.take(message)
    run = watched.end(STARTED + 7.0, 137, "Ended by SIGKILL.", heard_until=STARTED + 6.0)
    assert [(freeze.kind, freeze.line) for freeze in run.freezes] == [("unknown", None)]
    assert run.lag is not None
    assert run.lag.longest_freeze_s == pytest.approx(1.0, abs=0.02)


def test_what_is_not_heard_is_no_freeze() -> None:
    watched = Watched(PROGRAM, STARTED)
    for message in (HELLO, QT, beats(5.0)):
        watched.take(message)
    run = watched.end(STARTED + 7.0, 0, "", heard_until=STARTED + 5.1)
    assert not run.freezes
    assert run.lag is not None
    assert not run.lag.freezes


def test_a_freeze_that_is_over_is_not_counted_again_at_the_end() -> None:
    watched = Watched(PROGRAM, STARTED)
    sighting = Sighting(STARTED + 2.0, 0.5, "sleep", GUI, LINE)
    seen, over = messages.Seen(sighting, SLOT), frozen(2.0, 3.0)
    for message in (HELLO, QT, seen, beats(5.0, [over]), over, messages.Bye(STARTED + 8.0)):
        watched.take(message)
    assert watched.sighting is None
    assert len(watched.end(STARTED + 8.0, 0, "").freezes) == 1


def test_without_an_event_loop_there_is_no_lag() -> None:
    watched = Watched(PROGRAM, STARTED)
    watched.take(HELLO)
    watched.take(messages.Usage(STARTED + 1, 0.9, 20.0, 1))
    watched.take(messages.Usage(STARTED + 2, 1.9, 15.0, 1))
    run = watched.end(STARTED + 2.0, 3, "Ended with exit code 3.")
    assert run.lag is None
    assert not run.beats
    assert run.resources is not None
    assert (run.resources.cpu_s, run.resources.peak_memory_mib) == (1.9, 20.0)


def test_one_that_was_ended_from_outside_is_cancelled() -> None:
    run = Watched(PROGRAM, STARTED).end(STARTED + 2.0, 143, "Ended by SIGTERM.", cancelled=True)
    assert run.recorder.row(0).phase is Phase.CANCELLED
    assert run.cancelled


def test_threads_and_those_that_were_left() -> None:
    changes = (
        Change(STARTED + 1, 1, "MainThread", "python"),
        Change(STARTED + 1, 2, "loader", "network"),
        Change(STARTED + 2, 2, "loader", "ended"),
        Change(STARTED + 3, 2, "saver", "io"),
    )
    left = messages.Left(2, "saver", False, LINE)
    run = watched_run(told=[messages.Threads(changes), messages.Leaks((left,))])
    found = [
        (run.threads.names[one.thread], one.state, one.start, one.end) for one in run.threads.stretches(110.0)
    ]
    assert found == [
        ("MainThread", "python", 101.0, 110.0),
        ("loader", "network", 101.0, 102.0),
        ("saver", "io", 103.0, 110.0),
    ]
    assert run.threads.leaks == ["saver"]


def test_all_that_a_thread_can_be_said_to_do_has_words() -> None:
    assert tuple(history.STATES) == changes.STATES


def test_waits_and_calls_that_held_the_gil() -> None:
    run = watched_run(told=[messages.Waits(((101.0, 5.0),)), messages.Held(((102.0, 103.0),))])
    assert (run.waits, run.held) == ([(101.0, 5.0)], [(102.0, 103.0)])


def test_what_went_wrong_in_there_is_said_once() -> None:
    run = watched_run(told=[messages.Trouble("no socket")] * 2)
    assert [note for note in run.notes if "no socket" in note] == run.notes


@pytest.mark.parametrize(
    ("kind", "binding", "version", "words"),
    [
        ("qt", "PyQt5", "5.15", "Qt (PyQt5 5.15)"),
        ("tk", "tkinter", "8.6", "tkinter (8.6)"),
        ("asyncio", "asyncio", "", "asyncio"),
        ("asyncio", "uvloop", "0.21", "asyncio (uvloop 0.21)"),
    ],
)
def test_loops_are_called_by_their_names(kind: str, binding: str, version: str, words: str) -> None:
    assert loop_words(messages.Loop(kind, binding, version, 1, "MainThread", 0.0)) == words


def test_a_program_that_is_killed_in_its_own_lines_was_not_frozen() -> None:
    watched = Watched(PROGRAM, STARTED)
    for message in (HELLO, QT, beats(2.0), messages.Away(STARTED + 2.0, STARTED + 4.9)):
        watched.take(message)
    run = watched.end(STARTED + 5.0, 137, "Ended by SIGKILL.")
    assert run.lag is not None
    assert (run.freezes, run.lag.freezes) == ([], 0)


def test_between_the_loops_of_two_threads_nothing_was_late() -> None:
    watched = Watched(PROGRAM, STARTED)
    other = QT._replace(thread=QT.thread + 1, name="second", moment=STARTED + 5.0)
    for message in (HELLO, QT, beats(2.0), other, beats(8.0, start=5.0), messages.Bye(STARTED + 8.0)):
        watched.take(message)
    run = watched.end(STARTED + 8.0, 0, "")
    assert run.lag is not None
    assert run.lag.freezes == 0
    assert run.environment["loop_thread"] == "second"


def test_freezes_that_are_alike_share_what_they_have() -> None:
    watched = Watched(PROGRAM, STARTED)
    freeze = frozen(1.0, 2.0)
    stacks = (Stack((("a.py", 1, "f"), ("b.py", 2, "g")), 3, 0.5),)
    told = messages.encode(freeze._replace(freeze=freeze.freeze._replace(stacks=stacks)))
    for _ in range(2):
        watched.take(next(messages.Frames().feed(told)))
    one, two = watched.run.freezes
    assert one == two
    assert one.stacks[0].calls is two.stacks[0].calls
    assert one.stack is two.stack
    assert one.source is two.source


def test_of_very_many_exceptions_the_last_are_kept_and_all_counted() -> None:
    watched = Watched(PROGRAM, STARTED)
    for number in range(MAX_UNCAUGHT + 5):
        watched.take(messages.Uncaught(STARTED, f"ValueError: {number}"))
    assert len(watched.uncaught) == MAX_UNCAUGHT
    assert watched.uncaught_count == MAX_UNCAUGHT + 5
    assert watched.uncaught[-1] == f"ValueError: {MAX_UNCAUGHT + 4}"


def test_own_lines_between_two_turns_of_a_loop_are_told_as_that() -> None:
    """The start of a program and what it does after its last turn are nobody's business."""
    own = [messages.Away(STARTED + start, STARTED + end) for start, end in ((0.4, 1.0), (2.0, 2.5), (3.0, 4.0))]
    growing = own[2]._replace(ended=STARTED + 3.5)
    last = messages.Away(STARTED + 9.5, STARTED + 12.0)
    run = watched_run(told=[*own[:2], growing, own[2], last], wall_s=12.0)
    [note] = run.notes
    assert "for 1.5 s (2 times, 1.0 s at the longest) between two turns of its event loop" in note
    server = QT._replace(kind="asyncio", binding="asyncio")
    assert not watched_run(told=own, loop=server).notes
