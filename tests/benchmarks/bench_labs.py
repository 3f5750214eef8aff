"""Runs every lab again and again, and counts how often each of its claims holds. `scripts/bench labs` runs it."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from typing import TYPE_CHECKING

from tests.support.lab_runs import claims_of
from workers.catalog import labs

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Print how often each claim held, with the figures of the last run; returns 0 when all held each time, else 1."""
    parser = argparse.ArgumentParser(prog="bench labs", description=__doc__)
    parser.add_argument("--rounds", type=int, default=50, help="how often each version runs")
    parser.add_argument("--runner", default="", help="where, in place of each lab's own")
    parser.add_argument("labs", nargs="*", default=list(labs.labs()), help="which labs")
    said = parser.parse_args(arguments)
    failed = 0
    for lab in said.labs:
        held, last, wrong = Counter[int](), dict[int, str](), dict[int, str]()
        for _ in range(said.rounds):
            for number, claim in enumerate(claims_of(lab, said.runner)):
                held[number] += claim.holds
                last[number] = claim.text
                if not claim.holds:
                    wrong[number] = claim.text
        for number, text in last.items():
            print(f"{lab}: {held[number]} of {said.rounds}: {wrong.get(number, text)}", flush=True)
        failed += len(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
