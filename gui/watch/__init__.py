"""The room Watch: a program of your own, watched while it runs; while it is frozen this window is its witness."""
