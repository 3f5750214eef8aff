"""Whether calls at once harm each other: the same calls in passes, each in a process of its own, and compared."""
