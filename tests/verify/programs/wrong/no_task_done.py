"""A worker takes items out of a queue, and never says that they are done.

After https://runebook.dev/en/docs/python/library/queue/queue.Queue.task_done
"""

import queue
import threading

jobs = queue.Queue()
done = []


def work():
    while True:
        try:
            item = jobs.get(timeout=1)
        except queue.Empty:
            return
        done.append(item * 2)


def run():
    for item in range(3):
        jobs.put(item)
    worker = threading.Thread(target=work)
    worker.start()
    jobs.join()
    return sorted(done)
