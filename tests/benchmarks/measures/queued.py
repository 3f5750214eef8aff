"""Thousands of addresses in the window's queue: how soon they are accepted, and how late the window is meanwhile."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tests.benchmarks.figures import Wanted
from tests.benchmarks.measure import SERVER, Measure, write_urls
from tests.benchmarks.program import HERE
from tests.benchmarks.sizes import WORKERS
from tests.benchmarks.watch.watched import watch_run
from workers.image_server.process import ImageServer

if TYPE_CHECKING:
    from tests.benchmarks.measure import Tell, Values
    from tests.benchmarks.program import Bench

PASTE = (HERE / "watch/queue_window.py",)


def queued(runner: str, count: int) -> Measure:
    """So many addresses, pasted and then downloaded from Thaw's own server."""

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        values: Values = {key: [] for key in ("queued_accepted", "queued_pasted", "queued_lag", "queued_ping")}
        with ImageServer(settings=SERVER) as server:
            text = write_urls(bench, server, count)
            for _ in range(runs):
                folder = bench.new_folder()
                place = ("--runner", runner, "--workers", str(WORKERS), "--workload", "download")
                seen = watch_run(bench, *PASTE, "--text", text, "--folder", folder, *place)
                shutil.rmtree(folder)  # at once: what waits for the disk would disturb the next run
                accepted = seen.report["accepted"]
                values["queued_accepted"].append(accepted["seconds"])
                values["queued_pasted"].append(accepted["lag_ms"]["max"])
                values["queued_lag"].append(seen.inside["p99"])
                values["queued_ping"].append(seen.outside[0])
                tell(
                    f"accepted in {accepted['seconds']:.2f} s, lag {accepted['lag_ms']['max']:.1f} ms at the worst; "
                    f"then {seen.report['tasks_per_s']:.0f} images/s, p99 {seen.inside['p99']:.1f} and "
                    f"{seen.outside[0]:.1f} ms"
                )
        return values

    title = f"{count:,} addresses"
    return Measure(
        (
            Wanted(
                "queued_accepted", f"{title} pasted into the window: time until all are in the queue", 1.0, "s"
            ),
            Wanted("queued_pasted", f"{title} pasted into the window: worst lag meanwhile", None, "ms"),
            Wanted("queued_lag", f"{title} downloaded on {runner}, {WORKERS} at once: lag p99", 16.7, "ms"),
            Wanted("queued_ping", f"{title} downloaded on {runner}: p99 of pings from outside", 16.7, "ms"),
        ),
        take,
    )
