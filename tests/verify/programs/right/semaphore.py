"""At most two are inside at a time, and it is counted how many, under a lock."""

import threading

TASKS = 4
places = threading.Semaphore(2)
lock = threading.Lock()
inside = most = 0


def run():
    global inside, most
    with places:
        with lock:
            inside += 1
            most = max(most, inside)
        with lock:
            inside -= 1


def check():
    assert inside == 0
    assert 1 <= most <= 2
