"""Thaw's engine: tasks, runners, workloads and monitors. Nothing here knows of a window."""
