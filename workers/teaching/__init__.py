"""Lessons run and judged: settings of their steps, free cores, what was to be seen, courses, and what a learner did."""
