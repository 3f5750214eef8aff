"""What is found out before Qt is loaded, because Qt itself would abort."""

from __future__ import annotations

import os
import socket
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from gui.process import preflight
from gui.process.preflight import (
    check_display,
    check_libraries,
    check_pair,
    check_platform,
    check_qt,
    check_window,
)
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

NUMBER = 20_000 + os.getpid() % 10_000
"""A display that nobody has."""
linux = pytest.mark.skipif(
    sys.platform != "linux", reason="displays and libraries are looked for on Linux only"
)


@pytest.mark.parametrize(
    ("pyside", "python"),
    [("6.11.3", (3, 11)), ("6.12.0", (3, 12)), ("6.13.1", (3, 14)), ("6.9", (3, 11)), ("6.11.0", (3, 14))],
)
def test_good_pairs(pyside: str, python: tuple[int, int]) -> None:
    check_pair(pyside, python)


@pytest.mark.parametrize(("pyside", "python"), [("6.12.0", (3, 11)), ("6.12", (3, 10)), ("7.0.0", (3, 11))])
def test_the_broken_pair_is_refused(pyside: str, python: tuple[int, int]) -> None:
    with pytest.raises(
        BadInput, match=rf"PySide6 {pyside} crashes on Python 3\.1\d: install 'PySide6-Essentials<6.12'"
    ):
        check_pair(pyside, python)


def test_the_installed_pair_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PySide6", SimpleNamespace(__version__="6.12.0"))
    with pytest.raises(BadInput, match="crashes"):
        check_qt((3, 11))
    check_qt((3, 12))


def test_no_pyside_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PySide6", None)
    with pytest.raises(BadInput, match="scripts/run"):
        check_qt()


@linux
def test_missing_libraries_are_named_in_one_line() -> None:
    names = {"libc.so.6": "libc6", "libthaw-no.so.1": "libthaw-no1", "libthaw-none.so.2": "libthaw-none2"}
    with pytest.raises(BadInput, match=r"sudo apt-get install libthaw-no1 libthaw-none2$"):
        check_libraries(names)
    check_libraries({"libc.so.6": "libc6"})
    check_libraries({})


@pytest.mark.parametrize("environ", [{}, {"DISPLAY": ""}, {"WAYLAND_DISPLAY": ""}])
def test_no_display(environ: dict[str, str]) -> None:
    with pytest.raises(BadInput, match="no display to open a window on: use --offscreen"):
        check_display(environ)


@linux
@pytest.mark.parametrize(
    "display",
    [
        ":{}",
        ":{}.0",
        "unix:{}",
        "localhost:99999",
        f"{'x' * 70}:0",
        ":" + "1" * 200,
        "nonsense",
        "/no/such/socket",
    ],
)
def test_a_dead_display(display: str) -> None:
    with pytest.raises(BadInput, match="does not answer: set DISPLAY"):
        check_display({"DISPLAY": display.format(NUMBER)})


@linux
@pytest.mark.parametrize("display", [":{}", ":{}.0", "unix:{}", "unix/:{}.1"])
def test_a_display_that_listens(display: str) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0/tmp/.X11-unix/X{NUMBER}")
        server.listen()
        check_display({"DISPLAY": display.format(NUMBER)})


@linux
def test_a_display_of_another_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        asked.append(address)
        return socket.socket()

    monkeypatch.setattr("gui.process.preflight.socket.create_connection", connect)
    check_display({"DISPLAY": "far.example:10.0"})
    assert asked == [("far.example", 6010)]


@linux
def test_wayland_needs_no_x_display(tmp_path: Path) -> None:
    environ = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-0"))
        server.listen()
        check_display(environ)
        check_display({"WAYLAND_DISPLAY": str(tmp_path / "wayland-0")})
    with pytest.raises(BadInput, match="no display to open a window on"):
        check_display(environ)  # of a session that has ended


@pytest.mark.parametrize(("platform", "works"), [("offscreen", True), ("nosuch", False), ("linuxfb", False)])
def test_a_rare_platform_is_tried_where_it_may_abort(
    platform: str, works: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    if works:
        check_platform(platform)
    else:
        with pytest.raises(BadInput, match=f"QT_QPA_PLATFORM={platform} here: unset that, or use --offscreen"):
            check_platform(platform)


@linux
@pytest.mark.parametrize(
    ("offscreen", "environ", "looked"),
    [
        (True, {}, ["libraries"]),
        (False, {"DISPLAY": ":1"}, ["libraries", "display", "x11"]),
        (False, {"DISPLAY": ":1", "QT_QPA_PLATFORM": "xcb"}, ["libraries", "display", "x11"]),
        (False, {"QT_QPA_PLATFORM": "offscreen"}, ["libraries"]),
        (False, {"QT_QPA_PLATFORM": "vnc:size=800x600"}, ["libraries", "vnc:size=800x600"]),
    ],
)
def test_what_a_window_needs(
    monkeypatch: pytest.MonkeyPatch, offscreen: bool, environ: dict[str, str], looked: list[str]
) -> None:
    found: list[str] = []
    names = {id(preflight.LIBRARIES): "libraries", id(preflight.X11_LIBRARIES): "x11"}
    monkeypatch.setattr(preflight, "check_qt", lambda: None)
    monkeypatch.setattr(preflight, "check_libraries", lambda wanted: found.append(names[id(wanted)]))
    monkeypatch.setattr(preflight, "check_display", lambda given: found.append("display"))
    monkeypatch.setattr(preflight, "check_platform", found.append)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    check_window(offscreen)
    assert found == looked
