"""The report: one page that any browser shows without a network, small, escaped, with all that was measured."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import numpy as np
import pytest

from tests.support.finished_runs import lag_of, made_run
from tests.support.full_runs import event, full_run, run_of, sharing_run
from tests.support.program import ROOT
from workers.catalog import lookup
from workers.engine.task import Phase
from workers.exports import export_run, kind_of, kinds
from workers.exports.chrome_trace import pieces as trace_pieces
from workers.exports.csv import pieces as csv_pieces
from workers.exports.graphs import Curve, lag_graph, rate_graph, time_marks, wait_graph
from workers.exports.html import pieces
from workers.exports.local_paths import short_path
from workers.exports.page import SCRIPT
from workers.exports.svg import curve
from workers.monitors.call_tree import short_name
from workers.monitors.guilt import SourceFiles
from workers.reports.palette import line_colors
from workers.run_files.writer import RunFileError, drain
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

    from workers.engine.run import Run


class Reader(HTMLParser):
    """Reads a page as a browser does; every element must be closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def page_of(run: Run) -> str:
    return "".join(pieces(run))


def graphs_of(page: str) -> list[str]:
    return re.findall("<svg.*?</svg>", page, re.DOTALL)


def pair() -> Run:
    """A run in threads, compared with one on the GUI thread that took twice as long."""
    run, before = full_run(), full_run()
    before.settings = before.settings.blocking()
    assert before.ended is not None
    before.ended += 2.0
    for one in (run, before):
        one.recorder = made_run(tasks=7).recorder
        one.recorder.errors.clear()
    run.compared_with = before
    return run


def sections(run: Run) -> list[str]:
    return re.findall("<h2>(.*?)</h2>", page_of(run))


def test_it_needs_nothing_from_elsewhere() -> None:
    page = page_of(full_run())
    found = Reader(page)
    assert not {"link", "img", "iframe", "object"} & set(found.tags)
    assert page.count("<script") == 1
    assert f"<script>\n{SCRIPT.read_text(encoding='utf-8')}</script>" in page
    assert not {name for name, _ in found.attributes} & {"href", "src", "onclick", "onload"}
    assert "http" not in page
    assert "@import" not in page
    assert "url(" not in page


def test_everything_that_was_measured_has_its_part() -> None:
    assert sections(full_run()) == [
        *("Figures", "Throughput", "Lag of the GUI thread", "Wait for the GIL", "Timeline", "Why it froze"),
        *("What failed", "Settings and environment"),
    ]
    assert sections(made_run()) == ["Figures", "Throughput", "Timeline", "Settings and environment"]


def test_the_figures_and_texts_are_those_of_the_run() -> None:
    text = Reader(page_of(full_run())).text
    for part in (
        *(
            "Prime numbers (pure Python) on ThreadPoolExecutor",
            "7 tasks, 2 at once",
            "the window was slow, up to 490 ms late",
        ),
        *(
            "ValueError: <no> & nothing",
            "work <1>.py, line 12, in compute",
            "a & b",
            "computed in Python",
        ),
        *("3.12.1", "0.0.9", "urls", "a=b"),
    ):
        assert part.lower() in text.lower()


def test_nothing_of_the_run_becomes_a_part_of_the_page() -> None:
    run = made_run(tasks=2, failed=2, params=(("<i>x</i>", "<script>alert(1)</script>"),))
    run.recorder.errors[0] = "Traceback\n<script>alert('\"&')</script>\nValueError: </pre><b>\n"
    found = Reader(page_of(run))
    assert found.tags.count("script") == 1
    assert "<script>alert('\"&')</script>" in found.text


def test_it_is_light_and_dark_and_fit_for_paper() -> None:
    page = page_of(made_run())
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
    assert '<meta name="color-scheme" content="light dark">' in page
    used = set(re.findall(r"var\((--[\w-]+)\)", page))
    assert used <= set(re.findall(r"(--[\w-]+):", page))


def test_every_graph_is_well_formed() -> None:
    graphs = graphs_of(page_of(full_run()))
    assert len(graphs) == 4
    for graph in graphs:
        root = ElementTree.fromstring(graph)
        assert root.get("role") == "img"
        assert root.get("aria-label")
        assert "nan" not in graph


