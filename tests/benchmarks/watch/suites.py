"""Suites of tests for windows, published and of our own, run with the plugin of `thaw-watch`; who is alarmed by which.

    python -m tests.benchmarks.watch.suites      gets the published ones, into .cache/suites

That takes the archives of source from the package index, with the tests inside, and installs what they need with PyQt6
into an environment of its own. Everything runs in the caller's thread.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
from typing import TYPE_CHECKING, NamedTuple

from tests.benchmarks.figures import Missing
from tests.benchmarks.program import ROOT
from tests.support.watch_wheel import unpack

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

OWN = ROOT / "tests/fixtures/programs/suites"
HERE = ROOT / ".cache/suites"
PYTHON = HERE / "bin/python"
LIMIT = "100ms"
PATIENCE_S = 600
ALARM = re.compile(r"^The GUI thread was blocked for ([\d.]+) (ms|s); it may be for", re.M)
OUTCOMES = re.compile(r"(\d+) (passed|failed|error)")
COMMON = ("PyQt6", "pytest<9", "pytest-qt", "pytest-timeout", "numpy<2.3")


class Published(NamedTuple):
    """A suite that nobody here wrote.

    Attributes:
        name: of its distribution.
        version: of that.
        home: where it comes from.
        folders: of its tests, in its archive.
        needs: what is to be installed besides.
        limit: what its own slots may take, where one of them takes longer than LIMIT.
    """

    name: str
    version: str
    home: str
    folders: tuple[str, ...]
    needs: tuple[str, ...] = ()
    limit: str = LIMIT


PUBLISHED = (
    Published(
        "superqt", "0.9.0", "https://github.com/pyapp-kit/superqt", ("tests",), ("cmap", "pint", "pygments")
    ),
    # Its browser looks through 7,000 icons in one slot, for some 120 ms.
    Published("qtawesome", "1.4.2", "https://github.com/spyder-ide/qtawesome", ("qtawesome",), (), "250ms"),
    Published("qtpy", "2.4.3", "https://github.com/spyder-ide/qtpy", ("qtpy/tests",)),
    Published(
        "qtpynodeeditor",
        "0.3.3",
        "https://github.com/klauer/qtpynodeeditor",
        ("qtpynodeeditor/tests",),
    ),
    Published("qtreload", "0.2.3", "https://github.com/lukasz-migas/qtreload", ("tests",)),
    Published(
        "qt-async-threads",
        "0.6.0",
        "https://github.com/nicoddemus/qt-async-threads",
        ("tests",),
        ("pytest-mock", "httpx"),
    ),
    Published(
        "magicgui", "0.10.2", "https://github.com/pyapp-kit/magicgui", ("tests",), ("pytest-mypy-plugins",)
    ),
    Published("guidata", "3.16.0", "https://github.com/PlotPyStack/guidata", ("guidata/tests",)),
    Published("pyqtconsole", "1.3.0", "https://github.com/pyqtconsole/pyqtconsole", ("tests",)),
    Published("pythonqwt", "0.16.3", "https://github.com/PlotPyStack/PythonQwt", ("qwt/tests",)),
    Published("pytest_qt", "4.5.0", "https://github.com/pytest-dev/pytest-qt", ("tests",)),
    Published(
        "pyqtgraph",
        "0.13.7",
        "https://github.com/pyqtgraph/pyqtgraph",
        ("tests/graphicsItems", "tests/widgets", "tests/imageview"),
    ),
)


class Outcome(NamedTuple):
    """What came of a suite.

    Attributes:
        passed: how many tests passed.
        failed: how many did not, with those that the plugin failed.
        alarms: how long the GUI thread was blocked in each test that the plugin failed, in ms.
        text: what pytest printed.
    """

    passed: int
    failed: int
    alarms: list[float]
    text: str


def run(python: str | Path, folder: Path, tests: Iterable[str], plugin: Path, limit: str | None) -> Outcome:
    """Run a suite.

    Args:
        python: the interpreter with a binding and pytest-qt.
        folder: where to run it.
        tests: the files and folders.
        plugin: `unpack` has put the package there.
        limit: how long its GUI thread may be blocked; None: nobody looks.
    """
    told = () if limit is None else (f"--max-freeze={limit}",)
    # Of the suite's own settings those for coverage name plugins that are not here.
    command = [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "addopts=", *told, *tests]
    environment = {
        **{name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTEST_ADDOPTS"}},
        **{"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(plugin)},
        **({"QT_API": "pyqt6", "PYTEST_QT_API": "pyqt6"} if python == PYTHON else {}),
    }
    ran = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    counts = {"passed": 0, "failed": 0, "error": 0}
    for count, word in OUTCOMES.findall(ran.stdout[-400:]):
        counts[word] += int(count)
    alarms = [float(value) * (1e3 if unit == "s" else 1) for value, unit in ALARM.findall(ran.stdout)]
    return Outcome(counts["passed"], counts["failed"] + counts["error"], alarms, ran.stdout + ran.stderr)


def own(kind: str, folder: Path) -> list[Path]:
    """Our own suites of a kind, "good" or "slow", copied into a folder that has no settings of ours around it."""
    shutil.copytree(OWN / kind, folder / kind)
    return sorted((folder / kind).glob("test_*.py"))


def source(suite: Published) -> Path:
    """Where a published one lies. Raises Missing where nobody got it."""
    folder = HERE / "sources" / f"{suite.name}-{suite.version}"
    if not PYTHON.exists() or not folder.exists():
        raise Missing(
            f"there is no {folder.relative_to(ROOT)}: python -m tests.benchmarks.watch.suites gets it"
        )
    return folder


def get() -> None:
    """Get all published suites, and what they need."""
    if not PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", str(HERE)], check=True)
    pip = [str(PYTHON), "-m", "pip", "-q", "--disable-pip-version-check"]
    needs = {need for suite in PUBLISHED for need in suite.needs}
    own_names = [f"{suite.name}=={suite.version}" for suite in PUBLISHED if suite.name != "pytest_qt"]
    subprocess.run([*pip, "install", *COMMON, *sorted(needs), *own_names], check=True)
    sources = HERE / "sources"
    sources.mkdir(exist_ok=True)
    (sources / "pytest.ini").write_text(
        "[pytest]\n"
    )  # for suites without settings: those of Thaw are further up
    for suite in PUBLISHED:
        if not (sources / f"{suite.name}-{suite.version}").exists():
            print(suite.name, suite.version, suite.home)
            name = f"{suite.name}=={suite.version}"
            subprocess.run(
                [
                    *pip,
                    "download",
                    "--no-deps",
                    "--no-binary",
                    suite.name.replace("_", "-"),
                    "-d",
                    sources,
                    name,
                ],
                check=True,
            )
    for archive in sources.glob("*.tar.gz"):
        with tarfile.open(archive) as packed:
            packed.extractall(sources, filter="data")
        archive.unlink()


def put_plugin(folder: Path) -> Path:
    """The package `thaw_watch`, in a new folder."""
    return unpack(folder / "thaw_watch_wheel")


if __name__ == "__main__":
    get()
