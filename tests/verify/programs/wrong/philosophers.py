"""Three philosophers take the fork to the left, then the one to the right."""

import threading

TASKS = 3
forks = [threading.Lock() for _ in range(3)]
meals = [0, 0, 0]


def run(index):
    left, right = forks[index], forks[(index + 1) % 3]
    left.acquire()
    right.acquire()
    meals[index] += 1
    right.release()
    left.release()
