"""What the window remembers, and that what cannot be read any more counts as never written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QByteArray, QSettings

from gui.process.preferences import Preferences
from workers.catalog.entry import Entry
from workers.catalog.fields import Field
from workers.engine.plan import Settings

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


def entry(name: str, *fields: Field) -> Entry:
    return Entry(name, name, "", "", Path(), {}, fields)


RUNNERS = {"thread_pool": entry("thread_pool"), "other": entry("other", Field("python", "str", "", ""))}
WORKLOADS = {"work": entry("work", Field("size", "int", 5, "", 1, 9), Field("fast", "bool", True, ""))}
SETTINGS = Settings(RUNNERS["thread_pool"], WORKLOADS["work"], 4, 2, (("size", 7), ("fast", False)), 3)


def test_texts_and_bytes(preferences: Preferences) -> None:
    assert preferences.read("name") == ""
    assert preferences.read("name", "default") == "default"
    preferences.write("name", "wörd")
    assert preferences.read("name", "default") == "wörd"
    assert preferences.read_bytes("layout").isEmpty()
    preferences.write_bytes("layout", QByteArray(bytes(range(256))))
    assert bytes(preferences.read_bytes("layout").data()) == bytes(range(256))


def test_bytes_that_are_none(preferences: Preferences) -> None:
    preferences.write("layout", "no bäse 64 ☃")
    assert isinstance(preferences.read_bytes("layout"), QByteArray)


def test_what_does_not_last_is_forgotten(preferences: Preferences) -> None:
    preferences.write("name", "x")
    assert Preferences(lasting=False).read("name") == ""


def test_what_lasts_is_there_the_next_time(qapp: QApplication, tmp_path: Path) -> None:
    def opened() -> Preferences:
        preferences = Preferences(lasting=False)
        preferences._settings = QSettings(str(tmp_path / "thaw.ini"), QSettings.Format.IniFormat)
        return preferences

    first = opened()
    first.write("name", "x")
    first.write_run(SETTINGS)
    first.write_bytes("layout", QByteArray(b"\x00\x01"))
    assert first._settings is not None
    first._settings.sync()
    second = opened()
    assert second.read("name") == "x"
    assert second.read_run(WORKLOADS, RUNNERS) == SETTINGS
    assert bytes(second.read_bytes("layout").data()) == b"\x00\x01"


def test_the_choices_for_a_run_come_back(preferences: Preferences) -> None:
    assert preferences.read_run(WORKLOADS, RUNNERS) is None
    preferences.write_run(SETTINGS)
    assert preferences.read_run(WORKLOADS, RUNNERS) == SETTINGS


def test_so_do_those_that_an_earlier_version_kept_as_pairs(preferences: Preferences) -> None:
    pairs = [list(pair) for pair in SETTINGS.params]
    preferences.write("run", json.dumps({**SETTINGS.plain(), "params": pairs}))
    assert preferences.read_run(WORKLOADS, RUNNERS) == SETTINGS


def test_so_do_those_of_the_runner(preferences: Preferences) -> None:
    settings = SETTINGS._replace(
        runner_entry=RUNNERS["other"], params=(*SETTINGS.params, ("python", "/usr/bin/pypy3"))
    )
    preferences.write_run(settings)
    assert preferences.read_run(WORKLOADS, RUNNERS) == settings
    preferences.write_run(settings._replace(runner_entry=RUNNERS["thread_pool"]))
    assert preferences.read_run(WORKLOADS, RUNNERS) is None


@pytest.mark.parametrize(
    "change",
    [
        {"runner": "gone"},
        {"runner": []},
        {"workload": "gone"},
        {"workload": []},
        {"tasks": 0},
        {"tasks": "4"},
        {"workers": -1},
        {"seed": None},
        {"params": [["gone", 1]]},
        {"params": [["size", 10]]},
        {"params": [["size", "many"]]},
        {"params": [["fast", "perhaps"]]},
        {"params": [["size"]]},
        {"params": 5},
        {"params": None},
        {"new": 1},
    ],
)
def test_choices_that_do_not_fit_any_more_count_as_none(
    preferences: Preferences, change: dict[str, Any]
) -> None:
    preferences.write("run", json.dumps({**SETTINGS.plain(), **change}))
    assert preferences.read_run(WORKLOADS, RUNNERS) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "5", '"x"', "{}", "NaN"])
def test_what_is_no_run_at_all_counts_as_none(preferences: Preferences, text: str) -> None:
    preferences.write("run", text)
    assert preferences.read_run(WORKLOADS, RUNNERS) is None
