"""Functions as they are published: no annotations, few defaults, classes, state; for the contract tests. Python 3.9."""
# mypy: ignore-errors

import functools
from functools import partial, wraps

Z = {"add": lambda a, b: a + b}


def spectral(n, u=None):
    return [n, type(u).__name__, u]


def first_only(a, b=2, /, c=3, *more, **others):
    return [a, b, c, more, others]


def changes(items):
    items.append(len(items))
    return items


def kept(function):
    @wraps(function)
    def inner(*args, **kwargs):
        return function(*args, **kwargs)

    return inner


@kept
@functools.cache
def cached(n, /, scale=2):
    return n * scale


class Planet:
    def __init__(self, mass, name="earth"):
        self.mass, self.name, self.calls = mass, name, 0

    @classmethod
    def light(cls, name):
        return cls(1, name)

    def pull(self, other, *, g=2):
        self.calls += 1
        return [self.name, self.mass * other * g, self.calls]

    @staticmethod
    def kind(of):
        return f"a {of}"

    def __repr__(self):
        return f"Planet({self.mass})"

    def __reduce__(self):
        return Planet, (self.mass, self.name)


moon = Planet(3, "moon")
pull = moon.pull
half = partial(spectral, 7)
again = spectral


async def later(*items, how="soon"):
    return [items, how]


class Waits:
    async def waits(self, x):
        return x + 1


def reads():
    return input()


def fails(n):
    raise ValueError(f"bad number {n}\nin two lines")
