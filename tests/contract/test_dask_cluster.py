"""What is promised of a cluster beyond what every runner does: it may be somebody else's, and all of it may die."""

from __future__ import annotations

import os
import re
import signal
import socket
import ssl
import stat
import threading
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.support.foreign_cluster import HOST, AdaptiveCluster, ForeignCluster, temporary_certificate
from tests.support.killed_program import assert_nothing_is_left
from tests.support.runner_harness import Harness
from workers.catalog import compatibility, lookup
from workers.clusters.address import read
from workers.clusters.own import CLUSTER
from workers.engine.plan import Settings
from workers.engine.task import Phase
from workers.image_server.process import ImageServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication

    from workers.engine.run import Run

place = lookup.entry("runners", "dask_cluster")
assert place is not None
PLACE = place
pytestmark = [
    pytest.mark.skipif(bool(PLACE.missing), reason=PLACE.missing),
    pytest.mark.skipif(os.name != "posix", reason="other loopback addresses and SIGKILL are POSIX's"),
]

ROOT = Path(__file__).parents[2]
REMOTE = "tests.contract.remote_work:"
WIRES = ["call back", "Dask's own"]
SOME_WIRES = pytest.mark.parametrize(
    "wire", [WIRES[0], pytest.param(WIRES[1], marks=pytest.mark.long)], indirect=True
)
"""For what events tell little of, whichever way they come."""


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForeignCluster]:
    """One worker with two threads, where Thaw is not on the path."""
    with ForeignCluster(tmp_path_factory.mktemp("cluster")) as made:
        yield made


@pytest.fixture
def own_foreign(tmp_path: Path) -> Iterator[ForeignCluster]:
    """The same with two workers of a thread each, for a test that ends some of it."""
    with ForeignCluster(tmp_path, workers=2, threads=1) as made:
        yield made


@pytest.fixture
def harness(qapp: QApplication) -> Iterator[Harness]:
    made = Harness("dask_cluster")
    yield made
    assert made.until(lambda: made.session.close(0)), "it did not end"


