"""Whether the function of a benchmark is right where several of its calls run at once, and what follows from that.

`asked` takes some seconds: not in the GUI thread. The rest is plain arithmetic, for any thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..catalog import lookup
from ..catalog.user_names import is_own
from ..engine.plan import BLOCKING
from ..utils.formatting import listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from .matrix import Cell, Matrix
    from .results import Benchmark

ONE_WORKER = "Where calls share memory it was measured with one worker."


def asked(matrix: Matrix, wanted: Callable[[], bool] = lambda: True) -> Matrix:
    """Find it out, where it is a person's own function and a cell has several of its calls at once in one process.

    Args:
        matrix: what is to be run.
        wanted: whether somebody still wants to know; it is asked all the time.

    Returns:
        The matrix with the answer. What is not thread-safe has one worker in each place that shares memory.
    """
    entry = matrix.workloads[matrix.choice.workloads[0]]
    if entry.own is None or not any(map(_is_at_once, matrix.cells)):
        return matrix
    from .at_once.question import ask  # only here: the window would wait for it at its start

    verdict = ask(entry, dict(matrix.sizes[entry.name].params), matrix.choice.seed, wanted)
    if verdict is None or not verdict.is_wrong:
        return matrix._replace(safety=verdict)
    cells = (cell._replace(workers=1) if _is_at_once(cell) else cell for cell in matrix.cells)
    return matrix._replace(safety=verdict, cells=tuple(dict.fromkeys(cells)))


def _is_at_once(cell: Cell) -> bool:
    """Whether several calls of a cell run at once and share memory."""
    return cell.workers > 1 and lookup.traits(cell.runner).gil != "own"


def is_usable(results: Benchmark, cell: Cell) -> bool:
    """Whether a place is right for the function: not where its calls harm each other there."""
    return not (_is_at_once(cell) and is_unsafe(results))


def is_unsafe(results: Benchmark) -> bool:
    """Whether the function is not thread-safe: it was found so before, or its runs have shown it."""
    safety = results.matrix.safety
    return (safety is not None and safety.is_wrong) or bool(spoilt(results))


def spoilt(results: Benchmark) -> set[Cell]:
    """The cells of a person's own function that went wrong as those do that are not thread-safe.

    They have several calls at once that share memory, most of those in threads went wrong, and nothing did elsewhere.
    """
    if not is_own(results.matrix.choice.workloads[0]):
        return set()
    known = results.results()
    wrong = {result.cell for result in known if result.problem}
    is_right = any(result.cell.runner == BLOCKING and result.runs for result in known)
    threads = [
        one.cell for one in known if _is_at_once(one.cell) and lookup.traits(one.cell.runner).gil == "shared"
    ]
    are_most = len(wrong.intersection(threads)) > len(threads) / 2
    return wrong if is_right and are_most and all(map(_is_at_once, wrong)) else set()


def words(results: Benchmark) -> str:
    """What is known of it, in sentences; empty where nobody has asked and nothing was seen."""
    safety, cells = results.matrix.safety, spoilt(results)
    if safety is None and not cells:
        return ""
    # Only here, and below: the window would wait for it as well.
    from ..stepping.answer import INSTEAD, UNSAFE, head

    if cells:
        places = dict.fromkeys(
            results.matrix.runner_titles[cell.runner] for cell in results.matrix.cells if cell in cells
        )
        why = next(result.problem for result in results.results() if result.cell in cells)
        return (
            f"It goes wrong only where several calls run at once and share memory, on {listed(tuple(places))} "
            f"({why.rstrip('.')}): so do functions that are {UNSAFE}. Use {INSTEAD}."
        )
    assert safety is not None
    return f"{head(safety)} {ONE_WORKER}" if safety.is_wrong else head(safety)


def why_not(results: Benchmark, runner: str) -> str:
    """Why a place is not recommended in which several calls at once would harm each other; empty where it may be."""
    for result in results.results():
        if result.cell.runner == runner and not is_usable(results, result.cell):
            from ..stepping.answer import INSTEAD, UNSAFE

            return f"{UNSAFE.capitalize()}: {INSTEAD}. {result.problem}".rstrip()
    return ""


def cautioned(program: str, runner: str) -> str:
    """A program to paste in which no two calls of what is not thread-safe go on at once, or which says so."""
    alone = program.replace("ThreadPoolExecutor(4)", "ThreadPoolExecutor(1)")
    if alone != program or lookup.traits(runner).gil == "own":
        return alone
    from ..stepping.answer import UNSAFE

    caution = f"# What it calls is {UNSAFE}: begin no call while another goes on."
    return program.replace("\n\nimport", f"\n\n{caution}\n\nimport", 1)


def data(results: Benchmark) -> dict[str, Any] | None:
    """The answer as what JSON can say; None where nobody has asked."""
    safety = results.matrix.safety
    said = words(results)
    if not said:
        return None
    kind, calls = (safety.kind, safety.calls) if safety is not None else ("", 0)
    return {"verdict": "wrong" if is_unsafe(results) else kind, "calls": calls, "text": said}
