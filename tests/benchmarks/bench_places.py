"""Measures the same work in every place, on this machine and on several. `scripts/bench places` runs it.

It prints a table in Markdown. `scripts/bench places --page` also puts it into docs/places.md, in the old one's place.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.benchmarks import machines
from tests.benchmarks.command import Benchmark, carry_out, cores_used_by_others, parser_of
from tests.benchmarks.figures import SAY
from tests.benchmarks.measures import places
from tests.benchmarks.program import ROOT
from workers.reports.summary import environment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.figures import Result

PAGE = ROOT / "docs" / "places.md"
BEGIN, END = "<!-- scripts/bench places --page -->\n", "<!-- end -->\n"


def benchmark() -> Benchmark:
    """All that `scripts/bench places` measures."""
    about = "Measure the same work in every place, on this machine and on several."
    return Benchmark("places", about, places.measures(), table, left_out=places.left_out())


def table(results: list[Result]) -> str:
    """The figures as a table in Markdown, a row for each place, with what they were measured on."""
    rows = [["place", *(what for _, what, _ in places.FIGURES)], ["---"] * (len(places.FIGURES) + 1)]
    problems = []
    for first in range(0, len(results), len(places.FIGURES)):
        of_place = results[first : first + len(places.FIGURES)]
        title = of_place[0].wanted.title.partition(":")[0]
        if of_place[0].problem:
            problems.append(f"{title}: {of_place[0].problem}.")
        else:
            rows.append([title, *map(_said, of_place)])
    told = [f"| {' | '.join(row)} |" for row in rows]
    told += ["", *problems] if problems else []
    return "\n".join([*told, "", _where(results)])


def _said(result: Result) -> str:
    assert result.median is not None
    least, middle, most = map(SAY[result.wanted.unit], (min(result.values), result.median, max(result.values)))
    spreads = result.wanted.unit == "ratio" and len(result.values) > 1
    return f"{middle} ({least} to {most})" if spreads else middle


def _where(results: list[Result]) -> str:
    about, others = environment(), cores_used_by_others()
    how = "network namespaces of it" if machines.may_be_apart() else "several addresses of its loopback"
    runs = max((len(result.values) for result in results), default=0)
    counted = f"Medians of {runs} runs (the least to the most)" if runs > 1 else "One run"
    return (
        f"{counted}. {about['platform'].partition('-')[0]} with {about['cpus']} "
        f"processors, of which other programs used {others:.1f} at the end; Python {about['python']}. Several "
        f"machines are {how}."
    )


def main(arguments: Sequence[str]) -> int:
    """Measure, and print the figures; returns 0 when all were taken, 1 when one was not, 2 when nothing can be."""
    found = benchmark()
    parser = parser_of(found)
    parser.add_argument("--page", action="store_true", help="put the table into docs/places.md as well")
    options = parser.parse_args(arguments)
    if options.page:
        found = found._replace(table=put)
    return carry_out(found, options)


def put(results: list[Result]) -> str:
    """Put the table into the page, and return it."""
    text, made = PAGE.read_text("utf-8"), table(results)
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n{made}\n\n{END}{after}", "utf-8")
    return made


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