def test_only_some_errors_are_shown() -> None:
    page = page_of(made_run(tasks=60, failed=60))
    assert page.count("<details>") == 50
    assert "The first 50 of 60." in page


def test_many_tasks_make_a_small_page() -> None:
    events = []
    for index in range(20_000):
        at = index * 1e-4
        place = f"thread {index % 200}"
        events += [event(index, Phase.STARTED, at, place=place), event(index, Phase.DONE, at + 1e-4, 1.0)]
    page = page_of(run_of(events, [str(index) for index in range(20_000)], 2.1))
    assert len(page) < 1_000_000
    assert "The first 64 of 200 are shown." in page
    Reader(page)


@pytest.mark.parametrize("wall_s", [0.0, 1e-6, 0.003, 0.8, 5.0, 59.0, 91.0, 4000.0, 100_000.0, 1e9])
def test_a_run_of_any_length_has_a_time_axis(wall_s: float) -> None:
    marks = time_marks(wall_s)
    assert 1 <= len(marks) <= 9
    assert marks[0] == (0.0, "Start")
    assert all(0 <= share <= 1 + 1e-9 for share, _ in marks)


def test_a_run_that_took_no_time_has_a_page() -> None:
    Reader(page_of(made_run(tasks=3, cancelled=3, wall_s=0.0, lag=lag_of())))
    assert "No task began." in page_of(made_run(tasks=3, cancelled=3, wall_s=0.0))


def test_graphs_of_nothing() -> None:
    nothing, one = Curve("", "plain", np.empty(0), np.empty(0)), Curve("", "plain", np.zeros(1), np.zeros(1))
    for page in (
        *(rate_graph([nothing], 0.0, "bytes"), lag_graph([nothing], 1.0), lag_graph([one], 1.0)),
        wait_graph([nothing], 0.0),
    ):
        [graph] = graphs_of(page)
        ElementTree.fromstring(graph)


# -------------------------------------------------------------------- a comparison


def test_a_comparison_is_one_page_with_both_runs_over_each_other() -> None:
    page = page_of(pair())
    text = Reader(page).text
    assert "<h1>Prime numbers (pure Python): GUI thread against ThreadPoolExecutor</h1>" in page
    assert "took 2.0 s instead of 4.0 s: about 2.0× as fast." in text
    assert "Wall time4.0 s2.0 s−50 %" in text
    for label in ("Throughput", "Lag of the window", "Wait for the GIL"):
        [graph] = (one for one in graphs_of(page) if f'aria-label="{label} over time' in one)
        names = [
            one.get("data-name") for one in ElementTree.fromstring(graph) if "curve" in one.get("class", "")
        ]
        assert names == ["GUI thread", "ThreadPoolExecutor"]
    assert re.findall("<h3>(.*?)</h3>", page) == ["GUI thread", "ThreadPoolExecutor"] * 2
    # Both on the longer one's axis of time.
    assert set(re.findall('data-span="(.*?)"', page)) == {"4"}


def test_the_runs_of_a_comparison_have_colours_of_their_own() -> None:
    page = page_of(pair())
    assert [re.findall(rf"--run-{name}: (#\w+)", page) for name in "ab"] == [
        list(line_colors(lookup.traits(runner).color)) for runner in ("gui_thread", "thread_pool")
    ]


def test_both_runs_are_in_the_table_of_tasks_and_in_the_trace() -> None:
    rows = list(csv.reader(io.StringIO("".join(csv_pieces(pair())), newline="")))
    assert rows[0][-1] == "run_runner"
    assert [row[-1] for row in rows[1:]] == ["GUI thread"] * 7 + ["ThreadPoolExecutor"] * 7
    events = json.loads("".join(trace_pieces(pair())))["traceEvents"]
    processes = {each["pid"]: each["args"]["name"] for each in events if each["name"] == "process_name"}
    work = "Thaw: Prime numbers (pure Python) on"
    assert processes == {1: f"{work} GUI thread", 2: f"{work} ThreadPoolExecutor"}
    assert {each["pid"] for each in events if each["ph"] == "C"} == {1, 2}


# -------------------------------------------------------------------- what it tells


