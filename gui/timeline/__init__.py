"""The timeline of a run: the picture of its lanes, as pages show it."""
