"""The image server's box: a profile or a person's own conditions, kept for the next start; what the server did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gui.side_panel.server_box import ServerBox
from workers.image_server.conditions import PROFILES, FaultCounts, NetworkConditions

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def box(qtbot: QtBot) -> ServerBox:
    box = ServerBox()
    qtbot.addWidget(box)
    box.show()
    return box


@pytest.fixture
def told(box: ServerBox) -> list[NetworkConditions]:
    """The network conditions that the box tells of."""
    told: list[NetworkConditions] = []
    box.server_changed.connect(told.append)
    return told


def test_a_profile_is_told_once(box: ServerBox, told: list[NetworkConditions]) -> None:
    assert box.settings == PROFILES["fair"]
    box.menu.choose("rough")
    assert told == [PROFILES["rough"]]
    assert (box.latency.value(), box.bandwidth.text()) == (250, "4.19")
    assert box._summary.text().startswith("Out of 100 pictures, about 5 get")
    assert box.form is None


def test_a_field_makes_it_one_s_own(box: ServerBox, told: list[NetworkConditions]) -> None:
    box.menu.choose("rough")
    box.latency.setValue(70)
    assert box.menu.currentText() == "Custom"
    assert told[1:] == [PROFILES["rough"]._replace(latency_ms=70)]
    assert box.form is not None
    box.form.fields["cut_rate"].setValue(12.5)
    assert told[-1] == box.settings == PROFILES["rough"]._replace(latency_ms=70, cut_rate=0.125)
    box.form.stall.setValue(20)
    assert box.settings.stall_s == 20


def test_one_s_own_begins_with_what_there_was_and_comes_back(
    box: ServerBox, told: list[NetworkConditions]
) -> None:
    box.menu.choose("busy")
    box.menu.choose("own")
    assert len(told) == 1, "the same conditions under another name are no others"
    assert box.form is not None
    assert box.form.isVisible()
    assert box.form.fields["error_rate"].value() == 8
    box.form.fields["error_rate"].setValue(0)
    mine = box.settings
    box.menu.choose("fair")
    assert not box.form.isVisible()
    assert box.settings == PROFILES["fair"]
    box.menu.choose("own")
    assert box.settings == told[-1] == mine


def test_it_is_kept_for_the_next_start(box: ServerBox, qtbot: QtBot) -> None:
    box.menu.choose("stormy")
    box.bandwidth.setValue(0)
    mine, kept = box.settings, box.kept
    box.menu.choose("busy")
    for text, name, network in ((kept, "own", mine), (box.kept, "busy", PROFILES["busy"])):
        other = ServerBox()
        qtbot.addWidget(other)
        other.recall(text)
        assert (other.menu.currentData(), other.settings) == (name, network)
        other.menu.choose("own")
        assert other.settings == mine


@pytest.mark.parametrize(
    "kept", ["", "{", "[]", '{"weather": "own"}', '{"weather": "x", "own": {"rain": 1}}', "7"]
)
def test_what_says_nothing_any_more_changes_nothing(
    box: ServerBox, told: list[NetworkConditions], kept: str
) -> None:
    box.recall(kept)
    assert box.settings == PROFILES["fair"]
    assert not told


def test_network_conditions_can_be_applied(box: ServerBox, told: list[NetworkConditions]) -> None:
    box.apply(PROFILES["busy"])
    assert box.menu.currentData() == "busy"
    box.apply(NetworkConditions(wrong_rate=0.5))
    assert box.menu.currentData() == "own"
    assert told == [PROFILES["busy"], NetworkConditions(wrong_rate=0.5)]


def test_what_the_server_did_is_shown_while_a_run_goes_on(box: ServerBox, qtbot: QtBot) -> None:
    box._looks.setInterval(1)
    box._end.setInterval(1)
    fault_counts = FaultCounts()
    box.follow(lambda: fault_counts)
    assert not box.fault_counts.isVisible()
    fault_counts = FaultCounts(1, 40, error=3, cut=1)
    qtbot.waitUntil(lambda: box.fault_counts.text() == "4 of 40 responses failed on purpose.")
    assert box.fault_counts.toolTip() == "3 errors, 1 cut off"
    fault_counts = FaultCounts(1, 100, error=11, cut=1)
    box.unfollow()
    qtbot.waitUntil(lambda: not box._looks.isActive())
    assert box.fault_counts.text() == "12 of 100 responses failed on purpose."
