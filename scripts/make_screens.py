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
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from PIL import Image
from Xlib import X

from tests.benchmarks.watch.display import Display, wait_until_there
from tests.support.x11 import Desktop

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
COLORS = 128
"""Of a picture: a screen has few, and a repository keeps each picture for ever."""

SETTLE_S = 3.0
PATIENCE_S = 90.0


class Screen(NamedTuple):
    """A screen: its name in file names, its width and height in pixels, and how many of these are one of Qt's."""

    name: str
    width: int
    height: int
    scale: int = 1


SCREENS = (Screen("1280x720", 1280, 720), Screen("1920x1080", 1920, 1080), Screen("200-percent", 2560, 1440, 2))
SCHEMES = ("light", "dark")


class Session:
    """The program on a screen, in a home of its own.

    Attributes:
        report: is there once a run of `--start` has ended.
    """

    def __init__(self, display: Display, screen: Screen, scheme: str, folder: Path, *arguments: str) -> None:
        self._display, self._screen = display, screen
        self.report = folder / "report.json"
        settings = folder / "Thaw" / "Thaw.conf"
        settings.parent.mkdir(parents=True)
        settings.write_text(f"[General]\nscheme={scheme}\n", encoding="utf-8")
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("QT_", "WAYLAND"))},
            "DISPLAY": display.name,
            "QT_QPA_PLATFORM": "xcb",
            "QT_SCALE_FACTOR": str(screen.scale),
            "XDG_CONFIG_HOME": str(folder),
            "THAW_DATA": str(folder),
        }
        self._process = subprocess.Popen([sys.executable, ROOT / "main.py", *arguments], env=environment)
        wait_until_there(
            display.connection, self._process.pid, lambda: self._process.poll() is None, painted=True
        )
        self._desktop = Desktop(display.name)
        self._window = self._desktop.wait_for_window(self._process.pid)
        self._window.configure(x=0, y=0, width=screen.width, height=screen.height)
        self._desktop.focus(self._window)
        time.sleep(SETTLE_S)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *error: object) -> None:
        self._process.terminate()
        self._process.wait()

    def press(self, key: str, *held: str) -> None:
        """Press a key in the window, while others are held."""
        self._desktop.focus(self._window)
        self._desktop.press(key, *held)

    def wait_for_file(self, path: Path) -> None:
        """Wait until the program has written a file."""
        deadline = time.monotonic() + PATIENCE_S
        while not path.exists() and time.monotonic() < deadline:
            time.sleep(0.1)

    def picture(self, file: Path) -> None:
        """Keep what is on the screen."""
        width, height = self._screen.width, self._screen.height
        root: Any = self._display.connection.screen().root
        data = root.get_image(0, 0, width, height, X.ZPixmap, 0xFFFFFFFF).data
        whole = Image.frombytes("RGB", (width, height), data, "raw", "BGRX")
        file.parent.mkdir(parents=True, exist_ok=True)
        whole.quantize(COLORS, dither=Image.Dither.NONE).save(file, optimize=True)
        print(file)


def first_minute(session: Session) -> Iterator[str]:
    """What a newcomer sees; gives the name of each picture when it is to be taken."""
    yield "cold-start"
    session.press("F5")
    time.sleep(2.5)
    yield "frozen"
    time.sleep(5.0)
    yield "thawed"
    session.press("F8")
    time.sleep(12.0)
    yield "compare"
    session.press("F12")
    time.sleep(1.5)
    yield "presentation"


def hold_gil(session: Session) -> Iterator[str]:
    """A run in threads that freezes the window all the same, and why."""
    session.wait_for_file(session.report)
    time.sleep(1.0)
    session.press("5", "Control_L")
    time.sleep(2.0)
    yield "hold-gil"


def benchmark(session: Session) -> Iterator[str]:
    """What a benchmark found."""
    session.wait_for_file(session.report)
    time.sleep(1.5)
    yield "benchmark"


STORIES = (
    (first_minute, ()),
    (hold_gil, ("--start", "--workload", "hold_gil", "--runner", "thread_pool", "--tasks", "5")),
    (
        benchmark,
        ("--benchmark", "--workloads", "primes,sleep", "--workers", "1,2,4", "--repeat", "2"),
    ),
)


def main(arguments: list[str]) -> int:
    """Take them; returns the exit code."""
    parser = argparse.ArgumentParser(prog="scripts/screens", description="Take pictures of the window.")
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "docs" / "screens")
    parser.add_argument(
        "--only", default="", metavar="PART", help="a part of the names of those that are wanted"
    )
    options = parser.parse_args(arguments)
    for screen in SCREENS:
        for scheme in SCHEMES:
            for story, given in STORIES:
                with (
                    Display(f"{screen.width}x{screen.height}x24") as display,
                    tempfile.TemporaryDirectory() as folder,
                ):
                    report = ("--report", str(Path(folder) / "report.json")) if given else ()
                    with Session(display, screen, scheme, Path(folder), *given, *report) as session:
                        for name in story(session):
                            file = options.folder / f"{name}-{scheme}-{screen.name}.png"
                            if options.only in file.name:
                                session.picture(file)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
