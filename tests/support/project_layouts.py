"""Twelve projects as people lay them out, each with a function that knows nothing of Thaw and is right only there.

The function of each fails by itself where one of its modules is another than its own, and returns an object of a
class of theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.support.environments import environment, site_packages

if TYPE_CHECKING:
    from pathlib import Path

WORK = '''
class Answer:
    def __init__(self, number):
        self.number = number

    def __repr__(self):
        return f"Answer {self.number}"


def work(index: int):
    """Do it."""
    assert value() == 42, value()
    assert __name__ != "__main__"
    return Answer(value())


if __name__ == "__main__":
    raise SystemExit("this is for who runs the file")
'''
HELPER = "NUMBER = 42\n"
USES_GUI = "def value():\n    import gui.models\n    return gui.models.NUMBER\n"


class Layout(NamedTuple):
    """A project.

    Attributes:
        files: its files and what is in them, by their paths in its folder.
        work: the name of its function, said in its folder.
        clashes: whether names of its modules are Thaw's own in Thaw's own process.
        venv: whether it needs a package of its own environment.
    """

    files: dict[str, str]
    work: str
    clashes: bool = False
    venv: bool = False


LAYOUTS = {
    "flat": Layout(
        {"run.py": f"import helper\ndef value(): return helper.NUMBER\n{WORK}", "helper.py": HELPER},
        "run.py:work",
    ),
    "src": Layout(
        {
            "pyproject.toml": "",
            "src/shop/__init__.py": HELPER,
            "src/shop/core.py": f"import shop\ndef value(): return shop.NUMBER\n{WORK}",
        },
        "shop.core:work",
    ),
    "namespace": Layout(
        {
            "ns/part.py": f"from ns import other\ndef value(): return other.NUMBER\n{WORK}",
            "ns/other.py": HELPER,
        },
        "ns.part:work",
    ),
    "nested_namespace": Layout(
        {
            "ns/inner/part.py": f"from ..other import NUMBER\ndef value(): return NUMBER\n{WORK}",
            "ns/other.py": HELPER,
        },
        "ns.inner.part:work",
    ),
    "gui": Layout(
        {
            "run.py": f"import late\ndef value(): return late.value()\n{WORK}",
            "late.py": USES_GUI,
            "gui/__init__.py": "",
            "gui/models.py": HELPER,
        },
        "run.py:work",
        clashes=True,
    ),
    "workers": Layout(
        {
            "workers/__init__.py": "",
            "workers/job.py": f"from workers import rest\ndef value(): return rest.NUMBER\n{WORK}",
            "workers/rest.py": HELPER,
        },
        "workers.job:work",
        clashes=True,
    ),
    "main": Layout(
        {"main.py": f"{HELPER}import __main__\ndef value(): return __main__.NUMBER\n{WORK}"},
        "main:work",
        clashes=True,
    ),
    "utils": Layout(
        {
            "run.py": "from utils.numbers import NUMBER\nimport resources\n"
            f"def value(): return NUMBER + resources.ZERO\n{WORK}",
            "utils/__init__.py": "",
            "utils/numbers.py": HELPER,
            "resources/__init__.py": "ZERO = 0\n",
        },
        "run.py:work",
    ),
    "relative": Layout(
        {
            "app/__init__.py": "",
            "app/deep/__init__.py": "",
            "app/deep/run.py": f"from .. import numbers\ndef value(): return numbers.NUMBER\n{WORK}",
            "app/numbers.py": HELPER,
        },
        "app/deep/run.py:work",
    ),
    "package_by_path": Layout(
        {
            "app/run.py": f"from app.helpers import NUMBER\ndef value(): return NUMBER\n{WORK}",
            "app/helpers.py": HELPER,
        },
        "app/run.py:work",
    ),
    "venv": Layout(
        {"run.py": f"import known_only\ndef value(): return known_only.NUMBER\n{WORK}"},
        "run.py:work",
        venv=True,
    ),
    "editable": Layout(
        {
            "run.py": f"import edited_elsewhere\ndef value(): return edited_elsewhere.NUMBER\n{WORK}",
            "elsewhere/src/edited_elsewhere/__init__.py": HELPER,
        },
        "run.py:work",
        venv=True,
    ),
}


def make(name: str, folder: Path) -> Layout:
    """Write a project into a folder; where it needs one, with an environment that has what it needs."""
    layout = LAYOUTS[name]
    for path, source in layout.files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source)
    if layout.venv:
        environment(folder / ".venv", known_only=HELPER)
        packages = site_packages(folder / ".venv")
        (packages / "edited.pth").write_text(f"{folder / 'elsewhere' / 'src'}\n")
    return layout
