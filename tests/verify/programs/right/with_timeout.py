"""Waits for a lock for a while, and goes another way where it does not get it."""

import threading

TASKS = 2
a, b = threading.Lock(), threading.Lock()
done = []


def run(index):
    first, second = (a, b) if index == 0 else (b, a)
    while True:
        with first:
            if second.acquire(timeout=0.1 * (index + 1)):
                try:
                    done.append(index)
                    return
                finally:
                    second.release()


def check():
    assert sorted(done) == [0, 1]
