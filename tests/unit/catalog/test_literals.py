"""Values as Python writes them: what a text means, how files keep it, and that each call has its own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from workers.catalog.callables import expressions
from workers.catalog.callables.literals import anew, decoded_each, encoded_each, read
from workers.utils.errors import BadInput


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1", 0.1),
        ("abc", "abc"),
        ("'1'", "1"),
        ("1", 1),
        (" [1, 2] ", [1, 2]),
        ("1,2", (1, 2)),
        ("()", ()),
        ("{1, 2}", {1, 2}),
        ("set()", set()),
        ("{'a': [1, (2,)], 3: None}", {"a": [1, (2,)], 3: None}),
        ("None", None),
        ("True", True),
        ("b'ab'", b"ab"),
        ("1+2j", 1 + 2j),
        ("-3", -3),
        ("", ""),
        ("10.0.0.1", "10.0.0.1"),
        ("2024-01-01", "2024-01-01"),
        ("it's", "it's"),
        ("/etc/hosts", "/etc/hosts"),
        ("f(3)", "f(3)"),
        (" two words ", " two words "),
    ],
)
def test_a_text_is_what_python_reads_or_itself(text: str, value: Any) -> None:
    found = read("x", text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    "text",
    [
        "[1, 2",
        "(a+b)*c",
        "{name}",
        "'abc",
        "b'ä'",
        "true",
        "none",
        "nan",
        "inf",
        "1e999",
        "64*1024",
        "[" * 5000,
        "{[1]: 2}",
        "9" * 5000,
        "[...]",
    ],
)
def test_what_may_be_half_of_a_value_is_told(text: str) -> None:
    with pytest.raises(BadInput, match=r"^x cannot be read: .+\. A text stands in quotes: ['\"]") as caught:
        read("x", text)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("text", "wants", "said"),
    [
        ("[1]", ("list",), [1]),
        ("abc", ("list",), "x is a list, such as [1, 2], not abc"),
        ("(1, 2)", ("list",), "x is a list, such as [1, 2], not (1, 2)"),
        ("[1", ("tuple", "dict"), "x is a tuple, such as (1, 2) or a dict, such as {'a': 1}, not [1"),
        ("None", ("int", "NoneType"), None),
        ("abc", ("int", "NoneType"), "x is a whole number or None, not abc"),
        ("abc", ("str", "NoneType"), "abc"),
        ("1", ("str", "NoneType"), "1"),
        ("2", ("float",), 2),
    ],
)
def test_a_type_says_what_will_do(text: str, wants: tuple[str, ...], said: Any) -> None:
    if isinstance(said, str) and said.startswith("x is"):
        with pytest.raises(BadInput) as caught:
            read("x", text, wants)
        assert str(caught.value) == said
    else:
        assert read("x", text, wants) == said


@pytest.mark.parametrize(
    "value",
    [
        [1, (2, {3})],
        {"a": b"x", "b": {1: 2}},
        {"literal": "no"},
        1 + 2j,
        None,
        "'1'",
        0.5,
        {(1, 2): None},
        [True, "x"],
    ],
)
def test_files_keep_the_type(value: Any) -> None:
    data = json.loads(json.dumps(encoded_each({"x": value})))
    assert repr(decoded_each(data)) == repr({"x": value})


def test_json_has_what_it_can_say_as_itself() -> None:
    said = encoded_each({"r": 0.1, "items": [1, "a", None], "d": {"k": [2]}, "t": (1, 2)})
    assert said == {"r": 0.1, "items": [1, "a", None], "d": {"k": [2]}, "t": {"literal": "(1, 2)"}}


@pytest.mark.parametrize("data", [{"literal": "f(3)"}, {"literal": "["}])
def test_what_is_damaged_is_told(data: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        decoded_each({"x": data})


def test_each_call_has_lists_of_its_own() -> None:
    again = anew((("x", [1, {"a": [2]}]), ("y", 3)))
    assert again is not None
    first, second = again(), again()
    assert first == second == (("x", [1, {"a": [2]}]), ("y", 3))
    first[0][1].append(5)
    assert second == again()
    assert anew((("x", (1, "a")), ("y", b"z"), ("z", None))) is None, "nothing of it can be changed"


# ---------------------------------------------------------------- the line that makes an object


def test_a_line_makes_an_object_of_what_its_file_has() -> None:
    class Box:
        def __init__(self, *values: Any, size: int = 1) -> None:
            self.values, self.size = values, size

        def twice(self) -> Box:
            return Box(*self.values, *self.values, size=self.size)

    made = expressions.evaluate(
        expressions.parsed("Box(1, [2], Box(), size=3).twice()"), {"Box": Box}.__getitem__
    )
    assert (len(made.values), made.values[1], made.size) == (6, [2], 3)


@pytest.mark.parametrize(
    "text",
    [
        "Box.__init__",
        "Box()._hidden",
        "[x for x in y]",
        "Box(*a)",
        "Box(**a)",
        "(lambda: 1)()",
        "Box()[0]",
        "a + b",
        "Box(",
    ],
)
def test_a_line_can_do_nothing_else(text: str) -> None:
    with pytest.raises(BadInput):
        expressions.parsed(text)
