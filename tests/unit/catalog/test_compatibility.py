"""Work that a place cannot do is refused with a sentence, before anything is started."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from workers.catalog import lookup
from workers.catalog.compatibility import refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from workers.catalog.entry import Entry

FILES = {
    "runners/all_of_it": 'TITLE = "All"\n',
    "runners/net": 'TITLE = "Net"\nONLY = ("download",)\nWHY_ONLY = "It can do nothing but wait for a network."\n',
    "runners/terse": 'TITLE = "Terse"\nONLY = ("download", "upload")\n',
    "runners/asks": f'TITLE = "Asks"\nREFUSES = "{__name__}:finds_out"\n',
    "runners/lacking": 'TITLE = "Lacking"\nREQUIRES = ("no_such_package",)\n',
    "runners/later": 'TITLE = "Later"\nREQUIRES_PYTHON = (3, 99)\n',
    "workloads/download": 'TITLE = "Download"\n',
    "workloads/primes": 'TITLE = "Primes"\n',
    "workloads/missing": 'TITLE = "Missing"\nREQUIRES = ("no_such_package",)\n',
}
ASKED: list[tuple[str, dict[str, Any]]] = []


def finds_out(workload: Entry, params: Mapping[str, Any]) -> str:
    ASKED.append((workload.name, dict(params)))
    return "Not primes." if workload.name == "primes" else ""


@pytest.fixture(autouse=True)
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ASKED.clear()
    for name, source in FILES.items():
        path = tmp_path / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(source)
    monkeypatch.setattr(lookup, "PACKAGE", tmp_path)


def told(runner: str, workload: str, **kwargs: Any) -> str:
    return refusal(lookup.runners()[runner], lookup.workloads()[workload], {"a": 1}, **kwargs)


@pytest.mark.parametrize(
    ("runner", "workload", "sentence"),
    [
        ("all_of_it", "primes", ""),
        ("net", "download", ""),
        ("net", "primes", "It can do nothing but wait for a network."),
        ("terse", "primes", "The runner terse does download and upload only."),
        ("asks", "primes", "Not primes."),
        ("asks", "download", ""),
        (
            *("lacking", "primes"),
            "The runner lacking is not available: it needs the package no_such_package, which is not installed here.",
        ),
        (
            *("all_of_it", "missing"),
            "The workload missing is not available: it needs the package no_such_package, which is not installed here.",
        ),
    ],
)
def test_the_reason(runner: str, workload: str, sentence: str) -> None:
    assert told(runner, workload) == sentence


def test_nobody_is_asked_where_that_would_take_time() -> None:
    assert told("asks", "primes", ask=False) == ""
    assert ASKED == []
    told("asks", "primes")
    assert ASKED == [("primes", {"a": 1})]


def test_a_python_that_is_too_old_is_the_reason() -> None:
    assert lookup.runners()["later"].missing.startswith("needs Python 3.99 or later, and this is Python 3.")
