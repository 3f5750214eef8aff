"""Lengths of time, as people write and read them."""

from __future__ import annotations

import re

TIME = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(ms|s|)\s*", re.ASCII)


class BadTime(ValueError):
    """What was said is no length of time."""


def seconds(told: object) -> float | None:
    """A length of time: "100ms", "0.1s", a number of milliseconds; None for "off". Raises BadTime."""
    if told is None or told is False or str(told).strip().lower() in {"off", "none", ""}:
        return None
    found = TIME.fullmatch(str(told))
    value = float(found[1]) * (1.0 if found[2] == "s" else 1e-3) if found else 0.0
    if value <= 0:
        raise BadTime(f'{told!r} is no length of time: write "100ms", "0.1s" or "off".')
    return value


def spoken(length_s: float) -> str:
    """Such as "240 ms", "1.2 s"."""
    return f"{length_s * 1e3:.0f} ms" if length_s < 0.9995 else f"{length_s:.1f} s"
