"""`python -m thaw_lab`: the same as `thaw`."""

from __future__ import annotations

from . import run

if __name__ == "__main__":  # processes of a pool import this file again
    run()
