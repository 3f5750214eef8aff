"""What the witness is made of, without its window: lines on pipes, answers to pings, places, dumps, frame times."""

from __future__ import annotations

import os
import time
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRect, QSize

from gui.witness import protocol
from gui.witness.answers import DEAF_OVER_S, FROZEN_OVER_S, SPAN_S, Answers, Silence
from gui.witness.blame import Blame, longest_blamed
from gui.witness.dump_reader import LIMIT, DumpReader
from gui.witness.face import SCALE_S
from gui.witness.placement import place_beside
from gui.witness.protocol import FROM_PROGRAM, FROM_WITNESS, NOWHERE, Guilt, Message
from gui.witness.texts import DEAF, DOING, UNKNOWN_LINE, big_figure, texts
from workers.monitors.freeze import KINDS, Freeze, Line, Sighting

if TYPE_CHECKING:
    from pathlib import Path

LINE = Line("/home/ä/work.py", 7, "work", "x = f(x)")
SCREEN = QRect(0, 0, 1920, 1080)
SIZE = QSize(400, 280)


# -------------------------------------------------------------------- lines


def test_words_come_back_as_they_were_sent() -> None:
    assert protocol.parsed(protocol.encoded("ping", 12), FROM_WITNESS) == Message("ping", "12")
    assert protocol.parsed(protocol.encoded("look", "dark", 1.5), FROM_PROGRAM) == Message("look", "dark 1.5")
    assert protocol.parsed(b"stop\n", FROM_WITNESS) == Message("stop")


@pytest.mark.parametrize(
    "line", [b"", b"\n", b"pong 1\n", b"Traceback (most recent call last):\n", b"\xff\x00\n"]
)
def test_what_is_no_message_is_none(line: bytes) -> None:
    assert protocol.parsed(line, FROM_WITNESS) is None


@pytest.mark.parametrize("rest", ["", "x", "-3", "1.5", "²", "9" * 5_000])
def test_a_number_that_is_none_is_0(rest: str) -> None:
    assert Message("ping", rest).number == 0


def test_a_sighting_comes_back_as_it_was_sent() -> None:
    line = protocol.encoded_sighting(Sighting(1.0, 0.4, "io", "pool 2", LINE))
    assert line.count(b"\n") == 1
    assert protocol.parsed_sighting(line) == Guilt("io", "pool 2", LINE, 1.0)


def test_a_sighting_of_any_length_fits_a_pipe() -> None:
    long = Line("/a" * 9_000 + "/end.py", 1, "ä" * 9_000, "y = 1" + "☃" * 9_000)
    line = protocol.encoded_sighting(Sighting(1.0, 0.4, "python", "G" * 9_000, long))
    assert len(line) < 12_000
    found = protocol.parsed_sighting(line)
    assert found is not None
    assert found.line.file.endswith("/a/end.py")
    assert found.line.text.startswith("y = 1☃")


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b"3", b'{"kind": "io"}', b'{"kind": []}', b"\xff", b"null"])
def test_a_broken_sighting_is_none(line: bytes) -> None:
    assert protocol.parsed_sighting(line) is None


def test_a_kind_of_another_version_is_unknown() -> None:
    line = protocol.encoded_sighting(Sighting(1.0, 0.4, "dancing", "GUI thread", LINE))
    assert protocol.parsed_sighting(line) == Guilt("unknown", "GUI thread", LINE, 1.0)


def frozen(kind: str, line: Line | None, started: float = 10.0, length: float = 4.4) -> Freeze:
    stack = () if line is None else (line,)
    return Freeze(started, started + length + 0.01, kind, "pool 2", stack, len(stack) - 1, (), 1, 1.0)


@pytest.mark.parametrize("line", [LINE, None])
def test_a_verdict_comes_back_as_it_was_sent(line: Line | None) -> None:
    freeze = frozen("c_gil", line)
    message = protocol.parsed(protocol.encoded_verdict(freeze), FROM_PROGRAM)
    assert message is not None
    assert message.word == "froze"
    assert protocol.parsed_verdict(message.rest) == (
        Guilt("c_gil", "pool 2", line or NOWHERE, 10.0),
        freeze.lag_s,
    )


