"""Asks whether there is enough money, and takes it afterwards."""

balance = 100


def run():
    global balance
    if balance >= 60:
        balance = balance - 60
        return True
    return False
