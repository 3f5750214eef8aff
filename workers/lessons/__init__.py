"""The lessons: each asks before a run, and says afterwards with the run's own figures what was to be seen.

A lesson is one file; `workers/catalog/lessons.py` says what is in it, and docs/write-a-lesson.md how to write one.
Files whose names begin with _ are what several of them use.
"""
