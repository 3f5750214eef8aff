"""Workers take items until they find None, and say of each that it is done.

After https://runebook.dev/en/docs/python/library/queue/queue.Queue.join
"""

import queue
import threading

jobs = queue.Queue()
squares = []


def work():
    while True:
        item = jobs.get()
        if item is None:
            jobs.task_done()
            return
        squares.append(item * item)
        jobs.task_done()


def run():
    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for item in range(4):
        jobs.put(item)
    for _ in workers:
        jobs.put(None)
    jobs.join()
    for worker in workers:
        worker.join()
    return sorted(squares)
