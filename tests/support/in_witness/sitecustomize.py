"""Python loads this at its start where its folder is on PYTHONPATH; only a witness whose frames are wanted heeds it."""

import os
import sys

if "THAW_TEST_WITNESS_FRAMES" in os.environ and "gui.witness" in sys.orig_argv:
    from tests.support.witness_frames import keep

    keep(os.environ["THAW_TEST_WITNESS_FRAMES"])
