"""What the page Downloads says, in sentences. Plain functions over plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gui.downloads.state import SIGNS, State, file_of
from workers.utils import formatting

if TYPE_CHECKING:
    from gui.downloads.queue_jobs import Added
    from workers.downloads.queue import Item

EACH_BEGINS = "each begins with http:// or https://."
NO_ADDRESS = f"There is no address in that text: {EACH_BEGINS}"
NOTHING_ADDED = "Nothing was added to the list."
NO_TEXT = "There is no text on the clipboard: copy one with addresses first."
NETWORK = " Start downloads fetches them over the network, from images.unsplash.com."


class Overall(NamedTuple):
    """The figures below the list.

    Attributes:
        total: how many addresses there are.
        done: of them; `failed` and `running` likewise.
        size: of what was fetched, in bytes.
        per_s: bytes per second just now; 0.0 where nothing runs.
        left_s: seconds that the rest will take; None where that is unknown.
        is_running: whether a run goes on.
        is_paused: whether it waits.
    """

    total: int = 0
    done: int = 0
    failed: int = 0
    running: int = 0
    size: float = 0.0
    per_s: float = 0.0
    left_s: float | None = None
    is_running: bool = False
    is_paused: bool = False


def size_of(count: float) -> str:
    """Bytes in a narrow column, never as the long word: 0.3 kB, 42 kB, 1.2 MB; empty for none."""
    if not count:
        return ""
    return formatting.amount(count, "bytes") if count >= 999.5 else f"{count / 1e3:.1f} kB"


def time_left(value: float) -> str:
    """A time that is guessed, in whole seconds: 6 s, 75 s, 3 min 20 s."""
    return f"{max(1, round(value))} s" if value < 99.5 else formatting.seconds(round(value))


def addresses(count: int) -> str:
    """1 address, 12 addresses."""
    return f"{count:,} address" if count == 1 else f"{count:,} addresses"


def added(what: Added) -> str:
    """What came of a text or a file with addresses."""
    if not what.found:
        return f"There is no address in {what.source}: {EACH_BEGINS}" if what.source else NO_ADDRESS
    doubles = what.found - what.added
    of = f" of {what.source}" if what.source else ""
    if not what.added:
        if doubles == 1:
            return f"The one address{of} is in the list already."
        return f"All {addresses(doubles)}{of} are in the list already."
    were = "was" if doubles == 1 else "were"
    already = f"; {doubles:,} {were} in the list already" if doubles else ""
    return f"Added {addresses(what.added)}{of}{already}.{NETWORK if what.is_sample else ''}"


def removed(count: int) -> str:
    """That addresses were taken off the list."""
    return f"Took {addresses(count)} off the list. Files that are done stay where they are."


def paused(count: int, is_paused: bool) -> str:
    """What became of single downloads that are to wait, or to go on."""
    they = formatting.plural(count, "download")
    if not is_paused:
        return f"Resumed {they}."
    return f"Paused {they}; the others go on. Space resumes {'it' if count == 1 else 'them'}."


def moved(count: int, folder: str) -> str:
    """That what waits goes to another folder now."""
    return f"{formatting.plural(count, 'waiting download')} will be saved to {folder}."


def left_from_last_time(left: int, count: int) -> str:
    """What the queue's file held at the start; empty where nothing waits."""
    if not left:
        return ""
    return f"{left:,} of {count:,} {'is' if left == 1 else 'are'} left from last time."


def added_meanwhile(count: int, has_retried: bool) -> str:
    """That a run does not take up what is added to the list while it goes on; empty where nothing was."""
    if not count:
        return ""
    was, begins = ("was", "It begins") if count == 1 else ("were", "They begin")
    how = "added or retried" if has_retried else "added"
    return f"{count:,} {was} {how} during this run. {begins} with the next one: Start offers it at the end."


def why_not_start(waiting: int, is_other_running: bool) -> str:
    """Why a run over the list cannot start; empty where it can."""
    if is_other_running:
        return "Another run is going on: this one can begin when that has ended."
    return "" if waiting else "Nothing waits: add addresses first."


def start_text(waiting: int, late: int, has_retried: bool) -> str:
    """What the Start button says.

    Args:
        waiting: how many wait.
        late: how many of them were added during the run before.
        has_retried: whether some of these were not added, but are to be tried again.
    """
    if not late or late != waiting:
        return "Start downloads"
    if has_retried:
        return f"Start the {late:,} that {'waits' if late == 1 else 'wait'}"
    return f"Start the {late:,} that {'was' if late == 1 else 'were'} added"


def overall(now: Overall) -> str:
    """The summary line."""
    if not now.total:
        return ""
    parts = [f"{now.done:,} of {now.total:,} done"]
    if now.failed:
        parts[0] += f", {now.failed:,} failed"
    if now.is_running and not now.is_paused:
        parts[0] += f", {now.running:,} running"
    if now.size:
        parts.append(formatting.amount(now.size, "bytes"))
    if now.is_paused:
        parts.append("paused")
    elif now.per_s:
        parts.append(formatting.rate(now.per_s, "bytes"))
    if now.left_s is not None:
        parts.append(f"{formatting.about(now.left_s)} left")
    return " · ".join(parts)


def details(item: Item, state: State, why: str) -> str:
    """All that there is to say of one item."""
    path = file_of(item)
    if state is State.FAILED:
        runs = f" It failed in {item.tried:,} runs." if item.tried > 1 else ""
        return f"{why or 'It failed.'}{runs}\n{item.url}"
    if path is not None:
        return f"{path}  ({formatting.amount(item.size, 'bytes')}, from {item.url})"
    return item.url


def selected(states: dict[State, int]) -> str:
    """What there is to say of several items: how many are in which state."""
    parts = [f"{count:,} {SIGNS[state][1].lower()}" for state, count in states.items() if count]
    return f"{sum(states.values()):,} selected: {', '.join(parts)}."
