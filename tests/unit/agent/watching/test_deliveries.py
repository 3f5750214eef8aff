"""What an event loop had called, in words that the program's author knows."""

from __future__ import annotations

from pathlib import Path

from workers.agent.watching.deliveries import Seen, delivery
from workers.monitors.guilt import SourceFiles

FILES = SourceFiles(Path("/home/me/app"), watched=True, libraries=["/usr/lib/python3"])
LIBRARY = "/usr/lib/python3/site-packages/qasync/__init__.py"


def seen(source: str, file: str, name: str) -> Seen:
    code = next(one for one in compile(source, file, "exec").co_consts if hasattr(one, "co_name"))
    return Seen(code.replace(co_name=name), 0, "app")


def test_a_task_that_qts_loop_runs_is_a_task_and_no_timer_of_a_library() -> None:
    timer = seen("def timerEvent(self): pass", LIBRARY, "timerEvent")
    task = seen("async def load(): pass", "/home/me/app/window.py", "load")
    told = delivery("qt", [timer, task], FILES)
    assert (told.kind, told.name, told.file) == ("task", "load", "/home/me/app/window.py")
    told = delivery("qt", [timer], FILES)
    assert (told.kind, told.file) == ("timer", LIBRARY)


def test_a_coroutine_of_the_program_that_its_own_slot_runs_is_none() -> None:
    slot = seen("def on_click(self): pass", "/home/me/app/window.py", "on_click")
    task = seen("async def load(): pass", "/home/me/app/window.py", "load")
    assert delivery("qt", [slot, task], FILES).kind == "slot"
