"""What tasks waited for, and what gauges showed, comes back from a file; what makes no sense there is told."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.full_runs import full_run, sharing_run
from tests.unit.run_files.test_run_file import refused, rewritten, with_head
from workers.run_files.members import SHARING
from workers.run_files.reader import open_run
from workers.run_files.writer import drain, save_run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "shared.thaw"
    drain(save_run(sharing_run(), path))
    return path


def test_it_comes_back_as_it_was(file: Path) -> None:
    run, found = sharing_run(), drain(open_run(file))
    before, after = run.recorder.sharing, found.recorder.sharing
    assert after.reasons == before.reasons
    assert (after.rows, after.reason_of) == (before.rows, before.reason_of)
    assert after.deadlocks == before.deadlocks == ["both wait"]
    assert list(after.gauges) == list(before.gauges)
    for name, gauge in after.gauges.items():
        assert (gauge.kind, gauge.values) == (before.gauges[name].kind, before.gauges[name].values)
        assert [moment - found.started for moment in gauge.times] == pytest.approx(
            [moment - run.started for moment in before.gauges[name].times]
        )


def test_a_run_that_shares_nothing_has_none_of_it(tmp_path: Path) -> None:
    path = tmp_path / "run.thaw"
    drain(save_run(full_run(), path))
    with zipfile.ZipFile(path) as archive:
        assert not set(SHARING) & set(archive.namelist())
        assert "deadlocks" not in json.loads(archive.read("run.json"))
    assert drain(open_run(path)).recorder.sharing.reasons == []


REASON = b'{"what": "lock a", "holders": [0]}\n{"what": "x", "holders": []}\n'
GAUGE = b'{"name": "n", "kind": "", "count": 4}\n'


@pytest.mark.parametrize(
    ("member", "content", "words"),
    [
        ("reasons.jsonl", b'{"what": "x", "holders": [2]}\n' * 2, "a holder is not a number from 0 to 1"),
        ("reasons.jsonl", b'{"what": "x", "holders": 2}\n' * 2, "the holders are no list"),
        ("reasons.jsonl", b'{"what": 1, "holders": []}\n' * 2, "what is no text"),
        ("reasons.jsonl", REASON[:35], "there is no reason of that number"),
        ("reason_rows.u4", b"\2\0\0\0", "the columns of the reasons differ in length"),
        ("reason_rows.u4", b"\2\0\0\0\xff\0\0\0", "there is no change of that number"),
        ("reason_rows.u4", b"\4\0\0\0\2\0\0\0", "reason_rows.u4 is not in order"),
        ("reason_rows.u4", b"\0\0\0\0\4\0\0\0", "a reason belongs to no wait"),
        ("gauges.jsonl", GAUGE.replace(b'""', b'"new"'), "a gauge is of no known kind"),
        ("gauges.jsonl", GAUGE.replace(b"4", b"5"), "the columns of the gauges differ in length"),
        ("gauges.jsonl", GAUGE.replace(b"4", b"0"), "count is not a number from 1"),
        ("gauge_values.f8", b"\0" * 24, "the columns of the gauges differ in length"),
        ("gauge_values.f8", b"\xff" * 32, "a value of the gauges is out of range"),
    ],
)
def test_what_makes_no_sense_is_told(member: str, content: bytes, words: str, file: Path) -> None:
    def change(members: dict[str, bytes]) -> Any:
        members[member] = content

    assert words in refused(rewritten(file, change))


def test_times_of_a_gauge_must_be_in_order(file: Path) -> None:
    def change(members: dict[str, bytes]) -> None:
        times = members["gauge_times.f8"]
        members["gauge_times.f8"] = times[8:16] + times[:8] + times[16:]

    assert "gauge_times.f8 is not in order" in refused(rewritten(file, change))


@pytest.mark.parametrize("member", SHARING[1:])
def test_there_are_all_of_them_or_none(member: str, file: Path) -> None:
    assert member in refused(rewritten(file, lambda members: members.pop(member)))


def test_deadlocks_are_a_list_of_texts(file: Path) -> None:
    assert "the deadlocks are no list" in refused(with_head(file, deadlocks="both wait"))
    assert "a deadlock is no text" in refused(with_head(file, deadlocks=[1]))
