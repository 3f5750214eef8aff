"""Whatever a server does: its task says so in a sentence, the others of the run are done, and no half file is left."""

from __future__ import annotations

import re
import socket
from typing import TYPE_CHECKING

import pytest

from tests.faults.answers import DRIPPING, ENDINGS, FAULTS, GOOD, STALL_S, TOTAL_S, serve_good
from tests.support.download_session import FOUR, OTHERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.support.download_session import House

GOOD_EVERY = 4
"""In the run every so-manieth task is one that has to succeed."""

WORKERS = {"process_pool": 2, "cooperative": 1, "process_events": 1}
"""In the GUI thread one that reads keeps the others from it, and their time runs; a process takes long to start."""

TRIES = {"qt_network": 2}
"""Qt asks for a second file over a connection that the server is about to close because of the first."""

OWN_WORDS = frozenset({"qt_network"})
"""Where Qt reads the answers, and what is wrong with them is said in other words."""

EVERYWHERE = pytest.mark.parametrize(
    "runner", [*FOUR, *(pytest.param(name, marks=pytest.mark.long) for name in OTHERS)]
)


@pytest.fixture
def dead_proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The environment names a proxy at a port that nobody listens at, for all addresses."""
    with socket.socket() as bound:  # and does not listen: a connection is refused
        bound.bind(("127.0.0.1", 0))
        for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{bound.getsockname()[1]}")
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        yield


@pytest.mark.usefixtures("dead_proxy")
@EVERYWHERE
def test_every_fault_fails_its_task_alone(runner: str, house: Callable[[str], House]) -> None:
    """One run with the faults of servers (1 to 18) but for those that drip, among tasks that have to succeed."""
    made = house(runner)
    serve_good(made.server)
    urls, words, whole = ["http://pictures.invalid/a.jpg"], {0: "proxy that the environment names"}, []
    for fault in FAULTS:
        if len(urls) % GOOD_EVERY == 0:
            which = len(urls) // GOOD_EVERY % len(GOOD)
            whole.append(f"{len(urls)}{ENDINGS[which]}")
            urls.append(made.server.at(f"/{len(urls)}.jpg", GOOD[which]))
        words[len(urls)] = fault.words
        urls.append(made.server.at(f"/{len(urls)}.jpg", fault.answer))
    made.download(urls, WORKERS.get(runner, 8), stall_s=STALL_S, tries=TRIES.get(runner, 1))
    run = made.finish()
    for index, pattern in words.items():
        text = made.error(index)
        assert re.search("." if runner in OWN_WORDS else pattern, text), (urls[index], text)
        assert text.endswith("."), text
        assert text.startswith("a.jpg: " if index == 0 else f"{index}.jpg: "), text
    assert {index: made.error(index) for index in run.recorder.errors if index not in words} == {}
    assert (run.recorder.done, run.recorder.failed) == (len(whole), len(words))
    assert made.files == sorted(whole)
    assert not run.control._closers
    assert {event.phase.is_final for event in made.events_of(0)} == {True, False}


@EVERYWHERE
def test_what_drips_is_given_up(runner: str, house: Callable[[str], House]) -> None:
    made = house(runner)
    urls = made.serve(*(fault.answer for fault in DRIPPING))
    run = made.download(urls, WORKERS.get(runner, 8), stall_s=STALL_S, total_s=TOTAL_S, tries=1)
    made.finish()
    for index, fault in enumerate(DRIPPING):
        assert re.search("." if runner in OWN_WORDS else fault.words, made.error(index)), fault.name
    assert (run.recorder.failed, made.files) == (len(DRIPPING), [])
