"""Whether a place that is reached over a network can do the work: asked for whole addresses, and again where not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QWidget

from gui.forms import fit as fits
from gui.forms.fit import Fit
from workers.catalog import lookup
from workers.catalog.compatibility import NOTHING, Told
from workers.clusters import looks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytestqt.qtbot import QtBot

    from workers.catalog.entry import Entry

RUNNER, WORK = lookup.named("runners", "dask_cluster"), lookup.named("workloads", "primes")
pytestmark = pytest.mark.skipif(bool(RUNNER.missing), reason=RUNNER.missing)


class Cluster:
    """What is asked of it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.why_not = ""

    def refusal(self, workload: Entry, params: Mapping[str, str]) -> str:
        self.asked.append(params["cluster"])
        return self.why_not

    def told(self, params: Mapping[str, str]) -> Told:
        return Told(f"{params['cluster']}: 3 workers")


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Cluster:
    made = Cluster()
    monkeypatch.setattr(looks, "refusal", made.refusal)
    monkeypatch.setattr(looks, "told", made.told)
    return made


@pytest.fixture
def fit(qtbot: QtBot) -> Iterator[Fit]:
    owner = QWidget()
    qtbot.addWidget(owner)
    owner.show()
    yield Fit(owner)
    owner.hide()


def test_it_says_what_there_is(fit: Fit, cluster: Cluster, qtbot: QtBot) -> None:
    fit.look(RUNNER, WORK, {"cluster": "there"})
    assert not fit.is_known
    qtbot.waitUntil(lambda: fit.is_known)
    assert (fit.why_not, fit.told) == ("", Told("there: 3 workers"))
    fit.look(lookup.named("runners", "thread_pool"), WORK, {})
    assert fit.told == NOTHING


def test_no_address_is_asked_that_is_half_typed(
    fit: Fit, cluster: Cluster, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fits, "TYPED_MS", 100)
    fit.look(RUNNER, WORK, {"cluster": ""})
    qtbot.waitUntil(lambda: fit.is_known)
    for end in range(1, 6):
        fit.look(RUNNER, WORK, {"cluster": "there"[:end]})
    qtbot.waitUntil(lambda: fit.is_known)
    assert cluster.asked == ["", "there"]


def test_it_is_asked_again_until_it_can_do_the_work(
    fit: Fit, cluster: Cluster, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fits, "AGAIN_MS", 10)
    cluster.why_not = "Nobody works there."
    fit.look(RUNNER, WORK, {"cluster": "there"})
    qtbot.waitUntil(lambda: len(cluster.asked) >= 3)
    assert fit.why_not == "Nobody works there."
    cluster.why_not = ""
    qtbot.waitUntil(lambda: not fit.why_not)
    assert fit.is_known
