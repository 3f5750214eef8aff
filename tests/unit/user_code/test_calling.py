"""What a person named is called with what they said: published functions, methods, odd parameters."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from workers.catalog import user_functions
from workers.catalog.user_parameters import arguments
from workers.command_line.settings import read_params
from workers.engine.plan import Plan, Settings
from workers.engine.task import Control, Phase, drive_to_end
from workers.user_code import loading
from workers.user_code.call_words import wrapper
from workers.user_code.loading import forget
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from workers.engine.task import TaskEvent


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    modules, finders = set(sys.modules), sys.meta_path[:]
    yield
    for name in set(sys.modules) - modules:
        if name.startswith("mine"):
            del sys.modules[name]
    sys.meta_path[:] = finders
    loading._made.clear()


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], str]:
    def write(source: str) -> str:
        path = tmp_path / "mine.py"
        path.write_text(source)
        return str(path)

    return write


def ended(name: str, *params: str, calls: int = 1) -> list[Any]:
    """What calls came to, with what the command line says; of the last one that failed its traceback."""
    entry = user_functions.entry(name)
    values = read_params(params, (entry,), "There is no parameter {}".format)
    settings = Settings.named("thread_pool", name, calls, 1, values)
    plan = Plan(settings, lambda: "")
    told: list[TaskEvent] = []
    for index in range(calls):
        drive_to_end(plan.task(index, index), told.append, Control(), "here")
    return [event.detail for event in told if event.phase in {Phase.DONE, Phase.FAILED}]


PUBLISHED = [
    ("json:dumps", ["obj=[1,2]"], "'[1, 2]'"),
    ("json:dumps", ["obj={'b': (1,)}", "sort_keys=yes", "indent=2"], "'{\\n \"b\": [\\n 1\\n ]\\n}'"),
    ("json:loads", ["s='[1, {\"a\": null}]'"], "[1, {'a': None}]"),
    ("statistics:mean", ["data=[1, 2, 3.5]"], "2.1666666666666665"),
    ("statistics:quantiles", ["data=[1, 2, 3, 4]", "n=2"], "[2.5]"),
    ("colorsys:rgb_to_hls", ["r=0.1", "g=0.2", "b=0.3"], "(0.58"),
    ("hashlib:sha256", ["string=b'abc'"] if sys.version_info < (3, 14) else ["data=b'abc'"], "<sha256"),
    ("hashlib:pbkdf2_hmac", ["hash_name=sha256", "password=b'a'", "salt=b'b'", "iterations=2"], "32 bytes, b"),
    ("math:sqrt", ["x=9"], "3.0"),
    ("math:hypot", ["coordinates=[3, 4]"] if sys.version_info >= (3, 12) else ["args=[3, 4]"], "5.0"),
    ("zlib:compress", ["data=b'aaaa'"], "b'x"),
    ("zlib:crc32", ["data=b'abc'"], "891568578"),
    ("bz2:compress", ["data=b'aaaa'"], "39 bytes, b"),
    ("lzma:compress", ["data=b'aaaa'"], "60 bytes, b"),
    ("base64:b64encode", ["s=b'abc'"], "b'YWJj'"),
    ("binascii:b2a_base64", ["data=b'abc'", "newline=no"], "b'YWJj'"),
    ("os.path:join", ["a=x", "p=('y', 'z')"], "'x/y/z'"),
    ("re:findall", ["pattern='[a-z]+'", "string=ab 12 cd"], "['ab', 'cd']"),
    ("textwrap:fill", ["text=a few words", "width=5"], "'a few\\nwords'"),
    ("difflib:get_close_matches", ["word=appel", "possibilities=['ape', 'apple']"], "['apple', 'ape']"),
    ("fractions:Fraction", ["numerator='3/6'"], "Fraction(1, 2)"),
    ("heapq:nlargest", ["n=2", "iterable=[3, 9, 4]"], "[9, 4]"),
    ("bisect:bisect_left", ["a=[1, 3, 5]", "x=3"], "1"),
    ("itertools:combinations", ["iterable=abc", "r=2"], "<combinations>"),
    ("builtins:sorted", ["iterable=[3, 1, 2]", "reverse=yes"], "[3, 2, 1]"),
    ("builtins:max", ["args=[3, 9]", "kwargs={'default': 1}"], None),
    ("builtins:pow", ["base=2", "exp=10", "mod=1000"], "24"),
    ("builtins:str.split", ["self='a b c'", "maxsplit=1"], "['a', 'b c']"),
    ("builtins:dict.fromkeys", ["iterable=ab"], "{'a': None, 'b': None}"),
    ("collections:Counter.most_common", ["self=Counter('abca')", "n=1"], "[('a', 2)]"),
    ("datetime:date.isoformat", ["self=date(2024, 2, 3)"], "'2024-02-03'"),
    ("datetime:datetime", ["year=2024", "month=2", "hour=3", "day=4"], "datetime.datetime(2024, 2, 4, 3, 0)"),
    ("datetime:datetime.fromisoformat", ["date_string='2024-02-03'"], "datetime.datetime(2024, 2, 3"),
    ("decimal:Decimal", ["value='1.10'"], "Decimal('1.10')"),
    ("string:capwords", ["s=ab cd"], "'Ab Cd'"),
    ("urllib.parse:quote", ["string=a b"], "'a%20b'"),
    ("ast:literal_eval", ["node_or_string='[1, 2]'"], "[1, 2]"),
    ("random:sample", ["population=[5]", "k=1"], "[5]"),
    ("uuid:UUID", ["hex='12345678123456781234567812345678'"], "UUID('12345678-1234-5678-1234-567812345678')"),
]


@pytest.mark.parametrize(("name", "params", "expected"), PUBLISHED)
def test_published_functions_run_unchanged(name: str, params: list[str], expected: str | None) -> None:
    (result,) = ended(name, *params)
    if expected is None:
        assert "TypeError" in result, "as Python says it"
    else:
        assert str(result).startswith(expected)


def test_values_that_look_like_others_are_told(write: Callable[[str], str]) -> None:
    name = f"{write('def work(s): return [type(s).__name__, s]')}:work"
    for text, expected in (("0.1", "['float', 0.1]"), ("abc", "['str', 'abc']"), ("'1'", "['str', '1']")):
        assert ended(name, f"s={text}") == [expected]
    with pytest.raises(ValueError, match=r"^s cannot be read: .* A text stands in quotes: '\[a-z\]\+'\.$"):
        ended(name, "s=[a-z]+")


def test_a_call_that_changes_what_it_is_given_changes_nothing_for_the_next(write: Callable[[str], str]) -> None:
    name = f"{write('def work(items, index): items.append(index); return items')}:work"
    assert ended(name, "items=[7]", calls=3) == ["[7, 0]", "[7, 1]", "[7, 2]"]


SOURCE = """
import os
from decimal import Decimal

