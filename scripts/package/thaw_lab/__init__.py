"""Thaw, installed. Its own files lie in the folder `app`: no package beside it meets our `gui` or `workers`."""

from __future__ import annotations

import os
import sys
from typing import NoReturn


def run() -> NoReturn:
    """The command `thaw`."""
    app = os.path.join(os.path.dirname(os.path.abspath(__file__)), "app")
    # As with `python main.py` its own folder comes first, and not that of the command or, with -m, the current one.
    sys.path[: 0 if sys.flags.safe_path else 1] = [app]
    import main

    main.run()
