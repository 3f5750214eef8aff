"""Holds the lock while it looks, and again while it takes, but not in between."""

import threading

lock = threading.Lock()
tickets = ["a", "b", "c"]


def run():
    with lock:
        number = len(tickets)
    if number > 1:
        with lock:
            tickets.pop()
    with lock:
        assert tickets, "one ticket was to be left"
