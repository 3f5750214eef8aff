"""A class of which there should be one object only, made at its first use.

After https://newbedev.com/why-is-this-singleton-implementation-not-thread-safe
"""


class Single(type):
    made = {}

    def __call__(cls, *args):
        if cls not in cls.made:
            one = super().__call__(*args)
            cls.made[cls] = one
        return cls.made[cls]


class Connection(metaclass=Single):
    opened = 0

    def __init__(self):
        Connection.opened += 1


def run():
    return Connection()


def check(results):
    assert Connection.opened == 1, f"{Connection.opened} connections are open"