@pytest.fixture(params=WIRES)
def wire(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Which way events come back: as from this machine, and as from others."""
    if request.param == WIRES[1]:
        monkeypatch.setattr("workers.clusters.looks.machine", uuid.uuid4)
    return str(request.param)


def start(harness: Harness, cluster: str, workload: str, tasks: int, workers: int = 2, **params: object) -> Run:
    chosen = (("cluster", cluster), *params.items())
    return harness.session.start(Settings.named("dask_cluster", workload, tasks, workers, chosen))


def refusal(cluster: str, workload: str = "primes", **params: object) -> str:
    work = lookup.entry("workloads", workload)
    assert work is not None
    return compatibility.refusal(PLACE, work, {"cluster": cluster, **params})


# ---------------------------------------------------------------- somebody else's


def test_a_foreign_cluster_without_thaw_runs_our_work(
    harness: Harness, foreign: ForeignCluster, wire: str
) -> None:
    run = start(harness, foreign.address, "primes", 6, numbers=2_000)
    harness.finish()
    assert (run.recorder.done, run.recorder.errors) == (6, {})
    places = {event.place for event in harness.events}
    assert places <= {f"{HOST}, worker 1", f"{HOST}, worker 1, thread 2"}
    assert f"{HOST}, worker 1" in places


def test_large_results_come_whole(harness: Harness, foreign: ForeignCluster, wire: str) -> None:
    run = start(harness, foreign.address, "mandelbrot", 2, detail=1)
    harness.finish()
    assert (run.recorder.done, run.recorder.errors) == (2, {})
    assert all(len(picture.pixels) > 50_000 for picture in harness.results)


def test_a_foreign_cluster_heeds_pause_and_cancel(harness: Harness, foreign: ForeignCluster, wire: str) -> None:
    run = start(harness, foreign.address, "sleep", 4, seconds=60.0)
    assert harness.until(lambda: run.recorder.running == 2)
    harness.session.pause()
    assert harness.until(lambda: sum(event.phase is Phase.PAUSED for event in harness.events) == 2)
    harness.session.cancel()
    harness.finish()
    assert run.recorder.cancelled == 4


def test_it_is_told_who_works_there(foreign: ForeignCluster) -> None:
    assert refusal(foreign.address) == ""
    told = compatibility.told(PLACE, {"cluster": foreign.address})
    assert told.words.startswith(f"{foreign.address}: 1 worker, 2 threads, 1 host, Python 3.")
    assert told.at_once == 2
    # Its own page is for the person to open: nothing of ours does.
    assert re.fullmatch(rf"http://{HOST}:\d+/status", told.page)


def test_an_address_in_the_environment_is_meant_by_an_empty_field(
    foreign: ForeignCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", foreign.address)
    assert compatibility.told(PLACE, {}).words.startswith(foreign.address)
    assert compatibility.told(PLACE, {"cluster": "here"}) == compatibility.NOTHING


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate that is its own authority, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    return temporary_certificate(folder)


def test_a_cluster_inside_of_tls(
    harness: Harness, tmp_path: Path, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    import dask.config

    cert, key = certificate
    flags = (f"--tls-ca-file={cert}", f"--tls-cert={cert}", f"--tls-key={key}")
    monkeypatch.setattr("workers.clusters.looks.machine", uuid.uuid4)
    with ForeignCluster(tmp_path, flags=flags) as made:
        assert made.address.startswith("tls://")
        assert "name no certificates" in refusal(made.address)
        assert "write tls://" in refusal(made.address.replace("tls", "tcp"))
        theirs = {"ca-file": cert, "client.cert": cert, "client.key": key}
        with dask.config.set({f"distributed.comm.tls.{name}": str(file) for name, file in theirs.items()}):
            assert refusal(made.address) == ""
            run = start(harness, made.address, "primes", 4, numbers=2_000)
            harness.finish()
    assert (run.recorder.done, run.recorder.errors) == (4, {})


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        (
            "tcp://127.0.0.3:1",
            "No scheduler listens at tcp://127.0.0.3:1. Start one there with: dask scheduler --port 1",
        ),
        ("http://127.0.0.1", "begins with http://"),
        ("tcp://a b", "A scheduler's address is like tcp://HOST:8786"),
        ("tcp://127.0.0.1:99999", "A scheduler's address is like"),
        ("no-such-machine.invalid", "There is no machine called no-such-machine.invalid"),
    ],
)
def test_a_wrong_address_is_refused(address: str, sentence: str) -> None:
    assert sentence in refusal(address)


def test_a_run_at_a_wrong_address_fails_with_the_sentence(harness: Harness) -> None:
    run = start(harness, "tcp://127.0.0.3:1", "primes", 3)
    harness.finish()
    assert run.recorder.failed == 3
    assert run.recorder.errors[0].startswith("No scheduler listens at tcp://127.0.0.3:1.")


def test_what_talks_nonsense_is_no_scheduler() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def talk() -> None:
            with suppress(OSError):
                while True:
                    caller, _ = server.accept()
                    with caller, suppress(OSError):
                        while True:
                            caller.sendall(bytes(65_536))

        thread = threading.Thread(target=talk)
        thread.start()
        assert "is no scheduler of Dask" in refusal(f"tcp://127.0.0.1:{server.getsockname()[1]}")
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_what_is_no_scheduler_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.clusters.engine.GREET_S", 0.3)  # it would never greet
    with ImageServer() as server:
        assert "is no scheduler of Dask" in refusal(server.url().replace("http", "tcp"))


def test_a_cluster_without_workers_may_get_some(
    harness: Harness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ForeignCluster(tmp_path, workers=0) as made:
        assert refusal(made.address) == ""
        told = compatibility.told(PLACE, {"cluster": made.address})
        nobody = f"Nobody works for {made.address} yet: start workers with: dask worker {made.address}."
        assert told.words == f"{nobody} A run waits for the first one, up to 60 s."
        run = start(harness, made.address, "primes", 4, numbers=2_000)
        assert not harness.until(lambda: run.ended is not None, 0.2)
        made.add_worker()
        assert harness.until(lambda: run.ended is not None, 60)
        assert (run.recorder.done, run.recorder.errors) == (4, {})


def test_nobody_is_waited_for_without_end(
    harness: Harness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ForeignCluster(tmp_path, workers=0) as made:
        run = start(harness, made.address, "primes", 2)
        harness.session.cancel()
        harness.finish()
        assert run.recorder.cancelled == 2
        assert harness.until(lambda: harness.session.is_free)
        monkeypatch.setattr("workers.clusters.looks.FIRST_S", 0.1)
        run = start(harness, made.address, "primes", 2)
        harness.finish()
        assert run.recorder.failed == 2
        assert run.recorder.errors[0].endswith("None has come within 0.1 s.")


def test_an_adaptive_cluster_starts_workers_for_a_run(harness: Harness, tmp_path: Path) -> None:
    with AdaptiveCluster(tmp_path) as address:
        run = start(harness, address, "primes", 4, numbers=2_000)
        assert harness.until(lambda: run.ended is not None, 60)
    assert (run.recorder.done, run.recorder.errors) == (4, {})


def test_another_python_there_is_refused(foreign: ForeignCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.clusters.looks.platform.python_version_tuple", lambda: ("3", "99", "0"))
    monkeypatch.setattr("workers.clusters.looks.GOOD_S", 0.0)
    assert "has Python 3." in refusal(foreign.address)


def test_pictures_of_our_own_server_are_not_for_other_machines(
    harness: Harness, foreign: ForeignCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.clusters.looks.machine", uuid.uuid4)
    monkeypatch.setattr("workers.clusters.looks.GOOD_S", 0.0)
    assert "this machine's own server: give a list of addresses" in refusal(
        foreign.address, "download", urls=""
    )
    assert "The queue is a file of this machine." in refusal(foreign.address, "download", queue="/tmp/q")
    run = start(harness, foreign.address, "download", 2)
    harness.finish()
    assert run.recorder.failed == 2
    assert "127.0.0.1 is there a server of their own" in run.recorder.errors[0]


def test_a_run_on_other_machines_says_where_its_files_are(
    harness: Harness, foreign: ForeignCluster, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("workers.clusters.looks.machine", uuid.uuid4)
    monkeypatch.setattr("workers.runners.dask_cluster.stays_here", lambda task, why: "")
    run = start(harness, foreign.address, "download", 1, folder=str(tmp_path), tries=1)
    harness.finish()
    assert run.notes == [f"Its files are in {tmp_path}, each on the machine of the worker that wrote it."]


# ---------------------------------------------------------------- what dies


def test_a_worker_that_is_killed_loses_nothing(
    harness: Harness, own_foreign: ForeignCluster, wire: str
) -> None:
    run = start(harness, own_foreign.address, "sleep", 6, seconds=0.3)
    assert harness.until(lambda: run.recorder.running == 2)
    own_foreign.workers[0].kill()
    harness.finish()
    assert (run.recorder.done, run.recorder.errors) == (6, {})
    phases = [event.phase for event in harness.events]
    assert Phase.WAITING in phases
    assert Phase.RESUMED in phases


@SOME_WIRES
def test_a_scheduler_that_is_killed_ends_the_run(
    harness: Harness, own_foreign: ForeignCluster, wire: str
) -> None:
    run = start(harness, own_foreign.address, "sleep", 4, seconds=60.0)
    assert harness.until(lambda: run.recorder.running == 2)
    own_foreign.scheduler.kill()
    killed = time.monotonic()
    harness.finish()
    assert time.monotonic() - killed < 5.0
    assert run.recorder.errors[0] == f"The scheduler of {own_foreign.address} has gone."


def test_a_task_that_heeds_no_cancel_is_left_alone_there(harness: Harness, own_foreign: ForeignCluster) -> None:
    run = start(harness, own_foreign.address, "hold_gil", 1, workers=1, seconds=30.0)
    assert harness.until(lambda: run.recorder.running == 1)
    harness.session.cancel()
    harness.finish()
    assert run.recorder.cancelled == 1
    assert "heeds no cancel, and still runs on" in run.notes[0]
    assert all(worker.poll() is None for worker in own_foreign.workers)


# ---------------------------------------------------------------- our own


def test_our_own_is_kept_and_listens_here_alone(harness: Harness) -> None:
    start(harness, "", REMOTE + "slow", 2)
    harness.finish()
    first = {one.process.pid for one in CLUSTER.members}
    start(harness, "", REMOTE + "slow", 2)
    harness.finish()
    assert {one.process.pid for one in CLUSTER.members} == first
    for process in map(psutil.Process, first):
        hosts = {one.laddr.ip for one in process.net_connections("inet") if one.status == psutil.CONN_LISTEN}
        assert hosts == {"127.0.0.1"}


def greeting(address: str) -> bytes:
    """What a member says first, as each of Dask's does, to who has no certificate, without TLS and with it."""
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    theirs.check_hostname, theirs.verify_mode = False, ssl.CERT_NONE
    found = b""
    for wrap in (lambda plain: plain, theirs.wrap_socket):
        where = read(address)
        with suppress(OSError), socket.create_connection((where.host, where.port), 5) as plain:
            with wrap(plain) as wire:
                wire.settimeout(2.0)
                found += wire.recv(1024)
    return found


def test_our_own_lets_nobody_in_who_has_not_its_pair(harness: Harness, foreign: ForeignCluster) -> None:
    start(harness, "", REMOTE + "slow", 2)
    harness.finish()
    assert b"compression" in greeting(foreign.address)
    assert [greeting(member.address) for member in CLUSTER.members] == [b""] * len(CLUSTER.members)
    assert stat.S_IMODE(os.stat(CLUSTER.pair).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(os.path.dirname(CLUSTER.pair)).st_mode) == 0o700


def test_its_processes_and_their_folders_end_with_the_program_even_if_it_is_killed(tmp_path: Path) -> None:
    # The scheduler and two workers, each with its guard.
    assert_nothing_is_left("dask_cluster", tmp_path, 6, ("thaw-dask-*", 3))


def test_what_a_person_has_set_up_for_others_is_not_for_ours(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    import dask.config

    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION", "true")
    CLUSTER.close()  # another one begins with this
    theirs = {"require-encryption": True, "default-scheme": "tls", "tls.ca-file": "/no/such/file"}
    with dask.config.set({f"distributed.comm.{name}": value for name, value in theirs.items()}):
        run = start(harness, "", REMOTE + "slow", 2)
        assert harness.until(lambda: run.ended is not None, 60)
    assert (run.recorder.done, run.recorder.errors) == (2, {})


def test_a_task_whose_worker_dies_is_run_once_more(harness: Harness, tmp_path: Path) -> None:
    run = start(harness, "", REMOTE + "ends_its_process", 4, folder=str(tmp_path), times=1)
    harness.finish()
    assert run.recorder.done == 4
    phases = [event.phase for event in harness.events_of(0) if event.phase is not Phase.PROGRESS]
    assert phases == [Phase.STARTED, Phase.WAITING, Phase.RESUMED, Phase.DONE]


@SOME_WIRES
def test_a_task_whose_worker_dies_twice_has_failed(harness: Harness, tmp_path: Path, wire: str) -> None:
    run = start(harness, "", REMOTE + "ends_its_process", 4, folder=str(tmp_path), times=9)
    harness.finish()
    assert (run.recorder.done, run.recorder.failed) == (3, 1)
    assert run.recorder.errors == {0: "The worker that ran the task has gone. It was tried 2 times."}


def test_a_worker_of_ours_that_heeds_no_cancel_is_killed(harness: Harness) -> None:
    run = start(harness, "", REMOTE + "deaf", 3)
    assert harness.until(lambda: run.recorder.running == 2)
    harness.session.cancel()
    harness.finish()
    assert run.recorder.cancelled == 3
    assert harness.until(lambda: harness.session.close(0))
    start(harness, "", REMOTE + "slow", 2)
    assert harness.finish().recorder.done == 2


def test_a_scheduler_of_ours_that_dies_is_told_and_the_next_run_has_another(harness: Harness) -> None:
    run = start(harness, "", REMOTE + "slow", 2, steps=10_000)
    assert harness.until(lambda: run.recorder.running == 2)
    pid = CLUSTER.members[0].process.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    harness.finish()
    assert run.recorder.failed == 2
    start(harness, "", REMOTE + "slow", 2)
    assert harness.finish().recorder.done == 2
