"""Goes through a copy of a dict's keys, and asks for each whether it is still there.

After https://mail.python.org/pipermail/python-list/2004-August/260614.html
"""

import threading

who_is_on = {name: 1 for name in "abcdef"}


def look():
    seen = 0
    for name in list(who_is_on):
        seen += who_is_on.get(name, 1)
    return seen


def run():
    reader = threading.Thread(target=look)
    reader.start()
    del who_is_on["c"]
    reader.join()
    return sorted(who_is_on)
