"""A report for people: one HTML file that needs no network, light and dark, for screens of any width and for paper.

Of a comparison both runs stand in it, over each other.
"""

from __future__ import annotations

from datetime import datetime
from html import escape
from itertools import islice
from typing import TYPE_CHECKING

from ..catalog.lookup import runners, traits, workloads
from ..engine.plan import BLOCKING
from ..image_server.conditions import network_text
from ..reports.differences import at_once
from ..reports.freeze_advice import Known, advise
from ..reports.freeze_words import Group, groups, nearby_lines, what_text, when_text, where_text
from ..reports.labs.reasons import waited_for
from ..reports.lanes import finished_lanes
from ..reports.palette import BANDS, line_colors
from ..reports.series import freezes, lags, rates, waits
from ..reports.summary import VERSION, environment
from ..reports.verdict import compare_verdict, verdict
from ..reports.watched import is_watched, starved
from ..utils import formatting
from .figures import Shown, comparison, figures
from .graphs import Curve, lag_graph, rate_graph, timeline, wait_graph
from .local_paths import local, short_path, without_folders
from .page import END, begin, key, paragraphs, script, section, table
from .threads import threads

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from ..engine.run import Run

TITLE = "Report with graphs"
SUFFIX = ".html"

MAX_LANES = 64
MAX_THINGS = 16
MAX_ERRORS = 50
MAX_CARDS = 20
COLUMNS = 800
"""How many pixels wide the curves are at most."""

SMOOTHED = "Each point is the mean of 0.3 s."
KEYS = {
    **{"done": "ran and was done", "failed": "ran and failed", "cancelled": "ran and was cancelled"},
    **{"running": "ran", "blocked": "waited for others", "waiting": "waited for its turn", "paused": "paused"},
}
THING_KEYS = {"strip": "how much of something shared", "expected": "how much it should be"}
LOCKS = "Below them are the locks: their bars are the tasks that held them."
ENVIRONMENT = {
    **{"thaw": "Thaw", "python": "Python", "gil_enabled": "GIL", "pyside6": "PySide6", "qt": "Qt"},
    **{"pyqtgraph": "pyqtgraph", "platform": "System", "cpus": "Processors"},
    **{"switch_interval_ms": "Switch interval", "event_loop": "Event loop"},
}


def pieces(run: Run) -> Iterator[str]:
    """The page, part by part."""
    before, title = run.compared_with, run.settings.runner_entry.title
    shown = [Shown(run, title)]
    if before is not None:
        first = before.settings.runner_entry.title
        if is_watched(run):
            first, title = "Before", "Now"
        shown = [Shown(before, first, first, "a", "a"), Shown(run, title, title, "b", "b")]
    span_s = max(each.run.wall_s for each in shown) or 1.0
    yield _head(shown)
    yield comparison(*shown) if before is not None else figures(run)
    if not is_watched(run):
        curves = [Curve(each.name, each.style, *rates(each.run, COLUMNS, span_s)) for each in shown]
        rate_unit = "MB" if run.plan.unit == "bytes" else run.plan.unit
        graph = rate_graph(curves, span_s, run.plan.unit) + _legend(shown)
        yield section("Throughput", graph, f"In {rate_unit} per second. {SMOOTHED}")
    curves = [
        Curve(each.name, each.plain, *lags(each.run, COLUMNS, span_s))
        for each in shown
        if each.run.lag is not None
    ]
    if curves:
        graph = lag_graph(curves, span_s) + _legend(shown) + key(_band_words())
        yield section("Lag of the GUI thread", graph, "How late the window reacts.")
    curves = []
    for each in shown:
        curve = Curve(each.name, each.plain, *(yield from waits(each.run, COLUMNS, span_s)))
        curves += [curve] if len(curve.times) else []
    if curves:
        # Those of two runs could not be told from each other.
        held = [(begin - run.started, end - run.started) for begin, end in run.held if before is None]
        graph = wait_graph(curves, span_s, held) + _legend(shown)
        graph += key([("held", "a call into C held the GIL")]) if held else ""
        yield section("Wait for the GIL", graph, "How late a thread wakes from a sleep of 5 ms.")
    if not is_watched(run):
        yield from _timeline(shown, span_s)
    yield threads(shown, span_s)
    yield _sharing(shown)
    yield from _cards(shown)
    yield from _errors(shown)
    yield _settings([each.run for each in shown])
    yield script() + END


