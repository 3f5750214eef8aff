"""A new runner is one file: what is true of it stands there, and nobody else knows it, or any other, by its name."""

from __future__ import annotations

import ast
import re
import shutil
from math import dist
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gui.theme.theme import Theme
from tests.support.finished_runs import lag_of, made_run
from tests.support.sample_benchmarks import made_benchmark, made_matrix
from workers.benchmark.advice import advise
from workers.benchmark.findings import findings
from workers.benchmark.page import page
from workers.catalog import lookup, user_functions
from workers.catalog.compatibility import refusal, usual_place
from workers.engine.plan import BLOCKING, DEFAULT_RUNNER, Settings
from workers.reports.freeze_advice import Known
from workers.reports.freeze_advice import advise as freeze_advice
from workers.reports.next_step import after_run
from workers.utils.child import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication

ON_GUI = Settings.named(BLOCKING, "somebodys", 4, 2)
ROOT = Path(__file__).parents[2]
MAY = {
    "runners": {
        ("workers/engine/plan.py", BLOCKING),
        ("workers/engine/plan.py", DEFAULT_RUNNER),
        ("workers/stepping/file.py", "stepped"),
    },
    "workloads": {
        ("gui/downloads/settings.py", "download"),
        ("gui/downloads/texts.py", "download"),
        ("gui/window/announcer.py", "download"),
        ("gui/window/pages.py", "download"),
    },
}
"""What the toggle means, what is chosen first, and what steps; what Downloads starts, and a word of sentences."""


def texts(tree: ast.Module) -> Iterator[str]:
    """The literals of a file that are texts, but for its docstrings."""
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.value


@pytest.mark.parametrize("kind", list(MAY))
def test_no_other_file_names_one(kind: str) -> None:
    names = [path.stem for path in (PACKAGE / kind).glob("[a-z]*.py")]
    names = [name for name in names if name != "sleep"]  # which is what a thread does, too
    assert len(names) >= 7
    # One that is an English word is a name only where it stands alone.
    named = re.compile("|".join(rf"\b{name}\b" if "_" in name else rf"^{name}$" for name in names))
    found = set()
    for path in (one for folder in ("gui", "workers") for one in (ROOT / folder).rglob("*.py")):
        where = path.relative_to(ROOT).as_posix()
        # A lab says where it is to be seen, as it says how many tasks it wants.
        if not where.startswith(
            tuple(f"workers/{one}/" for one in ("runners", "workloads", "snippets", "labs", "lessons"))
        ):
            source = path.read_text(encoding="utf-8")
            if re.search(rf"\b({'|'.join(names)})\b", source):  # to parse all of them takes seconds
                found |= {(where, name) for text in texts(ast.parse(source)) for name in named.findall(text)}
    assert found == MAY[kind]


def test_ours_say_all_of_it() -> None:
    ours = {name: entry.traits for name, entry in lookup.runners().items()}
    for trait in ("color", "marker"):
        assert len({getattr(traits, trait) for traits in ours.values()}) == len(ours), trait
    assert all(traits.gil for traits in ours.values())
    ranks = [traits.advise for traits in ours.values() if traits.advise]
    assert len(set(ranks)) == len(ranks)
    assert ours[BLOCKING].gil == "gui"
    assert DEFAULT_RUNNER == min(ours, key=lambda name: ours[name].advise or max(ranks))


# ---------------------------------------------------------------- one more

TERSE = '"""Somewhere."""\n\nTITLE = "Elsewhere"\n\n\nclass ElsewhereRunner: ...\n'
SAID = """
KIND = "robots"
PLACE = "in a robot"
GIL = "own"
RUNS_ASYNC = True
ADVISE = 1
COLOR = "#123456"
MARKER = "♞"
"""


def hint() -> str:
    run = made_run("elsewhere", lag=lag_of(910))
    return after_run(run, [run], Known(lookup.runners(), {}), is_tour=False).text


