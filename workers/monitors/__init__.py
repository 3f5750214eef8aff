"""Instruments that watch the GUI thread from outside."""