SIZE = 5

class Box:
    made = 0

    def __init__(self, size=1, *, name=""):
        Box.made += 1
        self.size, self.name, self.calls = size, name, 0

    def work(self, by=2, /):
        self.calls += 1
        return [self.size * by, self.name, self.calls, Box.made]

    also = work

    def steps(self):
        yield self.size
        return "end"

def build(size):
    return Box(size, name="built")

def odd(a, b=2, /, c=3, *d, e=4, **f):
    return [a, b, c, d, e, f]

nothing = 3

def text(value):
    return (text if value else 3)
"""


@pytest.mark.parametrize(
    ("function", "params", "expected"),
    [
        ("Box.work", ["self=Box(3)"], "[6, '', 1, {}]"),
        ("Box.work", ["self=Box(SIZE, name='x')", "by=3"], "[15, 'x', 1, {}]"),
        ("Box.also", ["self=build(4)"], "[8, 'built', 1, {}]"),
        ("odd", ["a=1"], "[1, 2, 3, (), 4, {}]"),
        ("odd", ["a=1", "c=5"], "[1, 2, 5, (), 4, {}]"),
        ("odd", ["a=1", "d=[6]", "f={'x': 1}"], "[1, 2, 3, (6,), 4, {'x': 1}]"),
        ("Box.steps", ["self=Box()"], "'end'"),
    ],
)
def test_methods_and_odd_parameters(
    write: Callable[[str], str], function: str, params: list[str], expected: str
) -> None:
    name = f"{write(SOURCE)}:{function}"
    forget()
    first, second = ended(name, *params, calls=2)
    made = "{}" in expected and function.startswith("Box") and function != "Box.steps"
    assert [first, second] == ([expected.format(1), expected.format(2)] if made else [expected] * 2)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("os.getcwd()", "os is only imported in mine_"),
        ("Decimal(3)", "Decimal is only imported in mine_"),
        ("open('x')", "AttributeError: "),
    ],
)
def test_the_line_that_makes_an_object_can_do_no_more_than_its_file(
    write: Callable[[str], str], line: str, said: str
) -> None:
    (error,) = ended(f"{write(SOURCE)}:Box.work", f"self={line}")
    assert said in error


def test_what_cannot_be_called_is_told_where_it_runs(write: Callable[[str], str]) -> None:
    (error,) = ended(f"{write('import os' + chr(10) + 'work = os.sep.join([])' + chr(10))}:work")
    assert error.rstrip().endswith("work is of type str, and cannot be called.")


def test_a_decorator_that_takes_arguments_by_position_only(write: Callable[[str], str]) -> None:
    source = (
        "import functools\ndef deco(f):\n    @functools.wraps(f)\n"
        "    def inner(*args): return f(*args)\n    return inner\n"
        "@deco\ndef work(a, b=2): return [a, b]\n"
    )
    name = f"{write(source)}:work"
    assert ended(name, "args=(5,)") == ["[5, 2]"]
    assert arguments(user_functions.entry(name), {}) == {}


MADE = """
import functools, operator
from collections import namedtuple