@pytest.fixture
def runners(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of runners, for one more of them."""
    for kind in ("runners", "workloads", "downloads"):  # a workload may name where its parameters stand
        shutil.copytree(PACKAGE / kind, tmp_path / kind, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(lookup, "PACKAGE", tmp_path)
    return tmp_path / "runners"


def test_one_that_says_all_is_known_everywhere(runners: Path, qapp: QApplication, tmp_path: Path) -> None:
    (runners / "elsewhere.py").write_text(TERSE + SAID, encoding="utf-8")
    theme = Theme(qapp)
    assert theme.runner_color("elsewhere").name() == "#123456"
    assert theme.runner_marker("elsewhere") == "♞"
    assert hint().startswith(
        "It ran in a robot, apart from the window's GIL, and yet the window was frozen for 900 ms."
    )
    speeds = {("elsewhere", 2): (4.0, 4.1, 3.9), ("thread_pool", 2): (1.0, 1.0, 1.0)}
    measured = made_benchmark(speeds, made_matrix(("elsewhere", "thread_pool"), (2,)), startup_s=0.0)
    assert "Robots (Elsewhere), 2 workers: 4.0×" in findings(measured)[0]
    assert "#123456" in page(measured)
    advice = advise(measured, lookup.runners())
    assert advice.runner == "elsewhere"
    assert advice.text.startswith("Run it in a robot: 4.0 times as fast")
    assert "Threads are no faster here: it holds the GIL." in advice.text
    assert freeze_advice("python", ON_GUI, Known(lookup.runners(), {})).label == "Run it on Elsewhere"
    mine = tmp_path / "mine.py"
    mine.write_text("async def fetch(): ...\nwork = lambda: 1\n")
    assert usual_place(user_functions.entry(f"{mine}:fetch"), lookup.runners(), DEFAULT_RUNNER) == "elsewhere"
    assert "lambda" in refusal(lookup.runners()["elsewhere"], user_functions.entry(f"{mine}:work"), {})


def rgb(color: str) -> bytes:
    return bytes.fromhex(color[1:])


def test_of_one_that_says_nothing_nothing_is_assumed(runners: Path, qapp: QApplication) -> None:
    for name in ("elsewhere", "further"):
        (runners / f"{name}.py").write_text(TERSE, encoding="utf-8")
    theme = Theme(qapp)
    names = lookup.runners()
    assert {"elsewhere", "further"} < set(names)
    assert len({theme.runner_marker(name) for name in names}) == len(names)
    for scheme in ("light", "dark"):
        theme.set_choice(scheme)
        new, *old = [
            rgb(theme.runner_color(name).name()) for name in ("elsewhere", *(set(names) - {"elsewhere"}))
        ]
        assert min(dist(new, other) for other in old) > 35
    assert hint().startswith("It ran elsewhere, and yet the window was frozen for 900 ms.")
    speeds = {("elsewhere", 2): (4.0, 4.1, 3.9)}
    measured = made_benchmark(speeds, made_matrix(("elsewhere",), (2,)), startup_s=0.0)
    assert "Elsewhere, 2 workers: 4.0×" in findings(measured)[0]
    assert advise(measured, names).text.startswith("Run it on Elsewhere: 4.0 times as fast")
    assert freeze_advice("python", ON_GUI, Known(names, {})).label == "Run it on ProcessPoolExecutor"


@pytest.mark.parametrize("line", ['GIL = "theirs"', "COLOR = 7", 'COLOR = "red"', "ADVISE = True"])
def test_one_that_says_what_means_nothing_is_not_available(runners: Path, line: str) -> None:
    (runners / "elsewhere.py").write_text(TERSE + line, encoding="utf-8")
    name, _, value = line.partition(" = ")
    assert (
        lookup.runners()["elsewhere"].missing == f"cannot be read: {name} cannot be {ast.literal_eval(value)!r}"
    )
