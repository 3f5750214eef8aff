"""One object of a class: looked for without the lock, and again with it.

After https://newbedev.com/why-is-this-singleton-implementation-not-thread-safe
"""

import threading

lock = threading.Lock()


class Single(type):
    made = {}

    def __call__(cls, *args):
        if cls not in cls.made:
            with lock:
                if cls not in cls.made:
                    cls.made[cls] = super().__call__(*args)
        return cls.made[cls]


class Connection(metaclass=Single):
    opened = 0

    def __init__(self):
        Connection.opened += 1


def run():
    return Connection()


def check(results):
    assert Connection.opened == 1
    assert len({id(one) for one in results}) == 1
