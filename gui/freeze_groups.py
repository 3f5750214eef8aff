"""Which freezes of a run are alike, so that a hundred of one kind get one card. Knows nothing of Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workers.monitors.freeze import Freeze


class Group(NamedTuple):
    """Freezes that have the same line to blame, and did the same.

    Attributes:
        freezes: the longest first.
    """

    freezes: tuple[Freeze, ...]

    @property
    def longest(self) -> Freeze:
        """The one that the card tells of."""
        return self.freezes[0]

    @property
    def total_s(self) -> float:
        """How long they were, added up, in seconds."""
        return sum(freeze.lag_s for freeze in self.freezes)

    @property
    def holders(self) -> list[str]:
        """The threads that did it, each once."""
        return list(dict.fromkeys(freeze.holder for freeze in self.freezes))


def groups(freezes: Iterable[Freeze]) -> list[Group]:
    """All freezes in groups, the one with the longest freeze first."""
    found: dict[tuple[object, ...], list[Freeze]] = {}
    for freeze in sorted(freezes, key=lambda freeze: -freeze.lag_s):
        line = freeze.line
        # The threads of a pool do the same work: which of them it was makes no other freeze. The GUI thread's does.
        where = (line.file, line.number) if line is not None else ("", 0)
        found.setdefault((*where, freeze.kind, freeze.holder == "GUI thread"), []).append(freeze)
    return [Group(tuple(alike)) for alike in found.values()]


def dedented(source: tuple[tuple[int, str], ...]) -> list[tuple[int, str]]:
    """Numbered lines of source without the blanks that all of them begin with, and without blank lines at the end."""
    lines = [(number, text.expandtabs().rstrip()) for number, text in source]
    while len(lines) > 1 and not lines[-1][1]:
        del lines[-1]
    depth = min((len(text) - len(text.lstrip()) for _, text in lines if text), default=0)
    return [(number, text[depth:]) for number, text in lines]