@pytest.mark.parametrize("rest", ["", "{", "[]", "1 2", '{"kind": "io"}', "null"])
def test_a_broken_verdict_is_refused(rest: str) -> None:
    with pytest.raises(ValueError, match=r"Expecting|Extra|kind|null|\[\]"):
        protocol.parsed_verdict(rest)


def test_rectangles_come_back_as_they_were_sent() -> None:
    rectangles = [(-8, 0, 1280, 800), (3, 4, 0, 6)]
    assert protocol.parsed_rectangles(protocol.encoded_rectangles(rectangles)) == rectangles


@pytest.mark.parametrize("text", ["", "1,2,3", "1,2,3,4;", "1,2,3,x"])
def test_what_are_no_rectangles_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"unpack|int"):
        protocol.parsed_rectangles(text)


# -------------------------------------------------------------------- answers


def test_an_answer_is_measured_from_its_ping() -> None:
    answers = Answers()
    number = answers.ping(10.0)
    assert answers.silent_s(10.1) == pytest.approx(0.1)
    assert answers.take_pong(number, 10.002) is None
    assert answers.took_s == pytest.approx(0.002)
    assert answers.silent_s(10.1) == 0.0


def test_an_answer_stands_for_all_pings_before_it() -> None:
    answers = Answers()
    numbers = [answers.ping(10.0 + 0.1 * k) for k in range(30)]
    assert answers.is_frozen(10.0 + FROZEN_OVER_S + 0.01)
    silence = answers.take_pong(numbers[-2], 13.0)
    assert silence == (10.0, 13.0)
    assert answers.took_s == pytest.approx(3.0)
    assert answers.silent_s(13.0) == pytest.approx(0.1)


def test_an_answer_to_nothing_changes_nothing() -> None:
    answers = Answers()
    assert answers.take_pong(5, 1.0) is None
    assert answers.took_s is None
    answers.ping(1.0)
    assert answers.take_pong(0, 1.1) is None
    assert answers.silent_s(1.2) == pytest.approx(0.2)


def test_who_is_heard_is_not_deaf_though_it_is_frozen() -> None:
    answers = Answers()
    number = answers.ping(10.0)
    late = 10.0 + DEAF_OVER_S + 0.01
    assert answers.is_deaf(late)
    answers.take_heard(number)
    assert not answers.is_deaf(late)
    assert answers.is_frozen(late)


def test_a_silence_that_is_older_than_the_first_ping_counts_from_its_start() -> None:
    answers = Answers()
    number = answers.ping(10.0)
    answers.sample(10.2)
    answers.take_start(9.0)
    answers.sample(10.3)
    answers.take_start(9.0)
    # None is left that counted from the ping.
    assert all(value == pytest.approx(moment - 9.0) for moment, value in answers.samples)
    assert answers.samples[0][1] == pytest.approx(0.001)
    assert answers.is_frozen(10.01)
    assert answers.silent_s(10.5) == pytest.approx(1.5)
    assert answers.take_pong(number, 11.0) == (9.0, 11.0)
    answers.take_start(9.0)  # what comes late changes nothing
    answers.ping(12.0)
    assert answers.silent_s(12.1) == pytest.approx(0.1)


def test_freezes_without_an_answer_between_them_are_told_apart() -> None:
    answers = Answers()
    answers.ping(10.0)
    answers.take_start(9.0)
    answers.sample(11.0)
    answers.take_start(11.5)  # the window has gone on in between
    assert list(answers.silences) == [(9.0, 11.5)]
    assert answers.silent_s(12.0) == pytest.approx(0.5)


def test_a_silence_that_began_between_two_pings_counts_from_its_start() -> None:
    answers = Answers()
    answers.take_pong(answers.ping(10.0), 10.001)
    number = answers.ping(10.24)
    answers.take_start(10.02)
    assert answers.silent_s(10.5) == pytest.approx(0.48)
    answers.take_start(8.0)  # of another silence
    assert answers.take_pong(number, 11.0) == (10.02, 11.0)