def test_what_one_thread_does_is_done_one_after_the_other() -> None:
    run = full_run()
    run.settings = run.settings.blocking()
    text = Reader(page_of(run)).text
    assert "Prime numbers (pure Python) on the GUI thread7 tasks, one after the other; " in text
    assert "Workersone after the other" in text
    assert "2 at once" not in text


def test_alike_freezes_are_one_card_with_advice() -> None:
    run = full_run()
    [python, _] = run.freezes
    run.freezes = [python, python._replace(started=python.started + 0.6, ended=python.ended + 0.7)]
    page = page_of(run)
    assert page.count("<article>") == 1
    assert "2 times, 1.1 s in all" in page
    assert "Politely, they let it go first." in page
    run.settings = run.settings._replace(runner_entry=lookup.runners()["process_pool"])
    assert "Politely" not in page_of(run)  # it took none from the GUI thread there


def test_nothing_tells_where_the_person_keeps_things(monkeypatch: pytest.MonkeyPatch) -> None:
    run = full_run()
    home = os.path.expanduser("~")
    run.settings = run.settings._replace(
        params=(("folder", "/mnt/disk/pictures"), ("python", f"{home}/envs/bin/python"))
    )
    run.recorder.errors[1] = (
        'Traceback (most recent call last):\n  File "/srv/me/job.py", line 3, in f\n'
        f'  File "{ROOT}/workers/engine/task.py", line 1, in g\n'
        '  File "/opt/venv/lib/python3.11/site-packages/requests/api.py", line 9, in get\n'
        "FileNotFoundError: [Errno 2] No such file or directory: '/home/me/secret/a.jpg'\n"
    )
    run.notes = ["It read /home/me/notes.txt and C:\\Users\\me\\b.txt."]
    page = page_of(run)
    for folder in ("/home/me", "/mnt", "/srv", "/opt", home + "/", str(ROOT), "Users"):
        assert folder not in page, folder
    for left in ("job.py", "workers/engine/task.py", "requests/api.py", "a.jpg", "pictures", "~/notes.txt"):
        assert left in page


def test_a_run_from_elsewhere_hides_that_place_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    assert short_path(f"{gone}/a/b.py") == "a/b.py"
    gone.rmdir()
    assert short_path(f"{gone}/a/b.py") == "b.py"
    assert short_path("C:\\work\\b.py") == "b.py"
    assert short_path("a/b.py") == "a/b.py"


@pytest.mark.parametrize(
    "file",
    [
        "/home/ann/.venv/lib/python3.12/site-packages/requests/api.py",
        f"{ROOT}/.venv/lib/python3.12/site-packages/numpy/linalg.py",
        "/usr/lib/python3.11/json/decoder.py",
        r"C:\Users\ann\venv\Lib\site-packages\requests\api.py",
        f"{ROOT}/gui/app.py",
    ],
)
def test_a_file_is_called_the_same_in_all_exports(file: str) -> None:
    assert short_path(file) == short_name(file, SourceFiles(ROOT))


def test_the_scale_of_waits_is_the_windows_and_a_long_wait_is_a_saw() -> None:
    run = full_run()
    run.waits = [(run.started + 0.8, 700.0), (run.started + 1.6, 700.0)]
    [graph] = (one for one in graphs_of(page_of(run)) if "Wait for the GIL" in one)
    assert "band-" not in graph
    assert 'data-scale="log 0.1 1000"' in page_of(run)
    [curve] = (one for one in ElementTree.fromstring(graph) if "curve" in one.get("class", ""))
    heights = [float(y) for y in re.findall(r"[\d.]+,([\d.]+)", curve.get("d") or "")]
    foot, peak = 150.0, 150 * (1 - math.log10(700.0 / 0.1) / 4)
    tooth = len(heights) // 2
    assert heights[0] == heights[tooth - 1] == heights[tooth] == heights[-1] == foot
    assert heights[tooth - 2] == heights[-2] == pytest.approx(peak, abs=0.1)


def test_where_nobody_looked_the_line_is_broken() -> None:
    shares = np.array([0.5, -1.0, -1.0, 0.5, 0.6])
    [d] = re.findall(' d="(.*?)"', curve(np.arange(5) / 4, shares, 100, "plain"))
    assert d == "M0,50M750,50L1000,40"


