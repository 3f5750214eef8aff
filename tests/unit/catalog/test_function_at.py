"""Which function of a file a line is in, by the name by which it can be called."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from workers.catalog.callables.called import function_at

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = """import time
time.sleep(0)


def load():
    def inner():
        time.sleep(1)

    inner()


class Window:
    size = 3

    def on_click(self):
        load()


if __name__ == "__main__":

    def main():
        load()
"""


@pytest.mark.parametrize(
    ("line", "name"),
    [(2, ""), (5, "load"), (7, "load"), (9, "load"), (10, ""), (13, ""), (16, "Window.on_click"), (22, "")],
)
def test_a_line_is_in_the_function_that_can_be_called(tmp_path: Path, line: int, name: str) -> None:
    file = tmp_path / "a.py"
    file.write_text(SOURCE, encoding="utf-8")
    assert function_at(file, line) == name


def test_what_is_no_source_has_none(tmp_path: Path) -> None:
    assert function_at(tmp_path / "nowhere.py", 1) == ""
    (tmp_path / "b.py").write_text("def (", encoding="utf-8")
    assert function_at(tmp_path / "b.py", 1) == ""