def _head(shown: list[Shown]) -> str:
    last = shown[-1]
    where = " against ".join(each.title for each in shown)
    on = ":" if len(shown) > 1 else " on the" if last.run.settings.runner == BLOCKING else " on"
    heading = f"{last.run.settings.workload_entry.title}{on} {where}"
    if is_watched(last.run):
        heading = last.run.plan.title(0)
    began = datetime.fromtimestamp(last.run.began).astimezone()
    places = f", {at_once(last.run.settings, ' at once')}" if len(shown) == 1 else ""
    if is_watched(last.run):
        places = ", watched while it ran"
    what = "a program" if is_watched(last.run) else formatting.plural(last.run.recorder.count, "task")
    about = f"{what}{places}; {began:%d %B %Y, %H:%M}"
    said = verdict(last.run) if len(shown) == 1 else compare_verdict(shown[0].run, last.run)
    found = f'<p class="verdict">{escape(without_folders(said))}</p>'
    told = [(each.name, note) for each in shown for note in (*each.run.notes, starved(each.run))]
    notes = [f"{name}: {note}" if name else note for name, note in told if note]
    colors = {f"run-{each.style}": line_colors(traits(each.run.settings.runner).color) for each in shown}
    return begin(heading, heading, about, found + paragraphs([without_folders(note) for note in notes]), colors)


def _legend(shown: list[Shown]) -> str:
    return key((each.style, each.name) for each in shown) if len(shown) > 1 else ""


def _band_words() -> Iterator[tuple[str, str]]:
    low = 0.0
    for edge, word, _ in BANDS:
        limit = f"up to {edge:g} ms" if edge < BANDS[-1][0] else f"over {low:g} ms"
        yield f"band-{word}", f"{word}: {limit}"
        low = edge


# -------------------------------------------------------------------- what happened


def _timeline(shown: list[Shown], span_s: float) -> Generator[str, None, None]:
    content, used = "", set()
    notes = ["A row for each place where tasks ran."]
    for each in shown:
        lanes, things = yield from finished_lanes(each.run)
        frozen = freezes(each.run)
        content += f"<h3>{escape(each.name)}</h3>" if each.name else ""
        if not lanes:
            content += "<p>No task began.</p>"
            continue
        locks, strips = things.lanes[:MAX_THINGS], things.strips[:MAX_THINGS]
        graph = yield from timeline(each.run, lanes[:MAX_LANES], span_s, frozen, locks, strips)
        content += graph
        used |= {state for state in KEYS if f'class="bar {state}"' in graph} | ({"stop"} if frozen else set())
        used |= {state for state in THING_KEYS if f'class="{state}"' in graph}
        if len(lanes) > MAX_LANES:
            notes.append(f"The first {MAX_LANES:,} of {len(lanes):,} are shown.")
        if locks and LOCKS not in notes:
            notes.append(LOCKS)
    keys = {**KEYS, **THING_KEYS, "stop": "the window stood still"}
    told = key((state, text) for state, text in keys.items() if state in used)
    yield section("Timeline", content + told, " ".join(notes))


def _sharing(shown: list[Shown]) -> str:
    """What tasks waited for, and what gauges showed."""
    content = ""
    for each in shown:
        rows = [
            (what, f"{formatting.plural(count, 'wait')}, {formatting.seconds(total_s)} in all")
            for what, (count, total_s) in waited_for(each.run).items()
        ]
        for name, gauge in each.run.recorder.sharing.gauges.items():
            if gauge.kind != "holder":
                most, last = (f"{value:,.6g}" for value in (max(gauge.values), gauge.values[-1]))
                rows.append((name, f"{most} at the most, {last} at the end"))
        if rows:
            content += (f"<h3>{escape(each.name)}</h3>" if each.name else "") + table(rows)
    return section("What tasks waited for", content) if content else ""


