"""A report for people: one HTML file that needs no network and no scripts, light and dark, fit for printing."""

from __future__ import annotations

from datetime import datetime
from html import escape
from itertools import islice
from typing import TYPE_CHECKING

from ..catalog import user_names
from ..catalog.lookup import runners, workloads
from ..catalog.user_names import short
from ..image_server.conditions import network_text
from ..monitors.freeze import KINDS, Freeze
from ..reports.lanes import finished_lanes
from ..reports.series import freezes, lags, rates, waits
from ..reports.summary import VERSION, environment
from ..reports.verdict import cost_words, verdict
from ..utils import formatting
from .graphs import PLOT, lag_graph, rate_graph, timeline
from .page import END, begin, paragraphs, section, table

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping

    from ..engine.run import Run

TITLE = "Report with graphs"
SUFFIX = ".html"

MAX_LANES = 64
MAX_ERRORS = 50
MAX_CARDS = 20
MAX_POINTS = 300
KEYS = {
    **{"done": "ran and was done", "failed": "ran and failed", "cancelled": "ran and was cancelled"},
    **{"running": "ran", "waiting": "waited for its turn", "paused": "paused"},
}
ENVIRONMENT = {
    **{"thaw": "Thaw", "python": "Python", "gil_enabled": "GIL", "pyside6": "PySide6", "qt": "Qt"},
    **{"pyqtgraph": "pyqtgraph", "platform": "System", "cpus": "Processors"},
    "switch_interval_ms": "Switch interval",
}


def pieces(run: Run) -> Iterator[str]:
    """The page, part by part."""
    runner, workload = _title(runners(), run.settings.runner), _title(workloads(), run.settings.workload)
    heading = f"{workload} on {runner}"
    began = datetime.fromtimestamp(run.began).astimezone()
    tasks = formatting.plural(run.recorder.count, "task")
    about = f"{tasks}, {run.settings.workers:,} at once; {began:%d %B %Y, %H:%M}"
    found = f'<p class="verdict">{escape(verdict(run, runner))}</p>'
    yield begin(heading, heading, about, found + paragraphs(run.notes))
    yield _figures(run)
    unit, span_s = run.plan.unit, run.wall_s or 1.0
    graph = rate_graph(*rates(run, MAX_POINTS, span_s), span_s, unit)
    yield section("Throughput", graph, f"In {unit} per second.")
    if run.lag is not None:
        note = "How late the window's event loop was: green is smooth, in red the window was frozen."
        yield section("Lag of the window", lag_graph(lags(run, PLOT, span_s)[1], span_s, "Lag"), note)
    longest = yield from waits(run, PLOT)
    if len(longest):
        graph = lag_graph(longest, span_s, "Wait for the GIL")
        yield section("Wait for the GIL", graph, "How long a thread that woke waited for the interpreter.")
    yield from _timeline(run)
    yield from _cards(run)
    yield from _errors(run)
    yield _settings(run)
    yield END


def _title(entries: Mapping[str, object], name: str) -> str:
    return str(getattr(entries.get(name), "title", user_names.title(name)))


def _figures(run: Run) -> str:
    recorder, lag = run.recorder, run.lag
    figures = [
        ("wall time", formatting.seconds(run.wall_s)),
        ("throughput", formatting.rate(run.per_s, run.plan.unit)),
        ("done", f"{recorder.done:,}"),
    ]
    figures += [
        (name, f"{n:,}") for name, n in (("failed", recorder.failed), ("cancelled", recorder.cancelled)) if n
    ]
    if lag is not None:
        figures += [
            (f"lag {name}", formatting.milliseconds(getattr(lag, name)))
            for name in ("p50", "p95", "p99", "max")
        ]
        figures += [("blocked", formatting.seconds(lag.blocked_s)), ("freezes", f"{lag.freezes:,}")]
        if lag.freezes:
            figures.append(("longest freeze", formatting.seconds(lag.longest_freeze_s)))
    figures += [(name, said) for name, said in cost_words(run.resources).items() if said]
    cells = "".join(f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for name, value in figures)
    return section("Figures", f'<dl class="figures">{cells}</dl>')


