"""A pool's map: results come in the order of what went in, whoever made them."""

from concurrent.futures import ThreadPoolExecutor


def square(number):
    return number * number


def run():
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(square, range(4)))
