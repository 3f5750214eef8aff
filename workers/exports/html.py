"""A report for people: one HTML file that needs no network and no scripts, light and dark, fit for printing."""

from __future__ import annotations

from datetime import datetime
from html import escape
from itertools import islice
from typing import TYPE_CHECKING

from ..catalog import user_names
from ..catalog.lookup import runners, workloads
from ..catalog.user_names import short
from ..engine.task import Phase
from ..image_server.conditions import whole_words
from ..monitors.freeze import KINDS
from ..reports.summary import VERSION, environment
from ..reports.verdict import cost_words, verdict
from ..utils import formatting
from .lanes import Lanes
from .series import freezes, lag_bins, rates, waits
from .svg import PLOT, Timeline, lag_graph, rate_graph

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence

    from ..engine.run import Run
    from ..monitors.freeze import Freeze
    from .series import Frozen

TITLE = "Report with graphs"
SUFFIX = ".html"

MOST_LANES = 64
MOST_ERRORS = 50
MOST_CARDS = 20
MOST_POINTS = 300
TASKS_A_BREATH = 300
FINALS = {Phase.FAILED: "failed", Phase.CANCELLED: "cancelled", Phase.DONE: "done"}
ENVIRONMENT = {
    **{"thaw": "Thaw", "python": "Python", "gil_enabled": "GIL", "pyside6": "PySide6", "qt": "Qt"},
    **{"pyqtgraph": "pyqtgraph", "platform": "System", "cpus": "Processors"},
    "switch_interval_ms": "Switch interval",
}

# The window's own colours: light, then dark. The tests compare them with gui/theme/palettes.py.
COLORS = {
    "window": ("#f3f4f7", "#24272e"),
    "panel": ("#ffffff", "#191b20"),
    "text": ("#1a1d23", "#e7e9ee"),
    "muted": ("#5b6370", "#9aa3b2"),
    "line": ("#d3d7df", "#414754"),
    "accent": ("#4353d0", "#93a0ff"),
    "good": ("#19733f", "#56c98a"),
    "warn": ("#855f00", "#e8bd45"),
    "bad": ("#bf2f1f", "#ff8370"),
}
BANDS = {
    "smooth": ("#e2f3e7", "#1a2c23"),
    "noticeable": ("#fbf4cf", "#302c18"),
    "slow": ("#fde6cf", "#3a2818"),
    "frozen": ("#fbdad7", "#402022"),
}
STYLE = """
* { box-sizing: border-box }
body { margin: 0 auto; padding: 32px 24px; max-width: 1040px; background: var(--window); color: var(--text);
  font: 15px/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px }
h2 { font-size: 17px; margin: 0 0 8px }
p { margin: 0 0 8px } .muted, figcaption { color: var(--muted) }
.verdict { font-size: 18px; margin: 8px 0 24px }
section { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 16px;
  margin: 0 0 16px; break-inside: avoid }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 16px; margin: 0 }
.figures div { display: flex; flex-direction: column-reverse; justify-content: flex-end }
dt { color: var(--muted); font-size: 13px } dd { margin: 0; font-size: 20px; font-weight: 600 }
table { border-collapse: collapse; width: 100% } td { padding: 4px 16px 4px 0; vertical-align: top;
  border-top: 1px solid var(--line); overflow-wrap: anywhere } td:first-child { color: var(--muted); width: 25% }
tr:first-child td { border-top: 0 }
svg { display: block; width: 100%; height: auto; font-size: 12px } svg text { fill: var(--muted) }
.grid { stroke: var(--line); stroke-width: 1; fill: none }
.curve { stroke: var(--accent); stroke-width: 1.5; fill: none; stroke-linejoin: round }
.bar { fill: none } .running, .key-running { stroke: var(--accent); background: var(--accent) }
.done, .key-done { stroke: var(--good); background: var(--good) }
.waiting, .key-waiting, .paused, .key-paused { stroke: var(--warn); background: var(--warn) }
.paused, .key-paused { opacity: .5 } .failed, .key-failed { stroke: var(--bad); background: var(--bad) }
.cancelled, .key-cancelled { stroke: var(--muted); background: var(--muted) }
.freeze, .key-freeze { fill: var(--band-frozen); background: var(--band-frozen) }
.key { display: flex; flex-wrap: wrap; gap: 4px 16px; font-size: 13px; color: var(--muted); margin-top: 8px }
.key i { display: inline-block; width: 12px; height: 12px; border-radius: 2px; margin-right: 6px;
  vertical-align: -1px }
pre { margin: 8px 0 0; padding: 8px; overflow-x: auto; background: var(--window); border-radius: 4px;
  font: 13px/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere }
mark { background: var(--band-frozen); color: inherit; font-weight: 600 }
article + article { margin-top: 16px; padding-top: 16px; border-top: 1px solid var(--line) }
details { margin-top: 8px } summary { cursor: pointer; overflow-wrap: anywhere }
@media print { body { padding: 0; max-width: none; background: none } section { border-color: #ccc }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact } }
"""


