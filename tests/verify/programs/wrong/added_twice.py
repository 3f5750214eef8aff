"""Looks whether something is in the cache, makes it, and adds it, which is an error where it is there already.

After https://github.com/ByteInternet/drf-oidc-auth/pull/23
"""

import time


class Cache:
    def __init__(self):
        self.items = {}

    def add(self, key, value):
        if key in self.items:
            raise KeyError(f"{key} is in the cache already")
        self.items[key] = value


cache = Cache()


def fetch(key):
    time.sleep(0.01)
    return len(key)


def run():
    found = cache.items.get("keys")
    if found is None:
        found = fetch("keys")
        cache.add("keys", found)
    return found
