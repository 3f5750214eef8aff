"""Waits for a notify that may have come before."""

import threading

TASKS = 2
bell = threading.Condition()


def run(index):
    if index == 0:
        with bell:
            bell.wait()
    else:
        with bell:
            bell.notify()
