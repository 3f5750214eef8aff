"""What is promised of Celery beyond what every runner promises: brokers and workers go, and are not all Thaw's."""

from __future__ import annotations

import os
import re
import signal
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.support.brokers import NEEDS_SERVER, PASSWORD, broker, free_port, worker
from tests.support.killed_program import assert_nothing_is_left
from tests.support.patience import AT_ONCE_S
from tests.support.runner_harness import Harness, warm_up
from workers.catalog import lookup
from workers.catalog.compatibility import NOTHING
from workers.engine.plan import Settings
from workers.engine.task import Phase
from workers.queues import here, looking
from workers.remote.wire import own_address

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication

    from workers.engine.run import Run

pytest.importorskip("celery")
pytestmark = NEEDS_SERVER
ROOT = Path(__file__).parents[2]
REMOTE = "tests.contract.remote_work:"
SOON_S = 5.0
"""A run whose broker has gone ends within this."""


@pytest.fixture
def harness(qapp: QApplication) -> Iterator[Harness]:
    warm_up("celery_queue")
    made = Harness("celery_queue")
    yield made
    assert made.until(lambda: made.session.close(0)), "it did not end"


def start(harness: Harness, workload: str, tasks: int = 2, workers: int = 2, **params: object) -> Run:
    settings = Settings.named("celery_queue", REMOTE + workload, tasks, workers, tuple(params.items()))
    return harness.session.start(settings)


def errors(run: Run) -> set[str]:
    return set(run.recorder.errors.values())


# ---------------------------------------------------------------- a broker and a worker of Thaw's own


def test_work_runs_in_other_processes_behind_the_gui_and_without_qt(harness: Harness) -> None:
    start(harness, "where", tasks=6)
    run = harness.finish()
    assert {found["pid"] for found in harness.results}.isdisjoint({os.getpid()})
    assert [found["qt"] for found in harness.results] == [[]] * 6
    assert all(re.fullmatch(r".+, process \d", place) for place in run.recorder.places[1:])


def test_its_processes_are_kept_from_run_to_run(harness: Harness) -> None:
    for _ in range(2):
        start(harness, "slow", tasks=4)
        harness.finish()
    assert len(set(harness.results)) <= 2


def test_a_file_that_was_edited_is_imported_anew(harness: Harness, tmp_path: Path) -> None:
    mine, beside = tmp_path / "mine.py", tmp_path / "beside.py"
    mine.write_text("import beside\ndef work(index): return beside.WORD\n")
    for word in ("first", "second"):
        beside.write_text(f"WORD = {word!r}\n")
        harness.results.clear()
        harness.session.start(Settings.named("celery_queue", f"{mine}:work", 2, 1))
        harness.finish()
        assert {str(result) for result in harness.results} == {repr(word)}


def test_a_project_is_not_there_for_the_next_one(harness: Harness, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mine.py").write_text(
            "import importlib\ndef work(index):\n    return importlib.import_module('only_here').WORD\n"
        )
    (tmp_path / "one" / "only_here.py").write_text("WORD = 'here'\n")
    for name, fails in (("one", 0), ("two", 1)):
        run = harness.session.start(Settings.named("celery_queue", f"{tmp_path / name / 'mine.py'}:work", 1, 1))
        harness.finish()
        assert run.recorder.failed == fails


def test_a_task_whose_process_dies_is_run_once_more(harness: Harness, tmp_path: Path) -> None:
    start(harness, "ends_its_process", tasks=4, folder=str(tmp_path), times=1)
    run = harness.finish()
    assert run.recorder.done == 4
    assert sorted(harness.results) == ["0 after 1", "1 after 0", "2 after 0", "3 after 0"]
    phases = [event.phase for event in harness.events_of(0) if event.phase is not Phase.PROGRESS]
    assert phases == [Phase.STARTED, Phase.WAITING, Phase.RESUMED, Phase.DONE]
    others = [event.phase for index in (1, 2, 3) for event in harness.events_of(index)]
    assert Phase.WAITING not in others, "no other task was touched"


