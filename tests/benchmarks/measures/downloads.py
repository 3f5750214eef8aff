"""The measurements of `scripts/bench downloads`: Thaw's downloads beside aria2c, requests and curl; and own functions.

The other side and Thaw take turns: other, Thaw, other, Thaw, ..., other; each run of Thaw is compared with what the
other did before and after it. Every run is a process of its own and saves to a new folder.

What each side does: aria2c and curl only save what comes. Thaw saves too, and checks each picture: that it is whole,
what it is, that it can be decoded; and it makes its thumbnail. A plain script, with requests and a Session for each
thread, does either: it only saves, or it makes thumbnails as well. The times of aria2c and curl are without what they
take to start, as is the time of Thaw's run.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import mean, median
from typing import TYPE_CHECKING, Any

from tests.benchmarks import nginx, photos
from tests.benchmarks.figures import Missing, Wanted
from tests.benchmarks.measure import SERVER, Measure, plain_download, turns
from tests.benchmarks.measures.queued import queued
from tests.benchmarks.nginx import Nginx
from tests.benchmarks.program import HERE, PATIENCE_S, POLL_S, ROOT
from tests.benchmarks.sizes import CALLS, LARGE, PHOTOS, PLAIN_STARTS, QUEUED, WORKERS
from tests.benchmarks.watch.usage import peak_memory
from workers.image_server.process import ImageServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.benchmarks.measure import Tell, Values
    from tests.benchmarks.program import Bench

IMAGE_SIZE = 200 << 10
SMALL = 1 << 20
MIB = 1 << 20
MEMORY_MIB = 8.0
"""How much more memory a file of a GiB may take than one of a MiB."""

SHARED_MEMORY = Path("/dev/shm")


# ---------------------------------------------------------------- what Thaw does


def headless(bench: Bench, *arguments: str | Path) -> tuple[dict[str, Any], int]:
    """The report of a run without a window, all of whose tasks are done; and the most memory that it had, in bytes.

    Raises:
        Missing: they are not.
    """
    path = bench.new_folder() / "report.json"
    peak = 0
    with bench.process(ROOT / "main.py", "--headless", *arguments, "--report", path) as process:
        end = time.monotonic() + PATIENCE_S
        while process.alive() and time.monotonic() < end:
            try:
                peak = max(peak, peak_memory(process.pid))
            except (OSError, StopIteration):
                pass  # it has just ended
            time.sleep(POLL_S)
        process.wait(timeout=POLL_S)
    try:
        report: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError):
        raise Missing("the run left no report") from None
    counts, tasks = report["counts"], report["run"]["tasks"]
    if counts["done"] != tasks:
        errors = [error["error"] for error in report["errors"]] or ["none was told"]
        raise Missing(f"only {counts['done']:,} of {tasks:,} tasks were done: {errors[0][:200]}")
    return report, peak


def images_per_s(bench: Bench, runner: str, urls: Path, *, only_save: bool = False) -> float:
    """Pictures a second that Thaw downloads; `only_save`: as files of any kind, which are not decoded."""
    given = ("--tasks", str(PHOTOS), "--workers", str(WORKERS), "--param", f"urls={urls}")
    more = ("--param", "only_pictures=no") if only_save else ()
    report, _ = headless(bench, "--runner", runner, "--workload", "download", *given, *more)
    return float(report["tasks_per_s"])


# ---------------------------------------------------------------- what the others do


def timed(command: Sequence[str | Path], folder: Path) -> tuple[float, str]:
    """Seconds that a program takes, and what it says.

    Raises:
        Missing: it fails, or does not end in time.
    """
    began = time.perf_counter()
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE_S,
            text=True,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Missing(f"{command[0]} did not come to its end: {error}") from None
    took = time.perf_counter() - began
    if done.returncode:
        said = (done.stderr or done.stdout).strip().rpartition("\n")[2]
        raise Missing(f"{command[0]} ended with exit code {done.returncode}: {said[:200]}")
    return took, done.stdout


def aria2c_images_per_s(bench: Bench, urls: Path) -> float:
    """Pictures a second that aria2c saves, 16 at once and over one connection each."""
    folder = bench.new_folder()
    options = (
        "--no-conf",
        "--quiet",
        f"-j{WORKERS}",
        "-x1",
        "--file-allocation=none",
        "--auto-file-renaming=false",
    )
    start = median(timed(["aria2c", "--no-conf", "--version"], folder)[0] for _ in range(PLAIN_STARTS))
    took, _ = timed(["aria2c", *options, f"--dir={folder}", f"--input-file={urls}"], folder)
    check_saved(folder, "aria2c")
    shutil.rmtree(folder)
    return PHOTOS / (took - start)


def requests_images_per_s(bench: Bench, urls: Path, *, only_save: bool = False) -> float:
    """Pictures a second of a plain script with a Session in each of its threads; it makes thumbnails, or only saves."""
    more = ("--only-save",) if only_save else ()
    found = bench.one_line(
        *plain_download(urls, WORKERS), *more, keep=lambda folder: check_saved(folder, "the plain script")
    )
    return float(found["images"] / found["seconds"])


def check_saved(folder: Path, who: str) -> None:
    """Raises Missing where not all pictures are there with all of their bytes."""
    sizes = [path.stat().st_size for path in folder.iterdir()]
    if sizes.count(IMAGE_SIZE) != PHOTOS:
        raise Missing(f"{who} has saved {sizes.count(IMAGE_SIZE)} of {PHOTOS} pictures")


# ---------------------------------------------------------------- many pictures


def picture_folder(bench: Bench) -> Path:
    """The pictures that all measurements download; made when the first of them asks."""
    folder = bench.folder / "pictures"
    if not folder.exists():
        folder.mkdir()
        photos.make(folder, PHOTOS, IMAGE_SIZE)
    return folder


def address_list(bench: Bench, addresses: Iterator[str]) -> Path:
    """A file with an address on each line."""
    path = bench.new_folder() / "urls.txt"
    path.write_text("".join(f"{address}\n" for address in addresses))
    return path


@contextmanager
def late_server(bench: Bench) -> Iterator[Path]:
    """The pictures on Thaw's own server, which answers 50 ms late and sends as fast as it can; gives the addresses."""
    with ImageServer(picture_folder(bench), SERVER) as server:
        base = server.url()
        yield address_list(bench, (f"{base}/pictures/{number}" for number in range(PHOTOS)))


