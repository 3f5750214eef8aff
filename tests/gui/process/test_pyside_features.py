"""PySide reads no module's source, and its features work for those that ask for them."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QObject

from gui.process import pyside_features

if TYPE_CHECKING:
    from pathlib import Path

feature = pytest.importorskip("shibokensupport.feature")

ASKS = """
from PySide6.QtCore import QObject
from __feature__ import snake_case

def name() -> str:
    made = QObject()
    made.set_object_name("in snake case")
    return made.object_name()
"""


@pytest.fixture(autouse=True)
def assumed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feature, "_mod_uses_pyside", feature._mod_uses_pyside)
    pyside_features.assume_none()


def imported(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str) -> Any:
    (folder / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(str(folder))
    return __import__(name)


def test_no_source_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(module: object) -> str:
        raise AssertionError(f"the source of {module} was read")

    monkeypatch.setattr(inspect, "getsource", refuse)
    assert imported(tmp_path, monkeypatch, "asks_for_nothing", "VALUE = 1").VALUE == 1


def test_who_asks_for_a_feature_has_it_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asks = imported(tmp_path, monkeypatch, "asks_for_snake_case", ASKS)
    assert asks.name() == "in snake case"
    ours = QObject()
    ours.setObjectName("as ever")
    assert ours.objectName() == "as ever"


def test_a_pyside_without_it_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(feature, "_mod_uses_pyside")
    pyside_features.assume_none()
    assert not hasattr(feature, "_mod_uses_pyside")
