"""Two transfers in opposite directions, each locks where the money comes from first.

After https://www.cruxible.dev/learn/conc15-bank-transfer-deadlock
"""

import threading

TASKS = 2


class Account:
    def __init__(self, balance):
        self.balance = balance
        self.lock = threading.Lock()


first, second = Account(100), Account(100)


def transfer(source, target, amount):
    with source.lock:
        with target.lock:
            source.balance -= amount
            target.balance += amount


def run(index):
    if index == 0:
        transfer(first, second, 10)
    else:
        transfer(second, first, 5)
