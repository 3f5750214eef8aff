"""The report: one page that any browser shows without a network, small, escaped, with all that was measured."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import numpy as np
import pytest

from tests.support.finished_runs import lag_of, made_run
from tests.support.full_runs import event, full_run, run_of
from workers.engine.task import Phase
from workers.exports import export_run, kind_of, kinds
from workers.exports.graphs import lag_graph, rate_graph, time_axis
from workers.exports.html import pieces
from workers.exports.svg import Area
from workers.reports.run_file import RunFileError, drain
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


def sections(run: Run) -> list[str]:
    return re.findall("<h2>(.*?)</h2>", page_of(run))


def test_it_needs_nothing_from_elsewhere() -> None:
    page = page_of(full_run())
    found = Reader(page)
    assert not {"script", "link", "img", "iframe", "object"} & set(found.tags)
    assert not {name for name, _ in found.attributes} & {"href", "src", "onclick", "onload"}
    assert "http" not in page
    assert "@import" not in page
    assert "url(" not in page


def test_everything_that_was_measured_has_its_part() -> None:
    assert sections(full_run()) == [
        *("Figures", "Throughput", "Lag of the window", "Wait for the GIL", "Timeline", "Why it froze"),
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
            "in compute (/home/me/work <1>.py, line 12)",
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
    assert "script" not in found.tags
    assert "<script>alert('\"&')</script>" in found.text


def test_it_is_light_and_dark_and_fit_for_paper() -> None:
    page = page_of(made_run())
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
    assert '<meta name="color-scheme" content="light dark">' in page
    used = set(re.findall(r"var\((--[\w-]+)\)", page))
    assert used <= set(re.findall(r"(--[\w-]+):", page))


def test_every_graph_is_well_formed() -> None:
    graphs = re.findall("<svg.*?</svg>", page_of(full_run()), re.DOTALL)
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
    axis = time_axis(wall_s, Area(0, 0, 800, 100))
    assert 1 <= axis.count("<text") <= 12


def test_a_run_that_took_no_time_has_a_page() -> None:
    Reader(page_of(made_run(tasks=3, cancelled=3, wall_s=0.0, lag=lag_of())))
    assert "No task began." in page_of(made_run(tasks=3, cancelled=3, wall_s=0.0))


def test_graphs_of_nothing() -> None:
    nothing = np.empty(0)
    for graph in (
        rate_graph(nothing, nothing, 0.0, "bytes"),
        lag_graph(nothing, 1.0, "Lag"),
        lag_graph(np.zeros(1), 1.0, "Lag"),
    ):
        ElementTree.fromstring(graph)


# -------------------------------------------------------------------- all kinds


def test_the_kinds_are_found_by_their_files() -> None:
    assert {kind.suffix: kind.name for kind in kinds()} == {
        **{".csv": "csv", ".html": "html", ".trace.json": "chrome_trace"},
    }


def test_a_suffix_says_the_kind(tmp_path: Path) -> None:
    names = {"a.csv": "csv", "a.HTML": "html", "a.json": "chrome_trace", "b.trace.json": "chrome_trace"}
    assert {name: kind_of(tmp_path / name).name for name in names} == names
    for name in ("a", "a.txt", ".csv"):
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
