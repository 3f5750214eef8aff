"""The faults that the tests inject, and what has to come of each.

Always the same four things are expected: a clear sentence on that task, the rest of the run goes on, no part of a file
under its final name, and no worker, thread, socket or process left behind (`nothing_left_behind` in tests/conftest.py
looks after each test; the tests of whole programs look at their children).

"Four" are gui_thread, qthread, thread_pool and process_pool. The server's faults also run on every other runner that
downloads.

| no. | fault | where | expected besides | test_... |
|---|---|---|---|---|
| 1 | body shorter than its Content-Length | four | "before the whole file had come" | servers |
| 2 | no length, and cut early | four | "not whole": the picture's end is missing | servers |
| 3 | gzip cut to its length | four | gzip was not asked for: "no picture" | servers |
| 4 | 194 KB that inflate to 200 MB | four | they are never inflated: "no picture" | servers |
| 5 | reset in the body | four | "broke the connection off" | servers |
| 6 | stall before the headers | four | given up after stall_s | servers |
| 7 | stall in the body | four | given up after stall_s | servers |
| 8 | headers that drip | four | given up after total_s | servers |
| 9 | a body that drips | four | given up after total_s | servers |
| 10 | a redirect loop | four | "sent us on more than 10 times" | servers |
| 11 | a malformed Location | four | "an address that makes no sense" | servers |
| 12 | a redirect to file:// | four | nothing is read: "no web page" | servers, obedience |
| 13 | 404, 503 with Retry-After, HTML with status 200 | four | 503 after its tries | servers, retries |
| 14 | garbage status, 100 KB header, 500 headers, closed at once | four | each has its sentence | servers |
| 15 | Content-Length -5, 'abc', 0; status 204 | four | each has its sentence | servers |
| 16 | HTTP_PROXY names a dead port | four | told; ignored for this machine | servers |
| 17 | half a JPEG, half a GIF | four | "not whole" | servers |
| 18 | bombs of 40,000^2 and 12,000^2, 2^31, a huge SVG | four | refused by the header | servers |
| 19 | a limit of 24 file descriptors | four | so many work at once as there is room for | limits |
| 19 | no more threads, processes, memory | all (d) | told; what could be started does all of it | limits |
| 20 | the disk is full | all (d) | told; what fitted is whole | limits |
| 21 | window closed, one worker stuck | four | gone within 1.5 s | programs |
| 22 | SIGINT, SIGTERM, SIGINT twice | four | 130, 143; the second one at once | programs |
| 23 | a pool worker killed | (a) | run once more | programs, process_pool |
| 23 | the program killed | four | no child lives on; what has its name is whole | programs |
| 24 | exceptions in a slot, paintEvent, QThread.run | (b) | told among the problems | exceptions |
| 24 | in a future's callback, in an unread future | (c) | told among the problems | exceptions |
| 24 | an exception that cannot be pickled | four | on its task, with its lines | exceptions |
| 25 | 100,000 events a second | four | all are counted, few cross | floods |
| 26 | a call into C that holds the GIL for 2 s | four | a process of its own freezes no window | floods |

(a) process_pool: the others have no worker processes. (b) The window's code: no runner is in it. (c) thread_pool: of
the four it alone has Futures whose callbacks are Thaw's; the process pool reads its own where it waits for them.

(d) Some of them in the usual tests, and all in the long ones.

The list has been called one of 25; its semicolons make 26 of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.end_to_end.conftest import display as display
from tests.support.download_session import House
from tests.support.problem_log import log as log
from workers.catalog import lookup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication


@pytest.fixture
def house(qapp: QApplication, tmp_path: Path) -> Iterator[Callable[[str], House]]:
    """Makes a House on a runner that is named, and closes it at the end."""
    made: list[House] = []

    def make(runner: str) -> House:
        missing = lookup.runners()[runner].missing
        if missing:
            pytest.skip(f"{runner} {missing}")
        made.append(House(runner, tmp_path))
        return made[-1]

    yield make
    for one in made:
        one.close()
