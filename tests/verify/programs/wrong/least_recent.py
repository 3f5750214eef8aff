"""A cache that throws out what was used least recently; two threads move and throw out the same key.

After https://github.com/mthamil107/prompt-shield/pull/35
"""

from collections import OrderedDict

cache = OrderedDict((key, key.upper()) for key in "ab")


def look_up(key):
    if key in cache:
        cache.move_to_end(key)
        return cache[key]
    while len(cache) >= 2:
        cache.popitem(last=False)
    cache[key] = key.upper()
    return cache[key]


def run(index):
    return look_up("axy"[index])
