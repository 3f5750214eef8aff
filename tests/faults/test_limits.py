"""Too few file descriptors, and no room on the disk: told on the tasks that they hit, and over when there is room."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from multiprocessing.context import SpawnProcess
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QThread

from tests.faults.limited import ONE_AFTER_THE_OTHER
from tests.support.download_session import FOUR, ONCE, OTHERS
from tests.support.misbehaving_server import Connection, MisbehavingServer, picture, response
from tests.support.program import ROOT, Ended, clean_environment, run
from workers.catalog import lookup
from workers.engine import worker_limit
from workers.engine.plan import Settings
from workers.runners import qthread
from workers.utils.errors import NO_THREADS, limit_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from tests.support.download_session import House
    from tests.support.misbehaving_server import Answer

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits are set as Linux has them")
JPEG = picture(size=(400, 300))


@pytest.fixture
def server() -> Iterator[MisbehavingServer]:
    made = MisbehavingServer()
    yield made
    made.close()


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return clean_environment(tmp_path)


def after_a_while(connection: Connection) -> None:
    """Answer so late that all who ask at once are here at once."""
    connection.server.closing.wait(0.06)
    connection.send(response(JPEG, Connection="close"))


def run_limited(
    folder: Path,
    server: MisbehavingServer,
    answers: list[Answer],
    *options: str,
    before: tuple[str, ...] = (),
    runners: Sequence[str] = FOUR,
    **environment: str,
) -> dict[str, Any]:
    """Run `tests.faults.limited` on some runners; what it found."""
    urls = [server.at(f"/{index}.jpg", answer) for index, answer in enumerate(answers)]
    listed = folder / "urls.txt"
    listed.write_text("\n".join(urls))
    command = [sys.executable, "-m", "tests.faults.limited", ",".join(runners), "--urls", str(listed), *options]
    usual = {"QT_QPA_PLATFORM": "offscreen", "THAW_LIMITED_PARAMS": json.dumps(ONCE)}
    ended = subprocess.run(
        [*before, *command],
        cwd=ROOT,
        env={**os.environ, **usual, **environment},
        capture_output=True,
        text=True,
        timeout=30 + 10 * len(runners),
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    found: dict[str, Any] = json.loads(ended.stdout)
    assert found["threads"] == []
    for runner in runners:
        assert found["runners"][runner]["freed"] is True
        assert found["runners"][runner]["closed"] is True
        again = found["runners"][runner]["again"]
        assert (again["done"], again["failed"], again["errors"]) == (2, 0, []), runner
        assert again["files"] == {"0.jpg": len(JPEG), "1.jpg": len(JPEG)}
    return found


def runners_here(names: Iterable[str]) -> list[str]:
    return [name for name in names if not lookup.runners()[name].missing]


def each(*first: str) -> list[Any]:
    """Some runners together, and each of the others in the long tests."""
    others = [name for name in (*FOUR, *OTHERS) if name not in first]
    return [",".join(first), *(pytest.param(name, marks=pytest.mark.long) for name in others)]


@pytest.mark.parametrize("names", each(*FOUR))
def test_24_file_descriptors(names: str, server: MisbehavingServer, tmp_path: Path) -> None:
    """Sixteen at once need more: so few work at once that all have enough, and the run says so."""
    runners = runners_here(names.split(","))
    options = ("--folder", str(tmp_path), "--descriptors", "24", "--workers", "16")
    found = run_limited(tmp_path, server, [after_a_while] * 32, *options, runners=runners)
    for runner in runners:
        first = found["runners"][runner]["first"]
        count = ONE_AFTER_THE_OTHER if runner == "gui_thread" else 32
        assert (first["done"], first["errors"]) == (count, [])
        assert len(first["files"]) == count
        assert set(first["files"].values()) == {len(JPEG)}
        assert first["at_once"] < 16
        if runner != "gui_thread":
            assert re.search(r"no more open files \(ulimit -n is 24\): .* room for \d+\.", first["notes"][0])
        assert len(found["runners"][runner]["again"]["notes"]) == 1, "there is room again"


@pytest.fixture(scope="module")
def few_threads(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A library that lets the system give a process so many threads and no more, of Python, Qt and all others."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("there is no compiler")
    made = tmp_path_factory.mktemp("few") / "few_threads.so"
    source = ROOT / "tests" / "faults" / "few_threads.c"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", str(made), str(source), "-ldl"], check=True)
    return str(made)


@pytest.mark.parametrize("names", each("q_thread_pool", "asyncio_loop"))
def test_20_threads(names: str, few_threads: str, server: MisbehavingServer, tmp_path: Path) -> None:
    """A run of 32 workers has as many as there are threads for, and says so."""
    runners = runners_here(names.split(","))
    threads = "13" if names == "process_pool" else "20"  # a process takes a second to start
    options = ("--folder", str(tmp_path), "--threads", threads, "--workers", "32")
    found = run_limited(
        tmp_path,
        server,
        [after_a_while] * 40,
        *options,
        runners=runners,
        LD_PRELOAD=few_threads,
        FEW_THREADS="100",
    )
    for runner in runners:
        first = found["runners"][runner]["first"]
        count = ONE_AFTER_THE_OTHER if runner == "gui_thread" else 40
        assert (first["done"], first["errors"]) == (count, [])
        if lookup.runners()[runner].constants.get("THREADS"):
            assert first["at_once"] <= 20
            assert re.search(r"gives no more threads: .* room for \d+\.", first["notes"][0])


@pytest.mark.parametrize(
    "runner", ["process_pool", *(pytest.param(name, marks=pytest.mark.long) for name in (*FOUR[1:3], *OTHERS))]
)
def test_no_thread_at_all(runner: str, few_threads: str, environment: dict[str, str]) -> None:
    """What a run needs is told in a sentence, and the program leaves."""
    environment |= {"LD_PRELOAD": few_threads, "FEW_THREADS": "6"}
    asked = [
        "--headless",
        "--runner",
        runner,
        "--workload",
        "primes",
        "--tasks",
        "4",
        "--param",
        "numbers=2000",
    ]
    if runner == "qt_network":
        pytest.skip("it only downloads")
    ended = run(asked, environment)
    if lookup.runners()[runner].constants.get("THREADS"):
        assert ended == Ended(2, "", f"thaw: {NO_THREADS}\n")
    else:
        assert (ended.code, ended.err) == (0, "")


@pytest.mark.parametrize(
    "runner", ["thread_pool", "thread_per_task", "asyncio_loop", "process_pool", "qthread"]
)
def test_threads_that_run_out_in_the_middle(
    runner: str, house: Callable[[str], House], monkeypatch: pytest.MonkeyPatch
) -> None:
    """There was room at the start: each kind of thread is started once and no more, and the run is done by these."""
    start, seen = threading.Thread.start, set()
    refused: list[object] = []

    def once(thread: threading.Thread) -> None:
        kind = re.sub(r"[-_ ]?\d+$", "", thread.name)
        if kind in {"pool", "thread", "asyncio pool", "link"} and kind in seen:
            refused.append(thread)
            raise RuntimeError("can't start new thread")
        seen.add(kind)
        start(thread)

    class OneQThread(QThread):
        def start(self, *how: Any) -> None:
            if "QThread" in seen:
                refused.append(self)
                return
            seen.add("QThread")
            super().start(*how)

    monkeypatch.setattr(threading.Thread, "start", once)
    monkeypatch.setattr(qthread, "QThread", OneQThread)
    monkeypatch.setattr(worker_limit, "_threads", lambda wanted: wanted)
    made = house(runner)
    # Long enough for a second process to have come before the first has done it all.
    made.session.start(Settings.named(runner, "primes", 12, 4, (("numbers", 30_000),)))
    run = made.finish()
    assert (run.recorder.done, run.recorder.errors) == (12, {})
    assert refused, "the fault was not injected"


@pytest.mark.parametrize("most", [0, 1])
@pytest.mark.parametrize("number", [errno.EMFILE, errno.EAGAIN, errno.ENOMEM])
def test_processes_that_cannot_be_started(
    number: int, most: int, house: Callable[[str], House], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that could be do all of it; where there is none, each task says why."""
    begin = SpawnProcess._Popen
    begun: list[Any] = []

    def few(process: Any) -> Any:
        if len(begun) >= most:
            raise OSError(number, os.strerror(number))
        begun.append(process)
        return begin(process)

    monkeypatch.setattr(SpawnProcess, "_Popen", staticmethod(few))
    made = house("process_pool")
    made.session.start(Settings.named("process_pool", "primes", 6, 3, (("numbers", 400),)))
    run = made.finish()
    if most:
        assert (run.recorder.done, run.recorder.errors) == (6, {})
    else:
        assert set(run.recorder.errors.values()) == {limit_of(OSError(number, ""))}


