"""A real browser without a window, led over a pipe by Chrome's DevTools protocol: nothing to install but itself."""

from __future__ import annotations

import base64
import itertools
import json
import os
import select
import shutil
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from types import TracebackType

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    *("--headless=new", "--remote-debugging-pipe", "--no-first-run", "--no-default-browser-check"),
    # A test runs as root in a container; what it opens are our own files.
    *("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--mute-audio"),
)
PATIENCE_S = 60.0
"""With a browser on a busy machine."""

LOOKS = Path(__file__).with_name("page_faults.js").read_text(encoding="utf-8")


def find_browser() -> str | None:
    """The path of a browser of Chromium's family; None where there is none, or Windows, whose pipes are others."""
    return next(filter(None, map(shutil.which, NAMES)), None) if os.name == "posix" else None


class View(NamedTuple):
    """How a page is looked at.

    Attributes:
        width: of the page, in pixels.
        is_dark: whether the person likes it dark.
        medium: "screen" or "print".
    """

    width: int
    is_dark: bool = False
    medium: str = "screen"


class Browser:
    """One page of a browser, used within a `with` block, at the end of which it is gone with all of its processes."""

    def __init__(self, program: str, folder: Path) -> None:
        """Start it; `folder` is for all that it writes."""
        commands, self._write = os.pipe()
        self._read, answers = os.pipe()
        # The browser reads from 3 and writes to 4, which may be ends of our pipes already: these go far away first.
        moves = 'exec 98<&"$1" 99>&"$2"; exec 3<&98 4>&99 98<&- 99>&-; shift 2; exec "$@"'
        self._process = subprocess.Popen(
            [
                "bash",
                "-c",
                moves,
                "bash",
                str(commands),
                str(answers),
                program,
                *FLAGS,
                f"--user-data-dir={folder}",
            ],
            pass_fds=(commands, answers),
            env={**os.environ, "HOME": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(commands)
        os.close(answers)
        self._numbers = itertools.count(1)
        self._rest = b""
        self._session = ""
        self._loaded = False
        self.errors: list[str] = []

    def __enter__(self) -> Browser:
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            self.ask(f"{domain}.enable")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._session = ""
                self.ask("Browser.close")
        finally:
            os.close(self._write)
            os.close(self._read)
            try:
                self._process.wait(PATIENCE_S if error is None else 1.0)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    # ---------------------------------------------------------------- the protocol

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Call a method, and wait for its answer."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while (answer := self._next()).get("id") != number:
            self._note(answer)
        assert "error" not in answer, f"{method}: {answer['error']}"
        result: dict[str, Any] = answer["result"]
        return result

    def _next(self) -> dict[str, Any]:
        deadline = time.monotonic() + PATIENCE_S
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._read], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, f"the browser said nothing for {PATIENCE_S:g} s"
            piece = os.read(self._read, 1 << 16)
            assert piece, f"the browser has ended with {self._process.poll()}"
            self._rest += piece
        message, _, self._rest = self._rest.partition(b"\0")
        found: dict[str, Any] = json.loads(message)
        return found

    def _note(self, event: dict[str, Any]) -> None:
        method, about = event.get("method", ""), event.get("params", {})
        if method == "Page.loadEventFired":
            self._loaded = True
        elif method == "Runtime.exceptionThrown":
            self.errors.append(str(about["exceptionDetails"].get("exception", about["exceptionDetails"])))
        elif method == "Runtime.consoleAPICalled" and about["type"] in {"error", "warning", "assert"}:
            self.errors.append(str(about["args"]))
        elif method == "Log.entryAdded" and about["entry"]["level"] in {"error", "warning"}:
            self.errors.append(str(about["entry"]["text"]))

    # ---------------------------------------------------------------- pages

    def show(self, page: Path, view: View) -> None:
        """Load a page as it is looked at; what it complains of is in `errors` from then on."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if view.is_dark else "light"}
        self.ask("Emulation.setEmulatedMedia", media=view.medium, features=[scheme])
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=view.width,
            height=900,
            deviceScaleFactor=1,
            mobile=view.width < 600,
        )
        self.errors.clear()
        self._loaded = False
        self.ask("Page.navigate", url=page.as_uri())
        while not self._loaded:
            self._note(self._next())

    def run(self, script: str) -> Any:
        """The value of an expression in the page."""
        answer = self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def faults(self) -> list[str]:
        """What is wrong with the page as it stands: see page_faults.js; and what it complained of."""
        return [*self.run(LOOKS), *(f"error: {error}" for error in self.errors)]

    def point_at(self, selector: str) -> None:
        """Move the mouse to the middle of an element."""
        where = "(({x, y, width, height}) => [x + width / 3, y + height / 2])"
        scroll = f"document.querySelector({selector!r}).scrollIntoView({{block: 'center'}})"
        self.run(scroll)
        x, y = self.run(f"{where}(document.querySelector({selector!r}).getBoundingClientRect())")
        self.ask("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)

    def print_out(self) -> bytes:
        """The page as a PDF, on A4."""
        return base64.b64decode(self.ask("Page.printToPDF", paperWidth=8.27, paperHeight=11.69)["data"])
