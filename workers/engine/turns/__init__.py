"""Turns for work that declares nothing: it is found out by its first calls whether it holds the GIL."""
