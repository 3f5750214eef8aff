"""Two threads change one number, up and down: the sum is seldom 0.

After https://stackoverflow.com/questions/39143671/run-two-thread-concurrently-and-both-of-them-manipulate-single-variable
"""

import threading

total = 0


class Up(threading.Thread):
    def run(self):
        global total
        for _ in range(4):
            total += 1


class Down(threading.Thread):
    def run(self):
        global total
        for _ in range(4):
            total -= 1


def run():
    threads = [Up(), Down()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return total
