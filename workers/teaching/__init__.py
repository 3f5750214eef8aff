"""Lessons run and judged: the settings of their steps, what was to be seen, courses, and what a learner has done."""
