"""The stacks of a program's threads as text. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workers.catalog.user_names import base
from workers.utils.formatting import listed, plural

if TYPE_CHECKING:
    from workers.agent.messages import Dumped
    from workers.engine.run import Run


def dump_text(dumped: Dumped, started: float) -> str:
    """Where all threads were, each from its outermost call; `started` is when the program began, on the same clock."""
    parts = [f"All threads, {dumped.moment - started:,.1f} s after the start"]
    for thread in dumped.threads:
        calls = [
            f"    {base(line.file)}:{line.number} in {line.function}"
            + (f"\n        {line.text.strip()}" if line.text.strip() else "")
            for line in thread.stack
        ]
        parts.append("\n".join([f"{thread.name} ({thread.ident:#x})", *calls]))
    return "\n\n".join(parts)


def leak_words(run: Run) -> str:
    """Which threads were left when the program was about to end; empty where none were."""
    left = run.threads.leaks
    if not left:
        return ""
    were = "was" if len(left) == 1 else "were"
    return f"{plural(len(left), 'thread')} {were} still running when it ended: {listed(left)}."


def end_text(run: Run) -> str:
    """What is left of a program that went wrong: its traceback, or the stacks at the fatal signal."""
    return run.recorder.errors.get(0, "").strip()
