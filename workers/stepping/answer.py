"""A verdict in words, for the terminal and the window alike, and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..catalog import lookup
from ..catalog.user_names import title
from ..utils.formatting import plural
from .orders import text_of
from .played import RIGHT
from .short import reduced_words, rounds_words
from .verdict import WRONG

if TYPE_CHECKING:
    from .played import Job, Played
    from .verdict import Verdict

UNSAFE, INSTEAD = "not thread-safe", "one worker, or processes"
"""What goes wrong in threads alone is, and where to run it."""

WITHIN = (
    "It went wrong only where threads change within a line. The language allows that. CPython 3.10 and later with its "
    "GIL changes threads at calls and at the ends of loops only, so it may never do it here; Python 3.9 does, and a "
    "build without the GIL may."
)


class Row(NamedTuple):
    """A line that a thread ran.

    Attributes:
        step: the number of the step, from 1 on, after which it is so.
        thread: the thread's number, 0 the first.
        line: the line's number.
        source: what stands there.
        changed: what is different then, in a few words; empty where nothing is.
    """

    step: int
    thread: int
    line: int
    source: str
    changed: str


def head(verdict: Verdict, name: str = "") -> str:
    """The verdict in a line, whatever was tried: orders of threads, or calls at once.

    Args:
        verdict: what came of it.
        name: the function's; without it all around is about that one.
    """
    if verdict.kind == RIGHT:
        tried = plural(verdict.calls, "call") if verdict.calls else plural(verdict.orders, "order")
        return f"{title(name)}: no fault seen in {tried}." if name else f"No fault seen in {tried}."
    if verdict.kind == WRONG:
        said = "goes wrong" if verdict.is_always else f"is {UNSAFE}: {INSTEAD}"
        return f"{title(name) or 'It'} {said}. {verdict.why}"
    return f"Nobody can judge {title(name) or 'what threads do to it'}. {verdict.why}"


def notes(verdict: Verdict) -> list[str]:
    """What else there is to say, in sentences."""
    said = []
    failing, job = verdict.failing, verdict.job
    if verdict.kind == WRONG and failing is not None and job is not None:
        if verdict.is_always:
            who = "threads" if failing.begun_here else "tasks"
            said.append(f"It does so where its {who} go on one after the other, without any switch.")
        else:
            switches = f"{failing.switches:,} switch{'es' if failing.switches != 1 else ''}"
            known = "no order with fewer goes wrong" if verdict.is_shortest else "shorter ones were not found"
            said.append(
                f"Of the orders that were tried number {verdict.orders:,} went wrong. The shortest has {switches} from "
                f"a thread that could have gone on: {known}."
            )
        if job.opcodes:
            said.append(WITHIN)
    elif verdict.kind == RIGHT:
        within = verdict.orders - verdict.by_lines
        said.append(
            f"Threads changed between lines in {verdict.by_lines:,} of them, and within lines in {within:,}."
        )
        if verdict.has_check:
            said.append("Its own check held each time. In an order that was not tried it need not.")
        else:
            whole = plural(verdict.compared, "order")
            said.append(
                f"What it left was each time what one of {whole} of whole tasks leaves: no more was asked, for it has "
                "no check(shared) that says what is right."
            )
    elif not verdict.has_check and verdict.orders:
        said.append("Write a function check(shared) into its file that says what must hold at the end.")
    if verdict.reduced:
        said.append(reduced_words(verdict.reduced))
    if job is not None and job.rounds:
        said.append(rounds_words(job.rounds))
    return said


def rows(played: Played, job: Job) -> list[Row]:
    """The lines that threads ran, one after the other; of several steps in the same line one."""
    lines = job.file.source.split("\n")
    found: list[Row] = []
    for number, step in enumerate(played.steps, 1):
        if not step.line:
            continue
        changed = [f"{name} = {said}" for name, said in step.changed]
        place = step.places[step.thread]
        if place.waits:
            changed.append(f"waits for {place.waits}")
        if job.opcodes and found and (found[-1].thread, found[-1].line) == (step.thread, step.line):
            changed = [found.pop().changed, *changed]
        source = lines[step.line - 1].strip() if step.line <= len(lines) else ""
        found.append(Row(number, step.thread, step.line, source, "; ".join(filter(None, changed))))
    return found


def arguments_of(verdict: Verdict) -> list[str]:
    """What is said on the command line to see the failing order again; empty where there is none."""
    failing, job = verdict.failing, verdict.job
    if failing is None or job is None:
        return []
    return share(job, verdict.order, dict(verdict.reduced))


def share(job: Job, order: str, params: dict[str, Any]) -> list[str]:
    """What is said on the command line to run an order of steps again."""
    said = [
        *("--workload", job.name, "--runner", runner(), "--tasks", str(job.tasks)),
        *("--workers", str(job.places or job.tasks), "--param", f"order={order}"),
    ]
    flags = {
        **params,
        **({"opcodes": "true"} if job.opcodes else {}),
        **({} if job.naps else {"naps": "false"}),
        **({"rounds": job.rounds} if job.rounds else {}),
    }
    for name, value in flags.items():
        said += ["--param", f"{name}={value}"]
    return said


def runner() -> str:
    """The name of the runner that takes an order: its file says `TAKES_ORDER = True`."""
    return next(name for name, entry in lookup.runners().items() if entry.constants.get("TAKES_ORDER"))


def data(verdict: Verdict, name: str) -> dict[str, Any]:
    """The verdict as what JSON can say."""
    failing, job = verdict.failing, verdict.job
    found: dict[str, Any] = {
        "function": name,
        "verdict": verdict.kind,
        "why": verdict.why,
        "notes": notes(verdict),
        "orders": verdict.orders,
        "orders_between_lines": verdict.by_lines,
        "orders_compared": verdict.compared,
        "has_check": verdict.has_check,
    }
    if failing is not None and job is not None:
        found["failing"] = {
            "switches": failing.switches,
            "is_shortest": verdict.is_shortest,
            "within_lines": job.opcodes,
            "order": text_of(failing.order),
            "threads": list(failing.threads),
            "steps": [
                {
                    "thread": failing.threads[row.thread],
                    "line": row.line,
                    "source": row.source,
                    "changed": row.changed,
                }
                for row in rows(failing, job)
            ],
            "again": arguments_of(verdict),
        }
    return found