def pieces(run: Run) -> Iterator[str]:
    """The page, part by part."""
    runner, workload = _title(runners(), run.settings.runner), _title(workloads(), run.settings.workload)
    count = run.recorder.count
    heading = f"{workload} on {runner}"
    yield (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>Thaw: {escape(heading)}</title>\n<style>{_colors()}{STYLE}</style></head>\n<body>\n"
    )
    began = datetime.fromtimestamp(run.began).astimezone()
    tasks = f"{count:,} task{'s' if count > 1 else ''}, {run.settings.workers:,} at once"
    notes = "".join(f"<p>{escape(note)}</p>" for note in run.notes)
    yield (
        f"<header><h1>{escape(heading)}</h1>"
        f'<p class="muted">{tasks}; {began:%d %B %Y, %H:%M}</p>'
        f'<p class="verdict">{escape(verdict(run, runner))}</p>'
        f"{notes}</header>\n"
    )
    yield _figures(run)
    points = yield from rates(run, MOST_POINTS)
    yield _section("Throughput", rate_graph(points, run.wall_s, run.plan.unit), f"In {run.plan.unit} per second.")
    frozen: list[Frozen] = []
    if run.lag is not None:
        lags = yield from lag_bins(run, PLOT)
        frozen = yield from freezes(run)
        note = "How late the window's event loop was: green nobody notices, in red the window stood still."
        yield _section("Lag of the window", lag_graph(lags, run.wall_s, "Lag"), note)
    longest = yield from waits(run, PLOT)
    if longest:
        graph = lag_graph(longest, run.wall_s, "Wait for the GIL")
        yield _section("Wait for the GIL", graph, "How long a thread that woke waited for the interpreter.")
    yield from _timeline(run, frozen)
    yield from _cards(run)
    yield from _errors(run)
    yield _settings(run)
    yield f'<p class="muted">Made by Thaw {VERSION}.</p>\n</body></html>\n'


def _title(entries: Mapping[str, object], name: str) -> str:
    return str(getattr(entries.get(name), "title", user_names.title(name)))


def _colors() -> str:
    def block(column: int) -> str:
        pairs = [(f"--{name}", pair[column]) for name, pair in COLORS.items()]
        pairs += [(f"--band-{name}", pair[column]) for name, pair in BANDS.items()]
        return "; ".join(f"{name}: {color}" for name, color in pairs)

    bands = " ".join(f".band-{name} {{ fill: var(--band-{name}) }}" for name in BANDS)
    # On paper it is always light.
    dark = f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {block(1)} }} }}"
    return f"\n:root {{ {block(0)} }}\n{dark}\n{bands}"


def _section(title: str, content: str, note: str = "") -> str:
    told = f'<p class="muted">{escape(note)}</p>' if note else ""
    return f"<section><h2>{escape(title)}</h2>{told}{content}</section>\n"