def _cards(shown: list[Shown]) -> Generator[str, None, None]:
    content = ""
    for each in shown:
        found = groups(each.run.freezes)
        if not found:
            continue
        content += f"<h3>{escape(each.name)}</h3>" if each.name else ""
        content += "".join(_card(each.run, group) for group in found[:MAX_CARDS])
        if rest := found[MAX_CARDS:]:
            longest = formatting.seconds(rest[0].longest.lag_s)
            content += f"<p>And {len(rest):,} more, none of them longer than {longest}.</p>"
        yield ""
    if content:
        yield section("Why it froze", content)


def _card(run: Run, group: Group) -> str:
    freeze = group.longest
    guilty = freeze.line.number if freeze.line is not None else None
    where = escape(f"{where_text(freeze, short_path)} · {when_text(group, run)}")
    lines = [(number, f"{number:>5}  {escape(text)}") for number, text in nearby_lines(freeze)]
    source = "\n".join(f"<mark>{text}</mark>" if number == guilty else text for number, text in lines)
    known = Known(runners(), workloads(), bool(run.environment.get("gil_enabled", True)))
    better = advise(freeze.kind, run.settings, known, freeze.holder).text
    by = f"<p>It was called by the {escape(freeze.delivered)}.</p>" if freeze.delivered else ""
    return (
        f"<article><p><b>{formatting.seconds(freeze.lag_s)}</b> {escape(what_text(group, run))}</p>{by}"
        f'<p class="muted">{where}</p>{f"<pre>{source}</pre>" if source else ""}'
        f"<p>{escape(better)}</p></article>"
    )


def _errors(shown: list[Shown]) -> Generator[str, None, None]:
    content = ""
    for each in shown:
        errors = each.run.recorder.errors
        if not errors:
            continue
        content += f"<h3>{escape(each.name)}</h3>" if each.name else ""
        for index, text in islice(errors.items(), MAX_ERRORS):
            title, line = each.run.plan.title(index), formatting.error_line(text)
            said = formatting.with_title(title, line)
            content += (
                f"<details><summary>{escape(without_folders(said))}</summary>"
                f"<pre>{escape(without_folders(text))}</pre></details>"
            )
        if len(errors) > MAX_ERRORS:
            content += f"<p>The first {MAX_ERRORS} of {len(errors):,}.</p>"
        yield ""
    if content:
        yield section("What failed", content)


# -------------------------------------------------------------------- settings


def _settings(runs: list[Run]) -> str:
    """Where two runs differ, both values."""
    found: dict[str, list[str]] = {}
    for run in runs:
        for name, value in _settings_rows(run):
            values = found.setdefault(name, [])
            if value not in values:
                values.append(value)
    return section(
        "Settings and environment", table([(name, " / ".join(said)) for name, said in found.items()])
    )


def _settings_rows(run: Run) -> Iterator[tuple[str, str]]:
    settings = run.settings
    if is_watched(run):
        yield "Program", run.plan.title(0)
    else:
        yield "Runner", settings.runner_entry.title
        yield "Workload", settings.workload_entry.title
        yield "Tasks", f"{run.recorder.count:,}"
        yield "Workers", at_once(settings)
        for name, value in settings.public_params.items():
            yield name, local(str(value))
        if run.network is not None:
            yield "Network", network_text(run.network)
        yield "Seed", f"{settings.seed:,}"
        yield "Polite", "yes" if settings.polite else "no"
    where = {"thaw": VERSION, **(run.environment or environment())}
    for name, title in ENVIRONMENT.items():
        value = where.get(name)
        if name == "gil_enabled":
            value = "yes" if value else "no"
        elif name == "switch_interval_ms" and isinstance(value, (int, float)):
            value = formatting.milliseconds(value)
        if value is not None:
            yield title, str(value)
