"""A cache is filled where it is empty, and then read; meanwhile another thread has emptied it.

After https://github.com/adamchainz/django-modeldict/issues/18
"""

TASKS = 2


class Settings:
    def __init__(self):
        self.cache = None

    def fill(self):
        if self.cache is None:
            self.cache = {"colour": "blue", "size": 3}

    def get(self, name):
        self.fill()
        return self.cache[name]

    def forget(self):
        self.cache = None


settings = Settings()


def run(index):
    if index == 0:
        settings.forget()
        return None
    return settings.get("colour")
