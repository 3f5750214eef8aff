"""Whoever is woken takes an item; it was asked only once whether there is one.

After https://runebook.dev/en/docs/python/library/threading/threading.Condition.notify_all
"""

import threading

items = []
taken = []
ready = threading.Condition()


def consume():
    with ready:
        if not items:
            ready.wait()
        taken.append(items.pop())


def produce():
    for item in range(2):
        with ready:
            items.append(item)
            ready.notify_all()


def run():
    threads = [threading.Thread(target=one) for one in (consume, consume, produce)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(taken)
