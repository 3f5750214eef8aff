"""In other people's processes our package has a private name, and hides and is hidden by nothing of theirs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from workers.pythons import finding
from workers.utils.child import PACKAGE, PRIVATE, private, unpickle

MODULES = (
    "remote.worker",
    "remote.messages",
    "engine.task",
    "user_code.loading",
    "user_code.results",
    "user_code.tracebacks",
    *(f"monitors.{path.stem}" for path in sorted((PACKAGE / "monitors").glob("[!_]*.py"))),
)
CODE = f"""
import importlib, json, sys
before = set(sys.modules)
import workers, gui
for name in sys.argv[1:]:
    importlib.import_module(f"{PRIVATE}.{{name}}")
assert workers.THEIRS and gui.THEIRS
new = set(sys.modules) - before
print(*sorted(new))
"""

MEASURE = f"""
import json, sys, threading, time
from {PRIVATE}.monitors import gil_meter, lag, resources, watchdog

class Run:
    started = time.perf_counter()
    idle_since, startup_s = started - 1, None
    span = property(lambda run: (run.started, time.perf_counter()))

monitor = lag.LagMonitor()
seen = threading.Event()
dog = watchdog.Watchdog(monitor, lambda sighting: seen.set())
probes = [monitor, dog, gil_meter.GilMeter(), resources.ResourceMeter()]
for probe in probes[:3]:
    probe.start()
run = Run()
for probe in probes:
    probe.begin(run, None)
monitor.beat()
seen.wait(20)  # a busy machine may be late to look
threading.Event().wait(0.8)
for probe in probes:
    probe.finish(run)
    probe.abandon()
for probe in probes[1:3]:
    probe.close()
ours = sorted(name for name in sys.modules if name.startswith("{PRIVATE}."))
print(json.dumps([run.lag.freezes, run.freezes[-1].kind, len(run.waits), run.resources.cpu_s, ours]))
"""


def an_old_python() -> str:
    found = next((str(path) for path in Path.home().glob(".pyenv/versions/3.9.*/bin/python")), None)
    if found is None:  # to ask all that are on PATH takes seconds
        found = next((one.path for one in finding.others() if one.version[:2] == (3, 9)), None)
    if found is None:
        pytest.skip("no Python 3.9 is installed here")
    return found


@pytest.fixture(params=["this Python", "Python 3.9"])
def python(request: pytest.FixtureRequest) -> str:
    return sys.executable if request.param == "this Python" else an_old_python()


def test_the_package_loads_beside_packages_of_its_own_names(python: str, tmp_path: Path) -> None:
    for name in ("workers", "gui"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("THEIRS = True\n")
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{CODE}"
    done = subprocess.run(
        private(code, *MODULES, python=python, flags=("-I", "-S", "-B")),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    loaded = done.stdout.split()
    assert {f"{PRIVATE}.{name}" for name in MODULES} <= set(loaded)
    assert [name for name in loaded if name.startswith(("workers.", "gui."))] == []
    known = set(sys.stdlib_module_names) | {PRIVATE, "workers", "gui", "__mp_main__"}
    assert {name.partition(".")[0] for name in loaded if not name.startswith("_")} <= known


def test_the_monitors_measure_there_and_need_nothing_of_the_rest(python: str) -> None:
    done = subprocess.run(
        private(MEASURE, python=python, flags=("-I", "-S", "-B")), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    freezes, kind, waits, cpu_s, ours = json.loads(done.stdout)
    assert freezes
    assert waits
    assert cpu_s > 0
    assert kind == "lock"
    assert [name for name in ours if not name.startswith(f"{PRIVATE}.monitors")] == []


def test_nothing_inside_names_the_package() -> None:
    """An absolute import would find somebody else's package, or none."""
    for path in PACKAGE.rglob("*.py"):
        if path.parent.name == "snippets":
            continue  # programs to paste; they are run from here by their tests only
        for line in path.read_text(encoding="utf-8").splitlines():
            assert not line.lstrip().startswith(("from workers", "import workers")), f"{path}: {line}"


def test_what_was_pickled_under_the_private_name_can_be_read_here() -> None:
    code = f"import pickle; from {PRIVATE}.engine.task import Result; print(pickle.dumps(Result(7), 4).hex())"
    done = subprocess.run(private(code, flags=("-I", "-S")), capture_output=True, text=True, check=True)
    found = unpickle(bytes.fromhex(done.stdout))
    assert type(found).__module__ == "workers.engine.task"
    assert found.value == 7
