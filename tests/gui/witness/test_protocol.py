"""What the witness is made of, without its window: lines on pipes, answers to pings, places, dumps, frame times."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRect, QSize

from gui.witness import protocol
from gui.witness.answers import DEAF_OVER_S, FROZEN_OVER_S, SPAN_S, Answers
from gui.witness.dump_reader import LIMIT, DumpReader
from gui.witness.face import SCALE_S, big_figure
from gui.witness.placement import place_beside
from gui.witness.protocol import FROM_PROGRAM, FROM_WITNESS, Guilt, Message
from workers.monitors.freeze import Line, Sighting

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
    assert [moment for moment, _ in answers.samples] == [10.3]  # none is left that counted from the ping
    assert answers.is_frozen(10.01)
    assert answers.silent_s(10.5) == pytest.approx(1.5)
    assert answers.take_pong(number, 11.0) == (9.0, 11.0)
    answers.take_start(9.0)  # what comes late changes nothing
    answers.ping(12.0)
    assert answers.silent_s(12.1) == pytest.approx(0.1)


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
    assert list(answers.samples[-1]) == [12.16, pytest.approx(2.05)]
    assert answers.worst_s(12.16) == pytest.approx(2.05)


def test_what_is_out_of_sight_is_forgotten() -> None:
    answers = Answers()
    for k in range(2_000):
        number = answers.ping(0.1 * k)
        answers.take_pong(number, 0.1 * k + (0.5 if k % 20 == 0 else 0.001))
        answers.sample(0.1 * k + 0.01)
    assert len(answers.samples) < 12 * SPAN_S
    assert len(answers.silences) <= SPAN_S


def test_before_the_first_answer_the_graph_shows_only_what_is_missing() -> None:
    answers = Answers()
    answers.sample(1.0)
    assert not answers.samples


# -------------------------------------------------------------------- words and scales


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


def test_a_full_screen_keeps_its_verdict_in_sight() -> None:
    found = QRect(place_beside(QRect(0, 0, 1920, 1080), SCREEN, SIZE), SIZE)
    assert found.bottom() <= 1080 - 40


def test_it_stands_on_the_main_windows_screen() -> None:
    second = QRect(1920, 0, 1280, 1024)
    assert second.contains(QRect(place_beside(QRect(2000, 10, 800, 600), second, SIZE), SIZE))


# -------------------------------------------------------------------- dumps

DUMP = """Timeout (0:00:00.250000)!
Thread 0x00000000000000aa (most recent call first):
  File "/x/hold.py", line 3 in hold
"""


def reader(path: Path, found: list[str]) -> DumpReader:
    def guilty(text: str, ident: int) -> Line | None:
        found.append(text)
        assert ident == 0xAA
        return LINE

    return DumpReader(os.open(path, os.O_RDONLY), 0xAA, guilty)


def test_the_newest_dump_is_read(tmp_path: Path) -> None:
    file, found = tmp_path / "dump", list[str]()
    file.write_text(f"{DUMP}Timeout (later)\n")
    dump = reader(file, found)
    try:
        assert dump.look(10.0, 1.0) == LINE
        assert found == ["Timeout (later)\n"]
        assert dump.look(10.0, 1.05) is None  # too soon after the last look
        file.write_text("")
        assert dump.look(10.0, 2.0) is None
        file.write_text("x" * 3 * LIMIT + DUMP)
        assert dump.look(10.0, 3.0) == LINE
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