def test_a_task_whose_process_dies_twice_has_failed_and_the_rest_goes_on(
    harness: Harness, tmp_path: Path
) -> None:
    start(harness, "ends_its_process", tasks=6, folder=str(tmp_path), times=9)
    run = harness.finish()
    assert (run.recorder.done, run.recorder.failed) == (5, 1)
    assert re.fullmatch(
        r"The process that ran the task on .+ has gone\. It was tried 2 times\.", run.recorder.errors[0]
    )


def test_a_process_that_heeds_no_cancel_is_killed(harness: Harness) -> None:
    run = start(harness, "deaf", tasks=3)
    assert harness.until(lambda: run.recorder.running == 2)
    pids = list(harness.session._runner.processes())  # type: ignore[union-attr]
    begun = time.monotonic()
    harness.session.cancel()
    run = harness.finish()
    assert time.monotonic() - begun < AT_ONCE_S
    assert run.recorder.cancelled == 3
    assert harness.until(lambda: harness.session.close(0))
    assert harness.until(lambda: not [pid for pid in pids if psutil.pid_exists(pid)])


def test_a_worker_that_is_killed_is_replaced_and_its_tasks_run_once_more(harness: Harness) -> None:
    run = start(harness, "slow", tasks=6, steps=60)
    assert harness.until(lambda: run.recorder.running == 2)
    worker = here._here.worker
    assert worker is not None
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGKILL)
    harness.finish()
    assert run.recorder.done == 6
    assert here._here.worker is not worker


def test_a_broker_of_its_own_that_is_killed_ends_the_run_and_the_next_has_another(harness: Harness) -> None:
    run = start(harness, "slow", tasks=6, steps=100_000)
    assert harness.until(lambda: run.recorder.running == 2)
    server = here._here.server
    assert server is not None
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    begun = time.monotonic()
    harness.finish()
    assert time.monotonic() - begun < SOON_S
    assert errors(run) == {
        "Thaw's own broker was ended by the signal SIGKILL. Another one is started with the next run."
    }
    assert harness.until(lambda: harness.session.is_free)
    run = start(harness, "slow", tasks=2)
    harness.finish()
    assert run.recorder.done == 2


