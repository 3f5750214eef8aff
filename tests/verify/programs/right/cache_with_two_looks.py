"""Looks into the cache, and again with the lock in its hand, before it fetches and adds.

After https://github.com/ByteInternet/drf-oidc-auth/pull/23
"""

import threading
import time

lock = threading.Lock()
cache = {}
fetched = 0


def fetch(key):
    global fetched
    fetched += 1
    time.sleep(0.01)
    return len(key)


def run():
    found = cache.get("keys")
    if found is None:
        with lock:
            found = cache.get("keys")
            if found is None:
                found = fetch("keys")
                cache["keys"] = found
    return found