def _figures(run: Run) -> str:
    recorder, lag = run.recorder, run.lag
    figures = [
        ("wall time", formatting.seconds(run.wall_s)),
        ("throughput", formatting.rate(run.per_s, run.plan.unit)),
        ("done", f"{recorder.done:,}"),
    ]
    figures += [(name, f"{n:,}") for name, n in (("failed", recorder.failed), ("cancelled", recorder.cancelled)) if n]
    if lag is not None:
        figures += [
            (f"lag {name}", formatting.milliseconds(getattr(lag, name))) for name in ("p50", "p95", "p99", "max")
        ]
        figures += [("blocked", formatting.seconds(lag.blocked_s)), ("freezes", f"{lag.freezes:,}")]
        if lag.freezes:
            figures.append(("longest freeze", formatting.seconds(lag.longest_freeze_s)))
    figures += [(name, said) for name, said in cost_words(run.resources).items() if said]
    cells = "".join(f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for name, value in figures)
    return f'<section><h2>Figures</h2><dl class="figures">{cells}</dl></section>\n'


def _timeline(run: Run, frozen: Sequence[Frozen]) -> Generator[str, None, None]:
    lanes = Lanes(run)
    yield from lanes.sort()
    shown = lanes.lanes[:MOST_LANES]
    if not shown:
        yield _section("Timeline", "", "No task began.")
        return
    timeline = Timeline([lane.name for lane in shown], run.wall_s)
    phases = run.recorder.phases()
    seen = set()
    for number, lane in enumerate(shown):
        for nth, index in enumerate(lane.tasks):
            final = FINALS.get(Phase(phases[index]), "running")
            for begin, end, state in lanes.stretches(index):
                state = final if state == "running" else state
                timeline.add(number, begin / 1e6, end / 1e6, state)
                seen.add(state)
            if nth % TASKS_A_BREATH == 0:
                yield ""
    keys = {
        **{"done": "ran and was done", "failed": "ran and failed", "cancelled": "ran and was cancelled"},
        **{"running": "ran", "waiting": "waited for its turn", "paused": "paused"},
    }
    told = [(state, text) for state, text in keys.items() if state in seen]
    told += [("freeze", "the window was frozen")] if frozen else []
    key = "".join(f'<span><i class="key-{state}"></i>{text}</span>' for state, text in told)
    rest = len(lanes.lanes) - len(shown)
    note = "A row for each place where tasks ran."
    note += f" The first {len(shown):,} of {len(lanes.lanes):,} are shown." if rest else ""
    yield _section("Timeline", f'{timeline.svg(frozen)}<div class="key">{key}</div>', note)


def _cards(run: Run) -> Generator[str, None, None]:
    if not run.freezes:
        return
    cards = sorted(run.freezes, key=lambda freeze: freeze.started - freeze.ended)[:MOST_CARDS]
    more = f"The longest {len(cards)} of {len(run.freezes):,}." if len(run.freezes) > len(cards) else ""
    yield _section("Why it froze", "".join(_card(run, freeze) for freeze in cards), more)


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
    shown = list(islice(errors.items(), MOST_ERRORS))
    items = "".join(
        f"<details><summary>{escape(run.plan.title(index))}: {escape(formatting.error_line(text))}</summary>"
        f"<pre>{escape(text)}</pre></details>"
        for index, text in shown
    )
    more = f"The first {len(shown)} of {len(errors):,}." if len(errors) > len(shown) else ""
    yield _section("What failed", items, more)


def _settings(run: Run) -> str:
    settings = run.settings
    rows = [
        *(("Runner", settings.runner), ("Workload", short(settings.workload)), ("Tasks", f"{run.recorder.count:,}")),
        ("Workers", f"{settings.workers:,}"),
        *((name, str(value)) for name, value in settings.params),
        *((("Weather", whole_words(run.weather)),) if run.weather is not None else ()),
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
    cells = "".join(f"<tr><td>{escape(name)}</td><td>{escape(value)}</td></tr>" for name, value in rows)
    return _section("Settings and environment", f"<table>{cells}</table>")
