"""acquire, and release in finally: it is given back whatever happens in between."""

import threading

lock = threading.Lock()
tried = 0


def run():
    global tried
    lock.acquire()
    try:
        tried += 1
        return {}["missing"]
    except KeyError:
        return "failed"
    finally:
        lock.release()
