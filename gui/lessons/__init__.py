"""The room Lessons: predict, run, and be told with the figures of the runs."""
