"""The stacks of freezes for other tools: folded ones come back as they were, and speedscope's file is of its schema."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from workers.exports.stacks import SCHEMA, folded, speedscope
from workers.monitors.freeze import Stack, merged
from workers.monitors.guilt import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable

MINE = "/home/anna/code/mine.py"
RUN, MAIN = (f"{ROOT}/gui/app.py", 20, "run"), (MINE, 3, "main")
STACKS = (Stack((RUN, MAIN, (MINE, 9, "<lambda>")), 4, 1.0), Stack((RUN, MAIN), 2, 0.5))

calls = st.tuples(st.sampled_from(("/a b/x.py", "y.py", "<string>")), st.integers(1, 3), st.text(max_size=5))
stacks = st.lists(
    st.builds(Stack, st.lists(calls, min_size=1, max_size=6).map(tuple), st.integers(1, 9), st.integers(1, 9)),
    max_size=9,
).map(merged)


def parsed(lines: Iterable[str]) -> list[tuple[list[str], int]]:
    """What flamegraph.pl reads of folded stacks: names between semicolons, and behind the last blank a count."""
    found = []
    for line in lines:
        assert line.endswith("\n")
        assert len(line.splitlines()) == 1
        chain, _, count = line.rstrip("\n").rpartition(" ")
        found.append((chain.split(";"), int(count)))
    return found


def test_folded_stacks_name_calls_with_their_lines_and_count_microseconds() -> None:
    assert list(folded(STACKS)) == [
        "run (gui/app.py:20);main (mine.py:3);<lambda> (mine.py:9) 1000000\n",
        "run (gui/app.py:20);main (mine.py:3) 500000\n",
    ]


def test_a_name_cannot_break_a_folded_stack() -> None:
    [line] = folded([Stack((("a;b\n.py", 1, "odd; \nname"),), 1, 0.001)])
    assert line == "odd, name (a,b .py:1) 1000\n"


@given(stacks)
def test_folded_stacks_come_back_as_they_were(drawn: tuple[Stack, ...]) -> None:
    found = parsed(folded(drawn))
    assert [len(chain) for chain, _ in found] == [len(stack.calls) for stack in drawn]
    assert [count for _, count in found] == [stack.seconds * 1_000_000 for stack in drawn]
    for (chain, _), stack in zip(found, drawn, strict=True):
        assert [name.rpartition(":")[2] for name in chain] == [f"{line})" for _, line, _ in stack.calls]


def check_speedscope(text: str) -> dict[str, Any]:
    """All that the schema at SCHEMA and speedscope's importer ask of sampled profiles."""
    found: dict[str, Any] = json.loads(text)
    kinds = {
        "$schema": str,
        "shared": dict,
        "profiles": list,
        "name": str,
        "activeProfileIndex": int,
        "exporter": str,
    }
    assert {"$schema", "shared", "profiles"} <= found.keys() <= kinds.keys()
    assert all(type(value) is kinds[name] for name, value in found.items())
    assert found["$schema"] == SCHEMA == "https://www.speedscope.app/file-format-schema.json"
    assert found["shared"].keys() == {"frames"}
    frames = found["shared"]["frames"]
    for frame in frames:
        assert {"name"} <= frame.keys() <= {"name", "file", "line", "col"}
        assert (type(frame["name"]), type(frame["file"]), type(frame["line"])) == (str, str, int)
    for profile in found["profiles"]:
        assert profile.keys() == {"type", "name", "unit", "startValue", "endValue", "samples", "weights"}
        assert (profile["type"], type(profile["name"])) == ("sampled", str)
        assert profile["unit"] in {"none", "nanoseconds", "microseconds", "milliseconds", "seconds", "bytes"}
        assert len(profile["samples"]) == len(profile["weights"])
        assert all(weight >= 0 for weight in profile["weights"])
        assert profile["endValue"] - profile["startValue"] == sum(profile["weights"])
        assert all(number in range(len(frames)) for stack in profile["samples"] for number in stack)
    return found


def test_speedscope_has_each_call_once_and_each_stack_with_its_weight() -> None:
    found = check_speedscope("".join(speedscope("Freeze of 1.5 s", STACKS)))
    assert found["shared"]["frames"] == [
        {"name": "run", "file": "gui/app.py", "line": 20},
        {"name": "main", "file": "mine.py", "line": 3},
        {"name": "<lambda>", "file": "mine.py", "line": 9},
    ]
    [profile] = found["profiles"]
    assert profile["name"] == "Freeze of 1.5 s"
    assert (profile["samples"], profile["weights"]) == ([[0, 1, 2], [0, 1]], [1_000_000, 500_000])


@given(stacks)
def test_any_stacks_are_of_speedscopes_schema(drawn: tuple[Stack, ...]) -> None:
    [profile] = check_speedscope("".join(speedscope("One", drawn)))["profiles"]
    assert profile["endValue"] == sum(stack.seconds for stack in drawn) * 1_000_000


def test_nothing_that_is_exported_tells_where_a_home_is() -> None:
    assert "anna" not in "".join([*folded(STACKS), *speedscope("", STACKS)])
