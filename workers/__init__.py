"""Thaw's engine: tasks, runners, workloads and monitors. Nothing here knows of a window."""

VERSION = "0.1.0"
"""Of all of Thaw; the wheel has it from here."""
