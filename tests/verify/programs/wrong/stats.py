"""A sum and a count that belong together, read while only one of them is new."""

import threading

SHARED = "make"
TASKS = 2


class Stats:
    def __init__(self):
        self.total, self.count, self.means = 0, 0, []
        self.lock = threading.Lock()

    def add(self, value):
        with self.lock:
            self.total += value
        with self.lock:
            self.count += 1

    def mean(self):
        with self.lock:
            return self.total / self.count if self.count else 0


def make():
    return Stats()


def run(shared, index):
    if index == 0:
        for _ in range(2):
            shared.add(10)
    else:
        shared.means.append(shared.mean())


def check(shared):
    assert all(mean in (0, 10) for mean in shared.means), f"a mean of {shared.means}"
