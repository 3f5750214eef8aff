"""One thread goes through a dict from which another takes something out.

After https://mail.python.org/pipermail/python-list/2004-August/260614.html
"""

import threading

who_is_on = {name: 0 for name in "abcdef"}


def look():
    seen = 0
    for _ in who_is_on:
        seen += 1
    return seen


def run():
    reader = threading.Thread(target=look)
    reader.start()
    del who_is_on["c"]
    reader.join()
