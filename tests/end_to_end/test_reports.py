"""Reports as people open them: in a real browser, light and dark, on a wide screen, a phone and paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.browser import Browser, View, find_browser
from tests.support.finished_runs import lag_of, made_run
from tests.support.full_runs import event, full_run, run_of
from tests.support.program import run
from tests.support.sample_benchmarks import made_benchmark, made_matrix
from workers.benchmark.page import page
from workers.engine.task import Phase
from workers.exports import export_run
from workers.run_files.writer import drain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from workers.engine.run import Run

WIDE, PHONE, PAPER = 1280, 390, 718
VIEWS = [View(width, is_dark) for width in (WIDE, PHONE) for is_dark in (False, True)] + [
    View(PAPER, medium="print")
]

HAS_VALUES = "typeof plots !== 'undefined' && plots.some((plot) => plot.curves.length > 0)"

COMPARED = ("--workload", "sleep", "--tasks", "4", "--compare")


RUNNERS = ("thread_pool", "process_pool", "cooperative", "qt_network")
SPEEDS = {(runner, workers): (0.9 * workers, 1.1 * workers) for runner in RUNNERS for workers in (1, 2, 4)}


@pytest.fixture
def program() -> str:
    found = find_browser()
    if found is None:
        pytest.skip(
            "there is no Chromium (Debian's package chromium) nor Google Chrome: nothing to open a report in"
        )
    return found


def crowded() -> Run:
    """Many places with long names, short tasks, more freezes than there is room for, and a task of each state."""
    events = []
    for index in range(900):
        place, at = f"ThreadPoolExecutor-0_{index % 30}", index // 30 * 0.5
        events += [event(index, Phase.STARTED, at, place=place), event(index, Phase.DONE, at + 0.45, 2.5e6)]
    return run_of(
        events, [f"https://example.org/{'a' * 120}/{index}.jpg" for index in range(900)], 93.0, "bytes"
    )


def compared(other: Run) -> Run:
    """It, compared with a run of which everything has its largest length."""
    other.compared_with = made_run(
        "gui_thread", tasks=7, failed=3, cancelled=2, wall_s=1234.5, lag=lag_of(900.0, 9e5)
    )
    return other


def check_everywhere(program: str, folder: Path, pages: Iterable[Path]) -> None:
    faults = []
    with Browser(program, folder / "browser") as browser:
        for path in pages:
            for view in VIEWS:
                browser.show(path, view)
                faults += [f"{path.name}, {view}: {fault}" for fault in browser.faults()]
                if view.medium == "screen" and browser.run(HAS_VALUES):
                    browser.point_at(".plot .area")
                    tips = browser.run("[...document.querySelectorAll('.tip')].map((tip) => tip.textContent)")
                    assert tips, (path.name, view)
                    assert all(tip.endswith(" after Start") for tip in tips)
                    faults += [f"{path.name}, {view}, pointed at: {fault}" for fault in browser.faults()]
            printed = browser.print_out()
            assert printed.startswith(b"%PDF-")
            assert 1 <= printed.count(b"/Type /Page\n") <= 8, path.name
    assert not faults, "\n".join(faults)


def test_reports_can_be_read_everywhere(program: str, environment: dict[str, str], tmp_path: Path) -> None:
    """Those of real runs, of which one froze the window, and those with everything in them."""
    ended = run(["--offscreen", *COMPARED, "--export", str(tmp_path / "real.html")], environment, timeout=90.0)
    assert (ended.code, ended.err) == (0, "")
    assert "froze" in ended.out
    made = {
        "full": full_run(),
        "crowded": crowded(),
        "long": compared(full_run()),
        "none": made_run(cancelled=4),
    }
    for name, one in made.items():
        drain(export_run(one, tmp_path / f"{name}.html"))
    benchmark = made_benchmark(SPEEDS, made_matrix(RUNNERS))
    (tmp_path / "benchmark.html").write_text(page(benchmark), encoding="utf-8")
    check_everywhere(program, tmp_path, sorted(tmp_path.glob("*.html")))


FAULTS = {
    "cut: ": '<div style="width:40px;overflow:hidden;white-space:nowrap">far too long for this box</div>',
    'cut: "outside of it"': '<svg width="200" height="40"><text x="150" y="20">outside of it</text></svg>',
    "broken: ": '<div style="width:50px;overflow-wrap:anywhere">Workload</div>',
    "over each other: ": '<div style="position:relative;height:20px"><span style="position:absolute">one</span>'
    '<span style="position:absolute;left:8px">two</span></div>',
    "small: ": '<p style="font-size:4px">axis</p>',
    'pale: "grey"': '<p style="color:#888">grey</p>',
    'pale: "faint"': '<p style="opacity:.4">faint</p>',
    "sideways: ": '<div style="width:500px;height:4px"></div>',
    "empty: ": '<svg width="200" height="40" aria-label="nothing"></svg>',
    "pale: a line": '<svg width="200" height="40"><path class="curve" stroke="#ffff00" d="M0,0L9,9"/></svg>',
    "error: ": "<script>nothing.there</script>",
}


def test_what_is_wrong_with_a_page_is_found(program: str, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    with Browser(program, tmp_path / "browser") as browser:
        for begin, content in {"": "<p>all is well</p>", **FAULTS}.items():
            path.write_text(
                f'<!DOCTYPE html><meta name="viewport" content="width=device-width"><body>{content}'
            )
            browser.show(path, View(PHONE))
            found = browser.faults()
            assert any(fault.startswith(begin) for fault in found) if begin else found == [], (begin, found)
