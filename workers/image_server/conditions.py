"""The image server's network conditions: how slow it is and what it does wrong on purpose, the same with the same seed.

Plain data and arithmetic, for any thread of the program and for the server's own process; the standard library only.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

LASTING = 0.15
"""The part of the pictures with trouble that never come right: a person is to see failures, too."""

TWICE = 0.25
"""The part of them that go wrong twice; the others do so once."""

FOR_EVER = 1_000_000_000
"""More attempts than anybody makes."""

VARIANTS = 12
"""Each kind of trouble has 2, 3 or 4 forms; a number below this chooses any of them evenly."""

MASK = (1 << 64) - 1


class NetworkConditions(NamedTuple):
    """How the image server behaves.

    Attributes:
        latency_ms: milliseconds before the headers of a picture.
        spread: 0 to 1, the part of the latency that varies from picture to picture.
        bandwidth_kib: KiB/s on each connection, 0 = unlimited.
        error_rate: 0 to 1, the part of the pictures that are answered with 500, 502, 503 or 429 at first.
        stall_rate: the part of them at which the server falls silent, before the headers or in mid-picture.
        cut_rate: the part of them at which it closes the connection in mid-picture.
        wrong_rate: the part of them in whose place something else comes: a web page, half a picture, noise.
        seed: decides which pictures are late and which go wrong.
        stall_s: how many seconds a silence lasts; the download's own time-out is 10 s.
    """

    latency_ms: float = 120.0
    spread: float = 0.3
    bandwidth_kib: float = 8192.0
    error_rate: float = 0.0
    stall_rate: float = 0.0
    cut_rate: float = 0.0
    wrong_rate: float = 0.0
    seed: int = 1
    stall_s: float = 15.0

    @property
    def rates(self) -> tuple[float, ...]:
        """How often each of RATES is to come."""
        return tuple(getattr(self, name) for name in RATES.values())

    @property
    def is_faulty(self) -> bool:
        """Whether some downloads fail on purpose."""
        return any(self.rates)


RATES = {"error": "error_rate", "stall": "stall_rate", "cut": "cut_rate", "wrong": "wrong_rate"}
"""The kinds of trouble, in the order in which they share the pictures, and how often each is to come."""

PROFILES = {
    "fair": NetworkConditions(),
    "busy": NetworkConditions(latency_ms=400, spread=0.8, bandwidth_kib=1024, error_rate=0.08),
    "rough": NetworkConditions(
        250, 0.6, 4096, error_rate=0.05, stall_rate=0.03, cut_rate=0.06, wrong_rate=0.02, stall_s=3
    ),
    "stormy": NetworkConditions(
        400, 0.9, 2048, error_rate=0.12, stall_rate=0.06, cut_rate=0.12, wrong_rate=0.06
    ),
}
"""Network conditions that have a name, the kindest first."""


class Fault(NamedTuple):
    """What goes wrong with one picture.

    Attributes:
        kind: "error", "stall", "cut" or "wrong".
        times: how many attempts at the picture go wrong before one goes right.
        variant: which form of its kind, 0 to VARIANTS - 1.
        place: 0.1 to 0.9, how far into the body.
    """

    kind: str
    times: int
    variant: int
    place: float


class FaultCounts(NamedTuple):
    """What the server did for one run.

    Attributes:
        run: the run's number; 0 for requests that name none.
        served: pictures that were asked for and answered, in whatever way.
        error: of these, errors; stall, cut and wrong likewise.
    """

    run: int = 0
    served: int = 0
    error: int = 0
    stall: int = 0
    cut: int = 0
    wrong: int = 0

    @property
    def went_wrong(self) -> int:
        return self.error + self.stall + self.cut + self.wrong


def changed(network: NetworkConditions, changes: Mapping[str, float]) -> NetworkConditions:
    """Other network conditions, in which only `changes` differ, by their names.

    Raises:
        ValueError: there is no such setting or it is out of range, with a sentence.
    """
    for name, value in changes.items():
        if name not in NetworkConditions._fields:
            there = ", ".join(NetworkConditions._fields)
            raise ValueError(f"The network conditions have no {name!r}. They have: {there}.")
        most = 1.0 if name == "spread" or name.endswith("_rate") else math.inf
        if isinstance(value, str) or not 0 <= value <= most or value == math.inf:
            raise ValueError(f"{name} is {'from 0 to 1' if most == 1 else '0 or more'}, not {value!r}.")
    numbers = {name: int(value) if name == "seed" else float(value) for name, value in changes.items()}
    return NetworkConditions(**{**network._asdict(), **numbers})


def delay_s(network: NetworkConditions, number: int) -> float:
    """Seconds that picture `number` waits before its headers."""
    latency = network.latency_ms / 1000
    if not latency or not network.spread:
        return latency
    return max(0.0, latency * (1.0 + network.spread * (2.0 * _chance(network, number) - 1.0)))


def fault(network: NetworkConditions, number: int) -> Fault | None:
    """What goes wrong with picture `number`; None where nothing does.

    Where the rates come to more than 1, every picture goes wrong and each kind gets its share.
    """
    at = _chance(network, number, 1) * max(1.0, sum(network.rates))
    for kind, rate in zip(RATES, network.rates, strict=True):
        if at < rate:
            patience = _chance(network, number, 2)
            times = FOR_EVER if patience < LASTING else 2 if patience < LASTING + TWICE else 1
            variant = int(_chance(network, number, 3) * VARIANTS)
            return Fault(kind, times, variant, 0.1 + 0.8 * _chance(network, number, 4))
        at -= rate
    return None


def _chance(network: NetworkConditions, number: int, salt: int = 0) -> float:
    """A number from 0 up to 1, evenly spread and always the same (splitmix64; the module random starts late)."""
    x = (network.seed * 1_000_003 + number + 1 + salt * 0xD1342543DE82EF95) * 0x9E3779B97F4A7C15 & MASK
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 & MASK
    x = (x ^ x >> 27) * 0x94D049BB133111EB & MASK
    return (x ^ x >> 31) / (MASK + 1)


def network_words(network: NetworkConditions) -> str:
    """What goes wrong, in a sentence."""
    said = ("get an error", "stall", "are cut off", "are not pictures")
    parts = [f"{100 * rate:.3g} {what}" for rate, what in zip(network.rates, said, strict=True) if rate > 0]
    if not parts:
        return "Every picture arrives intact."
    *first, last = parts
    # By hand: the server's process has nothing but this file and the standard library.
    return f"Out of 100 pictures, about {', '.join(first)}{' and ' if first else ''}{last}."


def network_text(network: NetworkConditions) -> str:
    """All of the network conditions in a line, with the profile's name where it is one."""
    names = [name for name, named in PROFILES.items() if named == network._replace(seed=named.seed)]
    speed = f"{network.bandwidth_kib * 1024 / 1e6:.3g} MB/s" if network.bandwidth_kib else "unlimited"
    slow = f"{network.latency_ms:,.4g} ms ± {100 * network.spread:.3g} %, {speed}"
    stall = f" A stall lasts {network.stall_s:.3g} s." if network.stall_rate else ""
    return f"{names[0] if names else 'its own'} ({slow}). {network_words(network)}{stall}"


def fault_words(fault_counts: FaultCounts) -> str:
    """How many answers went wrong on purpose, in a few words."""
    if not fault_counts.served:
        return ""
    return f"{fault_counts.went_wrong:,} of {fault_counts.served:,} responses failed on purpose"


def fault_details(fault_counts: FaultCounts) -> str:
    """Of what kind they were; empty where there were none."""
    said = (
        ("errors", fault_counts.error),
        ("stalls", fault_counts.stall),
        ("cut off", fault_counts.cut),
        ("not a picture", fault_counts.wrong),
    )
    return ", ".join(f"{count:,} {what}" for what, count in said if count)
