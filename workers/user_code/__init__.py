"""Imports a person's file where it runs, and calls what they named; on Python 3.9 too."""
