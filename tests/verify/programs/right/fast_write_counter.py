"""A counter without a lock for writers: the next of itertools.count is one step of C.

After https://besthub.dev/articles/thread-safe-counter-implementations-in-python-single-thread-fast-read-and-fast-write-approaches-66865832b415
"""

import itertools
import threading


class Counter:
    def __init__(self):
        self.reads = 0
        self.numbers = itertools.count()
        self.lock = threading.Lock()

    def increment(self):
        next(self.numbers)

    def value(self):
        with self.lock:
            value = next(self.numbers) - self.reads
            self.reads += 1
        return value


counter = Counter()


def run():
    for _ in range(3):
        counter.increment()


def check():
    assert counter.value() == 9
