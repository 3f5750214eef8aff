"""Numbers as a person would say them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.utils.formatting import (
    about,
    amount,
    error_line,
    listed,
    mark,
    milliseconds,
    number,
    per_second,
    rate,
    seconds,
    short_rate,
    with_title,
)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"),
        (0.42, "0.42"),
        (0.994, "0.99"),
        (0.996, "1.0"),
        (4.2, "4.2"),
        (9.94, "9.9"),
        (9.96, "10"),
        (42.4, "42"),
        (4200, "4,200"),
        (1_234_567, "1,234,567"),
        (-4.2, "-4.2"),
    ],
)
def test_numbers(value: float, said: str) -> None:
    assert number(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0 ms"),
        (0.0004, "0.4 ms"),
        (0.014, "14 ms"),
        (0.9994, "999 ms"),
        (0.9996, "1.0 s"),
        (4.2, "4.2 s"),
        (75, "75 s"),
        (99.6, "1 min 40 s"),
        (119.7, "2 min"),
        (200, "3 min 20 s"),
    ],
)
def test_lengths_of_time(value: float, said: str) -> None:
    assert seconds(value) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.04, "0 ms"), (0.4, "0.4 ms"), (9.94, "9.9 ms"), (9.96, "10 ms"), (14.2, "14 ms"), (4990, "5.0 s")],
)
def test_milliseconds(value: float, said: str) -> None:
    assert milliseconds(value) == said


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0, "bytes", "0 bytes"),
        (999, "bytes", "999 bytes"),
        (1000, "bytes", "1.0 kB"),
        (31_000_000, "bytes", "31 MB"),
        (999_600, "bytes", "1.0 MB"),
        (2.5e9, "bytes", "2.5 GB"),
        (1, "calls", "1 call"),
        (5, "calls", "5 calls"),
        (5_103, "numbers", "5,103 numbers"),
        (9_999, "numbers", "9,999 numbers"),
        (10_000, "numbers", "10k numbers"),
        (140_000, "numbers", "140k numbers"),
        (999_400, "numbers", "999k numbers"),
        (999_600, "numbers", "1.0M numbers"),
        (5_100_000, "numbers", "5.1M numbers"),
    ],
)
def test_amounts(value: float, unit: str, said: str) -> None:
    assert amount(value, unit) == said
    if unit != "seconds":
        assert rate(value, unit) == f"{said}/s"


def test_marks_of_an_axis_are_round() -> None:
    assert [mark(at) for at in (0.5, 1.0, 2.5, 5.0, 40.0, 200.0)] == [
        "500 ms",
        "1 s",
        "2.5 s",
        "5 s",
        "40 s",
        "3 min 20 s",
    ]


def test_many_that_wait_wait_for_more_than_a_second_every_second() -> None:
    assert amount(0.25, "seconds") == "0.25 seconds"
    assert rate(3.21, "seconds") == "3.2 s of waiting per s"
    assert per_second("seconds") == "s of waiting per s"
    assert per_second("bytes") == "MB/s"
    assert per_second("calls") == "calls/s"


def test_a_rate_beside_its_unit_is_short() -> None:
    assert short_rate(828_000, "numbers") == "828k/s"
    assert short_rate(31e6, "bytes") == "31 MB/s"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.3, "about 1 s"),
        (0.744, "about 1 s"),
        (39.4, "about 39 s"),
        (89.4, "about 89 s"),
        (90.0, "about 1½ min"),
        (118.0, "about 2 min"),
        (214.0, "about 3½ min"),
        (584.0, "about 9½ min"),
        (590.0, "about 10 min"),
        (7_200.0, "about 120 min"),
    ],
)
def test_a_time_that_is_guessed_is_round(value: float, said: str) -> None:
    assert about(value) == said


@given(st.floats(0, 1e9))
def test_any_length_of_time_can_be_said(value: float) -> None:
    said = seconds(value)
    assert said.split()[-1] in {"ms", "s", "min"}
    assert "1000 ms" not in said
    assert "60 s" not in said or value < 99.5


@pytest.mark.parametrize(
    ("trace", "said"),
    [
        ("Traceback ...\n  File x\nValueError: no such thing\n", "ValueError: no such thing"),
        (
            "requests.exceptions.SSLError: HTTPSConnectionPool(host='a')",
            "SSLError: HTTPSConnectionPool(host='a')",
        ),
        (
            "workers.transport.errors.DownloadError: a.jpg: The server sent no picture.",
            "a.jpg: The server sent no picture.",
        ),
        ("KeyboardInterrupt", "KeyboardInterrupt"),
        ("a line of words: and more", "a line of words: and more"),
        ("", ""),
        ("Traceback ...\n  File x\nValueError: bad number 7\n second line\n", "ValueError: bad number 7 ..."),
        ("Traceback ...\n  File x\nValueError: \n\n  so:\nmore\n", "ValueError: so: ..."),
        ("Traceback ...\n  File x\nValueError: " + "7" * 999, "ValueError: " + "7" * 488 + " ..."),
        (
            "Traceback ...\n  File x\nValueError: \x1b[31mred\ta\x07",
            "ValueError: \N{REPLACEMENT CHARACTER}[31mred a\N{REPLACEMENT CHARACTER}",
        ),
        (
            "Traceback ...\n  File x\nKeyError: 1\n\nDuring handling of the above exception, another exception "
            "occurred:\n\nTraceback ...\n  File y\nValueError: the last\n",
            "ValueError: the last",
        ),
        (
            "  + Exception Group Traceback (most recent call last):\n  |   File x\n  | ExceptionGroup: two (2)\n"
            "  +-+---------------- 1 ----------------\n    | ValueError: a\n",
            "ExceptionGroup: two (2) ...",
        ),
    ],
)
def test_an_error_is_told_by_type_and_message(trace: str, said: str) -> None:
    assert error_line(trace) == said


@pytest.mark.parametrize(
    ("texts", "said"),
    [((), ""), (("A",), "A"), (("A", "B"), "A and B"), (tuple("ABCDEF"), "A, B, C, D, E and F")],
)
def test_a_list_has_commas(texts: tuple[str, ...], said: str) -> None:
    assert listed(texts) == said


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("a.jpg: This is an empty file.", "a.jpg: This is an empty file."),
        ("a.jpg is a link: it was not followed.", "a.jpg is a link: it was not followed."),
        ("The thumbnail of a.jpg cannot be written: No.", "The thumbnail of a.jpg cannot be written: No."),
        ("ValueError: no", "a.jpg: ValueError: no"),
        ("data.jpg: No.", "a.jpg: data.jpg: No."),
    ],
)
def test_an_error_says_once_which_task_it_is_of(line: str, said: str) -> None:
    assert with_title("a.jpg", line) == said
