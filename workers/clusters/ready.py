"""Workers made ready for a run: our package is brought to those that lack it. In the client's event loop."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ..remote.shipping import SHIPPED, package
from . import carried, far_post

if TYPE_CHECKING:
    from collections.abc import Collection

    from .looks import Place


async def ready(client: Any, places: Collection[Place], path: list[str]) -> list[Place]:
    """Have our package where it is not, and each worker know that a run begins.

    Args:
        client: of their scheduler.
        places: the workers; what was ready before is not asked again.
        path: where modules are, where that is on this machine.

    Returns:
        Those that are there, with their processes.
    """
    new = [place.address for place in places if not place.pid]
    ours, run = package(), partial(client.run, on_error="ignore")
    there = await run(carried.has, ours.name, workers=new) if new else {}
    if lacking := [worker for worker, has in there.items() if not has]:
        await run(carried.receive, ours.name, ours.content, workers=lacking)
    arrive = ours.call(far_post.arrive, path)
    pids = await run(SHIPPED, arrive, workers=list(there)) if there else {}
    found = [place._replace(pid=place.pid or pids.get(place.address, 0)) for place in places]
    return [place for place in found if place.pid]
