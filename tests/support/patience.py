"""What "at once" is to a test."""

AT_ONCE_S = 3.0
"""Some hundredths of a second where nothing else runs, which the benchmarks tell; a busy machine may hold a thread up
for a second or two. What is not done at once waits for a deadline of 5 s or more."""
