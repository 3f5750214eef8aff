"""Who answers at a broker, asked before a run by the form and the command line: nothing is put into the queue for it.

Called in a thread: it takes up to two seconds.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from ..catalog.compatibility import NOTHING, Told
from ..remote.elsewhere import needs_this_machine
from ..utils.errors import BadInput
from ..utils.formatting import plural
from . import here
from .address import ELSEWHERE, NO_ANSWER_S, parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..catalog.entry import Entry


def refusal(workload: Entry, params: Mapping[str, Any]) -> str:
    """Why work cannot run by the broker that `params` name; empty where it can. Takes two seconds at most."""
    written = str(params.get("broker", ""))
    if not written.strip():
        return here.NOT_HERE if os.name != "posix" else ""
    from .connection import opened  # which imports Celery

    try:
        broker = parse(written)
        if broker.is_elsewhere and (why := needs_this_machine(workload, params, ELSEWHERE)):
            return why
        with opened(broker) as queue:
            until = time.monotonic() + NO_ANSWER_S
            while time.monotonic() < until:
                if queue.ask("ping", 1):
                    return ""
        return queue.nobody
    except BadInput as sentence:
        return str(sentence)


def told(params: Mapping[str, Any]) -> Told:
    """What there is at the broker that `params` name, and what to know of it. Takes a second; raises BadInput."""
    written = str(params.get("broker", ""))
    if not written.strip():
        return NOTHING
    from .connection import opened  # which imports Celery

    broker = parse(written)
    with opened(broker) as queue:
        workers = queue.ask("stats").values()
    if not workers:
        return NOTHING  # which is a refusal
    places = sum(int(one["pool"].get("max-concurrency", 1)) for one in workers)
    found = f"{broker.shown}: {plural(len(workers), 'worker')}, {plural(places, 'place')} for tasks."
    return Told(f"{found} {broker.warning}".strip(), places)