def _timeline(run: Run) -> Generator[str, None, None]:
    lanes = yield from finished_lanes(run)
    shown, frozen = lanes[:MAX_LANES], freezes(run)
    if not shown:
        yield section("Timeline", "", "No task began.")
        return
    graph = yield from timeline(shown, run.wall_s, frozen)
    told = [(state, text) for state, text in KEYS.items() if f'class="bar {state}"' in graph]
    told += [("freeze", "the window was slow or frozen")] if frozen else []
    key = "".join(f'<span><i class="key-{state}"></i>{text}</span>' for state, text in told)
    note = "A row for each place where tasks ran."
    note += f" The first {len(shown):,} of {len(lanes):,} are shown." if len(lanes) > len(shown) else ""
    yield section("Timeline", f'{graph}<div class="key">{key}</div>', note)


def _cards(run: Run) -> Generator[str, None, None]:
    if not run.freezes:
        return
    cards = sorted(run.freezes, key=lambda freeze: freeze.started - freeze.ended)[:MAX_CARDS]
    more = f"The longest {len(cards)} of {len(run.freezes):,}." if len(run.freezes) > len(cards) else ""
    yield section("Why it froze", "".join(_card(run, freeze) for freeze in cards), more)


def _card(run: Run, freeze: Freeze) -> str:
    line = freeze.line
    where = f" in {line.function} ({line.file}, line {line.number:,})" if line is not None else ""
    holder = "the GUI thread" if freeze.holder == "GUI thread" else freeze.holder
    what = f"{holder} {KINDS[freeze.kind]}" if freeze.kind != "unknown" else f"what {holder} did is not known"
    source = "\n".join(
        f"<mark>{number:>5}  {escape(text)}</mark>"
        if line is not None and number == line.number
        else f"{number:>5}  {escape(text)}"
        for number, text in freeze.source
    )
    after_s = max(0.0, freeze.started - run.started)
    return (
        f"<article><p><b>{formatting.seconds(freeze.lag_s)}</b>, {formatting.seconds(after_s)} "
        f"after Start: {escape(what)}{escape(where)}.</p>{f'<pre>{source}</pre>' if source else ''}</article>"
    )


def _errors(run: Run) -> Generator[str, None, None]:
    errors = run.recorder.errors
    if not errors:
        return
    shown = list(islice(errors.items(), MAX_ERRORS))
    items = "".join(
        f"<details><summary>{escape(run.plan.title(index))}: {escape(formatting.error_line(text))}</summary>"
        f"<pre>{escape(text)}</pre></details>"
        for index, text in shown
    )
    more = f"The first {len(shown)} of {len(errors):,}." if len(errors) > len(shown) else ""
    yield section("What failed", items, more)


def _settings(run: Run) -> str:
    settings = run.settings
    rows = [
        *(
            ("Runner", settings.runner),
            ("Workload", short(settings.workload)),
            ("Tasks", f"{run.recorder.count:,}"),
        ),
        ("Workers", f"{settings.workers:,}"),
        *((name, str(value)) for name, value in settings.params),
        *((("Weather", network_text(run.network)),) if run.network is not None else ()),
        *(("Seed", f"{settings.seed:,}"), ("Polite", "yes" if settings.polite else "no")),
    ]
    where = {"thaw": VERSION, **(run.environment or environment())}
    for name, title in ENVIRONMENT.items():
        value = where.get(name)
        if name == "gil_enabled":
            value = "yes" if value else "no"
        elif name == "switch_interval_ms" and isinstance(value, (int, float)):
            value = formatting.milliseconds(value)
        if value is not None:
            rows.append((title, str(value)))
    return section("Settings and environment", table(rows))
