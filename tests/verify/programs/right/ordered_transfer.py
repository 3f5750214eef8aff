"""Transfers in both directions; the account with the smaller number is locked first.

After https://preproom.ai/learn/concurrency-primitives.html
"""

import threading

TASKS = 2


class Account:
    def __init__(self, number, balance):
        self.number, self.balance = number, balance
        self.lock = threading.Lock()


accounts = [Account(0, 100), Account(1, 100)]


def transfer(source, target, amount):
    low, high = sorted((source, target), key=lambda one: one.number)
    with low.lock, high.lock:
        source.balance -= amount
        target.balance += amount


def run(index):
    transfer(accounts[index], accounts[1 - index], 10 + index)


def check():
    assert sum(account.balance for account in accounts) == 200