def test_without_a_redis_server_a_folder_does_for_trying(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(here, "_here", here._Here())
    monkeypatch.setattr(here, "SERVERS", ())
    run = start(harness, "slow", tasks=4)
    harness.finish()
    assert run.recorder.done == 4
    assert "for trying only" in run.notes[0]
    assert here._here.broker is not None
    folder = Path(str(here._here.broker.options["data_folder_in"])).parent
    assert folder.stat().st_mode & 0o077 == 0
    assert harness.until(lambda: harness.session.close(0))
    for process in (here._here.worker, here._here.server):
        assert process is not None
        process.close()
    assert not folder.exists()


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A temporary folder whose path is short enough for a socket's."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        yield Path(folder)


def test_its_processes_and_their_folder_end_with_the_program_even_if_it_is_killed(short_folder: Path) -> None:
    # The two guards, the broker, the worker and its two processes.
    assert_nothing_is_left("celery_queue", short_folder, 6, ("thaw-queue-*", 1))


# ---------------------------------------------------------------- those of other people


def hasten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a silence be told soon: for what is not there, and so comes no later on a busy machine either."""
    for module in ("connection", "looking", "watching"):
        monkeypatch.setattr(f"workers.queues.{module}.NO_ANSWER_S", 0.4)
    monkeypatch.setattr("workers.queues.connection.ANSWER_S", 0.2)
    monkeypatch.setattr("workers.queues.watching.LOOK_S", 0.1)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A broker with a password, and one worker with two processes."""
    with broker() as (url, _), worker(url, "-c", "2"):
        yield url


def kill_all_of(worker: subprocess.Popen[bytes]) -> None:
    """The worker first: it is to take nothing more."""
    for process in [(parent := psutil.Process(worker.pid)), *parent.children()]:
        process.kill()


def test_before_a_run_it_is_told_what_there_is(address: str) -> None:
    primes = lookup.named("workloads", "primes")
    assert looking.refusal(primes, {"broker": address}) == ""
    told = looking.told({"broker": address})
    assert re.fullmatch(r"redis://\*\*\*@127\.0\.0\.1:\d+: 1 worker, 2 places for tasks\.", told.words)
    assert (told.at_once, told.page) == (2, "")


def test_before_a_run_it_is_told_that_nobody_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    hasten(monkeypatch)
    primes = lookup.named("workloads", "primes")
    assert looking.refusal(primes, {"broker": "nonsense"}).startswith("nonsense is no address of a broker")
    with broker() as (url, _):
        begun = time.monotonic()
        why = looking.refusal(primes, {"broker": url})
        assert time.monotonic() - begun < SOON_S
        assert why.startswith("No worker has answered at redis://***@127.0.0.1:")
        assert looking.told({"broker": url}) == NOTHING


def test_workers_that_people_started_take_tasks(address: str, harness: Harness) -> None:
    start(harness, "slow", tasks=6, broker=address)
    assert harness.finish().recorder.done == 6


def test_more_tasks_at_once_than_there_are_processes_wait_in_the_queue(address: str, harness: Harness) -> None:
    run = start(harness, "slow", tasks=12, workers=8, broker=address)
    harness.finish()
    assert run.recorder.done == 12
    assert len(set(harness.results)) == 2


def test_a_cancel_ends_what_waits_in_the_queue_too(address: str, harness: Harness) -> None:
    run = start(harness, "slow", tasks=12, workers=8, steps=100_000, broker=address)
    assert harness.until(lambda: run.recorder.running == 2)
    begun = time.monotonic()
    harness.session.cancel()
    harness.finish()
    assert run.recorder.cancelled == 12
    assert time.monotonic() - begun < AT_ONCE_S


def test_a_password_is_in_nothing_that_is_kept_of_a_run(address: str, harness: Harness) -> None:
    run = start(harness, "slow", tasks=1, broker=address)
    harness.finish()
    assert PASSWORD not in str(run.settings.plain())


@pytest.fixture(scope="module")
def beyond() -> Iterator[str]:
    """The same at an address of this machine that others reach, too."""
    try:
        ours = own_address("198.51.100.1")
    except OSError:
        pytest.skip("this machine has no address but those of loopback")
    with broker(ours) as (url, _), worker(url, "-c", "2"):
        yield url


def test_beyond_loopback_workers_call_the_address_that_is_on_their_way_and_that_is_said(
    harness: Harness, beyond: str
) -> None:
    ours = own_address("198.51.100.1")
    run = start(harness, "slow", tasks=4, broker=beyond)
    assert harness.until(lambda: run.recorder.running > 0)
    assert harness.session._runner._link_server.call[0][0] == ours  # type: ignore[union-attr]
    harness.finish()
    assert run.recorder.done == 4
    assert f"Thaw listens at {ours}, beyond this machine" in run.notes[0]


def test_what_is_of_this_machine_alone_is_refused_where_workers_may_be_elsewhere(
    harness: Harness, beyond: str
) -> None:
    download = lookup.named("workloads", "download")
    assert "this machine's own server: give a list" in looking.refusal(download, {"broker": beyond, "urls": ""})
    assert "The queue is a file of this machine." in looking.refusal(
        download, {"broker": beyond, "queue": "/tmp/q"}
    )
    run = harness.session.start(Settings.named("celery_queue", "download", 2, 2, (("broker", beyond),)))
    harness.finish()
    assert run.recorder.failed == 2
    assert "127.0.0.1 is there a server of their own" in run.recorder.errors[0]


def test_a_run_elsewhere_says_where_its_files_are(
    harness: Harness, beyond: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("workers.runners.celery_queue.stays_here", lambda task, why: "")
    params = ("broker", beyond), ("folder", str(tmp_path)), ("tries", 1)
    run = harness.session.start(Settings.named("celery_queue", "download", 1, 1, params))
    harness.finish()
    assert run.notes[1:] == [f"Its files are in {tmp_path}, each on the machine of the worker that wrote it."]


def test_where_no_worker_answers_that_is_said_with_the_line_that_starts_one(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasten(monkeypatch)
    with broker() as (url, _):
        begun = time.monotonic()
        run = start(harness, "slow", tasks=3, broker=url)
        harness.finish()
        assert time.monotonic() - begun < SOON_S
        [why] = errors(run)
        assert why.startswith("No worker has answered at redis://***@127.0.0.1:")
        assert "celery" in why
        assert PASSWORD not in why


def test_where_no_broker_answers_that_is_said(harness: Harness) -> None:
    run = start(harness, "slow", tasks=3, broker=f"redis://:{PASSWORD}@127.0.0.1:{free_port()}")
    harness.finish()
    [why] = errors(run)
    assert why.startswith("No broker answers at redis://***@127.0.0.1:")
    assert "refused" in why
    assert PASSWORD not in why


def test_a_wrong_password_is_said(harness: Harness) -> None:
    with broker() as (url, _):
        run = start(harness, "slow", tasks=3, broker=url.replace(PASSWORD, "another-1"))
        harness.finish()
        [why] = errors(run)
        assert why.startswith("No broker answers at redis://***@127.0.0.1:")
        assert "another-1" not in why


def test_when_the_broker_goes_the_run_ends_with_a_sentence(harness: Harness) -> None:
    with broker() as (url, process), worker(url, "-c", "2"):
        run = start(harness, "slow", tasks=50, steps=100_000, broker=url)
        assert harness.until(lambda: run.recorder.running == 2)
        process.kill()
        begun = time.monotonic()
        harness.finish()
        assert time.monotonic() - begun < SOON_S
        [why] = errors(run)
        assert why.startswith("No broker answers at redis://***@127.0.0.1:")
        assert run.recorder.failed == 50


def test_a_broker_that_stops_answering_has_gone_too(harness: Harness) -> None:
    with broker() as (url, process), worker(url, "-c", "2"):
        run = start(harness, "slow", tasks=50, steps=100_000, broker=url)
        assert harness.until(lambda: run.recorder.running == 2)
        process.send_signal(signal.SIGSTOP)
        begun = time.monotonic()
        harness.finish()
        assert time.monotonic() - begun < SOON_S


def test_a_worker_that_is_killed_loses_its_tasks_alone(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.queues.watching.LOOK_S", 0.2)
    with (
        broker() as (url, _),
        worker(url, "-c", "1", "-n", "one") as one,
        worker(url, "-c", "1", "-n", "two", others=1),
    ):
        run = start(harness, "slow", tasks=4, steps=40, broker=url)
        assert harness.until(lambda: run.recorder.running == 2)
        kill_all_of(one)
        harness.finish()
        assert run.recorder.done == 4
        again = [event.number for event in harness.events if event.phase is Phase.WAITING]
        assert len(set(again)) == 1, "the broker may lose it once more, to a connection that is just ending"


def test_when_all_workers_have_gone_the_run_ends_with_a_sentence(
    harness: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    with broker() as (url, _), worker(url, "-c", "2") as only:
        run = start(harness, "slow", tasks=8, steps=100_000, broker=url)
        assert harness.until(lambda: run.recorder.running == 2)
        kill_all_of(only)
        hasten(monkeypatch)
        harness.finish()
        [why] = errors(run)
        assert why.startswith("No worker has answered at ")
