"""Task, drive, turns, recorder, plan, run, session."""
