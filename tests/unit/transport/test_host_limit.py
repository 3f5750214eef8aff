"""No more downloads at once from a host than agreed, over threads and processes, whoever is killed."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.support.misbehaving_server import Connection, MisbehavingServer, picture, response
from tests.support.patience import AT_ONCE_S
from tests.support.single_downloads import Download
from workers.engine.task import Phase
from workers.transport.host_limit import HostGate, places_at

JPEG = picture("JPEG")


def test_hosts_in_the_network_take_8_and_this_machine_any_number() -> None:
    assert [places_at(host, 0) for host in ("example.org", "10.0.0.1")] == [8, 8]
    assert [places_at(host, 0) for host in ("localhost", "127.0.0.1", "127.1.2.3", "::1")] == [0, 0, 0, 0]
    assert [places_at(host, 3) for host in ("example.org", "127.0.0.1")] == [3, 3]


@pytest.mark.parametrize("is_shared", [False, True])
def test_a_place_is_free_once_it_is_left(is_shared: bool, tmp_path: Path) -> None:
    gate, folder = HostGate(), str(tmp_path) if is_shared else ""
    first, second = gate.enter("a", 2, folder), gate.enter("a", 2, folder)
    assert first is not None
    assert second is not None
    assert gate.enter("a", 2, folder) is None
    other = gate.enter("b", 1, folder)
    assert other is not None
    first.leave()
    first.leave()
    third = gate.enter("a", 2, folder)
    assert third is not None
    assert gate.enter("a", 2, folder) is None
    for place in (second, third, other):
        place.leave()
    assert os.name == "nt" or not list(tmp_path.iterdir()), "nothing stays behind"
    assert not gate._held


def test_processes_share_the_places_and_a_dead_one_has_none(tmp_path: Path) -> None:
    code = (
        "import sys; from workers.transport.host_limit import HostGate; gate = HostGate();"
        "places = [gate.enter('a', 2, sys.argv[1]) for _ in range(3)];"
        "print(sum(place is not None for place in places), flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    gate = HostGate()
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "2\n"
        assert gate.enter("a", 2, str(tmp_path)) is None
        assert not gate._held
        process.kill()
    mine = [gate.enter("a", 2, str(tmp_path)) for _ in range(3)]
    assert [place is not None for place in mine] == [True, True, False]
    for place in mine:
        if place is not None:
            place.leave()


def test_many_threads_that_come_and_go_are_never_too_many(tmp_path: Path) -> None:
    gates = [HostGate(), HostGate()]  # as of two processes
    guard, inside, most, done = threading.Lock(), 0, 0, threading.Event()

    def work(gate: HostGate) -> None:
        nonlocal inside, most
        for _ in range(60):
            place = gate.enter("a", 3, str(tmp_path))
            if place is None:
                done.wait(0.0005)
                continue
            with guard:
                inside += 1
                most = max(most, inside)
            done.wait(0.0002)
            with guard:
                inside -= 1
            place.leave()

    threads = [threading.Thread(target=work, args=(gate,)) for gate in gates * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 0 < most <= 3
    assert not any(gate._held for gate in gates)
    assert os.name == "nt" or not list(tmp_path.iterdir())


def test_a_folder_that_has_gone_leaves_the_limit_of_this_process(tmp_path: Path) -> None:
    gate = HostGate()
    place = gate.enter("a", 1, str(tmp_path / "gone"))
    assert place is not None
    assert gate.enter("a", 1, str(tmp_path / "gone")) is None
    place.leave()


def test_a_folder_that_cannot_be_named_takes_no_place() -> None:
    gate = HostGate()
    with pytest.raises(ValueError, match="null"):
        gate.enter("a", 1, "no\0folder")
    place = gate.enter("a", 1, "")
    assert place is not None
    place.leave()


class Busy:
    """Answers that last until two are wanted at the same time, and counts how many there are at once."""

    def __init__(self) -> None:
        self.lock, self.now, self.most = threading.Lock(), 0, 0

    def __call__(self, connection: Connection) -> None:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        connection.server.closing.wait(0.1)
        with self.lock:
            self.now -= 1
        connection.send(response(JPEG, Connection="close"))


def test_downloads_keep_to_the_limit_and_their_waiting_does_not_count(
    server: MisbehavingServer, form: str, tmp_path: Path
) -> None:
    busy, places = Busy(), tmp_path / "places"
    places.mkdir()
    url = server.at("/a.jpg", busy)
    (tmp_path / "pictures").mkdir()
    downloads = [
        Download(url, tmp_path / "pictures", per_host=2, gate=str(places), total_s=0.5) for _ in range(12)
    ]
    for one in downloads:
        one.start()
    for one in downloads:
        one.join()
    assert [one.phase for one in downloads] == [Phase.DONE] * 12, [one.events[-1].detail for one in downloads]
    assert busy.most == 2
    assert os.name == "nt" or not os.listdir(places)


def test_a_cancel_ends_the_waiting_for_a_place(server: MisbehavingServer, form: str, tmp_path: Path) -> None:
    url = server.at("/a.jpg", Connection.stall)
    gate = HostGate()
    place = gate.enter("127.0.0.1", 1, str(tmp_path))
    assert place is not None
    (tmp_path / "pictures").mkdir()
    found = Download(url, tmp_path / "pictures", per_host=1, gate=str(tmp_path))
    found.start()
    while not found.events:
        server.closing.wait(0.001)
    assert found.cancelled_after() < AT_ONCE_S
    assert found.phase == Phase.CANCELLED
    assert server.requests == []
    place.leave()
