"""Results are compared by what they hold, from process to process."""

from __future__ import annotations

import datetime
import decimal
import fractions
import hashlib
import threading
from collections import Counter, OrderedDict, defaultdict, deque
from typing import Any

import pytest

from workers.user_code.values import MAX_PARTS, digest


class Point:
    def __init__(self, x: int, y: Any) -> None:
        self.x, self.y = x, y


class Slotted:
    __slots__ = ("x",)

    def __init__(self, x: int) -> None:
        self.x = x


def ring() -> list[Any]:
    made: list[Any] = [1]
    made.append(made)
    return made


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 1.0),
        (True, 1),
        (0.0, -0.0),
        (2 + 0j, 2),
        (float("nan"), float("nan")),
        ([1, [float("nan")]], [1.0, [float("nan")]]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({3, 1, 2}, {1, 2, 3}),
        (b"x", bytearray(b"x")),
        (Point(1, [2]), Point(1, [2])),
        (Slotted(1), Slotted(1)),
        (decimal.Decimal("1.5"), decimal.Decimal("1.5")),
        (deque([1]), deque([1])),
        (Counter("aab"), Counter("baa")),
        (ring(), ring()),
        (object(), object()),
        (threading.Lock(), threading.Lock()),
        (hashlib.sha256(), hashlib.sha256()),
        (map(abs, [1]), map(abs, [1])),
    ],
)
def test_equal(one: Any, other: Any) -> None:
    assert digest(one) == digest(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 2),
        (0.1 + 0.2, 0.3),
        ("1", 1),
        ("1", b"1"),
        ([1, 2], [2, 1]),
        ([1, 2], (1, 2)),
        ([[1], 2], [1, [2]]),
        ({"a": 1}, {"a": 2}),
        (Point(1, 2), Point(1, 3)),
        (Slotted(1), Slotted(2)),
        (fractions.Fraction(1, 3), fractions.Fraction(2, 3)),
        (datetime.date(2024, 1, 1), datetime.date(2024, 1, 2)),
        (OrderedDict(a=1), OrderedDict(a=2)),
        (defaultdict(int, a=1), defaultdict(int, a=2)),
        (None, 0),
        (len, abs),
        (list(range(MAX_PARTS)), list(range(MAX_PARTS + 1))),
        (float("inf"), float("-inf")),
    ],
)
def test_unlike(one: Any, other: Any) -> None:
    assert digest(one) != digest(other)


def test_arrays_of_numpy() -> None:
    numpy = pytest.importorskip("numpy")
    one = numpy.array([1.0, float("nan")])
    assert digest(one) == digest(one.copy())
    assert digest(one) != digest(one + 1)


def test_a_number_of_any_length() -> None:
    assert digest(10**5000) == digest(10**5000) != digest(10**5000 + 1)


def test_what_cannot_be_looked_into() -> None:
    class Odd:
        def __reduce_ex__(self, protocol: Any) -> Any:
            raise TypeError

        def __repr__(self) -> str:
            raise ValueError

    assert digest(Odd()) == digest(Odd())
