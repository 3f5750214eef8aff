"""A counter is read, and written a moment later."""

import time

counter = 0


def run():
    global counter
    for _ in range(2):
        value = counter
        time.sleep(0.001)
        counter = value + 1
