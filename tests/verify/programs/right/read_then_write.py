"""A counter is read, and written a moment later, with the lock held for both."""

import threading
import time

counter = 0
lock = threading.Lock()


def run():
    global counter
    for _ in range(2):
        with lock:
            value = counter
            time.sleep(0.001)
            counter = value + 1
