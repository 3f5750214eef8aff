"""Runs Thaw as its command line says, with lessons in which each has what its saboteur changes."""

from __future__ import annotations

from unittest.mock import patch

import main
from workers.catalog import lessons

if __name__ == "__main__":  # processes of a run import this file as well
    sabotaged = {name: lesson._replace(steps=lesson.sabotaged) for name, lesson in lessons.lessons().items()}
    with patch.object(lessons, "_lessons", lambda folder: sabotaged):
        main.run()
