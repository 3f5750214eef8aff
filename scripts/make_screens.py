"""Takes the pictures in docs/screens: starts the program on an X server of its own, and uses it as a person does.

A frozen window paints nothing, so the pictures are taken of the screen, from outside.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from PIL import Image
from Xlib import X

from gui.window.pages import PAGES
from tests.benchmarks.watch.display import Display, wait_until_there
from tests.support.program import wait_until
from tests.support.x11 import Desktop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ROOT = Path(__file__).resolve().parents[1]
COLORS = 160
"""Of a picture: a screen has few, and a repository keeps each picture for ever."""

DESK = 0x8A93A5
"""The colour of the screen beside the window."""

ROOMS = ("Live", *(line.title for line in PAGES if line.icon))
TABS = tuple(line.title for line in PAGES if not line.icon)

SETTLE_S = 3.0
BANNER = 80
"""The witness is lower than this when it is small, in Qt's pixels."""

KEY_S = 0.3
TABS_TO_BOTH, TABS_TO_ANSWERS, TABS_TO_FIND, STEPS_TO_SEE = 5, 5, 8, 4
"""How often keys are to be pressed, in the rooms Labs, Lessons and Steps."""

SLOW_WINDOW = ROOT / "tests" / "fixtures" / "programs" / "slow_window.py"
FROZEN_AGAIN_S = 12.5
"""So long after its start it is in the middle of its third freeze."""

PATIENCE_S = 120.0
END_S = 10.0


class Screen(NamedTuple):
    """A screen.

    Attributes:
        name: its part of file names.
        width, height: of the window, which fills it, in pixels.
        scale: how many of these are one of Qt's.
        beside: pixels right of the window, where the witness has room.
    """

    name: str
    width: int
    height: int
    scale: int = 1
    beside: int = 0


SCREENS = (Screen("1280x720", 1280, 720), Screen("1920x1080", 1920, 1080), Screen("200-percent", 2560, 1440, 2))
SCHEMES = ("light", "dark")