def test_the_graph_shows_how_a_silence_grows_and_all_of_it_at_its_end() -> None:
    answers = Answers()
    answers.take_pong(answers.ping(10.0), 10.001)
    answers.sample(10.01)
    number = answers.ping(10.1)
    for k in range(1, 21):
        answers.sample(10.1 + 0.1 * k)
    values = [value for _, value in answers.samples]
    assert values == sorted(values)
    assert values[-1] == pytest.approx(2.0)
    answers.take_pong(number, 12.15)
    answers.sample(12.16)
    assert list(answers.samples[-1]) == [12.15, pytest.approx(2.05)]
    assert answers.worst_s(12.16) == pytest.approx(2.05)


def test_the_graph_rises_from_the_very_start_of_a_freeze() -> None:
    answers = Answers()
    answers.take_pong(answers.ping(10.0), 10.001)
    answers.sample(10.01)
    answers.ping(10.24)
    answers.sample(10.29)
    answers.take_start(10.02)
    answers.sample(10.4)
    assert answers.samples[0][1] == pytest.approx(0.001)
    ramp = list(answers.samples)[1:]
    assert ramp[0] == pytest.approx((10.021, 0.001))
    assert ramp[-1][1] == pytest.approx(0.38)
    assert all(later[0] - one[0] < 0.1 for one, later in pairwise(ramp))


def test_a_freeze_is_as_long_as_the_program_measured_it() -> None:
    answers = Answers()
    answers.take_pong(answers.ping(10.0), 10.001)
    number = answers.ping(10.24)
    answers.take_pong(number, 14.7)
    answers.sample(14.8)
    answers.take_length(10.05, 4.4)
    measured = Silence(10.05, 10.05 + 4.4)
    assert answers.last == measured
    assert list(answers.silences) == [measured]
    assert answers.worst_s(14.8) == pytest.approx(4.4)
    answers.take_length(3.0, 1.0)  # it has not seen that one
    assert answers.last == measured


def test_a_length_may_come_before_the_answer_that_ends_its_freeze() -> None:
    answers = Answers()
    number = answers.ping(10.0)
    answers.take_length(9.95, 4.4)
    assert answers.last is None
    assert answers.take_pong(number, 14.5) == Silence(9.95, 9.95 + 4.4)


@pytest.mark.parametrize("early", [0, 1, 2])
def test_what_a_beat_interrupts_is_two_freezes_though_no_answer_came_between_them(early: int) -> None:
    """Where C holds the GIL again and again the window goes on for a moment, but nobody hands the ping on."""
    answers = Answers()
    answers.take_pong(answers.ping(10.0), 10.001)
    number = answers.ping(10.24)
    measured = [Silence(10.02, 16.02), Silence(16.1, 19.1)]
    for began, ended in measured[:early]:
        answers.take_length(began, ended - began)
    answers.take_pong(number, 19.15)
    for began, ended in measured[early:]:
        answers.take_length(began, ended - began)
    assert answers.last == pytest.approx(measured[1])
    assert [one.length for one in answers.silences] == pytest.approx([6.0, 3.0])
    assert answers.worst_s(19.2) == pytest.approx(6.0)


def test_a_silence_of_an_hour_is_drawn_as_far_as_it_is_in_sight() -> None:
    answers = Answers()
    answers.ping(4000.0)
    answers.take_start(400.0)
    answers.sample(4000.3)
    assert len(answers.samples) < 20 * SPAN_S


def test_what_is_out_of_sight_is_forgotten() -> None:
    answers = Answers()
    for k in range(2_000):
        number = answers.ping(0.1 * k)
        answers.take_pong(number, 0.1 * k + (0.5 if k % 20 == 0 else 0.001))
        answers.sample(0.1 * k + 0.01)
    assert len(answers.samples) < 20 * SPAN_S
    assert len(answers.silences) <= SPAN_S


def test_before_the_first_answer_the_graph_shows_only_what_is_missing() -> None:
    answers = Answers()
    answers.sample(1.0)
    assert not answers.samples


# -------------------------------------------------------------------- the guilty line


def blamed(started: float, number: int = 1) -> Guilt:
    return Guilt("io", "GUI thread", LINE._replace(number=number), started)


