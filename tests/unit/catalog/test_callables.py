"""What can be called, and with what, is found in source: nothing of a person's file runs."""

from __future__ import annotations

import ast
import inspect
import os
import sys
from typing import TYPE_CHECKING, Any

import pytest

from workers.catalog import user_functions
from workers.catalog.callables.parameters import written
from workers.catalog.callables.stub import stub
from workers.catalog.user_parameters import arguments

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workers.catalog.entry import Entry

JOIN = [
    f"*{one.name}" if one.kind is one.VAR_POSITIONAL else one.name
    for one in inspect.signature(os.path.join).parameters.values()
]
"""Those of os.path.join, which has others on Windows."""

RUNS = "raise RuntimeError('this file was run')\n"


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str, str], Entry]:
    def read(source: str, function: str) -> Entry:
        path = tmp_path / "mine.py"
        path.write_text(RUNS + source, encoding="utf-8")
        return user_functions.entry(f"{path}:{function}")

    return read


def names(entry: Entry) -> list[str]:
    return [f"{field.by.strip('/=')}{field.name}" for field in entry.fields]


CLASSES = """
from dataclasses import dataclass, field
from typing import NamedTuple

class Base:
    def __init__(self, width, height=2): ...
    def scale(self, by): ...
    def __call__(self, x): ...

class Picture(Base):
    def resize(self, size: int): ...
    @staticmethod
    def load(path): ...
    @classmethod
    def empty(cls, color="red"): ...
    @property
    def area(self): ...
    class Inner:
        def deep(self, y): ...

@dataclass
class Point:
    x: int
    y: list[int] = field(default_factory=list)
    z: float = field(default=0.5)
    hidden: int = field(init=False)

class Pair(NamedTuple):
    one: str
    two: int = 2

class Empty: ...

class Strange(no_such_module.Base):
    def known(self, a): ...

picture = Picture(3)
call = picture.resize
"""


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        ("Picture.resize", ["self", "size"]),
        ("Picture.scale", ["self", "by"]),
        ("Picture.load", ["path"]),
        ("Picture.empty", ["color"]),
        ("Picture.Inner.deep", ["self", "y"]),
        ("Picture", ["width", "height"]),
        ("Point", ["x", "y", "z"]),
        ("Pair", ["one", "two"]),
        ("Empty", []),
        ("Strange", ["*args", "**kwargs"]),
        ("Strange.known", ["self", "a"]),
        ("Strange.other", ["*args", "**kwargs"]),
        ("picture", ["x"]),
        ("picture.resize", ["size"]),
        ("picture.scale", ["by"]),
        ("call", ["size"]),
    ],
)
def test_classes_and_objects(read: Callable[[str, str], Entry], function: str, expected: list[str]) -> None:
    assert names(read(CLASSES, function)) == expected


FUNCTIONS = """
import functools, os.path
from functools import lru_cache, partial, wraps
from math import sqrt
from beside import far, Far
from beside import far as near
import beside as other
import pack.part

def keeps(f):
    @wraps(f)
    def inner(*args, **kwargs): return f(*args, **kwargs)
    return inner

def with_size(size):
    def outer(f):
        def inner(*args, **kwargs): return f(*args, **kwargs)
        return inner
    return outer

def swaps(f):
    def inner(other_name): return f(other_name)
    return inner

def registers(f):
    return f

@keeps
@with_size(3)
@registers
def kept(a, b=1): ...

@swaps
def swapped(a): ...

@lru_cache(maxsize=None)
def cached(n): ...

def plain(a, b, *, c=3): ...

alias = plain
bound = partial(plain, 1, c=5)
of_bound = functools.partial(bound, 2)
given = lru_cache(plain)
chosen = None or plain
made = build(3)
root = sqrt
joined = os.path.join

if os.path.exists("x"):
    def nested(deep): ...
else:
    def nested(deeper): ...
try:
    from fast_one import quick
except ImportError:
    def quick(slow): ...
"""


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        ("kept", ["a", "b"]),
        ("swapped", ["other_name"]),
        ("cached", ["n"]),
        ("cached.__wrapped__", ["n"]),
        ("alias", ["a", "b", "c"]),
        ("bound", ["b"]),
        ("of_bound", []),
        ("given", ["a", "b", "c"]),
        ("chosen", ["a", "b", "c"]),
        ("made", ["*args", "**kwargs"]),
        ("root", ["x"]),
        ("sqrt", ["x"]),
        ("joined", JOIN),
        ("nested", ["deeper"]),
        ("quick", ["slow"]),
        ("far", ["z"]),
        ("near", ["z"]),
        ("Far.method", ["self", "w"]),
        ("other.far", ["z"]),
        ("pack.part.inside", ["v"]),
    ],
)
def test_names_are_followed(
    read: Callable[[str, str], Entry], tmp_path: Path, function: str, expected: list[str]
) -> None:
    (tmp_path / "beside.py").write_text(f"{RUNS}def far(z): ...\nclass Far:\n    def method(self, w): ...\n")
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "__init__.py").write_text(RUNS)
    (tmp_path / "pack" / "part.py").write_text(f"{RUNS}def inside(v): ...\n")
    before = set(sys.modules)
    assert names(read(FUNCTIONS, function)) == expected
    assert not {"beside", "pack", "mine"} & (set(sys.modules) - before)