@pytest.mark.parametrize(
    "runner",
    [pytest.param(name, marks=[] if name == "process_pool" else pytest.mark.long) for name in (*FOUR, *OTHERS)],
)
def test_memory(runner: str, house: Callable[[str], House]) -> None:
    if runner == "qt_network":
        pytest.skip("it only downloads")
    made = house(runner)
    made.start("hungry", 3)
    run = made.finish()
    assert run.recorder.done == 2
    assert made.error(1) == f"MemoryError: {limit_of(MemoryError())}"


def can_mount() -> bool:
    """Whether a person may make a small disk here, seen by their own processes only."""
    if shutil.which("unshare") is None:
        return False
    return subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode == 0


@pytest.mark.skipif(not can_mount(), reason="no small disk can be made here")
@pytest.mark.parametrize("names", each(*FOUR))
def test_a_full_disk(names: str, server: MisbehavingServer, tmp_path: Path) -> None:
    """A disk with room for about four pictures of twelve."""
    runners = runners_here(names.split(","))
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = f'mount -t tmpfs -o size={len(JPEG) * 4 // 1024 + 8}k tmpfs "$0" && exec "$@"'
    before = ("unshare", "-rm", "sh", "-c", mount, str(disk))
    found = run_limited(
        tmp_path, server, [response(JPEG)] * 12, "--folder", str(disk), before=before, runners=runners
    )
    for runner in runners:
        first = found["runners"][runner]["first"]
        assert first["done"] + first["failed"] == (ONE_AFTER_THE_OTHER if runner == "gui_thread" else 12)
        assert 1 <= first["done"] <= 5
        assert len(first["files"]) == first["done"]
        assert set(first["files"].values()) == {len(JPEG)}, "what has its name is whole"
        for text in first["errors"]:
            assert re.search(r"\d+\.jpg cannot be written: the disk is full: make room there", text)
    assert list(disk.iterdir()) == []
