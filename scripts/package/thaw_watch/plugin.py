"""The pytest plugin: a test fails whose GUI thread was blocked for longer than it may. Without Qt it does nothing."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from . import qt
from .responsiveness import Responsiveness, describe
from .times import BadTime, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workers.monitors.deliveries.looks import LOOK_S, Looks
    from workers.monitors.deliveries.marks import Marks
    from workers.monitors.guilt import SourceFiles
else:
    from ._thaw.monitors.deliveries.looks import LOOK_S, Looks
    from ._thaw.monitors.deliveries.marks import Marks
    from ._thaw.monitors.guilt import SourceFiles

MIN_LOOK_S = 0.002
OPTION = "--max-freeze"
MARKER = (
    "max_freeze(time): the GUI thread may be blocked for so long at a time in this test, such as "
    '"200ms"; "off": for as long as it likes (thaw-watch)'
)
_watched: list[Looks] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare what can be chosen."""
    told = "fail a test whose GUI thread is blocked for longer by one slot, timer, event or paint: 100ms, 0.1s, off"
    parser.getgroup("thaw-watch", "frozen windows").addoption(OPTION, metavar="TIME", help=told)
    parser.addini("max_freeze", f"{told}; {OPTION} counts before it")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker, and refuse what is no length of time."""
    config.addinivalue_line("markers", MARKER)
    try:
        _chosen(config)
    except BadTime as error:
        raise pytest.UsageError(f"{OPTION}: {error}") from error


def _chosen(config: pytest.Config) -> float | None:
    option = config.getoption(OPTION)
    return seconds(config.getini("max_freeze") if option is None else option)


def _limit(item: pytest.Item) -> float | None:
    marker = item.get_closest_marker("max_freeze")
    if marker is None:
        return _chosen(item.config)
    told = [*marker.args, *marker.kwargs.values()]
    try:
        if len(told) != 1:
            raise BadTime('@pytest.mark.max_freeze takes one length of time, such as "200ms", or "off".')
        return seconds(told[0])
    except BadTime as error:
        raise pytest.UsageError(f"{item.nodeid}: {error}") from error


@pytest.fixture
def responsiveness() -> Responsiveness:
    """How long the GUI thread was blocked in this test so far: `longest_ms`, `blocked(over)`, `assert_no_freeze`."""
    return Responsiveness()


@pytest.hookimpl(hookwrapper=True, trylast=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Iterator[None]:
    """Watch a test function, without its fixtures."""
    with _watching(pyfuncitem) as found:
        outcome: Any = yield
    _judge(outcome, found)


@pytest.hookimpl(hookwrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Watch a test of unittest, whose setUp and tearDown do not count either."""
    is_unittest = type(item).__name__ == "TestCaseFunction"
    with _watching(item if is_unittest else None) as found:
        outcome: Any = yield
    _judge(outcome, found)


@contextmanager
def _watching(item: pytest.Item | None) -> Iterator[list[str]]:
    """Put in afterwards what is to be said of a test that has to fail."""
    found: list[str] = []
    if item is None or not qt.loaded():
        yield found
        return
    limit_s = _limit(item)
    fixture = getattr(item, "funcargs", {}).get("responsiveness")
    if limit_s is None and fixture is None:
        yield found
        return
    marks = Marks()
    looks = Looks(marks, SourceFiles(Path(str(item.config.rootpath)), watched=True), look_s(limit_s))

    def begin() -> None:
        if fixture is not None:
            fixture.follow(looks)
        _watched.append(looks)
        looks.start()

    attached = qt.Attached(marks, begin)
    try:
        yield found
    finally:
        try:
            if looks in _watched:
                _watched.remove(looks)
                looks.stop()
        finally:
            attached.close()
    delivered = [] if limit_s is None else looks.delivered(limit_s)
    if delivered and limit_s is not None:
        found.append(describe(delivered, limit_s))


def look_s(limit_s: float | None) -> float:
    """How often to look: what may not be long is looked at oftener."""
    return LOOK_S if limit_s is None else min(LOOK_S, max(MIN_LOOK_S, limit_s / 20))


def _judge(outcome: Any, found: list[str]) -> None:
    if not found:
        return
    if outcome.excinfo is not None:  # it has failed, or was skipped, by itself
        return
    failure = pytest.fail.Exception(found[0], pytrace=False)
    outcome.force_exception(failure)


def pytest_enter_pdb() -> None:
    """A person looks at it: that is no freeze."""
    for looks in _watched:
        looks.is_paused = True


def pytest_leave_pdb() -> None:
    """Go on."""
    for looks in _watched:
        looks.is_paused = False
