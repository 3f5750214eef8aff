"""A task of a pool waits for another one of the same pool, which has no thread for it."""

from concurrent.futures import ThreadPoolExecutor


def run():
    with ThreadPoolExecutor(max_workers=1) as pool:

        def outer():
            return pool.submit(len, "abc").result()

        return pool.submit(outer).result()