@pytest.fixture
def blame() -> Blame:
    """Of a program that answered a ping at 10.0."""
    answers = Answers()
    made = Blame(answers)
    made.end(answers.ping(10.0), 10.001)
    return made


def test_a_line_that_is_told_before_its_ping_was_even_sent_is_kept(blame: Blame) -> None:
    answers = blame._answers
    blame.take(blamed(10.01), 10.26)
    assert blame.guilt is None, "for all that is known the window responds"
    number = answers.ping(10.27)
    blame.weigh(10.34)
    assert blame.guilt == blamed(10.01)
    assert answers.silent_s(10.4) == pytest.approx(0.39), "since the last beat, and not since the ping"
    blame.begin(10.01)
    blame.end(number, 14.41)
    assert answers.last == (10.01, 14.41)
    assert blame.guilt == blamed(10.01)._replace(kind="unknown"), "its cause is for the program to say"


@pytest.mark.parametrize("is_early", [True, False])
def test_of_a_freeze_that_is_over_the_program_says_what_it_did(blame: Blame, is_early: bool) -> None:
    number = blame._answers.ping(10.24)
    blame.take(blamed(10.01)._replace(kind="python"), 10.5)
    blame.begin(10.01)
    said = Guilt("c_gil", "pool 0", LINE._replace(number=44), 10.01)
    if is_early:
        blame.take_verdict(said, 4.4)
        assert blame.guilt is not None
        assert blame.guilt.kind == "python", "the last answer is still under way"
    blame.end(number, 14.41)
    if not is_early:
        blame.take_verdict(said, 4.4)
    assert blame.guilt == said
    blame.take_verdict(blamed(2.0), 1.0)  # of a freeze that it did not see
    blame.end(blame._answers.ping(15.0), 15.01)
    assert blame.guilt == said


def test_of_two_freezes_in_one_silence_the_program_says_what_the_longer_did(blame: Blame) -> None:
    """The other was the window that caught up."""
    number = blame._answers.ping(10.24)
    blame.take_verdict(blamed(10.02, 1), 6.0)
    blame.take_verdict(blamed(16.1, 2), 1.0)
    blame.end(number, 17.15)
    assert blame.guilt == blamed(10.02, 1)


def test_a_verdict_that_comes_in_the_next_freeze_waits_for_its_end(blame: Blame) -> None:
    blame.end(blame._answers.ping(10.24), 14.41)
    number = blame._answers.ping(14.5)
    blame.begin(14.5)
    blame.take_verdict(blamed(10.2), 4.2)
    assert blame.guilt is None
    blame.end(number, 14.8)  # it only caught up
    assert blame.guilt == blamed(10.2)


def test_where_the_program_has_no_line_the_witness_keeps_its_own(blame: Blame) -> None:
    number = blame._answers.ping(10.24)
    blame.take(blamed(10.01), 10.5)
    blame.end(number, 14.41)
    blame.take_verdict(Guilt("c_gil", "GUI thread", NOWHERE, 10.01), 4.4)
    assert blame.guilt == blamed(10.01)._replace(kind="c_gil")


def test_where_the_window_only_catches_up_the_freeze_and_its_line_stay(blame: Blame) -> None:
    answers = blame._answers
    number = answers.ping(10.24)
    blame.take(blamed(10.01), 10.5)
    blame.end(number, 14.41)
    number = answers.ping(14.6)
    blame.begin(14.6)
    assert blame.guilt is None, "it is not known yet"
    blame.end(number, 15.0)
    assert answers.last == (10.01, 14.41)
    assert blame.guilt == blamed(10.01)._replace(kind="unknown")
    assert len(answers.silences) == 2
    number = answers.ping(20.0)
    blame.begin(20.0)
    blame.end(number, 20.4)
    assert answers.last == (20.0, 20.4)
    assert blame.guilt is None


def test_a_line_told_between_two_pings_ends_no_witness(blame: Blame) -> None:
    answers = blame._answers
    first, second = answers.ping(10.2), answers.ping(10.3)
    blame.take(blamed(10.2), 10.31)
    blame.end(first, 10.4)  # the window has gone on since the line was told
    blame.begin(10.3)
    assert blame.guilt is None
    blame.end(second, 10.9)
    assert answers.last == (10.3, 10.9)
    assert blame.guilt is None


