"""Makes the pages of docs/lessons: what each lesson's file says, and what one run of it showed, off screen."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from workers.catalog.lessons import lessons
from workers.reports.summary import environment
from workers.teaching import document

if TYPE_CHECKING:
    from workers.catalog.lessons import Lesson

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "lessons"
COLORS = (160, 96, 48)
"""Of a picture: the first of these with which it is small enough, for a repository keeps each for ever."""

MAX_BYTES = 80_000
PATIENCE_S = 120.0


def run(lesson: Lesson, picture: Path) -> dict[str, Any]:
    """Run a lesson in a home of its own; returns what came of it, as its terminal says in JSON.

    Raises:
        SystemExit: something that it claims was not so, or it could not be run.
    """
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "main.py", "--lesson", lesson.name, "--offscreen", "--json"]
        done = subprocess.run(
            [*command, "--screenshot", str(picture)],
            cwd=ROOT,
            env={**os.environ, "THAW_DATA": home, "XDG_CONFIG_HOME": home},
            stdout=subprocess.PIPE,
            timeout=PATIENCE_S,
            check=False,
        )
    if done.returncode:
        raise SystemExit(f"{lesson.name}: exit code {done.returncode}: {done.stdout.decode()}")
    (result,) = json.loads(done.stdout)["lessons"]
    return dict(result)


def make_small(picture: Path) -> None:
    """Write it with as few colours as it needs to be small."""
    whole = Image.open(picture).convert("RGB")
    for colors in COLORS:
        whole.quantize(colors, dither=Image.Dither.NONE).save(picture, optimize=True)
        if picture.stat().st_size <= MAX_BYTES:
            return


def main(arguments: list[str]) -> int:
    """Make them; returns the exit code."""
    found = lessons()
    parser = argparse.ArgumentParser(prog="scripts/lesson-pages", description="Make the pages of docs/lessons.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these of {', '.join(found)}")
    chosen = parser.parse_args(arguments).names or list(found)
    if unknown := set(chosen).difference(found):
        parser.error(f"there is no lesson {min(unknown)!r}")
    FOLDER.mkdir(exist_ok=True)
    course = list(found.values())
    for lesson in course:
        file, picture = FOLDER / f"{lesson.name}.md", FOLDER / f"{lesson.name}.png"
        if lesson.name in chosen:
            result = run(lesson, picture)
            if not result["judged"]:
                print(f"{lesson.name}: {result['why_not_judged']}", file=sys.stderr)
            showed = document.showed(lesson, result, environment())
            make_small(picture)
        elif file.exists():  # those beside it may be others now
            showed = document.showed_in(file.read_text("utf-8"))
        else:
            continue
        file.write_text(document.page(lesson, course, showed), "utf-8")
        print(file)
    (FOLDER / document.CONTENTS).write_text(document.contents(course), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
