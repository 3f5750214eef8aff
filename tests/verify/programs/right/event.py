"""One makes something and says so; the others wait for that before they read it."""

import threading

TASKS = 3
made = threading.Event()
value = None


def run(index):
    global value
    if index == 0:
        value = "ready"
        made.set()
        return value
    made.wait()
    return value
