"""Too few file descriptors, and no room on the disk: told on the tasks that they hit, and over when there is room."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.faults.limited import ONE_AFTER_THE_OTHER
from tests.support.download_session import FOUR, ONCE
from tests.support.misbehaving_server import Connection, MisbehavingServer, picture, response
from tests.support.program import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.misbehaving_server import Answer

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits are set as Linux has them")
JPEG = picture(size=(400, 300))


@pytest.fixture
def server() -> Iterator[MisbehavingServer]:
    made = MisbehavingServer()
    yield made
    made.close()


def after_a_while(connection: Connection) -> None:
    """Answer so late that all who ask at once are here at once."""
    connection.server.closing.wait(0.06)
    connection.send(response(JPEG, Connection="close"))


def run_limited(
    folder: Path, server: MisbehavingServer, answers: list[Answer], *options: str, before: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Run `tests.faults.limited` on all four runners; what it found."""
    urls = [server.at(f"/{index}.jpg", answer) for index, answer in enumerate(answers)]
    listed = folder / "urls.txt"
    listed.write_text("\n".join(urls))
    command = [sys.executable, "-m", "tests.faults.limited", ",".join(FOUR), "--urls", str(listed), *options]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "THAW_LIMITED_PARAMS": json.dumps(ONCE)}
    ended = subprocess.run(
        [*before, *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    found: dict[str, Any] = json.loads(ended.stdout)
    assert found["threads"] == []
    for runner in FOUR:
        assert found["runners"][runner]["freed"] is True
        assert found["runners"][runner]["closed"] is True
        again = found["runners"][runner]["again"]
        assert (again["done"], again["failed"], again["errors"]) == (2, 0, []), runner
        assert again["files"] == {"0.jpg": len(JPEG), "1.jpg": len(JPEG)}
    return found


def test_24_file_descriptors(server: MisbehavingServer, tmp_path: Path) -> None:
    """Sixteen at once need more: some find none, or no process can be made, and the rest is done."""
    options = ("--folder", str(tmp_path), "--descriptors", "24", "--workers", "16")
    found = run_limited(tmp_path, server, [after_a_while] * 32, *options)
    for runner in FOUR:
        first = found["runners"][runner]["first"]
        assert first["done"] + first["failed"] == (ONE_AFTER_THE_OTHER if runner == "gui_thread" else 32)
        assert len(first["files"]) == first["done"]
        assert set(first["files"].values()) <= {len(JPEG)}
        for text in first["errors"]:
            assert re.search(r"(?i)too many (open )?files", text), (runner, text)
    assert found["runners"]["gui_thread"]["first"]["failed"] == 0, "one at a time has enough"
    for runner in ("qthread", "thread_pool"):
        assert found["runners"][runner]["first"]["failed"] > 0, "the fault was not injected"
        assert found["runners"][runner]["first"]["done"] > 0


def can_mount() -> bool:
    """Whether a person may make a small disk here, seen by their own processes only."""
    if shutil.which("unshare") is None:
        return False
    return subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode == 0


@pytest.mark.skipif(not can_mount(), reason="no small disk can be made here")
def test_a_full_disk(server: MisbehavingServer, tmp_path: Path) -> None:
    """A disk with room for about four pictures of twelve."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = f'mount -t tmpfs -o size={len(JPEG) * 4 // 1024 + 8}k tmpfs "$0" && exec "$@"'
    before = ("unshare", "-rm", "sh", "-c", mount, str(disk))
    found = run_limited(tmp_path, server, [response(JPEG)] * 12, "--folder", str(disk), before=before)
    for runner in FOUR:
        first = found["runners"][runner]["first"]
        assert first["done"] + first["failed"] == (ONE_AFTER_THE_OTHER if runner == "gui_thread" else 12)
        assert 1 <= first["done"] <= 5
        assert len(first["files"]) == first["done"]
        assert set(first["files"].values()) == {len(JPEG)}, "what has its name is whole"
        for text in first["errors"]:
            assert re.search(r"\d+\.jpg cannot be written: .*(disk is full|No space left on device)", text), (
                text
            )
    assert list(disk.iterdir()) == []
