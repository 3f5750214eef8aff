"""Two threads count, and hold a lock while they do.

After https://www.techdebt.blog/blog/two-threads-one-counter
"""

import threading

counter = 0
lock = threading.Lock()


def increment():
    global counter
    for _ in range(4):
        with lock:
            counter += 1


def run():
    first = threading.Thread(target=increment)
    second = threading.Thread(target=increment)
    first.start()
    second.start()
    first.join()
    second.join()
    return counter
