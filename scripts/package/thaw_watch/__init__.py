"""Tells why a window of your own program freezes: which line, what it did, and what helps."""
