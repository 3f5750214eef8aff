"""How long to wait so that no more comes than agreed."""

from __future__ import annotations

import os
import struct
import time
from typing import TYPE_CHECKING

import pytest

from workers.transport.pace import SLACK_S, Pace, read_rate
from workers.utils.errors import BadInput
from workers.utils.file_lock import lock

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        *[("", 0), ("  ", 0), ("100", 100), ("500k", 512_000), ("2M", 2 << 20), ("1.5 m", 3 << 19)],
        *[("1G", 1 << 30), ("10KiB/s", 10_240), ("7kb", 7168)],
    ],
)
def test_a_speed_is_read(text: str, rate: int) -> None:
    assert read_rate("limit", text) == rate


@pytest.mark.parametrize("text", ["0", "-1", "fast", "1x", "0.1", "k", "1e3", "٣"])
def test_what_is_no_speed_is_told(text: str) -> None:
    with pytest.raises(BadInput, match=r"limit is bytes a second, such as 500k or 2M"):
        read_rate("limit", text)


@pytest.mark.parametrize("is_shared", [False, True])
def test_waits_add_up_to_the_speed(is_shared: bool, tmp_path: Path) -> None:
    now = [1000.0]
    path = str(tmp_path / "pace") if is_shared else ""
    first = Pace(lambda: now[0])
    second = Pace(lambda: now[0]) if is_shared else first
    assert first.wait_s(100, 1000, path) == 0.0  # of what was not used
    assert second.wait_s(200, 1000, path) == pytest.approx(0.3 - SLACK_S)
    assert first.wait_s(1000, 1000, path) == pytest.approx(1.3 - SLACK_S)
    now[0] += 10.0
    assert second.wait_s(1250, 1000, path) == pytest.approx(1.0)
    if is_shared:
        assert struct.unpack("d", (tmp_path / "pace").read_bytes()) == (pytest.approx(now[0] + 1.0),)


def test_a_folder_that_has_gone_leaves_the_pace_of_this_process(tmp_path: Path) -> None:
    pace = Pace(lambda: 1000.0)
    path = str(tmp_path / "gone" / "pace")
    assert [pace.wait_s(1250, 1000, path) for _ in range(2)] == [pytest.approx(1.0), pytest.approx(2.25)]


def test_it_waits_while_another_process_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "pace"
    other = os.open(path, os.O_RDWR | os.O_CREAT)
    assert lock(other)
    monkeypatch.setattr(time, "sleep", lambda _: os.close(other))
    assert Pace(lambda: 1000.0).wait_s(1250, 1000, str(path)) == pytest.approx(1.0)
