"""What a test leaves behind is told with the line of the checkout that started it."""

from __future__ import annotations

import re
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.leaks import Before

HERE = re.escape("tests/unit/support/test_leaks.py")


def here() -> int:
    """The line of the caller."""
    return sys._getframe(1).f_lineno


def test_a_thread_is_told_with_the_line_that_started_it() -> None:
    before, done = Before(False), threading.Event()
    thread, line = threading.Thread(target=done.wait, name="left"), here() + 1
    thread.start()
    with pytest.raises(AssertionError, match=f"threads were left running: 'left', started at {HERE}:{line}$"):
        before.check(patience_s=0.0)
    done.set()
    thread.join()
    before.check(patience_s=0.0)


def test_a_pool_s_thread_is_told_with_the_line_that_gave_it_work() -> None:
    before, done = Before(False), threading.Event()
    with ThreadPoolExecutor(1, thread_name_prefix="pool") as pool:
        line = here() + 1
        pool.submit(done.wait)
        with pytest.raises(AssertionError, match=f"'pool_0', started at {HERE}:{line}$"):
            before.check(patience_s=0.0)
        done.set()
