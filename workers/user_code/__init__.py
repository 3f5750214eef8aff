"""Imports a person's file where it runs; on Python 3.9 too."""
