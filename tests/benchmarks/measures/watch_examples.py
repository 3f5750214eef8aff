"""Programs that nobody here wrote, all of pyqtgraph's own examples: watched, they are as they are by themselves."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.figures import Missing, Wanted
from tests.benchmarks.measure import Measure
from tests.benchmarks.sizes import ALONE_RUNS, EXAMPLE_S, EXAMPLES
from tests.benchmarks.watch import fidelity
from tests.benchmarks.watch.watching import watching

if TYPE_CHECKING:
    from tests.benchmarks.measure import Tell, Values
    from tests.benchmarks.program import Bench
    from tests.benchmarks.watch.fidelity import Seen

WANTED = (
    Wanted("examples", "pyqtgraph's examples that run by themselves here", None, "calls"),
    Wanted("examples_differ", "watched, those with another exit code, output, or other windows", 0, "calls"),
    Wanted("pictures", "those that look the same in all runs by themselves", None, "calls"),
    Wanted("pictures_differ", "watched, those of them that look different", 0, "calls"),
)


def examples() -> list[Path]:
    """The files of pyqtgraph's examples, whether they run here or not."""
    package = importlib.util.find_spec("pyqtgraph")
    if package is None or package.origin is None:
        raise Missing("there is no pyqtgraph")
    found = sorted(Path(package.origin).parent.glob("examples/*.py"))
    return [path for path in found if not path.name.startswith("_")][:EXAMPLES]


def variables(folder: Path) -> dict[str, str]:
    """The environment of an example: that of a person at a display, with settings and temporary files of its own."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("QT_", "PYTHON", "WAYLAND"))}
    own = dict.fromkeys(("TMPDIR", "THAW_DATA", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), str(folder))
    # Values that are made up, such as noise, are the same in each run as far as they can be.
    return {**kept, **own, "QT_QPA_PLATFORM": "xcb", "PYQTGRAPH_QT_LIB": "PySide6", "PYTHONHASHSEED": "1"}


def alone(bench: Bench, example: Path) -> Seen:
    """One run by itself."""
    folder = bench.new_folder()
    return fidelity.run(folder, [example], EXAMPLE_S, watched=False, variables=variables(folder))


def watched(bench: Bench, example: Path) -> Seen:
    """One run that Thaw watches."""
    folder = bench.new_folder()
    command = watching(bench.new_folder() / "report.json", example)
    return fidelity.run(folder, command, EXAMPLE_S, watched=True, variables=variables(folder))


def differences(by_itself: list[Seen], seen: Seen) -> list[str]:
    """What was another when it was watched; what differs from run to run by itself is compared with each of them."""
    return [
        f"{name} {getattr(seen, name)!r:.200}, by itself {getattr(by_itself[0], name)!r:.200}"
        for name in ("code", "out", "err", "windows")
        if getattr(seen, name) not in {getattr(one, name) for one in by_itself}
    ]


def fidelity_of_examples() -> Measure:
    """Each example some times by itself, then once watched."""

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        ran = differ = pictures = pictures_differ = 0
        for example in examples():
            by_itself = [alone(bench, example)]
            if not by_itself[0].windows:
                tell(f"{example.name} opens no window here: {' '.join(by_itself[0].err[-1:])[:150]}")
                continue
            by_itself += [alone(bench, example) for _ in range(ALONE_RUNS - 1)]
            seen = watched(bench, example)
            ran += 1
            if found := differences(by_itself, seen):
                differ += 1
                tell(f"{example.name}: {'; '.join(found)}")
            if len({one.picture for one in by_itself}) == 1:
                pictures += 1
                if seen.picture != by_itself[0].picture:
                    pictures_differ += 1
                    tell(f"{example.name} looks different")
                else:
                    tell(f"{example.name} looks the same")
        if not ran:
            raise Missing("not one of pyqtgraph's examples runs here by itself")
        counts = (ran, differ, pictures, pictures_differ)
        return {wanted.key: [float(count)] for wanted, count in zip(WANTED, counts, strict=True)}

    return Measure(WANTED, take)
