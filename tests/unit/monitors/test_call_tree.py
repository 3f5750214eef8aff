"""Stack samples become a call tree."""

from __future__ import annotations

import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.monitors.call_tree import CallTree, short_name
from workers.monitors.guilt import Rank, SourceFiles

if TYPE_CHECKING:
    from workers.monitors.call_tree import Calls

MINE = "/home/anna/code/mine.py"
ROOT = Path("/srv/thaw")
THAW, LIBRARY = f"{ROOT}/gui/app.py", f"{sysconfig.get_paths()['stdlib']}/socket.py"
RUN, MAIN = (THAW, 20, "run"), (MINE, 3, "main")
SAMPLES: list[tuple[Calls, float]] = [
    ((RUN, MAIN), 0.5),
    ((RUN, MAIN, (MINE, 8, "walk")), 0.25),
    ((RUN, MAIN, (MINE, 9, "walk")), 1.0),
    ((RUN, (MINE, 4, "main"), (MINE, 8, "walk"), (LIBRARY, 700, "recv")), 0.25),
    ((), 5.0),  # no stack
]


@pytest.fixture
def tree() -> CallTree:
    return CallTree(SAMPLES, SourceFiles(ROOT))


def test_frames_are_merged_by_function_and_file_and_their_lines_added_up(tree: CallTree) -> None:
    run, main, walk, recv = tree.frames
    assert [frame.function for frame in tree.frames] == ["run", "main", "walk", "recv"]
    assert tree.root.seconds == run.seconds == main.seconds == 2.0
    assert (main.own_seconds, walk.seconds, walk.own_seconds, recv.own_seconds) == (0.5, 1.5, 1.25, 0.25)
    assert main.lines == {3: 1.75, 4: 0.25}
    assert walk.lines == {8: 0.5, 9: 1.0}
    assert (walk.line, tree.root.line) == (9, 0)
    assert recv.callers == [tree.root, run, main, walk]


def test_one_function_called_by_two_others_is_two_frames() -> None:
    tree = CallTree([((MAIN, RUN), 1.0), ((RUN,), 1.0), ((RUN, RUN), 1.0)])
    assert [len(frame.callers) for frame in tree.frames] == [1, 2, 1, 2]


def test_the_work_thaw_and_libraries_are_told_apart(tree: CallTree) -> None:
    assert [tree.rank(frame) for frame in tree.frames] == [Rank.MACHINERY, Rank.WORK, Rank.WORK, Rank.LIBRARY]


def test_the_guilty_frame_is_the_one_that_was_at_the_line_for_longest() -> None:
    walk = (MINE, 8, "walk")
    tree = CallTree([((RUN, walk), 1.0), ((MAIN, walk), 2.0), ((MAIN, (MINE, 9, "walk")), 1.0)])
    guilty = tree.guilty(*walk)
    assert guilty is not None
    assert guilty.parent is not None
    assert (guilty.parent.function, guilty.seconds) == ("main", 3.0)
    assert tree.guilty(MINE, 10, "walk") is None
    assert tree.guilty(MINE, 8, "other") is None


@given(
    st.lists(
        st.tuples(
            st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 2), st.sampled_from("fg")), max_size=20),
            st.integers(1, 3),
        ),
        max_size=20,
    )
)
def test_no_time_is_lost_or_made_up(drawn: list[tuple[list[tuple[str, int, str]], int]]) -> None:
    tree = CallTree([(tuple(calls), float(seconds)) for calls, seconds in drawn])
    assert tree.root.seconds == sum(seconds for calls, seconds in drawn if calls)
    for frame in (tree.root, *tree.frames):
        assert frame.seconds == frame.own_seconds + sum(child.seconds for child in frame.children.values())
        assert frame is tree.root or frame.seconds == sum(frame.lines.values())
    # The same, counted the plain way.
    whole: dict[tuple[tuple[str, str], ...], float] = {}
    for calls, seconds in drawn:
        for depth in range(1, len(calls) + 1):
            chain = tuple((file, function) for file, _, function in calls[:depth])
            whole[chain] = whole.get(chain, 0.0) + seconds
    chains = {
        tuple((at.file, at.function) for at in (*frame.callers[1:], frame)): frame for frame in tree.frames
    }
    assert {chain: frame.seconds for chain, frame in chains.items()} == whole


def test_a_stack_may_be_deeper_than_python_may_recurse() -> None:
    tree = CallTree([(((MINE, 1, "deep"),) * 5_000, 1.0)])
    assert len(tree.frames) == 5_000


# ---------------------------------------------------------------- names of files


@pytest.mark.parametrize(
    ("file", "name"),
    [
        (MINE, "mine.py"),
        (THAW, "gui/app.py"),
        (LIBRARY, "socket.py"),
        ("/home/anna/.venv/lib/python3.12/site-packages/requests/api.py", "requests/api.py"),
        ("/usr/lib/python3/dist-packages/gi/__init__.py", "gi/__init__.py"),
        (r"C:\Users\anna\venv\Lib\site-packages\requests\api.py", "requests/api.py"),
        (r"C:\Users\anna\Programs\Python\Python311\Lib\json\decoder.py", "json/decoder.py"),
        (r"C:\hostedtoolcache\Python\3.12.4\x64\Lib\json\decoder.py", "json/decoder.py"),
        ("/home/anna/Lib/mine.py", "mine.py"),
        (r"C:\Users\anna\mine.py", "mine.py"),
        (f"{ROOT}/.venv/lib/python3.12/site-packages/numpy/linalg.py", "numpy/linalg.py"),
        ("mine.py", "mine.py"),
        ("<frozen importlib._bootstrap>", "<frozen importlib._bootstrap>"),
    ],
)
def test_no_name_of_a_file_tells_whose_folder_it_lies_in(file: str, name: str) -> None:
    assert short_name(file, SourceFiles(ROOT)) == name


def test_installed_thaw_calls_its_own_files_as_in_a_checkout() -> None:
    site = "/home/anna/.venv/lib/python3.12/site-packages"
    files = SourceFiles(Path(site, "thaw_lab", "app"))
    assert short_name(f"{site}/thaw_lab/app/gui/app.py", files) == "gui/app.py"
    assert short_name(f"{site}/requests/api.py", files) == "requests/api.py"
