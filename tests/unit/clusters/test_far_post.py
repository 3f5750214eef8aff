"""Messages by Dask's own means: what a worker does where the program says nothing any more."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest

from workers.clusters import far_post

KEY = b"of the run"


@pytest.fixture
def sent() -> list[bytes]:
    return []


@pytest.fixture
def post(sent: list[bytes], monkeypatch: pytest.MonkeyPatch) -> far_post.FarPost:
    def log_event(topic: str, message: dict[str, bytes]) -> None:
        sent.append(message["part"])

    distributed = pytest.importorskip("distributed")
    worker = SimpleNamespace(address="tcp://127.0.0.1:1", log_event=log_event)
    monkeypatch.setattr(distributed, "get_worker", lambda: worker)
    monkeypatch.setattr(far_post, "BEAT_S", 0.01)
    return far_post.FarPost(KEY, "topic")


def test_who_waits_for_room_goes_on_when_the_program_has_read(
    post: far_post.FarPost, sent: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(far_post, "WINDOW", 2)
    post.send_bytes(b"abc")
    sender = threading.Thread(target=post.send_bytes, args=(b"d",))
    sender.start()
    post.take([], 3)
    sender.join(10)
    assert sent == [b"abc", b"d"]


def test_a_program_that_says_nothing_any_more_keeps_nobody_waiting(
    post: far_post.FarPost, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not post.poll(0)
    monkeypatch.setattr(far_post, "WINDOW", 2)
    post.send_bytes(b"abc")
    monkeypatch.setattr(far_post, "SILENT_S", -1.0)
    with pytest.raises(BrokenPipeError):
        post.send_bytes(b"d")
    assert post.poll(0)
    with pytest.raises(EOFError):
        post.recv_bytes()
