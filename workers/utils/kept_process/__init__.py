"""A child process that serves the program for longer than a run, and never outlives it: `process`, with its `guard`."""
