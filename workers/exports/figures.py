"""The figures in the HTML report, of one run or of two that are compared."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

from ..reports.differences import Difference, Side, at_once, differences
from ..reports.verdict import cost_words
from ..reports.watched import is_watched
from ..utils import formatting
from .local_paths import local
from .page import Bar, bars, section

if TYPE_CHECKING:
    from ..engine.run import Run


class Shown(NamedTuple):
    """A run of the page.

    Attributes:
        run: it has ended.
        title: what its runner is called.
        name: the same where there is another run to tell it from; else empty.
        style: of its lines, where they have its runner's colour.
        plain: of the others.
    """

    run: Run
    title: str
    name: str = ""
    style: str = "b"
    plain: str = "plain"


def figures(run: Run) -> str:
    """All figures of one run."""
    recorder, lag = run.recorder, run.lag
    found = [("wall time", formatting.seconds(run.wall_s))]
    if is_watched(run):
        found += [("exit code", f"{run.exit_code}")] if run.exit_code is not None else []
    else:
        counts = (("failed", recorder.failed), ("cancelled", recorder.cancelled))
        found.append(("throughput", formatting.rate(run.per_s, run.plan.unit)))
        found.append(("done", f"{recorder.done:,}"))
        found += [(name, f"{n:,}") for name, n in counts if n]
    if lag is not None:
        found += [
            (f"lag {name}", formatting.milliseconds(getattr(lag, name)))
            for name in ("p50", "p95", "p99", "max")
        ]
        found += [("blocked", formatting.seconds(lag.blocked_s)), ("freezes", f"{lag.freezes:,}")]
        if lag.freezes:
            found.append(("longest freeze", formatting.seconds(lag.longest_freeze_s)))
    found += [(name, said) for name, said in cost_words(run.resources).items() if said]
    cells = "".join(f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for name, value in found)
    return section("Figures", f'<dl class="figures">{cells}</dl>')


def _side(shown: Shown) -> Side:
    return Side(shown.run, shown.title, shown.run.settings.workload_entry.title, shown.run.plan.unit)


def comparison(a: Shown, b: Shown) -> str:
    """Both runs' times as bars, and all figures beside each other."""
    lags_s = [(each, each.run.lag.max / 1e3) for each in (a, b) if each.run.lag is not None]
    graphs = _bars("Wall time", [(each, each.run.wall_s) for each in (a, b)])
    graphs += _bars("Longest lag of the window", lags_s)
    # There is a row of workers only where as many were chosen; what matters is how many there could be.
    found = [row for row in differences(_side(a), _side(b)) if row.name != "Workers"]
    at_a_time = [at_once(each.run.settings) for each in (a, b)]
    if at_a_time[0] != at_a_time[1]:
        found.insert(1, Difference("Workers", *at_a_time))
    rows = []
    for name, one, other, text, better in found:
        cells = _cell(one, better == "A") + _cell(other, better == "B")
        rows.append(f"<tr><td>{escape(name)}</td>{cells}<td>{escape(text)}</td></tr>")
    heads = "".join(f"<th>{escape(text)}</th>" for text in ("", a.name, b.name, "Difference"))
    return section(
        "Figures",
        f'{graphs}<table class="pair"><thead><tr>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table>',
    )


def _cell(said: str, is_better: bool) -> str:
    look = ' class="better"' if is_better else ""
    return f"<td{look}>{escape(local(said))}</td>"


def _bars(title: str, lengths: list[tuple[Shown, float]]) -> str:
    top = max((length for _, length in lengths), default=0.0) or 1.0
    rows = [Bar(each.name, each.style, length / top, formatting.seconds(length)) for each, length in lengths]
    return bars(title, rows)
