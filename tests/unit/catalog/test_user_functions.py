"""What is known of a person's function from its source; nothing of the file runs."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING, Any

import pytest

from workers.catalog import lookup, user_functions
from workers.catalog.compatibility import lack, user_refusal, usual_place
from workers.catalog.user_parameters import arguments
from workers.monitors import syntax

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from workers.catalog.entry import Entry

RUNS = "raise RuntimeError('this file was run')\n"


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], str]:
    """Writes mine.py, and returns its path."""

    def write(source: str) -> str:
        path = tmp_path / "mine.py"
        path.write_text(source, encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def read(write: Callable[[str], str]) -> Callable[..., Entry]:
    """The entry of a function `work` in a file."""
    return lambda source, function="work": user_functions.entry(f"{write(source)}:{function}")


def refused(write: Callable[[str], str], source: str, function: str = "work") -> str:
    with pytest.raises(ValueError, match=r".") as caught:
        user_functions.entry(f"{write(source)}:{function}")
    return str(caught.value)


# ---------------------------------------------------------------- which functions there are


def test_a_file_is_parsed_and_searched_for_widgets_once_for_all_its_functions(
    write: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"work_{number}" for number in range(20)]
    path = write("import once_only\n" + "".join(f"def {name}(): return a.b.c\n" for name in names))
    parsed: list[str] = []
    parse, walk = syntax.parse, ast.walk
    walked: list[ast.AST] = []

    def note_parse(source: str, name: str) -> ast.Module:
        parsed.append(source)
        return parse(source, name)

    def note_walk(node: ast.AST) -> Iterator[ast.AST]:
        walked.append(node)
        return walk(node)

    monkeypatch.setattr(syntax, "parse", note_parse)
    monkeypatch.setattr("workers.catalog.user_syntax.ast.walk", note_walk)
    assert user_functions.functions(path) == names
    for name in names:
        assert user_functions.entry(f"{path}:{name}").own is not None
    assert len(parsed) == 1
    assert len([node for node in walked if isinstance(node, ast.Module)]) == 1


def test_the_functions_of_a_file_in_their_order(write: Callable[[str], str]) -> None:
    source = (
        f"{RUNS}def _hidden(): ...\ndef first(): ...\nasync def second(): ...\nthird = lambda: 1\nvalue = 3\n"
        "class Thing:\n    def method(self): ...\n"
        "try:\n    import fast\n    def fourth(): ...\nexcept ImportError:\n    def fourth(): ...\n"
        'if __name__ == "__main__":\n    def guarded(): ...\n'
    )
    before = set(sys.modules)
    assert user_functions.functions(write(source)) == [
        *("first", "second", "third", "fourth", "Thing", "Thing.method", "_hidden"),
    ]
    assert "mine" not in set(sys.modules) - before


@pytest.mark.parametrize(
    ("source", "function", "sentence"),
    [
        ("def a(): ...\ndef b(): ...\n", "work", "There is no function work in mine.py. There are: a, b."),
        ("", "work", "mine.py has no function: write one, such as def work(): ..."),
        (
            *("def outer():\n    def work(): ...\n", "work"),
            "work in mine.py is written inside of outer, and nobody else can call it or pickle it: move it to the top "
            "level of the file.",
        ),
        (
            *("class Thing:\n    def work(self): ...\n", "work"),
            "work in mine.py is a method: name it as Thing.work.",
        ),
        (
            *('if __name__ == "__main__":\n    def work(): ...\n', "work"),
            'work in mine.py is written under `if __name__ == "__main__"`, so it is not there when the file is '
            "imported: move it above that line.",
        ),
        ("x = 1\ndef work(:\n", "work", "mine.py, line 2 is no valid Python (invalid syntax): def work(:"),
    ],
)
def test_what_is_no_function_is_told(
    write: Callable[[str], str], source: str, function: str, sentence: str
) -> None:
    assert refused(write, source, function) == sentence


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    for name, words in (
        (f"{tmp_path}/gone.py:work", f"There is no file {tmp_path / 'gone.py'}: check the path"),
        (f"{tmp_path}/:work", f"{tmp_path} is a folder: name a file of Python in it."),
    ):
        with pytest.raises(ValueError, match=r"\.$") as caught:
            user_functions.entry(name)
        assert str(caught.value).startswith(words)
    picture = tmp_path / "picture.py"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\xff")
    with pytest.raises(ValueError, match=r"picture\.py"):
        user_functions.functions(picture)
    assert lookup.entry("workloads", f"{tmp_path}/gone.py:work") is None


def test_a_name_without_a_function_tells_which_there_are(write: Callable[[str], str]) -> None:
    path = write("def a(): ...\ndef b(): ...\n")
    with pytest.raises(ValueError, match="Name a function") as caught:
        user_functions.entry(path)
    assert str(caught.value) == f"Name a function of {path} too: {path}:NAME. There are: a, b."


# ---------------------------------------------------------------- what it is


def test_an_entry_is_like_that_of_a_workload(read: Callable[..., Entry], tmp_path: Path) -> None:
    entry = read(
        f'import json\n{RUNS}UNIT = "pictures"\nTASKS = 7\ndef work():\n    """Resize.\n\n    More."""\n'
    )
    assert (entry.title, entry.summary, entry.missing) == ("work (mine.py)", "Resize.", "")
    assert entry.path == tmp_path / "mine.py"
    assert (entry.constants["UNIT"], entry.constants["TASKS"]) == ("pictures", 7)
    assert lookup.entry("workloads", entry.name) == entry


@pytest.mark.parametrize(
    ("source", "kind", "unit"),
    [
        ("def work(): return 1", "plain", "calls"),
        ("def work(): yield 1", "generator", "steps"),
        ("def work():\n    def inner(): yield 1\n    return [x for x in inner()]", "plain", "calls"),
        ("def work(): x = yield from other()", "generator", "steps"),
        ("async def work(): return 1", "async", "calls"),
        ("async def work(): yield 1", "async generator", "steps"),
        ("work = lambda size=1: size", "plain", "calls"),
    ],
)
def test_kinds(read: Callable[..., Entry], source: str, kind: str, unit: str) -> None:
    entry = read(source)
    assert entry.own is not None
    assert (entry.own.kind, entry.constants["UNIT"]) == (kind, unit)
    assert entry.own.is_async == source.startswith("async")


def test_a_function_may_declare_for_itself(read: Callable[..., Entry]) -> None:
    entry = read('GIL = "releases"\ndef work(): ...\ndef other(): ...\nwork.GIL = "holds"\nother.TASKS = 3\n')
    assert entry.constants["GIL"] == "holds"
    assert entry.constants["TASKS"] == 16


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("def work(): ...", ""),
        (
            "from PySide6.QtWidgets import QLabel\ndef work(): QLabel('x')",
            "it uses QLabel, which works nowhere else",
        ),
        ("from PySide6 import QtWidgets\ndef work(): QtWidgets.QLabel()", "it uses QtWidgets"),
        ("import PyQt6.QtWidgets\ndef work(): PyQt6.QtWidgets.QLabel()", "it uses QtWidgets"),
        ("import PyQt6.QtWidgets as w\ndef work(): w.QLabel()", "it uses w,"),
        ("def work():\n    from PySide6.QtGui import QPixmap\n    QPixmap(3, 4)", "it uses QPixmap"),
        ("from PySide6 import QtGui\ndef work(): QtGui.QPixmap(3, 4)", "it uses QPixmap"),
        (
            "from PySide6.QtWidgets import QLabel\nclass Box(QLabel): ...\ndef make(): return Box()\n"
            "def work(): make()",
            "it uses QLabel",
        ),
        ("from PySide6.QtWidgets import QLabel\nclass Box(QLabel): ...\ndef work(): ...", ""),
        ("from PySide6.QtGui import QImage\ndef work(): QImage()", ""),
        ("NEEDS_GUI_THREAD = True\ndef work(): ...", "mine.py says that it needs the GUI thread"),
        ("NEEDS_GUI_THREAD = False\nfrom PySide6 import QtWidgets\ndef work(): QtWidgets", ""),
    ],
)
def test_what_needs_the_gui_thread(read: Callable[..., Entry], source: str, reason: str) -> None:
    entry = read(source)
    assert entry.own is not None
    assert reason in entry.own.needs_gui
    assert bool(reason) == bool(entry.own.needs_gui)


def test_packages_that_it_imports_must_be_there(read: Callable[..., Entry], tmp_path: Path) -> None:
    (tmp_path / "beside.py").write_text("import json, no_such_one\nimport beside\n")
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "part.py").write_text("")
    entry = read(
        "from __future__ import annotations\nimport os, beside, pack.part\nfrom typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    import types_only\n"
        "try:\n    import fast_one\nexcept ImportError:\n    fast_one = None\n"
        "def other():\n    import for_another\n"
        "def work():\n    import nor_that_one.inner\n"
    )
    assert entry.own is not None
    assert entry.own.imports == ("nor_that_one", "no_such_one")
    assert entry.own.lacks == entry.own.imports
    assert entry.missing == "", "another Python may have them"


@pytest.mark.parametrize(
    ("line", "is_believed"),
    [
        ("sys.path.insert(0, '/somewhere')", True),
        ("for one in 'ab': sys.path.append(one)", True),
        ("sys.path[:0] = ['/somewhere']", True),
        ("sys.path += ['/somewhere']", True),
        ("import site; site.addsitedir('/somewhere')", True),
        ("if __name__ == '__main__': sys.path.append('/somewhere')", False),
        ("first = sys.path[0]", False),
    ],
)
def test_a_file_that_says_itself_where_modules_are_is_believed(
    read: Callable[..., Entry], line: str, is_believed: bool
) -> None:
    own = read(f"import sys\n{line}\nimport no_such_one\ndef work(): ...\n").own
    assert own is not None
    assert own.lacks == (() if is_believed else ("no_such_one",))


CLASHES = {
    "import gui": "gui",
    "from gui import models": "gui",
    "def other():\n    from workers.jobs import job": "workers",
    "try:\n    import main\nexcept ImportError: ...": "main",
    "import late": "gui",
    "import pack.part": "gui",
    "import queue": "queue",
    "import gui_tools, tests_of_mine": "",
}


@pytest.mark.parametrize("source", CLASHES)
def test_a_name_that_has_another_owner_in_our_process(
    source: str, read: Callable[..., Entry], tmp_path: Path
) -> None:
    for name in ("gui", "main", "queue", "gui_tools", "tests_of_mine"):
        (tmp_path / f"{name}.py").write_text("")
    (tmp_path / "late.py").write_text("def later():\n    import gui.models\n")
    for folder, part in (("workers", ""), ("pack", "from . import inner\n")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "__init__.py").write_text("")
        (tmp_path / folder / "part.py").write_text(part)
    (tmp_path / "pack" / "inner.py").write_text("import late\n")
    found = read(f"{source}\ndef work(): ...\n")
    assert found.own is not None
    assert found.own.clash == CLASHES[source]
    assert not found.missing
    runners = lookup.runners()
    for name in ("thread_pool", "gui_thread", "qthread", "asyncio_loop"):
        assert bool(user_refusal(runners[name], found)) == bool(found.own.clash)
    assert not user_refusal(runners["process_pool"], found)
    assert usual_place(found, runners, "thread_pool") == ("process_pool" if found.own.clash else "thread_pool")


def test_the_main_module_is_no_package(read: Callable[..., Entry], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["__main__"], "__spec__", None)  # as where a file was started
    entry = read("import __main__\ndef work(): ...\n")
    assert entry.own is not None
    assert (entry.own.imports, entry.own.clash) == ((), "")


def test_the_refusal_of_a_clash_is_one_sentence(read: Callable[..., Entry], tmp_path: Path) -> None:
    (tmp_path / "gui.py").write_text("")
    assert user_refusal(lookup.runners()["thread_pool"], read("import gui\ndef work(): ...\n")) == (
        "work cannot run on ThreadPoolExecutor, in the process of this program: its module gui would be a part of Thaw "
        "there."
    )


def test_what_a_package_needs_is_found_through_all_of_its_files(
    read: Callable[..., Entry], tmp_path: Path
) -> None:
    for name, source in {
        "pack/__init__.py": "",
        "pack/one.py": "from . import (\n    two,  # another\n    constants\n)\n",
        "pack/two.py": "'''\nimport what_stands_in_a_text\n'''\nimport os.path, no_such_one as n; x = 1\n",
        "pack/constants.py": "try:\n    import forgiven\nexcept ImportError: ...\n",
        "pack/never.py": "import not_asked_for\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(source)
    entry = read("import pack.one\ndef work(): ...\n")
    assert entry.own is not None
    assert entry.own.imports == ("no_such_one",)


# ---------------------------------------------------------------- parameters

SOURCE = '''
from pathlib import Path
from typing import Literal, Optional
SIZE = 200

def work(index, where: Path, target_dir="~", size: int = SIZE, ratio=0.5, big=64 * 1024, *, names: list = (),
         quick: bool = True, mode: Literal["a", "b"] = "a", limit: Optional[int] = None, out: "str | Path" = Path("x"),
         other=None, computed: int = len("abc"), whole: float = 1, control=None, seed: int = 3, word, **rest):
    """Do.

    Args:
        where: the picture, or
            whatever
        size: how large (1 to 2,000)
        limit (int): no more than that
    """
'''


def test_fields_are_read_from_annotations_and_defaults(read: Callable[..., Entry]) -> None:
    source = SOURCE.replace("word, **rest", "word: str, **rest")
    entry = read(source)
    found = {field.name: (field.kind, field.default, field.optional) for field in entry.fields}
    assert found == {
        "where": ("file", None, False),
        "target_dir": ("str", "~", False),
        "size": ("int", 200, False),
        "ratio": ("float", 0.5, False),
        "big": ("int", 65536, False),
        "quick": ("bool", True, False),
        "mode": ("str", "a", False),
        "limit": ("int", None, True),
        "out": ("file", "x", False),
        "computed": ("int", None, True),
        "whole": ("float", 1.0, False),
        "word": ("str", None, False),
        "names": ("literal", (), False),
        "other": ("literal", None, True),
        "rest": ("literal", None, True),
    }
    assert type(dict(found)["whole"][1]) is float
    fields = {field.name: field for field in entry.fields}
    assert fields["where"].help == "the picture, or whatever"
    assert (fields["size"].low, fields["size"].high) == (1, 2000)
    assert fields["limit"].help == "no more than that"
    assert entry.own is not None
    assert entry.own.given == ("index", "control", "seed")


@pytest.mark.parametrize(
    "docstring",
    [
        "Parameters\n    ----------\n    size : int\n        how large\n        it is\n"
        "    folder : Path\n        where\n\n"
        "    Returns\n    -------\n    size\n        not this",
        "Do.\n\n    Args:\n        size (int): how large\n            it is\n        folder: where\n",
    ],
    ids=["numpy", "google"],
)
def test_help_in_two_styles(read: Callable[..., Entry], docstring: str) -> None:
    entry = read(f'from pathlib import Path\ndef work(size: int, folder: Path):\n    """{docstring}\n    """\n')
    assert [(field.name, field.kind, field.help) for field in entry.fields] == [
        ("size", "int", "how large it is"),
        ("folder", "folder", "where"),
    ]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"where": "a", "limit": None}, {"where": "a", "size": 2}),
        ({"where": "a", "limit": "", "size": 5}, {"where": "a", "size": 5}),
        ({"where": "a", "limit": 3}, {"where": "a", "size": 2, "limit": 3}),
        ({"where": ""}, None),
        ({}, None),
    ],
)
def test_what_is_left_empty(
    read: Callable[..., Entry], params: dict[str, Any], expected: dict[str, Any] | None
) -> None:
    entry = read("from pathlib import Path\ndef work(where: Path, size=2, limit: int | None = None): ...")
    if expected is not None:
        assert arguments(entry, params) == expected
        return
    with pytest.raises(ValueError, match=r"^work needs a value for its parameter where\.$"):
        arguments(entry, params)
    assert lack(entry, params) == ("where", "work needs a value for its parameter where.")
