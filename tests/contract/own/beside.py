"""A file beside a person's own: it can be imported by its name alone."""


class Thing:
    """Something that only this folder knows."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __repr__(self) -> str:
        return f"Thing {self.number}"
