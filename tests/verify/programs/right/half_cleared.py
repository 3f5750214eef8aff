"""A full cache loses its older half, under a lock from the look to the last of it.

After https://github.com/dask/dask/pull/2511
"""

import threading

lock = threading.Lock()
cache = {number: number * number for number in range(6)}


def run(index):
    key = 100 + index
    with lock:
        if len(cache) >= 6:
            for old in list(cache)[::2]:
                del cache[old]
        cache[key] = key
    return key
