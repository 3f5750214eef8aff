"""A method that holds the lock calls another one that takes it too: an RLock lets it in."""

import threading


class Log:
    def __init__(self):
        self.lock = threading.RLock()
        self.lines = []

    def add(self, line):
        with self.lock:
            self.lines.append(line)

    def add_all(self, lines):
        with self.lock:
            for line in lines:
                self.add(line)


log = Log()


def run(index):
    log.add_all([index, index])


def check():
    assert log.lines[::2] == log.lines[1::2], "lines of two calls are mixed"