@pytest.mark.parametrize(
    ("source", "function", "sentence"),
    [
        ("class A:\n    @property\n    def work(self): ...\n", "A.work", "work is a property of an object"),
        ("class A: ...\n", "A.work", "The class A in mine.py has no method work."),
        ("import click\n@click.command()\ndef work(n): ...\n", "work", "work is a command of click"),
        (
            "def gone(f): print(f)\n@gone\ndef work(n): ...\n",
            "work",
            "The decorator gone in mine.py returns nothing",
        ),
        ("work = 3\n", "work", "work in mine.py is a value, and no function."),
        ("work = work\n", "work", None),
    ],
)
def test_what_cannot_be_called_is_told(
    read: Callable[[str, str], Entry], source: str, function: str, sentence: str | None
) -> None:
    if sentence is None:
        assert names(read(source, function)) == ["*args", "**kwargs"], "nobody can tell"
        return
    with pytest.raises(ValueError, match=r"^" + sentence):
        read(source, function)
    callback = "import click\n@click.command()\ndef work(n): ...\n"
    assert names(read(callback, "work.callback")) == ["n"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("json:dumps", ["obj", "skipkeys", "ensure_ascii", "check_circular", "allow_nan", "cls", "indent"]),
        ("statistics:mean", ["data"]),
        ("colorsys:rgb_to_hls", ["r", "g", "b"]),
        ("math:sqrt", ["x"]),
        ("zlib:compress", ["data", "level"]),
        ("os.path:join", JOIN),
        ("builtins:sorted", ["iterable", "key", "reverse"]),
        ("builtins:str.split", ["self", "sep", "maxsplit"]),
        ("builtins:bytes.fromhex", ["string"]),
        ("builtins:print", ["sep", "end", "file", "flush", "*args"]),
        ("heapq:nlargest", ["n", "iterable", "key"]),
        ("collections:Counter.most_common", ["self", "n"]),
        ("datetime:date.isoformat", ["self"]),
        ("fractions:Fraction", ["numerator", "denominator"]),
        ("operator:itemgetter", ["item", "*items"]),
        ("builtins:max", ["*args", "**kwargs"]),
    ],
)
def test_what_comes_with_python(name: str, expected: list[str]) -> None:
    found = names(user_functions.entry(name))
    assert found[: len(expected)] == expected


def test_what_comes_with_python_and_is_not_there() -> None:
    for name, sentence in (
        ("math:no_such", "There is no function no_such in math."),
        ("math:pi", "pi in math is a float, and no function."),
        ("json:no_such", "There is no function no_such in json."),
    ):
        with pytest.raises(ValueError, match=r".") as caught:
            user_functions.entry(name)
        assert str(caught.value) == sentence


def test_an_installed_module_means_something_else_by_the_names_that_thaw_fills_in() -> None:
    entry = user_functions.entry("operator:indexOf")
    assert entry.own is not None
    assert entry.own.given == ()
    assert names(user_functions.entry("random:seed"))[0] == "a"


@pytest.mark.parametrize(
    ("signature", "field"),
    [
        ("x", ("literal", None, (), "")),
        ("x=None", ("literal", None, (), "")),
        ("x=(1, 2)", ("literal", (1, 2), (), "")),
        ("x=b''", ("literal", b"", (), "")),
        ("x=make()", ("literal", None, (), "")),
        ("x: list[int]", ("literal", None, ("list",), "")),
        ("x: 'dict[str, int]'", ("literal", None, ("dict",), "")),
        ("x: tuple = ()", ("literal", (), ("tuple",), "")),
        ("x: int | None", ("literal", None, ("int", "NoneType"), "")),
        ("x: int | None = None", ("int", None, (), "")),
        ("x: list[int] | None = None", ("literal", None, ("list", "NoneType"), "")),
        ("x: int | str", ("literal", None, ("int", "str"), "")),
        ("x: Any", ("literal", None, (), "")),
        ("x: Sequence[int]", ("literal", None, (), "")),
        ("x: collections.abc.Mapping[str, int]", ("literal", None, ("dict",), "")),
        ("x: bytes, /", ("literal", None, ("bytes",), "/")),
        ("x: np.ndarray", ("literal", None, (), "")),
        ("*, x: int", ("int", None, (), "=")),
        ("*x", ("literal", None, ("tuple", "list"), "*")),
        ("**x", ("literal", None, ("dict",), "**")),
    ],
)
def test_fields(read: Callable[[str, str], Entry], signature: str, field: tuple[Any, ...]) -> None:
    (found,) = read(f"def work({signature}): ...\n", "work").fields
    assert (found.kind, found.default, found.wants, found.by) == field


def test_what_is_said_of_a_value_is_kept_apart_from_nothing(read: Callable[[str, str], Entry]) -> None:
    entry = read("def work(x, y=None, *more, **others): ...\n", "work")
    assert arguments(entry, {"x": None}) == {"x": None}
    assert arguments(entry, {"x": "", "y": ""}) == {"x": "", "y": ""}
    assert arguments(entry, {"x": 1, "more": (2,), "others": {"z": 3}}) == {
        "x": 1,
        "*": (2,),
        "**": {"z": 3},
    }
    with pytest.raises(ValueError, match=r"^work needs a value for its parameter x\.$"):
        arguments(entry, {})
    method = read("class A:\n    def work(self, x=1): ...\n", "A.work")
    assert [(one.name, one.label, one.is_required) for one in method.fields[:1]] == [("self", "Made by", True)]
    with pytest.raises(ValueError, match=r"^A.work needs a line that makes its object \(Made by\)\.$"):
        arguments(method, {"x": 3})


def test_what_python_itself_says_may_have_any_text_as_a_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "thaw_arrows.py").write_text("def work(x='a -> b', *, y=1): ...\n")
    monkeypatch.syspath_prepend(tmp_path)
    said = stub("thaw_arrows", "work")
    monkeypatch.delitem(sys.modules, "thaw_arrows")
    assert ast.unparse(written(said["source"]).args) == "x='a -> b', *, y=1"