def test_only_lines_of_the_freeze_itself_are_weighed(blame: Blame) -> None:
    answers = blame._answers
    number = answers.ping(10.2)
    blame.add(blamed(10.0, 1), 10.1)
    blame.add(blamed(10.2, 2), 10.9)
    blame.begin(10.2)
    assert blame.guilt == blamed(10.2, 2)
    blame.end(number, 11.0)
    assert blame.guilt == blamed(10.2, 2)._replace(kind="unknown")


def test_a_line_is_kept_for_no_other_freeze(blame: Blame) -> None:
    answers = blame._answers
    blame.take(blamed(9.0), 10.1)
    blame.end(answers.ping(10.2), 10.201)  # the window has gone on
    answers.ping(10.5)
    blame.weigh(12.0)
    assert blame.guilt is None


def test_a_clock_that_cannot_be_right_is_not_believed(blame: Blame) -> None:
    answers = blame._answers
    answers.ping(10.24)
    blame.take(blamed(-9e9), 10.5)
    assert blame.guilt is not None
    assert answers.silent_s(10.5) == pytest.approx(0.26)


def test_the_line_that_stays_is_the_one_that_lasted_longest() -> None:
    long, short = blamed(0.0, 1), blamed(0.0, 2)
    assert longest_blamed([(0.3, long), (4.0, short)], 4.1) == long
    assert longest_blamed([(0.3, long), (0.4, short)], 4.1) == short
    assert longest_blamed([(0.0, short), (1.0, long), (3.5, short), (4.0, long)], 4.1) == long


# -------------------------------------------------------------------- words and scales


def test_every_kind_has_its_words() -> None:
    assert list(DOING) == list(KINDS)


@pytest.mark.parametrize(
    ("kind", "holder", "during", "after"),
    [
        ("io", "GUI thread", "The GUI thread is waiting for I/O:", "Last freeze: 4.4 s, waiting for I/O."),
        (
            "c_gil",
            "pool 0",
            'Thread "pool 0" is in C code that holds the GIL:',
            'Last freeze: 4.4 s, in C code that held the GIL (thread "pool 0").',
        ),
        ("unknown", "GUI thread", "The GUI thread is here:", "Last freeze: 4.4 s."),
    ],
)
def test_a_freeze_is_told_during_and_after_it(kind: str, holder: str, during: str, after: str) -> None:
    answers = Answers()
    guilt = Guilt(kind, holder, LINE, 10.0)
    number = answers.ping(10.0)
    shown = texts(answers, guilt, 12.0)
    assert shown.headline == "■ Frozen"
    assert shown.sentence == DEAF
    assert shown.blame == during
    answers.take_heard(number)
    assert texts(answers, None, 12.0).sentence == "The window has not responded for 2.0 s."
    answers.take_pong(number, 14.4)
    assert texts(answers, guilt, 14.5).banner == f"● {after}"
    assert texts(answers, None, 14.5).banner == "● Last freeze: 4.4 s."
    nowhere = texts(answers, guilt._replace(line=NOWHERE), 14.5)
    assert (nowhere.blame, nowhere.where, nowhere.source) == (after, UNKNOWN_LINE, "")


@pytest.mark.parametrize(
    ("value", "words"), [(0.0023, "2.3 ms"), (0.5, "500 ms"), (3.42, "3.4 s"), (12.0, "12.0 s")]
)
def test_the_big_figure_is_seen_to_move(value: float, words: str) -> None:
    assert big_figure(value) == words


def test_the_scale_is_within_the_graph() -> None:
    assert SCALE_S.share(0.0) == 0.0
    assert SCALE_S.share(1e9) == pytest.approx(1.0)
    assert SCALE_S.share(0.01) < SCALE_S.share(0.1) < SCALE_S.share(1.0)


# -------------------------------------------------------------------- places


