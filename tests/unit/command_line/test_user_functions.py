"""A person's own function on the command line: taken as it is meant, or refused with a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from workers.command_line.parser import Options, listing, parse
from workers.stepping.judging import judge
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

MINE = '''
from pathlib import Path
print("it ran")

def resize(picture: Path, size: int = 100):
    """Resize a picture.

    Args:
        picture: which one
        size: how large (1 to 1,000)
    """

async def fetch(): ...

def label():
    from PySide6.QtWidgets import QLabel
    QLabel()

def plain(): ...

def listed(names: list): ...

class Box:
    def work(self): ...
'''


@pytest.fixture(autouse=True)
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "mine.py"
    path.write_text(MINE)
    return path


def parsed(line: str) -> Options:
    return parse(line.split())


def test_a_relative_path_is_taken_as_it_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    options = parsed("--headless --workload mine.py:resize --param picture=a.jpg --param size=7 --tasks 3")
    assert options.settings.workload == "mine.py:resize"
    assert dict(options.settings.params) == {"picture": "a.jpg", "size": 7}
    assert (options.settings.runner, options.settings.tasks, options.start) == ("thread_pool", 3, True)
    assert parsed("--workload mine:plain").settings.tasks == 16
    assert "it ran" not in capsys.readouterr().out


def test_modules_whose_names_clash_with_ours_go_to_processes(tmp_path: Path) -> None:
    (tmp_path / "gui.py").write_text("")
    (tmp_path / "mine.py").write_text("import gui\ndef work(): ...\n")
    assert parsed("--workload mine.py:work").settings.runner == "process_pool", "where none is named"
    sentence = "in the process of this program: its module gui would be a part of Thaw there"
    with pytest.raises(
        ValueError,
        match=f"^work cannot run on ThreadPoolExecutor, {sentence}, so add --runner process_pool\\.$",
    ):
        parsed("--workload mine.py:work --runner thread_pool")
    choice = parsed("--benchmark --workload mine.py:work").benchmark
    assert choice is not None
    assert {"thread_pool", "process_pool"} <= set(choice.runners), "those that cannot are told in its results"
    check = parsed("--check mine.py:work")
    with pytest.raises(ValueError, match=f"^work cannot run on Threads, step by step, {sentence}\\.$"):
        judge(check.settings.workload_entry, {}, orders=1)


def test_an_async_function_goes_to_its_own_place() -> None:
    assert parsed("--workload mine.py:fetch").settings.runner == "asyncio_loop"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("--workload gone.py:work", "There is no file "),
        (
            "--workload mine.py:wrong",
            "There is no function wrong in mine.py. There are: resize, fetch, label, plain",
        ),
        ("--workload mine.py", "Name a function of mine.py too: mine.py:NAME. There are: resize, "),
        (
            "--workload no.module:work",
            "There is no module no.module here: start Thaw in the folder that it is in",
        ),
        (
            "--workload mine.py:resize",
            "resize needs a value for its parameter picture: add --param picture=VALUE.",
        ),
        ("--workload mine.py:resize --param picture=a --param size=0", "size is at least 1, not 0."),
        (
            "--workload mine.py:resize --param wrong=a",
            "resize (mine.py) has no parameter 'wrong'. It has: picture, size",
        ),
        ("--workload mine.py:listed", "listed needs a value for its parameter names: add --param names=VALUE."),
        ("--workload mine.py:listed --param names=abc", "names is a list, such as [1, 2], not abc."),
        (
            "--workload mine.py:Box.work",
            "needs a line that makes its object (Made by): add --param self='Box(...)'.",
        ),
        (
            "--workload mine.py:Box.work --param self=Box[0]",
            "self is made by a call of what stands in its file",
        ),
        ("--workload mine.py:fetch --runner thread_pool", "fetch is async: it runs in an event loop only"),
        ("--workload mine.py:label --headless", "label cannot run with --headless: it needs the GUI thread"),
        ("--benchmark --workload mine.py:wrong", "There is no function wrong in mine.py."),
        ("--benchmark --workload mine.py:resize", "resize needs a value for its parameter picture"),
        ("--workload hash_files", "Choose a folder first: add --param folder=VALUE."),
        ("--benchmark --workloads hash_files", "Choose a folder first: add --param folder=VALUE."),
        ("--benchmark --workload mine.py:plain --workloads primes", "A function of yours is measured alone"),
        ("--benchmark --workload mine.py:plain --runner thread_pool", "--runner does not go with --benchmark"),
        ("--benchmark --workload primes", "--workload does not go with --benchmark"),
    ],
)
def test_what_cannot_be_done_is_told(line: str, sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        parsed(line)
    assert sentence in str(caught.value)
    assert str(caught.value).endswith(".")


def test_a_benchmark_of_it_is_over_all_places() -> None:
    choice = parsed("--benchmark --headless --workload mine.py:plain").benchmark
    assert choice is not None
    assert (choice.workloads, choice.workers, choice.repeat, choice.tasks) == (
        ("mine.py:plain",),
        (4,),
        2,
        None,
    )
    assert {"thread_pool", "process_pool", "asyncio_loop"} <= set(choice.runners)
    assert "qt_network" not in choice.runners
    line = "--benchmark --workload mine.py:resize --runners thread_pool --workers 1,2 --repeat 1 --tasks 4"
    choice = parsed(f"{line} --param picture=a").benchmark
    assert choice is not None
    assert (choice.runners, choice.workers, choice.repeat, choice.tasks) == (("thread_pool",), (1, 2), 1, 4)
    assert choice.params == (("picture", "a"),)


def test_the_list_has_none_of_it() -> None:
    assert "mine" not in listing()