@contextmanager
def quick_server(bench: Bench) -> Iterator[Path]:
    """The pictures on nginx; gives the addresses."""
    with Nginx(picture_folder(bench), bench.new_folder()) as server:
        yield address_list(bench, (f"{server.url}/{number:04}.jpg" for number in range(PHOTOS)))


def late(runner: str) -> Measure:
    """Pictures that answer late, against aria2c: aria2c, Thaw, aria2c, Thaw, ..., aria2c."""

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        ratios = []
        with late_server(bench) as urls:
            aria2c, thaw = partial(aria2c_images_per_s, bench, urls), partial(images_per_s, bench, runner, urls)
            for before, rate, after in turns(runs, aria2c, thaw):
                ratios.append(rate / mean((before, after)))
                tell(f"{rate:.0f} images/s, aria2c {before:.0f} and {after:.0f}: {ratios[-1]:.3f}")
        return {"late": ratios}

    title = f"{_what(runner)}, 50 ms latency: images/s to aria2c's"
    return Measure((Wanted("late", title, 0.95, "ratio", True),), take)


def quick(runner: str) -> Measure:
    """Pictures that come at once, against requests: plain scripts, Thaw, plain scripts, Thaw, ..., plain scripts.

    Without latency it is processors that both wait for, and to decode a picture takes more of them than to fetch it.
    So each is compared with a script that does the same: checked pictures with one that makes their thumbnails, files
    that are not looked at with one that only saves.
    """
    plain: dict[str, Callable[[Bench, Path], float]] = {
        "checked": requests_images_per_s,
        "saved": partial(requests_images_per_s, only_save=True),
    }
    thaw: dict[str, Callable[[Bench, str, Path], float]] = {
        "checked": images_per_s,
        "saved": partial(images_per_s, only_save=True),
    }

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        values: Values = {"quick_checked": [], "quick_saved": [], "quick_mixed": []}
        with quick_server(bench) as urls:

            def scripts() -> dict[str, float]:
                return {kind: rate(bench, urls) for kind, rate in plain.items()}

            def ours() -> dict[str, float]:
                return {kind: rate(bench, runner, urls) for kind, rate in thaw.items()}

            for before, rates, after in turns(runs, scripts, ours):
                others = {kind: mean((before[kind], after[kind])) for kind in plain}
                values["quick_checked"].append(rates["checked"] / others["checked"])
                values["quick_saved"].append(rates["saved"] / others["saved"])
                values["quick_mixed"].append(rates["checked"] / others["saved"])
                tell(
                    ", ".join(
                        f"{kind}: {rates[kind]:.0f} images/s, the script {before[kind]:.0f} and {after[kind]:.0f}"
                        for kind in plain
                    )
                )
        return values

    title = f"{_what(runner)}, no latency: images/s to plain requests'"
    return Measure(
        (
            Wanted("quick_checked", f"{title}, both with thumbnails", 1.0, "ratio", True),
            Wanted("quick_saved", f"{title}, both only saving", 1.0, "ratio", True),
            Wanted(
                "quick_mixed", f"{title}, Thaw with thumbnails and the script only saving", None, "ratio", True
            ),
        ),
        take,
    )


