"""The local image server, a process of its own: one thread, one asyncio loop, the standard library only.

It stands in for a web site: pictures under network conditions (`workers.image_server.conditions`) that can be set
while it runs, the same in every run with the same seed. It prints one JSON line {"port": N} when it is ready, then a
line {"tally": {...}} now and then of what it did for the last run. It reads settings as JSON lines from stdin, and
leaves when stdin ends: the pipe breaks however the program dies, so the server cannot outlive it.

Its addresses: /pictures/<number> (with ?name=... it also names the file), /sites/<number>/<number>.html (pages with
links and pictures), / (settings and counts as JSON), and before each of them /runs/<number>, for a run in which counts
start over.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import signal
import stat
import sys
import threading
from pathlib import Path

from .conditions import NetworkConditions, changed
from .connection import Connection
from .site import ServedPicture, ServedRun, Site

TELL_S = 0.4
"""The least time between two reports of a run's counts, in seconds."""


class Teller:
    """Tells on stdout what was done for a run, soon after something was."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._due: ServedRun | None = None

    def served(self, run: ServedRun) -> None:
        """In the loop: something was done for this run; of two, the newer one is told."""
        if self._due is None:
            self._loop.call_later(TELL_S, self._tell)
        if self._due is None or run.number >= self._due.number:
            self._due = run

    def _tell(self) -> None:
        run, self._due = self._due, None
        if run is not None:
            with contextlib.suppress(OSError):  # nobody reads just now: the next one says it all again
                os.write(1, json.dumps({"tally": run.fault_counts._asdict()}).encode() + b"\n")


def read_pictures(folder: Path) -> list[ServedPicture]:
    """The folder's JPEG files by name, read whole; SystemExit, after a sentence, if there are none."""
    found = sorted(folder.glob("*.jpg")) if folder.is_dir() else []
    if not found:
        sys.stderr.write(
            f"No pictures (*.jpg) in {folder}: run 'python scripts/make_pictures.py' to make them.\n"
        )
        raise SystemExit(2)
    return [ServedPicture(path.read_bytes(), path.stat().st_mtime) for path in found]


def follow_stdin(site: Site, loop: asyncio.AbstractEventLoop) -> None:
    """Pass settings on, leave when stdin ends; in a thread, for Windows cannot select pipes."""
    for line in sys.stdin.buffer:
        loop.call_soon_threadsafe(take_settings, site, line)
    os._exit(0)  # not sys.exit: nothing here needs tidying, and a busy loop must not delay the end


def take_settings(site: Site, line: bytes) -> None:
    """In the loop: apply settings that came as a JSON object; what makes no sense is told on stderr."""
    try:
        settings = json.loads(line)
        if not isinstance(settings, dict):
            raise TypeError("settings are a JSON object")
        site.apply(settings)
    except (ValueError, TypeError) as error:
        sys.stderr.write(f"Settings not understood: {error}\n")


async def serve(site: Site) -> None:
    """Listen on a free port of the loopback interface, tell it on stdout, serve until the process ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(site, loop), "127.0.0.1", 0, backlog=1024)
    sys.stdout.write(json.dumps({"port": server.sockets[0].getsockname()[1]}) + "\n")
    sys.stdout.flush()
    if os.name == "posix" and stat.S_ISFIFO(os.fstat(1).st_mode):
        os.set_blocking(1, False)  # a program that does not read must not stop the server
    site.on_served = Teller(loop).served
    threading.Thread(target=follow_stdin, args=(site, loop), name="settings", daemon=True).start()
    await server.serve_forever()


def main() -> None:
    """Read the command line and serve."""
    # Ctrl+C in a terminal goes to the whole process group; when to end is for the parent to decide.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parser = argparse.ArgumentParser(
        prog="image server",
        description="Serve pictures on the loopback interface, slowly and badly if wanted.",
        epilog="What each setting means stands in workers/image_server/conditions.py.",
    )
    parser.add_argument("--pictures", type=Path, required=True, help="folder of *.jpg files")
    for name, usual in NetworkConditions()._asdict().items():
        parser.add_argument(
            f"--{name.replace('_', '-')}", type=type(usual), default=usual, help=f"default {usual:g}"
        )
    options = vars(parser.parse_args())
    pictures = read_pictures(options.pop("pictures"))
    try:
        network = changed(NetworkConditions(), options)
    except ValueError as error:
        parser.error(str(error))
    asyncio.run(serve(Site(pictures, network)))