class Session:
    """The program on a screen, in a home of its own; used within a `with` block, at the end of which it is gone."""

    def __init__(self, display: Display, screen: Screen, scheme: str, folder: Path, *arguments: str) -> None:
        self._display, self._screen, self._arguments = display, screen, arguments
        self._log = folder / "log.txt"
        settings = folder / "Thaw" / "Thaw.conf"
        settings.parent.mkdir(parents=True)
        settings.write_text(f"[General]\nscheme={scheme}\n", encoding="utf-8")
        self._environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("QT_", "WAYLAND"))},
            "DISPLAY": display.name,
            "QT_QPA_PLATFORM": "xcb",
            "QT_SCALE_FACTOR": str(screen.scale),
            "XDG_CONFIG_HOME": str(folder),
            "THAW_DATA": str(folder),
        }

    def __enter__(self) -> Session:
        root: Any = self._display.connection.screen().root
        root.change_attributes(background_pixel=DESK)
        root.clear_area()
        command = [sys.executable, str(ROOT / "main.py"), "--log-level", "info", *self._arguments]
        with ExitStack() as started:
            log = started.enter_context(self._log.open("wb"))
            process = subprocess.Popen(command, env=self._environment, stdout=log, stderr=log)
            started.callback(_end, process)
            wait_until_there(
                self._display.connection, process.pid, lambda: process.poll() is None, painted=True
            )
            self._desktop = started.enter_context(Desktop(self._display.name))
            self._window = self._desktop.wait_for_window(process.pid)
            self._window.configure(x=0, y=0, width=self._screen.width, height=self._screen.height)
            self._desktop.focus(self._window)
            time.sleep(SETTLE_S)
            self._started = started.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._started.close()

    def wait_for(self, words: str, times: int = 1) -> None:
        """Wait until the program's log has said something so often."""
        wait_until(lambda: self._log.read_text("utf-8").count(words) >= times, words, PATIENCE_S)

    def _witness_height(self) -> float:
        """How high what is shown besides the program's own window is, in Qt's pixels; 0.0 where nothing is."""
        root: Any = self._display.connection.screen().root
        others = [one for one in root.query_tree().children if one.id != self._window.id]
        shown = [one for one in others if one.get_attributes().map_state == X.IsViewable]
        return max((one.get_geometry().height / self._screen.scale for one in shown), default=0.0)

    def wait_for_witness(self) -> None:
        """Wait until the witness is there."""
        wait_until(lambda: self._witness_height() > BANNER, "the witness", PATIENCE_S)

    def wait_for_calm(self) -> None:
        """Wait until the witness is small, or gone where it would hide what is read: some seconds after a freeze."""
        time.sleep(SETTLE_S)
        wait_until(lambda: self._witness_height() <= BANNER, "a calm witness", PATIENCE_S)
        time.sleep(0.5)

    def press(self, key: str, *held: str, times: int = 1) -> None:
        """Press a key in the window, while others are held."""
        self._desktop.focus(self._window)
        for _ in range(times):
            self._desktop.press(key, *held)
            time.sleep(KEY_S)

    def show(self, page: str) -> None:
        """Bring a room, or a tab of Live, to the front."""
        if page in ROOMS:
            self.press(str(ROOMS.index(page) + 1), "Control_L")
        else:
            self.press(str(TABS.index(page) + 1), "Alt_L")
        time.sleep(SETTLE_S)

    def picture(self, file: Path) -> None:
        """Keep what is on the screen."""
        width, height = self._screen.width + self._screen.beside, self._screen.height
        root: Any = self._display.connection.screen().root
        data = root.get_image(0, 0, width, height, X.ZPixmap, 0xFFFFFFFF).data
        whole = Image.frombytes("RGB", (width, height), data, "raw", "BGRX")
        file.parent.mkdir(parents=True, exist_ok=True)
        whole.quantize(COLORS, dither=Image.Dither.NONE).save(file, optimize=True)
        print(file)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def first_minute(session: Session) -> Iterator[str]:
    """What a newcomer sees; gives the name of each picture when it is to be taken."""
    yield "cold-start"
    session.press("F5")
    session.wait_for("run begun")
    time.sleep(2.0)
    session.wait_for_witness()
    time.sleep(0.7)
    yield "frozen"
    session.wait_for("run ended")
    session.wait_for_calm()
    yield "thawed"
    session.press("F8")
    session.wait_for("run ended", 3)
    session.wait_for_calm()
    yield "compare"
    session.press("F12")
    session.wait_for_calm()
    yield "presentation"


def hold_gil(session: Session) -> Iterator[str]:
    """A run in threads that freezes the window all the same, and why: up to the flame graph of its freeze."""
    session.wait_for("run ended")
    session.show("Runs")
    session.wait_for_calm()
    session.press("Tab", times=3)
    session.press("space")
    session.press("Tab", times=4)
    session.press("space")
    time.sleep(SETTLE_S)
    yield "hold-gil"


def benchmark(session: Session) -> Iterator[str]:
    """What a benchmark found."""
    session.wait_for("benchmark ended")
    session.wait_for_calm()
    yield "benchmark"


def labs(session: Session) -> Iterator[str]:
    """The wrong and the right version of a lab, and what their runs show."""
    session.show("Labs")
    session.press("Tab", times=TABS_TO_BOTH)
    session.press("space")
    session.wait_for("run ended", 2)
    time.sleep(SETTLE_S)
    yield "labs"


def steps(session: Session) -> Iterator[str]:
    """A shortest order in which a lab's version goes wrong, gone through up to where it is lost."""
    session.show("Steps")
    session.press("Tab", times=TABS_TO_FIND)
    session.press("space")
    time.sleep(2 * SETTLE_S)
    session.press("Tab", "Shift_L", times=2)
    session.press("space", times=STEPS_TO_SEE)
    yield "steps"


