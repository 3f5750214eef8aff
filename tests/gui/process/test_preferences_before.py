"""Preferences that version 0.1 wrote: a window that finds them is as the one was that was left then."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget

from gui.window.pages import PAGES
from gui.window.window import MainWindow
from gui.witness import handle
from tests.support.written_before import differences, files, read_then
from workers.catalog.lookup import named
from workers.engine.plan import BLOCKING
from workers.pythons import asking, finding
from workers.reports.next_step import FIRST
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QRect
    from PySide6.QtWidgets import QSplitter

    from gui.app import App
    from tests.support.whole_app import Stage

pytestmark = pytest.mark.skipif(
    sys.platform in {"win32", "darwin"}, reason="Qt keeps preferences elsewhere there"
)
HOME = "/tmp/thaw-fixtures/home"
"""The person's folder when the files were written; each test has another, with the same files in it."""

ABOUT = 0.02
"""What a splitter's panels want at least depends on the machine's fonts."""


class Asked:
    """Hears what is asked for with what was kept: in which folder a dialog begins, how the witness is shown."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = ""
        self.on_top: bool | None = None
        asked = self

        class Unseen(handle.Witness):
            """A witness that never starts."""

            def __init__(
                self,
                cancel: Callable[[], None],
                dump_fd: int | None,
                scheme: str,
                text_scale: float,
                on_top: bool,
            ) -> None:
                super().__init__(cancel, dump_fd, scheme, text_scale, on_top)
                asked.on_top = on_top

            def start(self, beside: Sequence[QRect] = ()) -> None:
                """Stay unseen."""

        def ask(parent: object, title: str, folder: str, kinds: str) -> tuple[str, str]:
            asked.folder = folder
            return "", ""

        monkeypatch.setattr(handle, "Witness", Unseen)
        monkeypatch.setattr(QFileDialog, "getOpenFileName", ask)

    def folder_of(self, open_dialog: Callable[[], None]) -> str:
        """Where a file dialog begins."""
        open_dialog()
        return self.folder


def recalled(app: App, asked: Asked, names: list[str]) -> dict[str, Any]:
    """What a window recalls, by what it does; `names` are files that may have functions of the person's own."""
    window, own = app.window, app.window.pages.own
    settings = window.controls.settings(False)
    app.core.instruments.run_announced(settings._replace(runner_entry=named("runners", BLOCKING)))
    told = {
        "settings": {**settings.plain(), "tasks": window.controls.tasks.value()},  # a list is fetched whole
        "blocking": window.is_blocking,
        "is_greeted": window.announcer.hint.text == FIRST,
        "scheme": app.theme.choice,
        "text_scale": app.theme.chosen_scale,
        "height": window.height(),
        "is_maximized": window.isMaximized(),
        "instruments": {
            name: app.core.instruments.is_on(name) for name in ("timeline", "watchdog", "gil", "witness")
        },
        "witness_on_top": asked.on_top,
        "weather": window.controls.server.settings._asdict(),
        "runs_folder": asked.folder_of(window.files.open),
        "own_folder": asked.folder_of(own.choice.choose_file),
        "downloads_folder": window.pages.downloads.intake.chosen_folder,
        "own_recent": [[str(path), function] for path, function in own.choice.files.recent],
        "own_trusted": {name: own.choice.files.is_trusted(Path.home() / name) for name in names},
        "own_chosen": own.choice.entry.title if own.choice.entry is not None else "",
    }
    shares = {"controls": window.sides.sizes()[0] / window.width(), "graphs": _share(window.middle)}
    for line in PAGES:
        page = window.pages.page(line.title)
        if page.splitter is not None:
            window.pages.show_page(page)
            # Rooms were tabs beside the side panel, and what stands at their left keeps its width, within ten pixels
            # more where what stands at their right had no more room.
            was_wide = window.width() - window.sides.sizes()[0] + 20
            first = page.splitter.widget(0)
            keeps = line.icon and first is not None and first.sizePolicy().horizontalStretch() == 0
            left, *_ = sizes = page.splitter.sizes()
            shares[line.title] = left / (was_wide if keeps else sum(sizes))
    return {**told, "shares": shares}


def _share(splitter: QSplitter) -> float:
    sizes = splitter.sizes()
    return sizes[0] / sum(sizes)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's folder, on a machine with no other Python."""

    def none(wanted: str = "") -> asking.Python:
        raise BadInput("There is no other Python.")

    made = tmp_path / "home"
    made.mkdir()
    monkeypatch.setenv("HOME", str(made))
    monkeypatch.setenv("USERPROFILE", str(made))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(made / "config"))
    monkeypatch.setattr(finding, "others", list)
    monkeypatch.setattr(finding, "choose", none)
    return made


def left_before(path: Path, home: Path, settings: Path) -> dict[str, Any]:
    """Put preferences where the program looks for them, and the person's files in their folder."""
    then: dict[str, Any] = read_then(path)
    for name, text in then["files"].items():
        (home / name).parent.mkdir(exist_ok=True)
        (home / name).write_text(text, encoding="utf-8")
    kept = settings / "Thaw" / "Thaw.conf"
    kept.parent.mkdir(parents=True)
    kept.write_text(path.read_text(encoding="utf-8").replace(HOME, str(home)), encoding="utf-8")
    return then


@pytest.mark.parametrize("path", files("preferences", ".conf"), ids=lambda path: path.stem)
def test_a_window_is_as_the_one_that_was_left(
    path: Path, stage: Stage, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    then = left_before(path, home, tmp_path / "settings")
    asked = Asked(monkeypatch)
    # The screen here is small, and then a window was no narrower than this.
    monkeypatch.setattr(
        MainWindow, "setMinimumSize", lambda window, *size: QWidget.setMinimumSize(window, 1000, 640)
    )
    with stage.app([]) as app:
        told = json.dumps(recalled(app, asked, list(then["recalled"]["own_trusted"])))
    found = json.loads(told.replace(str(home), HOME))
    shares = then["recalled"].pop("shares")
    then["recalled"].pop("tab")  # now it opens in the room Live, always
    assert differences(found, then["recalled"]) == []
    assert {name: found["shares"][name] for name in shares} == pytest.approx(shares, abs=ABOUT)
