"""Each thread fills a list of its own; they are put together when all have ended."""

import threading


def squares(low, into):
    for number in range(low, low + 3):
        into.append(number * number)


def run():
    parts = [[] for _ in range(3)]
    threads = [threading.Thread(target=squares, args=(3 * at, part)) for at, part in enumerate(parts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(parts, [])