def deadlock(session: Session) -> Iterator[str]:
    """Five who wait for each other, as long as a person looks at them."""
    session.show("Timeline")
    session.press("F5")
    session.wait_for("run begun")
    time.sleep(1.5)
    yield "deadlock"


def lessons(session: Session) -> Iterator[str]:
    """A lesson before its run, with an answer chosen, and what it says afterwards."""
    session.show("Lessons")
    session.press("Tab", times=TABS_TO_ANSWERS)
    session.press("Down")
    yield "lessons-asked"
    session.press("Tab")
    session.press("space")
    session.wait_for("run ended", 2)
    session.wait_for_calm()
    yield "lessons-done"


def watched(session: Session) -> Iterator[str]:
    """A program that is frozen just now, for the third time."""
    session.wait_for("watches slow_window.py")
    time.sleep(FROZEN_AGAIN_S)
    yield "watched"


class Story(NamedTuple):
    """How to come to some pictures.

    Attributes:
        names: of its pictures.
        tell: does what is needed for each, and gives its name.
        arguments: of the program.
    """

    names: tuple[str, ...]
    tell: Callable[[Session], Iterator[str]]
    arguments: tuple[str, ...] = ()


STORIES = (
    Story(("cold-start", "frozen", "thawed", "compare", "presentation"), first_minute),
    Story(
        ("hold-gil",),
        hold_gil,
        ("--start", "--workload", "hold_gil", "--runner", "thread_pool", "--tasks", "5"),
    ),
    Story(
        ("benchmark",),
        benchmark,
        (
            "--benchmark",
            "--workloads",
            "sleep",
            "--runners",
            "thread_pool,process_pool,asyncio_loop",
            "--repeat",
            "2",
        ),
    ),
    Story(("labs",), labs),
    Story(("lessons-asked", "lessons-done"), lessons),
    Story(("steps",), steps),
    Story(("watched",), watched, ("--watch", str(SLOW_WINDOW))),
    Story(("deadlock",), deadlock, ("--workload", "philosophers.naive", "--runner", "thread_per_task")),
)
SMALL_ONLY = {"thawed", "watched"}
"""Kept at the smallest size alone: most bytes of the first are photographs, which are in `compare` as well."""

README = (
    ("frozen", "frozen.png", Screen("beside", 1280, 720, beside=420)),
    ("compare", "thaw.png", Screen("alone", 1280, 800)),
)
"""What README.md shows: which picture, its file in docs, and the screen."""


def take(story: Story, screen: Screen, scheme: str, files: Mapping[str, Path]) -> None:
    """Take those pictures of a story that have a file, by their names; nothing where none has."""
    left = {name: files[name] for name in story.names if name in files}
    if not left:
        return
    with (
        Display(f"{screen.width + screen.beside}x{screen.height}x24") as display,
        tempfile.TemporaryDirectory() as folder,
    ):
        with Session(display, screen, scheme, Path(folder), *story.arguments) as session:
            for name in story.tell(session):
                if name in left:
                    session.picture(left.pop(name))
                if not left:
                    return


def main(arguments: list[str]) -> int:
    """Take them; returns the exit code."""
    parser = argparse.ArgumentParser(prog="scripts/screens", description="Take pictures of the window.")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "docs" / "screens")
    parser.add_argument(
        "--only", default="", metavar="PART", help="a part of the names of those that are wanted"
    )
    parser.add_argument("--readme", action="store_true", help="only those that README.md shows, into docs")
    options = parser.parse_args(arguments)
    if options.readme:
        for name, file, screen in README:
            take(STORIES[0], screen, "light", {name: ROOT / "docs" / file})
        return 0
    for screen in SCREENS:
        for scheme in SCHEMES:
            for story in STORIES:
                files = {name: options.folder / f"{name}-{scheme}-{screen.name}.png" for name in story.names}
                wanted = {
                    name: file
                    for name, file in files.items()
                    if options.only in file.name and (name not in SMALL_ONLY or screen is SCREENS[0])
                }
                take(story, screen, scheme, wanted)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