Point = namedtuple("Point", "x y")
add3 = functools.partial(operator.add, 3)
power = functools.partial(pow, 2)

@functools.singledispatch
def single(x): return "any"

@single.register
def _(x: int): return "int"

class Decorated:
    def __init__(self, f): self.f = f
    def __call__(self, *args, **more): return self.f(*args, **more)

@Decorated
def wrapped(x): return x

def outer():
    def inner(x): return [x]
    return inner

inner = outer()

class Meta(type):
    def __call__(cls): return "meta"

class Made(metaclass=Meta): ...
"""


@pytest.mark.parametrize(
    ("function", "params", "expected"),
    [
        ("Point", ["args=[1, 2]"], "Point(1, 2)"),
        ("Point", ["kwargs={'x': 1, 'y': 2}"], "Point(1, 2)"),
        ("add3", ["b=2"], "5"),
        ("single", ["x=1"], "'int'"),
        ("single", ["x=a"], "'any'"),
        ("power", ["exp=3"], "8"),
        ("wrapped", ["x=1"], "1"),
        ("inner", ["args=(1,)"], "[1]"),
        ("Made", [], "'meta'"),
    ],
)
def test_what_is_made_when_the_file_runs(
    write: Callable[[str], str], function: str, params: list[str], expected: str
) -> None:
    assert ended(f"{write(MADE)}:{function}", *params) == [expected]


def test_a_literal_has_no_other_values(write: Callable[[str], str]) -> None:
    source = "from typing import Literal as L, Literal\n"
    source += "def work(how: Literal['a', 3], also: 'Literal[True]' = True): return [how, also]\n"
    name = f"{write(source)}:work"
    assert ended(name, "how=a") == ["['a', True]"]
    assert ended(name, "how=3") == ["[3, True]"]
    for param, said in (("how=b", "how is 'a' or 3, not b"), ("also=no", "also is True, not no")):
        with pytest.raises(BadInput, match=said):
            ended(name, "how=a", param)


def test_a_wrapper_calls_no_property(write: Callable[[str], str]) -> None:
    file = write("class Box:\n    @property\n    def size(self): return 3\nbox = Box()\ndef work(): ...\n")
    assert wrapper(f"{file}:box.size").endswith("return box.size\n")
    assert wrapper(f"{file}:Box.size").endswith("return Box().size\n")
