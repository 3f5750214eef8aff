"""What was done of lessons is there at the next start, and a file that cannot be read is lost by nobody."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from workers.teaching.kept import FILE, Kept

if TYPE_CHECKING:
    from pathlib import Path

WHEN = "30 November 2026, 11:02"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("THAW_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def result(lesson: str = "lost_updates", answer: str | None = "200") -> dict[str, Any]:
    return {
        **{"lesson": lesson, "title": "Lost updates", "question": "What does it say?"},
        **{"answers": ["200", "About 50"], "right": "About 50", "answer": answer, "judged": True},
        **{"why_not_judged": "", "claims": [{"text": "150 are lost.", "holds": True}], "holds": True},
        **{"steps": [{"says": "Without a lock", "seconds": 0.5}], "take_home": "Take a lock."},
    }


def test_what_was_done_is_there_at_the_next_start() -> None:
    kept = Kept(is_lasting=True)
    kept.add(result(), WHEN)
    kept.add(result("deadlock", None), WHEN)
    kept.add(result(answer="About 50"), WHEN)
    again = Kept(is_lasting=True)
    assert list(again.results) == ["lost_updates", "deadlock"]
    assert again.results["lost_updates"] == {**result(answer="About 50"), "when": WHEN}
    assert again.problem == kept.problem == ""


def test_what_another_window_has_kept_meanwhile_stays() -> None:
    one, other = Kept(is_lasting=True), Kept(is_lasting=True)
    one.add(result("one"), WHEN)
    other.add(result("other"), WHEN)
    assert set(Kept(is_lasting=True).results) == {"one", "other"}


def test_a_program_that_leaves_after_its_run_keeps_nothing(folder: Path) -> None:
    Kept(is_lasting=True).add(result(), WHEN)
    kept = Kept(is_lasting=False)
    assert kept.results == {}
    kept.add(result("other"), WHEN)
    assert set(kept.results) == {"other"}
    kept.forget()
    assert set(Kept(is_lasting=True).results) == {"lost_updates"}


@pytest.mark.parametrize(
    "text",
    [
        "{half of it",
        "[17]",
        "17",
        '[{"lesson": "lost_updates"}]',
        json.dumps([{**result(), "when": WHEN, "claims": [{"text": 7, "holds": True}]}]),
        json.dumps([{**result(), "when": WHEN, "steps": [{"says": "One", "seconds": "soon"}]}]),
    ],
)
def test_what_cannot_be_read_is_put_aside_and_said(folder: Path, text: str) -> None:
    folder.mkdir()
    aside = [folder / f"lessons-unreadable-{number}.json" for number in (1, 2)]
    aside[0].write_text("from before")
    (folder / FILE).write_text(text)
    kept = Kept(is_lasting=True)
    assert kept.results == {}
    assert str(aside[1]) in kept.problem
    assert (aside[0].read_text(), aside[1].read_text()) == ("from before", text)
    kept.add(result(), WHEN)
    assert set(Kept(is_lasting=True).results) == {"lost_updates"}


def test_what_may_not_be_read_now_stays_as_it_is(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Kept(is_lasting=True).add(result(), WHEN)
    before = (folder / FILE).read_bytes()

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, os.strerror(13))

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.read_bytes", refuse)
        kept = Kept(is_lasting=True)
    assert "Permission denied" in kept.problem
    kept.add(result("other"), WHEN)
    assert set(kept.results) == {"other"}
    assert (folder / FILE).read_bytes() == before


def test_all_of_it_can_be_forgotten(folder: Path) -> None:
    kept = Kept(is_lasting=True)
    kept.add(result(), WHEN)
    kept.forget()
    assert kept.results == {}
    assert not (folder / FILE).exists()
    kept.forget()
    assert kept.problem == ""


def test_where_nothing_can_be_written_it_is_said(folder: Path) -> None:
    folder.write_text("no folder")
    kept = Kept(is_lasting=True)
    kept.add(result(), WHEN)
    assert FILE in kept.problem
    assert set(kept.results) == {"lost_updates"}
