"""An error between acquire and release: the lock is never given back."""

import threading

TASKS = 2
lock = threading.Lock()
seen = []


def run(index):
    lock.acquire()
    if seen:
        lock.release()
        return "nothing to do"
    seen.append(index)
    try:
        {}["missing"]
    except KeyError:
        return "failed"
    lock.release()
    return "done"
