"""Fields of a form, read from a function's source."""

from __future__ import annotations

import ast

import pytest

from workers.catalog.fields import Field, fields_of

SOURCE = '''
def download(index, seed: int = 1, *, urls: str = "", size: int = 200, latency_s: float = 0.12,
             thumbnails: bool = True, least: int = -3, needed: int, target: Path = "", listing: pathlib.Path = "x",
             undescribed=None):
    """Download images.

    Args:
        index: which one.
        urls: a file with addresses,
            one a line.
        size: how large (1 to 2,000,000).
        latency_s: seconds of waiting (0.05 to 2.5), with
            some spread.
        thumbnails: whether to make some.
        least: whatever.
        needed: must be said.
        target: the folder for the files.
        listing: the list to read.

    Returns:
        size: this is no argument.
    """
'''


@pytest.fixture
def fields() -> dict[str, Field]:
    function = ast.parse(SOURCE).body[0]
    assert isinstance(function, ast.FunctionDef)
    return {field.name: field for field in fields_of(function)}


def test_only_keyword_parameters_are_fields_in_their_order(fields: dict[str, Field]) -> None:
    assert list(fields) == [
        *("urls", "size", "latency_s", "thumbnails", "least", "needed", "target", "listing", "undescribed")
    ]


def test_kinds_and_defaults(fields: dict[str, Field]) -> None:
    found = {name: (field.kind, field.default) for name, field in fields.items()}
    assert found == {
        "urls": ("str", ""),
        "size": ("int", 200),
        "latency_s": ("float", 0.12),
        "thumbnails": ("bool", True),
        "least": ("int", -3),
        "needed": ("int", None),
        "target": ("folder", ""),
        "listing": ("file", "x"),
        "undescribed": ("str", None),
    }


def test_help_and_ranges(fields: dict[str, Field]) -> None:
    assert fields["urls"].help == "a file with addresses, one a line."
    assert fields["size"].help == "how large (1 to 2,000,000)."
    assert (fields["size"].low, fields["size"].high) == (1, 2_000_000)
    assert (fields["latency_s"].low, fields["latency_s"].high) == (0.05, 2.5)
    assert fields["latency_s"].help.endswith("with some spread.")
    assert (fields["urls"].low, fields["urls"].high) == (None, None)
    assert fields["undescribed"].help == ""


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("size", "1", 1),
        ("size", "2000000", 2_000_000),
        ("latency_s", "0.05", 0.05),
        ("latency_s", "1", 1.0),
        ("least", "-7", -7),
        ("thumbnails", "yes", True),
        ("thumbnails", "On", True),
        ("thumbnails", "FALSE", False),
        ("thumbnails", "0", False),
        ("urls", "a=b", "a=b"),
        ("target", "/somewhere", "/somewhere"),
    ],
)
def test_texts_that_mean_a_value(fields: dict[str, Field], name: str, text: str, value: object) -> None:
    parsed = fields[name].parse(text)
    assert parsed == value
    assert type(parsed) is type(value)


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("size", "many", "size is a number like 200, not 'many'"),
        ("size", "1.5", "size is a number like 200, not '1.5'"),
        ("size", "", "size is a number like 200, not ''"),
        ("size", "0", "size is at least 1, not 0"),
        ("size", "2000001", "size is at most 2,000,000, not 2,000,001"),
        ("latency_s", "0.01", "latency_s is at least 0.05, not 0.01"),
        ("latency_s", "9", "latency_s is at most 2.5, not 9.0"),
        ("latency_s", "nan", "latency_s is a number like 0.12, not 'nan'"),
        ("latency_s", "inf", "latency_s is a number like 0.12, not 'inf'"),
        ("thumbnails", "perhaps", "thumbnails is yes or no, not 'perhaps'"),
    ],
)
def test_texts_that_mean_nothing(fields: dict[str, Field], name: str, text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=name) as caught:
        fields[name].parse(text)
    assert str(caught.value) == sentence


def test_a_number_without_a_range_must_still_be_one() -> None:
    field = Field("seconds", "float", 1.0, "")
    assert field.parse("-1e9") == -1e9
    for text in ("nan", "inf", "-inf"):
        with pytest.raises(ValueError, match="is a number like"):
            field.parse(text)


def test_a_default_that_is_computed_is_told() -> None:
    function = ast.parse("def f(*, chunk: int = 64 * 1024): ...").body[0]
    assert isinstance(function, ast.FunctionDef)
    with pytest.raises(ValueError, match=r"the default of the parameter chunk is not a literal: 64 \* 1024"):
        fields_of(function)
