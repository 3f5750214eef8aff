"""Two locks for the same list: each function has its own, so neither keeps the other out."""

import threading

add_lock, take_lock = threading.Lock(), threading.Lock()
stock = [1]


def add():
    with add_lock:
        count = stock[0]
        stock[0] = count + 5


def take():
    with take_lock:
        count = stock[0]
        stock[0] = count - 1


def run(index):
    if index % 2:
        add()
    else:
        take()
