"""When a download that failed is tried again: what may pass, and how long to wait; for any thread."""

from __future__ import annotations

import email.utils
import random
import time
from typing import TYPE_CHECKING

from .errors import DownloadError, TransientError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

BASE_S = 0.5
"""The wait after the first try is at most this long, in seconds; each further one may be twice as long."""

MAX_S = 30.0
"""The longest wait that nobody asked for, in seconds."""

MAX_ASKED_S = 60.0
"""A server that asks for a longer wait, in seconds, is asked no more: to come back earlier would be rude."""

PASSING_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504, *range(520, 525)})
"""Refusals that another try may not meet; from 520 on they are those of Cloudflare, whose own server did not answer.

All others stay as they are.
"""


class Backoff:
    """Counts the tries of one download, and says how long to wait before the next.

    Exponential, with full jitter: somewhere between 0 and the longest wait, so that many downloads that failed together
    do not come back together.
    """

    def __init__(self, tries: int, chance: Callable[[], float] = random.random) -> None:
        self._tries, self._chance = tries, chance
        self.failed = 0

    def wait_s(self, failure: TransientError) -> float:
        """How long to wait after this failure, in seconds.

        Raises:
            DownloadError: it was the last try; the sentence tells how many there were.
        """
        self.failed += 1
        if self.failed >= self._tries or failure.asked_s > MAX_ASKED_S:
            told = "" if self.failed == 1 else f" (tried {self.failed} times)"
            raise DownloadError(f"{str(failure).rstrip('.')}{told}.") from failure
        jitter: float = self._chance() * min(MAX_S, BASE_S * 2 ** (self.failed - 1))
        return failure.asked_s + jitter


def asked_wait_s(headers: Mapping[str, str], now: Callable[[], float] = time.time) -> float:
    """How long a server asks us to wait by its Retry-After, in seconds; 0 where that makes no sense."""
    text = (headers.get("Retry-After") or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    then = http_date(text)
    if then is None:
        return 0.0
    # By the server's own clock, if it tells: ours may be wrong.
    here = http_date(headers.get("Date"))
    return max(0.0, then - (now() if here is None else here))


def http_date(text: str | None) -> float | None:
    """Seconds since 1970 of a date in a header; None where it is none."""
    try:
        parts = email.utils.parsedate_tz(text) if text else None
        return None if parts is None else float(email.utils.mktime_tz(parts))
    except (ValueError, OverflowError, IndexError, TypeError):
        # Over broken dates the standard library raises these.
        return None
