"""Network conditions: the same with the same seed, as often as it says, and words for it."""

from __future__ import annotations

from collections import Counter

import pytest

from workers.image_server.conditions import (
    FOR_EVER,
    LASTING,
    PROFILES,
    RATES,
    FaultCounts,
    NetworkConditions,
    changed,
    delay_s,
    fault,
    fault_details,
    fault_words,
    network_text,
    network_words,
)

PICTURES = 4_000


def test_trouble_comes_as_often_as_the_rates_say() -> None:
    network = PROFILES["stormy"]
    found = [fault(network, number) for number in range(PICTURES)]
    counts = Counter(one.kind for one in found if one is not None)
    for kind, rate in RATES.items():
        assert counts[kind] / PICTURES == pytest.approx(getattr(network, rate), abs=0.02)
    hit = [one for one in found if one is not None]
    assert sum(one.times == FOR_EVER for one in hit) / len(hit) == pytest.approx(LASTING, abs=0.03)
    assert {one.times for one in hit} == {1, 2, FOR_EVER}
    assert {one.variant for one in hit} == set(range(12))
    assert all(0.1 <= one.place <= 0.9 for one in hit)


def test_trouble_is_the_seed_s_and_the_number_s() -> None:
    network = PROFILES["rough"]
    first = [fault(network, number) for number in range(200)]
    assert first == [fault(network, number) for number in range(200)]
    assert first != [fault(network._replace(seed=2), number) for number in range(200)]


def test_more_trouble_leaves_the_pictures_alone_that_had_the_first_kind() -> None:
    few, many = NetworkConditions(error_rate=0.1), NetworkConditions(error_rate=0.3, cut_rate=0.2)
    before = [number for number in range(500) if fault(few, number) is not None]
    assert before
    assert all(fault(many, number) == fault(few, number) for number in before)


def test_rates_over_one_share_all_pictures() -> None:
    network = NetworkConditions(error_rate=1.0, cut_rate=1.0)
    counts = Counter(one.kind if (one := fault(network, number)) else "" for number in range(1_000))
    assert set(counts) == {"error", "cut"}
    assert counts["cut"] == pytest.approx(500, abs=60)


def test_nothing_goes_wrong_under_fair_conditions() -> None:
    assert not any(fault(PROFILES["fair"], number) for number in range(500))


def test_the_latency_stays_within_its_spread() -> None:
    delays = [delay_s(NetworkConditions(latency_ms=100, spread=0.5), number) for number in range(500)]
    assert 0.050 <= min(delays) < 0.055
    assert 0.145 < max(delays) <= 0.150
    assert delay_s(NetworkConditions(latency_ms=100, spread=0.0), 7) == 0.1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("latency_ms", -1), ("spread", 1.01), ("error_rate", 2), ("wrong_rate", float("nan"))),
        *(("stall_s", float("inf")), ("cut_rate", "half"), ("rain", 1)),
    ],
)
def test_what_are_no_conditions_is_refused(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=name):
        changed(NetworkConditions(), {name: value})


def test_changes_keep_the_rest() -> None:
    assert changed(PROFILES["busy"], {"seed": 3.0, "cut_rate": 1}) == PROFILES["busy"]._replace(
        seed=3, cut_rate=1.0
    )


def test_words() -> None:
    assert network_words(PROFILES["fair"]) == "Every picture comes whole."
    assert network_words(NetworkConditions(cut_rate=0.05)) == "Of 100 pictures about 5 break off."
    assert network_words(PROFILES["rough"]) == (
        "Of 100 pictures about 5 meet an error, 3 stall, 6 break off and 2 are no picture."
    )
    assert network_text(NetworkConditions(latency_ms=50, bandwidth_kib=0)) == (
        "its own (50 ms ± 30 %, unlimited). Every picture comes whole."
    )
    assert network_text(PROFILES["busy"]._replace(seed=9)).startswith("busy (400 ms ± 80 %, 1.05 MB/s).")
    fault_counts = FaultCounts(1, 1_100, error=7, cut=5)
    assert fault_words(fault_counts) == "12 of 1,100 answers went wrong on purpose"
    assert fault_details(fault_counts) == "7 errors, 5 broken off"
    assert fault_words(FaultCounts()) == fault_details(FaultCounts()) == ""
