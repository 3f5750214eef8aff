"""What is around the rooms: their rail, help, recent runs, a notice at a run's end."""
