"""A full cache loses its older half, by a thread that found it full; two find it full at once.

After https://github.com/dask/dask/pull/2511
"""

cache = {number: number * number for number in range(6)}


def run(index):
    key = 100 + index
    if len(cache) >= 6:
        for old in list(cache)[::2]:
            del cache[old]
    cache[key] = key
    return key
