"""A cache of what was used last; each look and each change of it under one lock.

After https://github.com/mthamil107/prompt-shield/pull/35
"""

import threading
from collections import OrderedDict

lock = threading.Lock()
cache = OrderedDict((key, key.upper()) for key in "ab")


def look_up(key):
    with lock:
        if key in cache:
            cache.move_to_end(key)
            return cache[key]
    value = key.upper()
    with lock:
        cache[key] = value
        while len(cache) > 2:
            cache.popitem(last=False)
    return value


def run(index):
    return look_up("axy"[index])


def check(results):
    assert results == ["A", "X", "Y"]
    assert len(cache) == 2