def test_tasks_stand_apart_and_say_what_they_are() -> None:
    [graph] = (one for one in graphs_of(page_of(full_run())) if "What each place did" in one)
    titles = [one.text for one in ElementTree.fromstring(graph).iter("title")]
    assert "plain: done, 200 ms, from 100 ms on" in titles
    assert "<b>&\"'</b>: cancelled, 400 ms, from 1.0 s on" in titles


def test_freezes_lie_over_the_bars_with_their_lengths() -> None:
    page = page_of(full_run())
    stops = re.findall('<span style="(.*?)" title="The window stood still for (.*?), from (.*?) on">', page)
    assert stops == [
        ("left:25.00%;width:25.00%", "490 ms", "500 ms"),
        ("left:60.00%;width:15.00%", "290 ms", "1.2 s"),
    ]
    assert re.findall("<b[^>]*>([^<]*)</b></span>", page) == ["slow 490 ms"]
    assert page.index('class="stops"') < page.index('class="bar ')
    for limit in ("smooth: up to 16.7 ms", "slow: up to 700 ms", "frozen: over 700 ms"):
        assert limit in page


# -------------------------------------------------------------------- all kinds


def test_the_kinds_are_found_by_their_files() -> None:
    found = {kind.suffix: kind.name for kind in kinds()}
    assert {".csv": "csv", ".html": "html", ".trace.json": "chrome_trace"}.items() <= found.items()


def test_a_suffix_says_the_kind(tmp_path: Path) -> None:
    names = {"a.csv": "csv", "a.HTML": "html", "a.json": "chrome_trace", "b.trace.json": "chrome_trace"}
    assert {name: kind_of(tmp_path / name).name for name in names} == names
    for name in ("a", "a.nothing", ".csv"):
        with pytest.raises(ValueError, match=r"is no kind of export\. There are: \.trace\.json"):
            kind_of(tmp_path / name)


@pytest.mark.parametrize("suffix", [".csv", ".html", ".trace.json"])
def test_an_export_is_whole_or_not_there(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_text("before")
    steps = export_run(full_run(), path)
    next(steps)
    steps.close()
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [(path.name, "before")]
    drain(export_run(full_run(), path))
    assert list(tmp_path.iterdir()) == [path]
    path.read_text(encoding="utf-8")


def test_what_cannot_be_exported_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is no kind of export"):
        drain(export_run(full_run(), tmp_path / "a.doc"))
    with pytest.raises(RunFileError, match="name a file in a folder that you can write to"):
        drain(export_run(full_run(), tmp_path / "nowhere" / "a.csv"))
    run = full_run()
    run.ended = None
    with pytest.raises(RunFileError, match="when it has ended"):
        drain(export_run(run, tmp_path / "a.csv"))
    assert not list(tmp_path.iterdir())


def test_what_it_cost_and_what_the_runner_had_to_say() -> None:
    text = Reader(page_of(full_run())).text
    assert "Two <slots> stood inside of slots." in text
    assert "processor time2.5 s" in text
    assert "memory126 MB" in text
    assert "start-up" not in text
    bare = full_run()
    bare.resources = None
    assert "processor time" not in Reader(page_of(bare)).text


def test_the_report_says_what_tasks_waited_for() -> None:
    page = "".join(pieces(sharing_run()))
    assert "What tasks waited for" in page
    assert "<td>an item of queue jobs</td><td>1 wait, 400 ms in all</td>" in page
    assert "<td>queue jobs</td><td>3 at the most, 1 at the end</td>" in page
    assert "What tasks waited for" not in "".join(pieces(full_run()))


def test_the_timeline_has_rows_of_what_tasks_share() -> None:
    page = "".join(pieces(sharing_run()))
    assert ">lock a</span>" in page
    assert ">queue jobs</span>" in page
    assert "first: holds it, 300 ms, from 100 ms on" in page
    (strip,) = re.findall(r'class="strip" d="(.*?)"', page)
    assert len(re.findall("M", strip)) == 2, "a step for each level"
    assert "queue jobs: from 1 to 3" in page
    assert "Below them are the locks" in page
    assert "strip" not in "".join(pieces(full_run())).partition("<body")[2]
