"""A folder of files as work: in each kind of place broken files fail alone, with a sentence, and the rest is done."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.support.runner_harness import Harness
from tests.support.system_words import NO_FILE
from workers.engine.plan import Settings
from workers.utils.formatting import error_line
from workers.utils.picture import Picture

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from workers.engine.run import Run

WHOLE = ("a.png", "sub/b.png")
PLACES = ("gui_thread", "qthread", "thread_pool", "asyncio_loop", "process_pool")


@pytest.fixture
def harness(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Harness]:
    made = Harness(request.param)
    yield made
    assert made.until(lambda: made.session.close(0)), "it did not end"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two whole pictures, one that is none, and one that goes before its turn."""
    for name in (*WHOLE, "gone.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        Image.new("RGB", (40, 30), (10, 200, 90)).save(tmp_path / name)
    (tmp_path / "none.png").write_bytes(b"no picture")
    return tmp_path


def run(harness: Harness, workload: str, folder: Path) -> Run:
    settings = Settings.named(harness.runner, workload, 1, 2, (("folder", str(folder)),))
    harness.session.start(settings, lambda run: (folder / "gone.png").unlink())
    return harness.finish()


def errors(run: Run) -> dict[str, str]:
    return {run.plan.title(index): error_line(text) for index, text in run.recorder.errors.items()}


@pytest.mark.parametrize("harness", [*PLACES, "other_python"], indirect=True)
def test_files_are_hashed(harness: Harness, folder: Path) -> None:
    ended = run(harness, "hash_files", folder)
    assert errors(ended).keys() == {"gone.png"}
    assert re.search(rf"^gone\.png cannot be read: {NO_FILE}\.$", errors(ended)["gone.png"])
    wanted = [hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (*WHOLE, "none.png")]
    assert sorted(harness.results) == sorted(wanted)
    assert ended.recorder.amount == sum((folder / name).stat().st_size for name in (*WHOLE, "none.png"))


@pytest.mark.parametrize("harness", PLACES, indirect=True)
def test_pictures_become_thumbnails(harness: Harness, folder: Path) -> None:
    ended = run(harness, "thumbnails", folder)
    found = errors(ended)
    assert found.keys() == {"gone.png", "none.png"}
    assert re.search(rf"^gone\.png cannot be read: {NO_FILE}\.$", found["gone.png"])
    assert found["none.png"].startswith("none.png: ")
    assert "server" not in found["none.png"]
    assert sorted(each.name for each in harness.results if isinstance(each, Picture)) == ["a.png", "b.png"]
    assert ended.recorder.amount == 2