@pytest.mark.parametrize(
    ("main", "corner"),
    [
        (QRect(40, 100, 1280, 800), QPoint(1328, 100)),  # right of it
        (QRect(600, 100, 1280, 800), QPoint(192, 100)),  # left of it
        (QRect(0, 300, 1920, 780), QPoint(1512, 12)),  # above
        (QRect(0, 0, 1920, 780), QPoint(1512, 788)),  # below
        (QRect(40, 1000, 900, 60), QPoint(948, 792)),  # right of it, as high as the screen lets it
    ],
)
def test_it_covers_nothing_where_there_is_room(main: QRect, corner: QPoint) -> None:
    found = QRect(place_beside(main, SCREEN, SIZE), SIZE)
    assert found.topLeft() == corner
    assert not found.intersects(main)
    assert SCREEN.contains(found)


@pytest.mark.parametrize(
    "main", [QRect(0, 0, 1920, 1080), QRect(-50, -50, 4000, 3000), QRect(5000, 5000, 10, 10)]
)
def test_it_is_always_on_the_screen(main: QRect) -> None:
    assert SCREEN.contains(QRect(place_beside(main, SCREEN, SIZE), SIZE))


def test_it_hides_as_little_as_it_can_of_a_window_in_the_middle() -> None:
    main = QRect(320, 140, 1280, 800)
    found = QRect(place_beside(main, SCREEN, SIZE), SIZE)
    assert SCREEN.contains(found)
    hidden = found.intersected(main)
    # In a corner of the screen: it is wider and higher than what is free on any side.
    assert (hidden.width(), hidden.height()) == (400 - 312, 280 - 132)


SMALL = QRect(0, 0, 1280, 720)
READ = (
    QRect(0, 0, 1280, 100),  # header
    QRect(290, 390, 990, 290),  # pages
    QRect(0, 680, 1280, 40),  # foot
    QRect(0, 480, 290, 200),  # buttons
    QRect(780, 100, 500, 290),  # the newest of the graphs
)


def test_a_window_as_large_as_its_screen_keeps_what_is_read_in_sight() -> None:
    found = QRect(place_beside(SMALL, SMALL, SIZE, READ), SIZE)
    assert SMALL.contains(found)
    assert not any(found.intersects(part) for part in READ)


def test_what_must_be_hidden_is_hidden_where_it_is_least() -> None:
    everything = QRect(0, 0, 1280, 600)
    found = QRect(place_beside(SMALL, SMALL, SIZE, (everything,)), SIZE)
    assert found.intersected(everything).height() == 600 - (720 - 8 - 280)


def test_it_stands_on_the_main_windows_screen() -> None:
    second = QRect(1920, 0, 1280, 1024)
    assert second.contains(QRect(place_beside(QRect(2000, 10, 800, 600), second, SIZE), SIZE))


# -------------------------------------------------------------------- dumps

DUMP = """Timeout (0:00:00.250000)!
Thread 0x00000000000000aa (most recent call first):
  File "/x/hold.py", line 3 in hold
"""


def reader(path: Path, found: list[str]) -> DumpReader:
    def guilty(text: str, ident: int) -> tuple[Line, bool]:
        found.append(text)
        assert ident == 0xAA
        return LINE, True

    return DumpReader(os.open(path, os.O_RDONLY), 0xAA, guilty)


def test_the_newest_dump_is_read(tmp_path: Path) -> None:
    file, found = tmp_path / "dump", list[str]()
    file.write_text(f"{DUMP}Timeout (later)\n")
    dump = reader(file, found)
    try:
        assert dump.look(10.0, 1.0) == (LINE, True)
        assert found == ["Timeout (later)\n"]
        assert dump.look(10.0, 1.05) is None  # too soon after the last look
        file.write_text("")
        assert dump.look(10.0, 2.0) is None
        file.write_text("x" * 3 * LIMIT + DUMP)
        assert dump.look(10.0, 3.0) == (LINE, True)
        assert found[-1] == DUMP
    finally:
        os.close(dump._descriptor)
    assert dump.look(10.0, 4.0) is None  # and the file may go


def test_the_dump_of_another_freeze_is_none_of_this_ones(tmp_path: Path) -> None:
    file = tmp_path / "dump"
    file.write_text(DUMP)
    os.utime(file, (time.time() - 100, time.time() - 100))
    dump = reader(file, [])
    try:
        assert dump.look(5.0, 1.0) is None
    finally:
        os.close(dump._descriptor)
