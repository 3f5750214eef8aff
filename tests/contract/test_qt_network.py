"""QNetworkAccessManager: what its replies may say at the worst moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtNetwork import QNetworkReply

from tests.support.http_client import HttpClient
from tests.support.misbehaving_server import response
from workers.downloads.queue import DownloadQueue
from workers.engine.plan import Settings
from workers.transport.qt_requests import RequestManager

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from PySide6.QtWidgets import QApplication


def test_a_download_may_end_between_a_reply_s_error_and_its_end(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Qt tells of an error and then of the end: to abort the reply in between it calls an error of its own."""
    client = HttpClient("qt_network", tmp_path)
    seen: list[tuple[QNetworkReply.NetworkError, bool]] = []

    plain_ask = RequestManager.ask

    def asked(manager: RequestManager, *arguments: Any) -> QNetworkReply:
        reply = plain_ask(manager, *arguments)
        reply.errorOccurred.connect(lambda error: ended(reply, error))
        return reply

    def ended(reply: QNetworkReply, error: QNetworkReply.NetworkError) -> None:
        seen.append((error, reply.isFinished()))
        client.session.close(0)  # it cancels

    monkeypatch.setattr(RequestManager, "ask", asked)
    client.server.at("/short", response(b"a part", length=99, Connection="close"))
    queue = DownloadQueue(tmp_path / "queue.sqlite")
    queue.add([f"{client.server.url}/short"], str(tmp_path))
    params = (("queue", queue.path), ("only_pictures", False))
    client.session.start(Settings.named("qt_network", "download", 1, 1, params))
    run = client.finish()
    queue.close()
    client.close()
    assert run.recorder.cancelled == 1
    assert seen == [(QNetworkReply.NetworkError.RemoteHostClosedError, False)]