def _what(runner: str) -> str:
    return f"{PHOTOS} images of {IMAGE_SIZE >> 10} KiB on {runner}, {WORKERS} at once"


# ---------------------------------------------------------------- one large file


def large(runner: str) -> Measure:
    """A file of a GiB against curl: curl, Thaw, curl, Thaw, ..., curl; and a small one, for the memory.

    It goes to memory that acts as a disk, where there is enough: it is the programs that are compared.
    """

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        values: Values = {"large_ratio": [], "large_memory": []}
        files = bench.new_folder()
        for name, size in (("large.bin", LARGE), ("small.bin", SMALL)):
            with open(files / name, "wb") as file:
                file.truncate(size)  # a hole of that size: nothing has to be read from the disk
        with Nginx(files, bench.new_folder()) as server, _room(bench) as room:
            tell(f"saved to {'memory' if SHARED_MEMORY in room.parents else 'the disk'}")

            def thaw(name: str, size: int) -> tuple[float, int]:
                urls = address_list(bench, iter([f"{server.url}/{name}"]))
                params = {"urls": urls, "folder": room, "only_pictures": "no", "max_mib": 2 * LARGE // MIB}
                given = [word for each, value in params.items() for word in ("--param", f"{each}={value}")]
                work = ("--workload", "download", "--tasks", "1", "--workers", "1")
                report, peak = headless(bench, "--runner", runner, *work, *given)
                _check_only(room, size)
                return size / report["wall_s"], peak

            def curl() -> float:
                target = room / "curl.bin"
                form = ("--silent", "--show-error", "--fail", "--write-out", "%{time_total}")
                _, said = timed(["curl", "-q", *form, "--output", target, f"{server.url}/large.bin"], room)
                _check_only(room, LARGE)
                return LARGE / float(said)

            def both() -> tuple[float, int, int]:
                _, few = thaw("small.bin", SMALL)
                return *thaw("large.bin", LARGE), few

            for before, (rate, many, few), after in turns(runs, curl, both):
                values["large_ratio"].append(rate / mean((before, after)))
                values["large_memory"].append(max(0.0, (many - few) / MIB))
                tell(
                    f"{rate / 1e6:,.0f} MB/s, curl {before / 1e6:,.0f} and {after / 1e6:,.0f}: "
                    f"{values['large_ratio'][-1]:.3f}; peaks of {few / MIB:.1f} and {many / MIB:.1f} MiB"
                )
        return values

    return Measure(
        (
            Wanted("large_ratio", f"a file of 1 GiB on {runner}: MB/s to curl's", 0.8, "ratio", True),
            Wanted("large_memory", "memory of a file of 1 GiB over one of 1 MiB", MEMORY_MIB, "MiB"),
        ),
        take,
    )


@contextmanager
def _room(bench: Bench) -> Iterator[Path]:
    """A folder with room for a GiB, gone when the block ends."""
    folder = bench.new_folder()
    if SHARED_MEMORY.is_dir() and shutil.disk_usage(SHARED_MEMORY).free > 3 * LARGE:
        folder = SHARED_MEMORY / bench.folder.name
        folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _check_only(folder: Path, size: int) -> None:
    """See that a folder has one file of this size, and remove it.

    Raises:
        Missing: it has not.
    """
    found = [(path, path.stat().st_size) for path in folder.iterdir()]
    if [each for _, each in found] != [size]:
        raise Missing(f"there should be one file of {size:,} bytes, and there is {found}")
    found[0][0].unlink()


# ---------------------------------------------------------------- a person's function


def own_function(runner: str, max_us: float = 20.0) -> Measure:
    """A plain function on a runner against a bare loop: loop, Thaw, loop, Thaw, ..., loop; microseconds a call."""
    key = f"function_{runner}"

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        def loop() -> float:
            return float(bench.one_line("-m", "tests.benchmarks.plain.calls", "--calls", str(CALLS))["seconds"])

        def thaw() -> float:
            work = (
                "--workload",
                f"{HERE / 'plain/own_function.py'}:collatz",
                "--tasks",
                str(CALLS),
                "--workers",
                "1",
            )
            return float(headless(bench, "--runner", runner, *work)[0]["wall_s"])

        values = []
        for before, wall_s, after in turns(runs, loop, thaw):
            values.append((wall_s - mean((before, after))) / CALLS * 1e6)
            tell(f"{wall_s:.2f} s, the loop {before:.3f} and {after:.3f} s: {values[-1]:.1f} microseconds")
        return {key: values}

    title = f"a person's function on {runner}: what a call costs more than in a bare loop"
    return Measure((Wanted(key, title, max_us, "us"),), take)


# ---------------------------------------------------------------- all of them


def left_out() -> dict[str, str]:
    """What cannot be measured here, and why; by the names of measurements."""
    return {name: why for name, why, _ in _all("") if why}


def measures(runner: str) -> dict[str, Measure]:
    """All that can be measured here, by the names that the command line knows.

    Args:
        runner: where the downloads run.
    """
    return {name: make() for name, why, make in _all(runner) if not why}


def _all(runner: str) -> Iterator[tuple[str, str, Callable[[], Measure]]]:
    """Names, why they cannot be measured, and what makes the measurement."""
    yield "late", _not_here("aria2c"), lambda: late(runner)
    yield "quick", _not_here("nginx"), lambda: quick(runner)
    yield "large", _not_here("nginx", "curl"), lambda: large(runner)
    yield "queued", "", lambda: queued(runner, QUEUED)
    for each in ("gui_thread", "thread_pool"):
        yield f"function_{each}", "", lambda each=each: own_function(each)  # type: ignore[misc]


def _not_here(*programs: str) -> str:
    absent = [one for one in programs if not (nginx.program() if one == "nginx" else shutil.which(one))]
    return (
        f"{' and '.join(absent)} cannot be found on PATH: install Debian's packages of these names"
        if absent
        else ""
    )
