"""Each call makes a lock of its own, which nobody else ever has."""

import threading

votes = {"yes": 0}


def run():
    lock = threading.Lock()
    with lock:
        before = votes["yes"]
        votes["yes"] = before + 1
