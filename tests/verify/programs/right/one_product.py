"""A producer and a consumer with room for one product, which wait for each other.

After https://oboe2uran.hatenablog.com/entry/2023/09/18/105551
"""

import threading

shelf = []
sold = []
changed = threading.Condition()


def produce():
    for product in range(3):
        with changed:
            while shelf:
                changed.wait()
            shelf.append(product)
            changed.notify()


def consume():
    for _ in range(3):
        with changed:
            while not shelf:
                changed.wait()
            sold.append(shelf.pop())
            changed.notify()


def run():
    threads = [threading.Thread(target=produce), threading.Thread(target=consume)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sold
